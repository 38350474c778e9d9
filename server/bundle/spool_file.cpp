#include "server/bundle/spool_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

Error io_error(const char* what) {
  return {ErrorCode::io_failed, std::string("bundle spool: ") + what + ": " + std::strerror(errno)};
}

}  // namespace

Result<std::unique_ptr<SpoolFile>> SpoolFile::make(const std::filesystem::path& directory) {
  std::error_code ignored;
  std::filesystem::create_directories(directory, ignored);
  std::string name = (directory / "bundle-XXXXXX").string();
  const int number = ::mkostemp(name.data(), O_CLOEXEC);
  if (number < 0) return io_error("cannot be made");
  ::unlink(name.c_str());
  return std::unique_ptr<SpoolFile>(new SpoolFile(number));
}

SpoolFile::~SpoolFile() { ::close(number_); }

Result<void> SpoolFile::append(events::ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(number_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return io_error("cannot be written");
    size_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::size_t> SpoolFile::read(std::span<std::uint8_t> target) {
  std::size_t filled = 0;
  while (filled < target.size()) {
    const ssize_t got = ::pread(number_, target.data() + filled, target.size() - filled,
                                static_cast<off_t>(read_to_));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("cannot be read");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    read_to_ += static_cast<std::uint64_t>(got);
  }
  return filled;
}

Result<void> SpoolFile::rewind() {
  read_to_ = 0;
  return {};
}

}  // namespace server
