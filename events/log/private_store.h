#pragma once

#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/log/private_record.h"

#include <map>
#include <optional>
#include <span>

namespace events {

/// The private records, found by their digest; they are kept beside the log.
///
/// Thread: any.
class PrivateStore {
 public:
  virtual ~PrivateStore() = default;

  /// Stores the records.  On return they survive a power cut.  Storing a record again changes
  /// nothing.
  /// Errors:  storage_failed.
  [[nodiscard]] virtual Result<void> put(std::span<const PrivateRecord> records) = 0;
  /// The record with this digest; nothing when it was never stored or was erased.
  /// Errors:  storage_corrupt, storage_failed.
  virtual Result<std::optional<PrivateRecord>> get(const Digest& digest) const = 0;
  virtual Result<bool> contains(const Digest& digest) const = 0;
};

/// A store in memory, for tests, the simulator and the browser.
/// Thread: one at a time.
class MemoryPrivateStore final : public PrivateStore {
 public:
  Result<void> put(std::span<const PrivateRecord> records) override {
    for (const PrivateRecord& record : records) records_.insert_or_assign(record.digest(), record);
    return {};
  }
  Result<std::optional<PrivateRecord>> get(const Digest& digest) const override {
    const auto found = records_.find(digest);
    if (found == records_.end()) return std::optional<PrivateRecord>{};
    return std::optional<PrivateRecord>{found->second};
  }
  Result<bool> contains(const Digest& digest) const override { return records_.contains(digest); }

 private:
  std::map<Digest, PrivateRecord> records_;
};

}  // namespace events
