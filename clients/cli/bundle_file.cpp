#include "clients/cli/bundle_file.h"

#include "clients/cli/machine.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

Error not_written(const std::filesystem::path& path) {
  return {ErrorCode::io_failed,
          fmt::format("Không ghi được tệp {} ({}); hãy xem thẻ nhớ còn chỗ và không khóa ghi.",
                      path.string(), std::strerror(errno))};
}

}  // namespace

Result<std::unique_ptr<BundleFile>> BundleFile::open(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::error_code wrong;
  const std::uint64_t size = std::filesystem::file_size(path, wrong);
  if (!stream || wrong) {
    return Error{ErrorCode::io_failed,
                 fmt::format("Không mở được tệp {}; hãy xem lại tên tệp và cắm lại thẻ nhớ.",
                             path.string())};
  }
  return std::unique_ptr<BundleFile>(new BundleFile(std::move(stream), size));
}

Result<std::size_t> BundleFile::read(std::span<std::uint8_t> target) {
  stream_.read(reinterpret_cast<char*>(target.data()), static_cast<std::streamsize>(target.size()));
  if (stream_.bad()) {
    return Error{ErrorCode::io_failed, "Thẻ nhớ không đọc được; hãy cắm lại rồi thử lần nữa."};
  }
  return static_cast<std::size_t>(stream_.gcount());
}

Result<void> BundleFile::rewind() {
  stream_.clear();
  stream_.seekg(0);
  return {};
}

Result<NewBundleFile> NewBundleFile::make(const std::filesystem::path& path) {
  NewBundleFile file(path, -1);
  file.number_ = ::open(file.beside().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file.number_ < 0) return not_written(path);
  return file;
}

NewBundleFile::NewBundleFile(NewBundleFile&& other) noexcept
    : path_(std::move(other.path_)), number_(std::exchange(other.number_, -1)) {}

NewBundleFile::~NewBundleFile() {
  if (number_ < 0) return;
  ::close(number_);
  std::error_code ignored;
  std::filesystem::remove(beside(), ignored);
}

std::filesystem::path NewBundleFile::beside() const {
  std::filesystem::path beside = path_;
  beside += ".part";
  return beside;
}

Result<void> NewBundleFile::append(events::ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(number_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return not_written(path_);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> NewBundleFile::put_in_place() {
  if (::fsync(number_) != 0) return not_written(path_);
  ::close(std::exchange(number_, -1));
  std::error_code wrong;
  std::filesystem::rename(beside(), path_, wrong);
  if (wrong) return not_written(path_);
  return {};
}

Result<events::SealingSecret> device_sealing_secret(Keyring& keyring) {
  constexpr const char* file = "courier.key";
  const Result<std::optional<events::SecretSeed>> known = keyring.seed(file);
  if (!known) return known.error();
  if (*known) return events::SealingSecret{(*known)->bytes};
  const events::SecretSeed drawn = machine::random_seed();
  if (Result<void> kept = keyring.keep_seed(file, drawn); !kept) return kept.error();
  return events::SealingSecret{drawn.bytes};
}

}  // namespace clients
