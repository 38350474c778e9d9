#pragma once

#include "events/event_log.h"
#include "events/ids.h"
#include "server/executors.h"
#include "server/feed/snapshot_maker.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>

namespace server {

/// What a session wants to know about snapshots.
struct SnapshotQuestion {
  SnapshotReader reader;
  events::Position upto;  ///< The head of the log when the device was greeted.
  /// Only the one at that position: the device has a part of it.
  std::optional<events::Position> exactly;
};

/// The snapshots made last.  One that is a little old serves many readers, who pull the rest: a new
/// one is made when the rest is long beside it.
///
/// State: up to `bytes_max` of snapshots, with what is needed to go on from them; the one asked for
///        last comes first.  A snapshot that is asked for after it was dropped, or after a restart,
///        is made again with the same bytes.
/// Thread: one at a time.
class SnapshotShelf {
 public:
  static constexpr std::size_t bytes_max_by_default = 64 << 20;

  /// Lifetime: `log` outlives the shelf.
  explicit SnapshotShelf(const events::EventLog& log, std::size_t bytes_max = bytes_max_by_default)
      : log_(log), bytes_max_(bytes_max) {}

  /// Null when there is none for that reader.
  /// Errors: as make_snapshot().
  events::Result<SnapshotPtr> find_or_make(const SnapshotQuestion& question);

  std::uint64_t made() const { return made_; }

 private:
  struct Kept {
    SnapshotReader reader;
    SnapshotPtr snapshot;
  };

  /// Whether the blocks of the scope behind it are few enough to be pulled.
  bool is_fresh(const MadeSnapshot& snapshot, const SnapshotQuestion& question) const;
  void keep(const SnapshotReader& reader, const SnapshotPtr& snapshot);

  const events::EventLog& log_;
  const std::size_t bytes_max_;
  std::list<Kept> kept_;
  std::uint64_t made_ = 0;
};

/// The shelf on a thread of its own, so that making one holds up nobody.
///
/// Thread: any.
/// Lifetime: the snapshot thread is drained before the desk ends.
class SnapshotDesk {
 public:
  using Answer = std::function<void(SnapshotPtr)>;

  SnapshotDesk(const events::EventLog& log, SnapshotExecutor snapshot_thread)
      : shelf_(log), snapshot_thread_(std::move(snapshot_thread)) {}

  /// Calls `answer` on the snapshot thread; with null when there is none for that reader, or none
  /// can be made.
  void ask(SnapshotQuestion question, Answer answer);

 private:
  SnapshotPtr find_or_make(const SnapshotQuestion& question);

  SnapshotShelf shelf_;  // On the snapshot thread only.
  SnapshotExecutor snapshot_thread_;
};

}  // namespace server
