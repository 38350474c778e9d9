#include "clients/core/log/file_store.h"

#include "events/base/check.h"

#include <utility>

namespace clients {

using events::Digest;
using events::Error;
using events::ErrorCode;
using events::Result;

Result<bool> MemoryFileStore::contains(const Digest& sha256) const {
  return files_.contains(sha256);
}

Result<std::optional<events::Bytes>> MemoryFileStore::read(const Digest& sha256) const {
  const auto found = files_.find(sha256);
  if (found == files_.end()) return std::optional<events::Bytes>{};
  if (events::sha256(found->second) != sha256) {
    return Error{ErrorCode::storage_corrupt, "the file is no longer what was put"};
  }
  return std::optional{found->second};
}

Result<void> MemoryFileStore::put(const Digest& sha256, events::ByteView bytes) {
  files_[sha256] = events::Bytes(bytes.begin(), bytes.end());
  return {};
}

Result<std::uint32_t> MemoryFileStore::begun(const Digest& sha256) const {
  const auto found = fetched_.find(sha256);
  return found == fetched_.end() ? 0 : static_cast<std::uint32_t>(found->second.size());
}

Result<void> MemoryFileStore::append(const Digest& sha256, std::uint32_t offset,
                                     events::ByteView bytes) {
  events::Bytes& fetched = fetched_[sha256];
  CHECK(offset == fetched.size(), "callers append where the file ends");
  events::append_bytes(fetched, bytes);
  return {};
}

Result<void> MemoryFileStore::finish(const Digest& sha256) {
  events::Bytes bytes = std::exchange(fetched_[sha256], {});
  fetched_.erase(sha256);
  if (events::sha256(bytes) != sha256) {
    return Error{ErrorCode::storage_corrupt, "the file does not have its digest"};
  }
  files_[sha256] = std::move(bytes);
  return {};
}

Result<void> MemoryFileStore::erase(const Digest& sha256) {
  files_.erase(sha256);
  fetched_.erase(sha256);
  return {};
}

Result<std::set<Digest>> MemoryFileStore::all() const {
  std::set<Digest> digests;
  for (const auto& [sha256, bytes] : files_) digests.insert(sha256);
  for (const auto& [sha256, bytes] : fetched_) digests.insert(sha256);
  return digests;
}

void MemoryFileStore::flip_a_bit(const Digest& sha256) {
  events::Bytes& bytes = files_.at(sha256);
  bytes[bytes.size() / 2] = static_cast<std::uint8_t>(bytes[bytes.size() / 2] ^ 1U);
}

}  // namespace clients
