#include "server/store/readable_records.h"

#include "events/log/event_log.h"
#include "server/base/logging.h"

#include <array>
#include <cstdio>
#include <string>

namespace server {

using events::Digest;
using events::ErrorCode;
using events::Result;

namespace {

/// A whole table that is gone would otherwise write a line for each of its records.
constexpr std::size_t noted_max = 1'000;

std::string hex(std::uint64_t fingerprint) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(fingerprint));
  return text.data();
}

}  // namespace

Result<void> ReadableRecords::put(std::span<const events::PrivateRecord> records) {
  return store_.put(records);
}

Result<std::optional<events::PrivateRecord>> ReadableRecords::get(const Digest& digest) const {
  Result<std::optional<events::PrivateRecord>> record = store_.get(digest);
  if (record || record.error().code != ErrorCode::storage_corrupt) return record;
  note(digest, record.error());
  return std::optional<events::PrivateRecord>{};
}

Result<bool> ReadableRecords::contains(const Digest& digest) const {
  Result<bool> there = store_.contains(digest);
  if (there || there.error().code != ErrorCode::storage_corrupt) return there;
  note(digest, there.error());
  return false;
}

void ReadableRecords::note(const Digest& digest, const events::Error& error) const {
  const std::uint64_t fingerprint = events::fingerprint_of(digest);
  {
    const std::scoped_lock lock(mutex_);
    if (noted_.size() >= noted_max || !noted_.insert(fingerprint).second) return;
  }
  ++damaged_;
  log_error("private_record_damaged", {{"digest", hex(fingerprint)}, {"reason", error.message}});
}

}  // namespace server
