#include "clients/device/bundle_file.h"

#include "clients/device/disk_error.h"
#include "platform/random.h"

#include <fmt/core.h>

#include <system_error>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

Result<std::unique_ptr<BundleFile>> BundleFile::open(const std::filesystem::path& path) {
  std::error_code wrong;
  if (!std::filesystem::is_regular_file(path, wrong)) {
    return Error{
        ErrorCode::not_found,
        fmt::format("Không có tệp {}; hãy xem lại tên tệp và cắm lại thẻ nhớ.", path.string())};
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return disk_error(path);
  const std::uint64_t size = std::filesystem::file_size(path, wrong);
  if (wrong) return disk_error(path, wrong);
  return std::unique_ptr<BundleFile>(new BundleFile(path, std::move(stream), size));
}

Result<std::size_t> BundleFile::read(std::span<std::uint8_t> target) {
  stream_.read(reinterpret_cast<char*>(target.data()), static_cast<std::streamsize>(target.size()));
  if (stream_.bad()) {
    return Error{ErrorCode::device_storage, path_.string() + ": cannot be read to its end"};
  }
  return static_cast<std::size_t>(stream_.gcount());
}

Result<void> BundleFile::rewind() {
  stream_.clear();
  stream_.seekg(0);
  return {};
}

Result<events::SealingSecret> device_sealing_secret(Keyring& keyring) {
  constexpr const char* file = "courier.key";
  const Result<std::optional<events::SecretSeed>> known = keyring.seed(file);
  if (!known) return known.error();
  if (*known) return events::SealingSecret{(*known)->bytes};
  const events::SecretSeed drawn = platform::random_seed();
  if (Result<void> kept = keyring.keep_seed(file, drawn); !kept) return kept.error();
  return events::SealingSecret{drawn.bytes};
}

}  // namespace clients
