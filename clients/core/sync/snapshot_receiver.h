#pragma once

#include "clients/core/replica/replica.h"
#include "events/base/result.h"
#include "events/protocol/messages.h"

#include <cstdint>
#include <map>
#include <optional>

namespace clients {

/// How much of a snapshot has come.
struct SnapshotProgress {
  std::uint64_t bytes = 0;
  std::uint64_t bytes_total = 0;  ///< 0: none is coming.
  std::uint64_t parts = 0;        ///< Chunks and private records that are here.
  bool loaded = false;            ///< On this connection.
};

/// Takes a snapshot in place of a long stretch of the log.  What came is kept, chunk by chunk, so a
/// cut repeats one chunk at most; nothing of it counts before all of it is here and fits what the
/// server signed.  What does not fit is dropped, and the log is pulled instead.
///
/// State: nothing → offered and wanted → all chunks are here, private records come → loaded.
/// Thread: one at a time.
class SnapshotReceiver {
 public:
  /// What the greeting was answered with.
  struct Greeted {
    events::Epoch epoch;
    events::Position head;
  };

  explicit SnapshotReceiver(Replica& replica) : replica_(&replica) {}

  /// What to answer to an offer.
  /// Errors:  device_storage, storage_corrupt.
  events::Result<events::protocol::SnapWant> take(const events::protocol::SnapOffer& offer,
                                                  const Greeted& greeted);
  /// A chunk, or the end.
  /// Errors:  malformed: it is not what was signed; what came is dropped, and the next offer of the
  ///          same is declined; device_storage, storage_corrupt.
  events::Result<void> take(const events::protocol::Snap& snap);
  /// Whether private records that come now are the snapshot's.
  bool awaits_records() const { return content_.has_value(); }
  /// Errors:  malformed: the snapshot names no such record; device_storage.
  events::Result<void> take(const events::protocol::PrivateRecords& frame);

  SnapshotProgress progress() const;

 private:
  struct Awaited {
    std::uint64_t index{};
    projections::NamedRecord record;
  };

  /// Why the device does not go on from this one; nothing when it may.
  events::Result<void> check(const events::protocol::SnapshotManifest& manifest,
                             const Greeted& greeted) const;
  events::protocol::SnapWant want() const;
  events::Result<void> assemble();
  events::Result<void> load();
  events::Error refuse(const events::Error& why);

  Replica* replica_;
  std::optional<SnapshotPart> part_;
  bool asked_for_older_ = false;                   // Which the server may not have any more.
  std::optional<SnapshotBase> content_;            // When all chunks are here.
  std::multimap<std::uint64_t, Awaited> awaited_;  // By the beginning of the digest.
  SnapshotProgress progress_;
};

}  // namespace clients
