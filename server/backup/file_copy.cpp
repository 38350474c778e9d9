#include "server/backup/file_copy.h"

#include "platform/open_file.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr std::size_t copy_bytes = std::size_t{1} << 20U;

Error io_error(const std::filesystem::path& path, const char* what) {
  return {ErrorCode::io_failed, path.string() + ": " + what + ": " + std::strerror(errno)};
}

Result<void> copy_file(const std::filesystem::path& from, const std::filesystem::path& to,
                       std::uint64_t* done) {
  const platform::OpenFile source(from, O_RDONLY);
  if (!source.is_open()) return io_error(from, "cannot be read");
  const platform::OpenFile target(to, O_WRONLY | O_CREAT | O_EXCL);
  if (!target.is_open()) return io_error(to, "cannot be made");
  for (std::uint64_t offset = 0;;) {
    const std::optional<events::Bytes> bytes = source.read_at(offset, copy_bytes);
    if (!bytes) return io_error(from, "cannot be read");
    if (bytes->empty()) break;
    if (!target.write_all(*bytes)) return io_error(to, "cannot be written");
    offset += bytes->size();
    *done += bytes->size();
  }
  if (!target.sync()) return io_error(to, "cannot be synced");
  return {};
}

}  // namespace

Result<void> sync_directory(const std::filesystem::path& path) {
  if (!platform::sync_folder(path)) return io_error(path, "cannot be synced");
  return {};
}

Result<void> copy_directory(const std::filesystem::path& from, const std::filesystem::path& to,
                            const OnProgress& on_progress) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  std::uint64_t all = 0;
  std::filesystem::directory_iterator each(from, error);
  for (; !error && each != std::filesystem::directory_iterator(); each.increment(error)) {
    std::error_code unknown;
    if (!each->is_regular_file(unknown) || each->path().filename() == "LOCK") continue;
    files.push_back(each->path());
    const std::uint64_t size = each->file_size(unknown);
    if (!unknown) all += size;
  }
  if (error) return Error{ErrorCode::io_failed, from.string() + ": " + error.message()};
  if (auto made = make_empty_directory(to); !made) return made;
  std::uint64_t done = 0;
  for (const std::filesystem::path& file : files) {
    if (auto copied = copy_file(file, to / file.filename(), &done); !copied) return copied;
    if (on_progress) on_progress("copy", done, all);
  }
  return sync_directory(to);
}

Result<void> write_file(const std::filesystem::path& path, const std::string& content) {
  const platform::OpenFile file(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.is_open()) return io_error(path, "cannot be made");
  if (!file.write_all(events::bytes_of(content))) return io_error(path, "cannot be written");
  if (!file.sync()) return io_error(path, "cannot be synced");
  return sync_directory(path.parent_path());
}

Result<std::string> read_file(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return Error{ErrorCode::not_found, path.string() + " does not exist"};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return io_error(path, "cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<void> make_empty_directory(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error) && !std::filesystem::is_empty(path, error)) {
    return Error{ErrorCode::invalid_argument,
                 path.string() + " is not empty; name a directory that does not exist yet"};
  }
  std::filesystem::create_directories(path, error);
  if (!error) {
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  }
  if (error) return Error{ErrorCode::io_failed, path.string() + ": " + error.message()};
  return {};
}

}  // namespace server
