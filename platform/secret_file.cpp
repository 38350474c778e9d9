#include "platform/secret_file.h"

#include "platform/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

namespace platform {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

Error io_error(const std::filesystem::path& path, const char* what) {
  return {ErrorCode::io_failed, path.string() + ": " + what + ": " + std::strerror(errno)};
}

/// `how`: O_EXCL for a new file, O_TRUNC for one that may be there.
Result<void> write_file(const std::filesystem::path& path, int how, std::string_view content) {
  const OpenFile file(path, O_WRONLY | O_CREAT | how);
  if (!file.is_open()) return io_error(path, "cannot be made");
  if (!file.write_all(events::bytes_of(content))) return io_error(path, "cannot be written");
  if (::fchmod(file.number(), 0600) != 0 || !file.sync()) return io_error(path, "cannot be synced");
  return {};
}

Result<void> sync_folder_of(const std::filesystem::path& path) {
  if (!sync_folder(path.parent_path())) return io_error(path.parent_path(), "cannot be synced");
  return {};
}

}  // namespace

Result<void> make_secret(const std::filesystem::path& path, std::string_view content) {
  if (Result<void> written = write_file(path, O_EXCL, content); !written) return written;
  return sync_folder_of(path);
}

Result<void> replace_secret(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path beside = path;
  beside += ".new";
  if (Result<void> written = write_file(beside, O_TRUNC, content); !written) return written;
  if (std::rename(beside.c_str(), path.c_str()) != 0) return io_error(path, "cannot be replaced");
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

}  // namespace platform
