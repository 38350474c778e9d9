#include "clients/device/owner_file.h"

#include "clients/device/disk_error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

/// An open file that is closed at the end of its scope.
class File {
 public:
  File(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

bool write_all(int file, events::ByteView content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

/// What is left of a replaced file after its name is gone.
void overwrite(const File& old) {
  struct stat about {};
  if (!old.is_open() || ::fstat(old.number(), &about) != 0 || about.st_size <= 0) return;
  const events::Bytes zeros(static_cast<std::size_t>(about.st_size));
  if (write_all(old.number(), zeros)) ::fsync(old.number());
}

}  // namespace

Result<events::Bytes> read_owner_file(const std::filesystem::path& path, std::size_t limit) {
  const File file(path, O_RDONLY);
  if (!file.is_open()) {
    if (errno == ENOENT) return Error{ErrorCode::not_found, path.filename().string() + ": none"};
    return disk_error(path);
  }
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return disk_error(path);
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{ErrorCode::not_permitted, "others may read it; run: chmod 600 " + path.string()};
  }
  events::Bytes content(limit + 1);
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t count = ::read(file.number(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return disk_error(path);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > limit) return Error{ErrorCode::storage_corrupt, path.filename().string() + ": long"};
  content.resize(size);
  return content;
}

Result<void> write_owner_file(const std::filesystem::path& path, events::ByteView content) {
  std::filesystem::path beside = path;
  beside += ".new";
  {
    const File file(beside, O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
    const bool good = file.is_open() && ::fchmod(file.number(), S_IRUSR | S_IWUSR) == 0 &&
                      write_all(file.number(), content) && ::fsync(file.number()) == 0;
    if (!good) {
      const Error error = disk_error(beside);
      if (file.is_open()) ::unlink(beside.c_str());
      return error;
    }
  }
  const File old(path, O_WRONLY);
  if (::rename(beside.c_str(), path.c_str()) != 0) return disk_error(path);
  const File folder(path.has_parent_path() ? path.parent_path() : ".", O_RDONLY | O_DIRECTORY);
  if (!folder.is_open() || ::fsync(folder.number()) != 0) return disk_error(path);
  overwrite(old);
  return {};
}

}  // namespace clients
