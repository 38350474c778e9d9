#include "clients/device/disk_file_store.h"

#include "clients/device/disk_error.h"
#include "platform/open_file.h"

#include <boost/algorithm/hex.hpp>

#include <algorithm>
#include <string>
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

}  // namespace

fs::path DiskFileStore::path_of(const Digest& sha256) const {
  return directory_ / events::to_hex(sha256.bytes);
}
fs::path DiskFileStore::part_of(const Digest& sha256) const {
  return directory_ / (events::to_hex(sha256.bytes) + std::string(part_suffix));
}
SealedFile& DiskFileStore::part(const Digest& sha256) const {
  return parts_.try_emplace(sha256, keyring_, part_of(sha256), sha256).first->second;
}

Result<bool> DiskFileStore::contains(const Digest& sha256) const {
  std::error_code error;
  const bool there = fs::exists(path_of(sha256), error);
  if (error) return disk_error(path_of(sha256), error);
  return there;
}

Result<std::optional<Bytes>> DiskFileStore::read(const Digest& sha256) const {
  Result<std::optional<Bytes>> bytes = SealedFile(keyring_, path_of(sha256), sha256).read();
  if (!bytes || !*bytes) return bytes;
  if (events::sha256(**bytes) != sha256) {
    return Error{ErrorCode::storage_corrupt,
                 path_of(sha256).string() + " is no longer what was written"};
  }
  return bytes;
}

Result<void> DiskFileStore::make_directory() const {
  std::error_code error;
  if (fs::create_directories(directory_, error)) {
    fs::permissions(directory_, fs::perms::owner_all, error);
  }
  if (error) return disk_error(directory_, error);
  return {};
}

/// The whole file takes its name, and keeps it through a power cut.
Result<void> DiskFileStore::settle(const Digest& sha256) const {
  std::error_code error;
  parts_.erase(sha256);
  fs::rename(part_of(sha256), path_of(sha256), error);
  if (error) return disk_error(path_of(sha256), error);
  if (!platform::sync_folder(directory_)) return disk_error(directory_);
  return {};
}

Result<void> DiskFileStore::put(const Digest& sha256, events::ByteView bytes) {
  if (Result<void> made = make_directory(); !made) return made;
  std::error_code error;
  parts_.erase(sha256);
  fs::remove(part_of(sha256), error);
  if (error) return disk_error(part_of(sha256), error);
  if (Result<void> written = part(sha256).append(0, bytes); !written) {
    parts_.erase(sha256);
    fs::remove(part_of(sha256), error);  // Half of it would only fill the disk.
    return written;
  }
  return settle(sha256);
}

Result<std::uint32_t> DiskFileStore::begun(const Digest& sha256) const {
  return part(sha256).size();
}

Result<void> DiskFileStore::append(const Digest& sha256, std::uint32_t offset,
                                   events::ByteView bytes) {
  if (Result<void> made = make_directory(); !made) return made;
  return part(sha256).append(offset, bytes);
}

Result<void> DiskFileStore::finish(const Digest& sha256) {
  const Result<std::optional<Bytes>> bytes = part(sha256).read();
  if (!bytes && bytes.error().code != ErrorCode::storage_corrupt) return bytes.error();
  if (!bytes || !*bytes || events::sha256(**bytes) != sha256) {
    std::error_code ignored;
    parts_.erase(sha256);
    fs::remove(part_of(sha256), ignored);
    return Error{ErrorCode::storage_corrupt, "what was fetched does not have its digest"};
  }
  return settle(sha256);
}

Result<void> DiskFileStore::erase(const Digest& sha256) {
  parts_.erase(sha256);
  for (const fs::path& path : {path_of(sha256), part_of(sha256)}) {
    std::error_code error;
    fs::remove(path, error);
    if (error) return disk_error(path, error);
  }
  std::error_code ignored;  // Where there is no directory there was no file.
  if (fs::is_empty(directory_, ignored)) return keyring_.shred_files();
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
  if (error) return disk_error(directory_, error);
  return digests;
}

}  // namespace clients
