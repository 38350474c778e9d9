#pragma once

#include "events/base/ids.h"
#include "events/log/event_log.h"
#include "server/base/executors.h"
#include "server/feed/snapshot_builder.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace server {

/// What a session wants to know about snapshots.
struct SnapshotQuestion {
  SnapshotReader reader;
  events::Position upto;  ///< The head of the log when the device was greeted.
  /// Only the one at that position: the device has a part of it.
  std::optional<events::Position> exactly;
  events::ChainNumber chain{};  ///< Whose device asks.

  /// Whether the same snapshot answers both.
  bool is_like(const SnapshotQuestion& other) const {
    return reader == other.reader && exactly == other.exactly;
  }
};

/// The snapshots made last.  One that is a little old serves many readers, who pull the rest: a new
/// one is made when the rest is long beside it.
///
/// State: up to `bytes_max` of snapshots, with what is needed to go on from them; the one asked for
///        last comes first.  A snapshot that is asked for after it was dropped, or after a restart,
///        is made again with the same bytes.  For whom none could be made, and where the log stood.
/// Thread: any.
class SnapshotShelf {
 public:
  static constexpr std::size_t bytes_max_by_default = 64 << 20;
  /// Where a snapshot was too long, none is tried before the log has grown by so much.
  static constexpr std::uint64_t events_before_next_try = 20'000;

  /// Lifetime: `log` outlives the shelf.
  explicit SnapshotShelf(const events::EventLog& log, std::size_t bytes_max = bytes_max_by_default,
                         SnapshotBounds bounds = {})
      : log_(log), bytes_max_(bytes_max), bounds_(bounds) {}

  /// What is there: a snapshot, or null when there is none for that reader; nothing when one would
  /// have to be made.
  std::optional<SnapshotPtr> find(const SnapshotQuestion& question);
  /// Null when there is none for that reader.  `stop`: ends it, may be null.
  /// Errors: as make_snapshot().
  events::Result<SnapshotPtr> find_or_make(const SnapshotQuestion& question,
                                           const std::atomic<bool>* stop = nullptr);

  /// Those made, and those tried in vain.
  std::uint64_t made() const { return made_.load(); }
  std::uint64_t failed() const { return failures_.load(); }

 private:
  struct Kept {
    SnapshotReader reader;
    SnapshotPtr snapshot;
  };
  struct Failure {
    SnapshotReader reader;
    events::Position upto;
  };
  static constexpr std::size_t failures_max = 256;

  /// Whether the blocks of the scope behind it are few enough to be pulled.
  bool is_fresh(const MadeSnapshot& snapshot, const SnapshotQuestion& question) const;
  bool has_failed(const SnapshotQuestion& question) const;
  /// The latest one to go on from; null for none.
  SnapshotPtr before(const SnapshotQuestion& question) const;
  void keep(const SnapshotReader& reader, const SnapshotPtr& snapshot);

  const events::EventLog& log_;
  const std::size_t bytes_max_;
  const SnapshotBounds bounds_;
  mutable std::mutex mutex_;  // For the two lists.
  std::list<Kept> kept_;
  std::list<Failure> failed_;
  std::atomic<std::uint64_t> made_ = 0;
  std::atomic<std::uint64_t> failures_ = 0;
};

/// The shelf with a thread of its own for what has to be made, so that making one holds up nobody:
/// who asks hears what is there, or what is ready within `patience`, and pulls the log otherwise.
/// What comes later stands on the shelf for the next greeting.
///
/// State: the questions that wait for the snapshot thread, each once, and who asked them.
/// Thread: any.
/// Lifetime: the snapshot thread is drained before the desk ends.
class SnapshotService {
 public:
  using Answer = std::function<void(SnapshotPtr)>;
  static constexpr std::chrono::milliseconds patience{2'000};
  /// A device may have one exact, older snapshot made again in this time.
  static constexpr std::chrono::hours remake_every{1};

  /// `timers`: where to wait; never the snapshot thread.
  SnapshotService(const events::EventLog& log, SnapshotExecutor snapshot_thread,
                  net::any_io_executor timers)
      : shelf_(log), snapshot_thread_(std::move(snapshot_thread)), timers_(std::move(timers)) {}

  /// Calls `answer` once, on any thread; with null when there is none for that reader, none can be
  /// made, or none is ready in time.
  void ask(SnapshotQuestion question, Answer answer);
  /// Makes no more, and ends what is being made.
  void stop() { stopping_ = true; }

  const SnapshotShelf& shelf() const { return shelf_; }

 private:
  class Waiter;
  struct Job {
    SnapshotQuestion question;
    std::vector<std::shared_ptr<Waiter>> waiters;
  };

  bool may_remake(const SnapshotQuestion& question);
  void work_on_snapshot_thread();
  SnapshotPtr find_or_make(const SnapshotQuestion& question);

  SnapshotShelf shelf_;
  SnapshotExecutor snapshot_thread_;
  net::any_io_executor timers_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::list<Job> jobs_;  ///< The first is being made.
  std::map<events::ChainNumber, std::chrono::steady_clock::time_point> remade_;
};

}  // namespace server
