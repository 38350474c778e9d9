#pragma once

#include "events/log/private_store.h"
#include "server/store/rocks_private_store.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>

namespace server {

/// Private records as the pipeline and the sessions want them.  One that cannot be read any more is
/// to its readers like one that was erased: they get the event without it, and go on.  Each is said
/// in the server's log once, by the beginning of its digest.  A device that pushes its event again,
/// or gives it back, brings it back.
///
/// Thread: any.
class ReadableRecords final : public events::PrivateStore {
 public:
  /// Lifetime: `store` outlives the object.
  explicit ReadableRecords(server::RocksPrivateStore& store) : store_(store) {}

  events::Result<void> put(std::span<const events::PrivateRecord> records) override;
  events::Result<std::optional<events::PrivateRecord>> get(
      const events::Digest& digest) const override;
  /// Whether it is there and can be read.
  events::Result<bool> contains(const events::Digest& digest) const override;

  /// Different ones that were asked for in vain since the start.
  std::uint64_t damaged() const { return damaged_.load(); }

 private:
  void note(const events::Digest& digest, const events::Error& error) const;

  server::RocksPrivateStore& store_;
  mutable std::mutex mutex_;
  mutable std::set<std::uint64_t> noted_;  ///< Fingerprints; no more than are worth a line.
  mutable std::atomic<std::uint64_t> damaged_ = 0;
};

}  // namespace server
