#include "clients/device/owner_file.h"

#include "clients/device/disk_error.h"
#include "platform/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
using platform::OpenFile;

namespace {

/// What is left of a replaced file after its name is gone.
void overwrite(const OpenFile& old) {
  struct stat about {};
  if (!old.is_open() || ::fstat(old.number(), &about) != 0 || about.st_size <= 0) return;
  const bool written = old.write_all(events::Bytes(static_cast<std::size_t>(about.st_size)));
  // A disk that refuses it keeps the old keys; the file itself was replaced all the same.
  if (written) static_cast<void>(old.sync());
}

}  // namespace

Result<events::Bytes> read_owner_file(const std::filesystem::path& path, std::size_t limit) {
  const OpenFile file(path, O_RDONLY);
  if (!file.is_open()) {
    if (errno == ENOENT) return Error{ErrorCode::not_found, path.filename().string() + ": none"};
    return disk_error(path);
  }
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return disk_error(path);
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{ErrorCode::not_permitted, "others may read it; run: chmod 600 " + path.string()};
  }
  std::optional<events::Bytes> content = file.read_at(0, limit + 1);
  if (!content) return disk_error(path);
  if (content->size() > limit) {
    return Error{ErrorCode::storage_corrupt, path.filename().string() + ": long"};
  }
  return std::move(*content);
}

Result<void> write_owner_file(const std::filesystem::path& path, events::ByteView content) {
  std::filesystem::path beside = path;
  beside += ".new";
  {
    const OpenFile file(beside, O_WRONLY | O_CREAT | O_TRUNC);
    const bool good = file.is_open() && ::fchmod(file.number(), S_IRUSR | S_IWUSR) == 0 &&
                      file.write_all(content) && file.sync();
    if (!good) {
      const Error error = disk_error(beside);
      if (file.is_open()) ::unlink(beside.c_str());
      return error;
    }
  }
  const OpenFile old(path, O_WRONLY);
  if (::rename(beside.c_str(), path.c_str()) != 0) return disk_error(path);
  if (!platform::sync_folder(path.parent_path())) return disk_error(path);
  overwrite(old);
  return {};
}

}  // namespace clients
