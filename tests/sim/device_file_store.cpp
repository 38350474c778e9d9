#include "tests/sim/device_file_store.h"

#include "events/base/check.h"

#include <algorithm>

namespace sim {

using events::Bytes;
using events::Digest;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

const Error power_cut{ErrorCode::io_failed, "the power was cut"};

void flip_a_bit(Bytes& bytes) {
  std::uint8_t& byte = bytes[bytes.size() / 2];
  byte = static_cast<std::uint8_t>(byte ^ 1U);
}

}  // namespace

/// Of a piece that was not synced the length may be there and the bytes not.
void DeviceFileStore::lose_power(Random& random) {
  for (auto& [sha256, part] : parts_) {
    if (part.synced == part.bytes.size()) continue;
    const auto unsynced = part.bytes.begin() + static_cast<std::ptrdiff_t>(part.synced);
    if (random.chance(50)) {
      part.bytes.erase(unsynced, part.bytes.end());
    } else {
      std::fill(unsynced, part.bytes.end(), std::uint8_t{0});
    }
    part.synced = part.bytes.size();
  }
}

void DeviceFileStore::wear_out(const Digest& sha256) {
  flip_a_bit(files_.at(sha256));
  worn_.insert(sha256);
}

bool DeviceFileStore::is_whole(const Digest& sha256) const {
  const auto found = files_.find(sha256);
  return found != files_.end() && events::sha256(found->second) == sha256;
}

Result<bool> DeviceFileStore::contains(const Digest& sha256) const {
  return files_.contains(sha256);
}

Result<std::optional<Bytes>> DeviceFileStore::read(const Digest& sha256) const {
  const auto found = files_.find(sha256);
  if (found == files_.end()) return std::optional<Bytes>{};
  if (events::sha256(found->second) != sha256) {
    return Error{ErrorCode::storage_corrupt, "the file is no longer what was put"};
  }
  Bytes bytes = found->second;
  if (std::exchange(misreads_, false)) {
    flip_a_bit(bytes);
    worn_.insert(sha256);
  }
  return std::optional{std::move(bytes)};
}

Result<void> DeviceFileStore::put(const Digest& sha256, events::ByteView bytes) {
  crashed_ = std::exchange(armed_, FileWriteCrash::none);
  if (crashed_ == FileWriteCrash::before_write) return power_cut;
  if (crashed_ == FileWriteCrash::half_written) {
    // As on the disk, where a file is written under the name of one that is being fetched.
    const auto half = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2);
    parts_[sha256] = {Bytes(bytes.begin(), half), 0};
    return power_cut;
  }
  files_[sha256] = Bytes(bytes.begin(), bytes.end());
  parts_.erase(sha256);
  if (crashed_ == FileWriteCrash::after_write) return power_cut;
  return {};
}

Result<std::uint32_t> DeviceFileStore::begun(const Digest& sha256) const {
  const auto found = parts_.find(sha256);
  return found == parts_.end() ? 0 : static_cast<std::uint32_t>(found->second.bytes.size());
}

Result<void> DeviceFileStore::append(const Digest& sha256, std::uint32_t offset,
                                     events::ByteView bytes) {
  crashed_ = std::exchange(armed_, FileWriteCrash::none);
  if (crashed_ == FileWriteCrash::before_write) return power_cut;
  Part& part = parts_[sha256];
  CHECK(offset == part.bytes.size(), "callers append where the file ends");
  part.synced = part.bytes.size();
  events::append_bytes(part.bytes, bytes);
  if (crashed_ != FileWriteCrash::none) return power_cut;
  return {};
}

Result<void> DeviceFileStore::finish(const Digest& sha256) {
  Bytes bytes = std::move(parts_[sha256].bytes);
  parts_.erase(sha256);
  if (events::sha256(bytes) != sha256) {
    return Error{ErrorCode::storage_corrupt, "the file does not have its digest"};
  }
  files_[sha256] = std::move(bytes);
  return {};
}

Result<void> DeviceFileStore::erase(const Digest& sha256) {
  files_.erase(sha256);
  parts_.erase(sha256);
  return {};
}

Result<std::set<Digest>> DeviceFileStore::all() const {
  std::set<Digest> digests;
  for (const auto& [sha256, bytes] : files_) digests.insert(sha256);
  for (const auto& [sha256, part] : parts_) digests.insert(sha256);
  return digests;
}

}  // namespace sim
