#include "server/files/disk_file_archive.h"

#include "events/base/check.h"
#include "platform/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace server {

using events::Bytes;
using events::Digest;
using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t entry_bytes = 8;
constexpr std::uint32_t read_step = 256 * 1024;

Error failed(const fs::path& path, const char* what) {
  return Error{ErrorCode::storage_failed, path.string() + " " + what + ": " + std::strerror(errno)};
}

std::string hex(const Digest& digest) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest.bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::uint32_t number_at(const Bytes& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t index = 4; index > 0; --index) number = number << 8U | bytes[at + index - 1];
  return number;
}

void append_number(Bytes& bytes, std::uint32_t number) {
  for (int index = 0; index < 4; ++index) {
    bytes.push_back(static_cast<std::uint8_t>(number >> 8 * index));
  }
}

}  // namespace

Result<std::unique_ptr<DiskFileArchive>> DiskFileArchive::open(const fs::path& path,
                                                               DiskFloor disk_floor) {
  std::error_code error;
  fs::create_directories(path / "uploads", error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (error) return Error{ErrorCode::io_failed, path.string() + ": " + error.message()};
  return std::unique_ptr<DiskFileArchive>(new DiskFileArchive(path, std::move(disk_floor)));
}

fs::path DiskFileArchive::path_of(const Digest& sha256) const {
  const std::string name = hex(sha256);
  return path_ / name.substr(0, 2) / name.substr(2);
}

fs::path DiskFileArchive::bytes_of_upload(const Upload& upload) const {
  return path_ / "uploads" /
         (std::to_string(upload.chain.value) + "-" + hex(upload.sha256) + ".bytes");
}

fs::path DiskFileArchive::chunks_of_upload(const Upload& upload) const {
  return path_ / "uploads" /
         (std::to_string(upload.chain.value) + "-" + hex(upload.sha256) + ".chunks");
}

Result<bool> DiskFileArchive::contains(const Digest& sha256) const {
  std::error_code error;
  const bool there = fs::exists(path_of(sha256), error);
  if (error) return Error{ErrorCode::io_failed, path_of(sha256).string() + ": " + error.message()};
  return there;
}

Result<Bytes> DiskFileArchive::read(const Digest& sha256, std::uint32_t offset,
                                    std::uint32_t size) const {
  const fs::path path = path_of(sha256);
  const platform::OpenFile file(path, O_RDONLY);
  if (!file.is_open()) {
    if (errno == ENOENT) return Error{ErrorCode::not_found, "the file is not there"};
    return Error{ErrorCode::io_failed, path.string() + ": " + std::strerror(errno)};
  }
  std::optional<Bytes> bytes = file.read_at(offset, size);
  if (!bytes) return Error{ErrorCode::io_failed, path.string() + ": " + std::strerror(errno)};
  return std::move(*bytes);
}

Result<UploadProgress> DiskFileArchive::progress(const Upload& upload) const {
  UploadProgress progress{upload.size, {}};
  progress.durable.assign(protocol::chunk_count(upload.size), 0);
  const fs::path path = chunks_of_upload(upload);
  const platform::OpenFile journal(path, O_RDONLY);
  if (!journal.is_open()) {
    if (errno == ENOENT) return progress;
    return failed(path, "cannot be opened");
  }
  struct stat information {};
  if (::fstat(journal.number(), &information) != 0) return failed(path, "cannot be read");
  const std::optional<Bytes> entries =
      journal.read_at(0, static_cast<std::size_t>(information.st_size));
  if (!entries) return failed(path, "cannot be read");
  // An entry that a power cut tore off counts for nothing.
  for (std::size_t at = 0; at + entry_bytes <= entries->size(); at += entry_bytes) {
    const std::uint32_t index = number_at(*entries, at);
    const std::uint32_t bytes = number_at(*entries, at + 4);
    if (index >= progress.durable.size() || bytes > protocol::chunk_size(upload.size, index)) {
      continue;
    }
    progress.durable[index] = std::max(progress.durable[index], bytes);
  }
  return progress;
}

Result<UploadProgress> DiskFileArchive::begin(const Upload& upload) {
  std::error_code error;
  const bool was_begun =
      fs::exists(chunks_of_upload(upload), error) && fs::exists(bytes_of_upload(upload), error);
  if (was_begun) return progress(upload);
  make_room(upload);
  if (auto room = disk_floor_.check(path_); !room) return room.error();
  const platform::OpenFile bytes(bytes_of_upload(upload), O_WRONLY | O_CREAT | O_TRUNC);
  if (!bytes.is_open()) return failed(bytes_of_upload(upload), "cannot be made");
  const platform::OpenFile journal(chunks_of_upload(upload), O_WRONLY | O_CREAT | O_TRUNC);
  if (!journal.is_open()) return failed(chunks_of_upload(upload), "cannot be made");
  if (!platform::sync_folder(path_ / "uploads"))
    return failed(path_ / "uploads", "cannot be synced");
  return progress(upload);
}

void DiskFileArchive::make_room(const Upload& upload) const {
  struct Idle {
    fs::file_time_type since;
    fs::path bytes;
    std::uint64_t size;
  };
  const std::string prefix = std::to_string(upload.chain.value) + "-";
  std::vector<Idle> idle;
  std::uint64_t total = upload.size;
  std::error_code error;
  // A failing disk ends the count, not the process: what was seen is what can be made room of.
  fs::directory_iterator each(path_ / "uploads", error);
  for (; !error && each != fs::directory_iterator(); each.increment(error)) {
    const fs::path& path = each->path();
    if (!path.filename().string().starts_with(prefix) || path.extension() != ".bytes") continue;
    std::error_code unknown;
    const std::uint64_t size = each->file_size(unknown);
    if (unknown) continue;
    idle.push_back({each->last_write_time(unknown), path, size});
    total += size;
  }
  std::ranges::sort(idle, std::greater<>(), &Idle::since);
  while (!idle.empty() &&
         (idle.size() >= uploads_per_device_max || total > upload_bytes_per_device_max)) {
    fs::path oldest = idle.back().bytes;
    total -= idle.back().size;
    idle.pop_back();
    fs::remove(oldest, error);
    fs::remove(oldest.replace_extension(".chunks"), error);
  }
}

Result<UploadProgress> DiskFileArchive::put(const Upload& upload, std::uint32_t offset,
                                            events::ByteView bytes) {
  Result<UploadProgress> before = progress(upload);
  if (!before) return before;
  const std::uint32_t index = offset / protocol::file_chunk_bytes;
  const std::uint32_t begin = offset % protocol::file_chunk_bytes;
  const bool is_within = offset < upload.size && index < before->durable.size() &&
                         begin + bytes.size() <= protocol::chunk_size(upload.size, index);
  if (!is_within || begin > before->durable[index]) {
    return Error{ErrorCode::malformed, "bytes of a file that do not follow what is there"};
  }
  if (auto room = disk_floor_.check(path_); !room) return room.error();

  const fs::path data_path = bytes_of_upload(upload);
  const platform::OpenFile data(data_path, O_WRONLY);
  if (!data.is_open()) return failed(data_path, "cannot be opened");
  if (!data.write_all_at(bytes, offset) || ::fdatasync(data.number()) != 0) {
    return failed(data_path, "cannot be written");
  }
  const fs::path journal_path = chunks_of_upload(upload);
  const platform::OpenFile journal(journal_path, O_WRONLY);
  struct stat information {};
  if (!journal.is_open() || ::fstat(journal.number(), &information) != 0) {
    return failed(journal_path, "cannot be opened");
  }
  Bytes entry;
  append_number(entry, index);
  append_number(entry, begin + static_cast<std::uint32_t>(bytes.size()));
  const auto size = static_cast<std::uint64_t>(information.st_size);
  const std::uint64_t whole_entries = size - size % entry_bytes;
  if (!journal.write_all_at(entry, whole_entries) || ::fdatasync(journal.number()) != 0) {
    return failed(journal_path, "cannot be written");
  }
  before->durable[index] =
      std::max(before->durable[index], begin + static_cast<std::uint32_t>(bytes.size()));
  return before;
}

Result<void> DiskFileArchive::finish(const Upload& upload) {
  const fs::path data_path = bytes_of_upload(upload);
  const fs::path final_path = path_of(upload.sha256);
  {
    const platform::OpenFile data(data_path, O_RDONLY);
    if (!data.is_open()) return failed(data_path, "cannot be opened");
    events::Sha256 hash;
    std::uint64_t offset = 0;
    for (;;) {
      const std::optional<Bytes> bytes = data.read_at(offset, read_step);
      if (!bytes) return failed(data_path, "cannot be read");
      if (bytes->empty()) break;
      hash.add(*bytes);
      offset += bytes->size();
    }
    if (offset != upload.size || hash.finish() != upload.sha256) {
      drop(upload);
      return Error{ErrorCode::storage_corrupt, "the file does not have the digest it was named by"};
    }
    if (!data.sync()) return failed(data_path, "cannot be synced");
  }
  std::error_code error;
  fs::create_directories(final_path.parent_path(), error);
  if (!error) fs::rename(data_path, final_path, error);
  if (error) {
    return Error{ErrorCode::storage_failed, final_path.string() + ": " + error.message()};
  }
  const bool synced = platform::sync_folder(final_path.parent_path()) &&
                      platform::sync_folder(path_) && platform::sync_folder(path_ / "uploads");
  if (!synced) return failed(final_path, "cannot be synced");
  fs::remove(chunks_of_upload(upload), error);
  return {};
}

void DiskFileArchive::drop(const Upload& upload) const {
  std::error_code ignored;
  fs::remove(bytes_of_upload(upload), ignored);
  fs::remove(chunks_of_upload(upload), ignored);
}

Result<void> DiskFileArchive::erase(const Digest& sha256) {
  std::error_code error;
  fs::remove(path_of(sha256), error);
  if (error) {
    return Error{ErrorCode::storage_failed, path_of(sha256).string() + ": " + error.message()};
  }
  if (fs::exists(path_of(sha256).parent_path(), error) &&
      !platform::sync_folder(path_of(sha256).parent_path())) {
    return failed(path_of(sha256), "cannot be erased for good");
  }
  return {};
}

}  // namespace server
