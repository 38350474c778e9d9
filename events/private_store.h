#pragma once

#include "events/crypto/digest.h"
#include "events/private_record.h"
#include "events/result.h"

#include <map>
#include <optional>
#include <span>

namespace events {

/// Private records by their digest, beside the log.
///
/// Thread: any.
class PrivateStore {
 public:
  virtual ~PrivateStore() = default;

  /// On return the records survive a power cut.  Storing one again changes nothing.
  /// Errors:  storage_failed.
  [[nodiscard]] virtual Result<void> put(std::span<const PrivateRecord> records) = 0;
  /// Nothing when it was never stored or was erased.
  virtual Result<std::optional<PrivateRecord>> get(const Digest& digest) const = 0;
  virtual Result<bool> contains(const Digest& digest) const = 0;
};

/// For tests, the simulator and the browser.
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
