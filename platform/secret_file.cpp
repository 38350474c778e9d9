#include "platform/secret_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

Error io_error(const std::filesystem::path& path, const char* what) {
  return {ErrorCode::io_failed, path.string() + ": " + what + ": " + std::strerror(errno)};
}

/// Closes itself.
struct File {
  int number = -1;
  ~File() {
    if (number >= 0) ::close(number);
  }
};

/// `how`: O_EXCL for a new file, O_TRUNC for one that may be there.
Result<void> write_file(const std::filesystem::path& path, int how, std::string_view content) {
  const File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0600)};
  if (file.number < 0) return io_error(path, "cannot be made");
  const ssize_t written = ::write(file.number, content.data(), content.size());
  if (written != static_cast<ssize_t>(content.size())) return io_error(path, "cannot be written");
  if (::fchmod(file.number, 0600) != 0 || ::fsync(file.number) != 0) {
    return io_error(path, "cannot be synced");
  }
  return {};
}

Result<void> sync_folder_of(const std::filesystem::path& path) {
  const File directory{::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (directory.number < 0 || ::fsync(directory.number) != 0) {
    return io_error(path.parent_path(), "cannot be synced");
  }
  return {};
}

}  // namespace

Result<void> draw(std::span<std::uint8_t> random) {
  // getrandom fills up to 256 bytes at once or fails.
  const ssize_t drawn = ::getrandom(random.data(), random.size(), 0);
  if (drawn == static_cast<ssize_t>(random.size())) return {};
  return Error{ErrorCode::io_failed, "the system gives no random bytes"};
}

Result<void> make_secret(const std::filesystem::path& path, std::string_view content) {
  if (Result<void> written = write_file(path, O_EXCL, content); !written) return written;
  return sync_folder_of(path);
}

Result<void> replace_secret(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path beside = path;
  beside += ".new";
  if (Result<void> written = write_file(beside, O_TRUNC, content); !written) return written;
  if (::rename(beside.c_str(), path.c_str()) != 0) return io_error(path, "cannot be replaced");
  return sync_folder_of(path);
}

Result<std::string> read_secret(const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{ErrorCode::not_permitted,
                 path.string() +
                     ": other users may read this secret; if nobody has, run: chmod 600 " +
                     path.string()};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return io_error(path, "cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace server
