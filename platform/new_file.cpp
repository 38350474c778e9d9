#include "platform/new_file.h"

#include "platform/random.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

namespace platform {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace fs = std::filesystem;

namespace {

/// A name for what is not ready yet that nobody else uses; short, whatever the file is called.
fs::path name_beside(const fs::path& path) {
  return path.parent_path() / (".khuyenhoc-" + std::to_string(platform::random_number()) + ".part");
}

/// Behind a link stands the file that people mean.
fs::path behind_links(const fs::path& path) {
  std::error_code failure;
  fs::path real = fs::weakly_canonical(path, failure);
  return failure ? path : real;
}

Error obstacle_error(const fs::path& path, Obstacle obstacle) {
  const std::string name = path.string();
  switch (obstacle) {
    case Obstacle::exists:
      return {ErrorCode::invalid_argument, name + " exists already"};
    case Obstacle::is_source:
      return {ErrorCode::invalid_argument, name + " is what the new file is made from"};
    case Obstacle::no_file:
      return {ErrorCode::invalid_argument, name + " is a folder or a device"};
    case Obstacle::no_folder:
      return {ErrorCode::invalid_argument, name + ": there is no such folder"};
  }
  return {ErrorCode::invalid_argument, name};
}

/// Some file systems of sticks cannot sync a folder; they say so with EINVAL.  And a folder may be
/// written that may not be listed.
bool sync_folder_if_possible(const fs::path& folder) {
  return platform::sync_folder(folder) || errno == EINVAL || errno == EACCES;
}

}  // namespace

std::optional<Obstacle> obstacle_to(const fs::path& path, const NewFileOptions& options) {
  std::error_code failure;
  const fs::file_status there = fs::status(path, failure);
  if (there.type() == fs::file_type::not_found) {
    const fs::path folder = behind_links(path).parent_path();
    if (!folder.empty() && !fs::exists(folder, failure) && !failure) return Obstacle::no_folder;
    return std::nullopt;
  }
  if (!fs::status_known(there)) return std::nullopt;  // Making it says why.
  if (!options.source.empty() && fs::equivalent(path, options.source, failure)) {
    return Obstacle::is_source;
  }
  if (!fs::is_regular_file(there)) return Obstacle::no_file;
  if (!options.replaces) return Obstacle::exists;
  return std::nullopt;
}

Error NewFile::failed() const {
  const int reason = errno;
  const bool is_denied = reason == EACCES || reason == EPERM;
  return {is_denied ? ErrorCode::device_denied : ErrorCode::device_storage,
          path_.string() + ": " + std::generic_category().message(reason)};
}

Result<NewFile> NewFile::make(const fs::path& path, const NewFileOptions& options) {
  if (const auto obstacle = obstacle_to(path, options)) return obstacle_error(path, *obstacle);
  NewFile file(path, options);
  const fs::path beside = name_beside(file.place_);
  file.file_.emplace(beside, O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (!file.file_->is_open()) return file.failed();
  file.beside_ = beside;
  return file;
}

NewFile::NewFile(const fs::path& path, const NewFileOptions& options)
    : path_(path), place_(behind_links(path)), options_(options) {}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      place_(std::move(other.place_)),
      options_(std::move(other.options_)),
      beside_(std::exchange(other.beside_, {})),
      file_(std::move(other.file_)) {}

NewFile::~NewFile() {
  std::error_code ignored;
  if (!beside_.empty()) fs::remove(beside_, ignored);
}

Result<void> NewFile::append(events::ByteView bytes) {
  if (!file_->write_all(bytes)) return failed();
  return {};
}

Result<void> NewFile::put_in_place() {
  if (!file_->sync() || !file_->close()) return failed();
  if (const auto obstacle = obstacle_to(place_, options_)) return obstacle_error(path_, *obstacle);
  if (std::rename(beside_.c_str(), place_.c_str()) != 0) return failed();
  beside_.clear();
  if (!sync_folder_if_possible(place_.parent_path())) return failed();
  return {};
}

Result<void> write_new_file(const fs::path& path, const NewFileOptions& options,
                            events::ByteView content) {
  Result<NewFile> file = NewFile::make(path, options);
  if (!file) return file.error();
  if (Result<void> written = file->append(content); !written) return written;
  return file->put_in_place();
}

}  // namespace platform
