#pragma once

#include "events/log/private_store.h"
#include "server/commit/pushed_run.h"

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

namespace server {

/// The private records that the events of some runs name, out of those that came with the runs:
/// what nothing names is not kept.  To the intake it looks like the store with these in it.
///
/// Thread: one at a time.
class NamedRecords final : public events::PrivateStore {
 public:
  /// Lifetime: `store` outlives the object.
  explicit NamedRecords(const events::PrivateStore& store) : store_(store) {}

  /// Keeps those that events of the run name.  Events before `run.events[first]` are in the log:
  /// of theirs it keeps what the store lost.
  void take(const PushedRun& run, std::size_t first);
  const std::vector<events::PrivateRecord>& records() const { return records_; }

  events::Result<void> put(std::span<const events::PrivateRecord> records) override;
  events::Result<std::optional<events::PrivateRecord>> get(
      const events::Digest& digest) const override;
  events::Result<bool> contains(const events::Digest& digest) const override;

 private:
  const events::PrivateStore& store_;
  std::vector<events::PrivateRecord> records_;
  std::map<events::Digest, std::size_t> places_;
};

}  // namespace server
