#include "clients/cli/disk_file_store.h"

#include <boost/algorithm/hex.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

namespace clients {

using events::Bytes;
using events::Digest;
using events::Error;
using events::ErrorCode;
using events::Result;
namespace fs = std::filesystem;

namespace {

Error failed(const fs::path& path) {
  return Error{ErrorCode::io_failed, path.string() + ": " + std::strerror(errno)};
}

constexpr std::string_view part_suffix = ".part";

/// Nothing for names that this store did not give.
std::optional<Digest> digest_in(std::string_view name) {
  if (name.ends_with(part_suffix)) name.remove_suffix(part_suffix.size());
  Digest digest;
  const bool is_hex = std::ranges::all_of(
      name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!is_hex || name.size() != 2 * digest.bytes.size()) return std::nullopt;
  boost::algorithm::unhex(name, digest.bytes.begin());
  return digest;
}

Result<std::optional<Bytes>> read_whole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) {
    std::error_code error;
    if (!fs::exists(path, error)) return std::optional<Bytes>{};
    return failed(path);
  }
  Bytes bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return failed(path);
  return std::optional{std::move(bytes)};
}

}  // namespace

fs::path DiskFileStore::path_of(const Digest& sha256) const {
  return directory_ / events::to_hex(sha256.bytes);
}
fs::path DiskFileStore::part_of(const Digest& sha256) const {
  return directory_ / (events::to_hex(sha256.bytes) + std::string(part_suffix));
}

Result<bool> DiskFileStore::contains(const Digest& sha256) const {
  std::error_code error;
  const bool there = fs::exists(path_of(sha256), error);
  if (error) return Error{ErrorCode::io_failed, path_of(sha256).string() + ": " + error.message()};
  return there;
}

Result<std::optional<Bytes>> DiskFileStore::read(const Digest& sha256) const {
  Result<std::optional<Bytes>> bytes = read_whole(path_of(sha256));
  if (!bytes || !*bytes) return bytes;
  if (events::sha256(**bytes) != sha256) {
    return Error{ErrorCode::storage_corrupt,
                 path_of(sha256).string() + " is no longer what was written"};
  }
  return bytes;
}

Result<void> DiskFileStore::write(const fs::path& path, std::uint32_t offset,
                                  events::ByteView bytes) const {
  std::error_code error;
  if (fs::create_directories(directory_, error)) {
    fs::permissions(directory_, fs::perms::owner_all, error);
  }
  if (error) return Error{ErrorCode::io_failed, directory_.string() + ": " + error.message()};
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (offset == 0 ? O_TRUNC : 0);
  const int file = ::open(path.c_str(), flags, 0600);
  if (file < 0) return failed(path);
  bool good = true;
  for (std::size_t done = 0; good && done < bytes.size();) {
    const ssize_t written =
        ::pwrite(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (written < 0 && errno == EINTR) continue;
    good = written > 0;
    if (good) done += static_cast<std::size_t>(written);
  }
  good = good && ::fsync(file) == 0;
  const Error error_of_write = failed(path);
  ::close(file);
  if (!good) return error_of_write;
  return {};
}

/// The whole file takes its name, and keeps it through a power cut.
Result<void> DiskFileStore::settle(const fs::path& part, const fs::path& path) const {
  std::error_code error;
  fs::rename(part, path, error);
  if (error) return Error{ErrorCode::io_failed, path.string() + ": " + error.message()};
  const int directory = ::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && ::fsync(directory) == 0;
  const Error error_of_sync = failed(directory_);
  if (directory >= 0) ::close(directory);
  if (!synced) return error_of_sync;
  return {};
}

Result<void> DiskFileStore::put(const Digest& sha256, events::ByteView bytes) {
  if (Result<void> written = write(part_of(sha256), 0, bytes); !written) return written;
  return settle(part_of(sha256), path_of(sha256));
}

Result<std::uint32_t> DiskFileStore::begun(const Digest& sha256) const {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(part_of(sha256), error);
  if (error) return std::uint32_t{0};
  return static_cast<std::uint32_t>(size);
}

Result<void> DiskFileStore::append(const Digest& sha256, std::uint32_t offset,
                                   events::ByteView bytes) {
  return write(part_of(sha256), offset, bytes);
}

Result<void> DiskFileStore::finish(const Digest& sha256) {
  const Result<std::optional<Bytes>> bytes = read_whole(part_of(sha256));
  if (!bytes) return bytes.error();
  if (!*bytes || events::sha256(**bytes) != sha256) {
    std::error_code ignored;
    fs::remove(part_of(sha256), ignored);
    return Error{ErrorCode::storage_corrupt, "what was fetched does not have its digest"};
  }
  return settle(part_of(sha256), path_of(sha256));
}

Result<void> DiskFileStore::erase(const Digest& sha256) {
  for (const fs::path& path : {path_of(sha256), part_of(sha256)}) {
    std::error_code error;
    fs::remove(path, error);
    if (error) return Error{ErrorCode::io_failed, path.string() + ": " + error.message()};
  }
  return {};
}

Result<std::set<Digest>> DiskFileStore::all() const {
  std::set<Digest> digests;
  std::error_code error;
  fs::directory_iterator each(directory_, error);
  if (error == std::errc::no_such_file_or_directory) return digests;
  for (; !error && each != fs::directory_iterator(); each.increment(error)) {
    if (const auto digest = digest_in(each->path().filename().string())) digests.insert(*digest);
  }
  if (error) return Error{ErrorCode::io_failed, directory_.string() + ": " + error.message()};
  return digests;
}

}  // namespace clients
