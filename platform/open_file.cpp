#include "platform/open_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace platform {
namespace {

/// Calls `write` with what is left until all is written.
template <class Write>
bool write_through(events::ByteView bytes, const Write& write) {
  while (!bytes.empty()) {
    const ssize_t written = write(bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written == 0) errno = ENOSPC;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

OpenFile::OpenFile(const std::filesystem::path& path, int flags, unsigned mode)
    : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}

OpenFile::OpenFile(OpenFile&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

OpenFile::~OpenFile() {
  const int reason = errno;  // The caller may not have looked at it yet.
  if (number_ >= 0) ::close(number_);
  errno = reason;
}

bool OpenFile::write_all(events::ByteView bytes) const {
  return write_through(
      bytes, [&](events::ByteView rest) { return ::write(number_, rest.data(), rest.size()); });
}

bool OpenFile::write_all_at(events::ByteView bytes, std::uint64_t offset) const {
  const std::uint64_t end = offset + bytes.size();
  return write_through(bytes, [&](events::ByteView rest) {
    return ::pwrite(number_, rest.data(), rest.size(), static_cast<off_t>(end - rest.size()));
  });
}

std::optional<events::Bytes> OpenFile::read_at(std::uint64_t offset, std::size_t size) const {
  events::Bytes bytes(size);
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got =
        ::pread(number_, bytes.data() + have, size - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

bool OpenFile::sync() const { return ::fsync(number_) == 0; }

bool OpenFile::close() { return ::close(std::exchange(number_, -1)) == 0; }

bool sync_folder(const std::filesystem::path& folder) {
  const OpenFile opened(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
  return opened.is_open() && opened.sync();
}

}  // namespace platform
