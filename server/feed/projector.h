#pragma once

#include "events/base/ids.h"
#include "server/base/executors.h"
#include "server/commit/changes.h"
#include "server/feed/folded.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>

namespace server {

/// Keeps views on a thread of their own, behind the log thread, and saves what is folded from time
/// to time: a restart folds only what came after.  It judges and folds no state: the log thread
/// hands over a copy of its own with each append, and what changed.
///
/// State: the views and the last copy of the state, touched on the projection thread only; what was
///        handed over and not taken in yet, behind a lock.
/// Thread: any for `take`, `ask` and `applied`.
/// Lifetime: the projection thread is drained before the projector ends.
class Projector {
 public:
  using Question = std::function<void(const Folded&)>;

  /// A checkpoint costs time in proportion to what changed since the last one, a restart in
  /// proportion to this.
  static constexpr std::uint64_t checkpoint_distance = 200'000;

  /// `restored`: what restore_checkpoint() gave.
  /// Lifetime: `checkpoints` outlives the projector.
  Projector(CheckpointStore& checkpoints, ProjectionExecutor projection_thread, Folded restored);

  /// Goes on from `folded`.
  /// Expects: it was folded on from what was restored; nothing was handed over yet.
  void begin(Folded folded);
  /// The log has grown.  Returns at once.
  /// Expects: `changes` follow those of the last call.
  void take(Changes changes);
  /// Calls `question` on the projection thread with a fold that holds what was handed over.
  void ask(Question question);
  /// Saves what is folded.  Returns at once; the projection thread's end waits for it.
  void finish();

  /// How far the views are.
  events::Position applied() const { return events::Position{applied_.load()}; }

 private:
  void fold_on_projection_thread();
  void save_on_projection_thread();

  ProjectionExecutor projection_thread_;
  Folded folded_;
  FoldedCheckpoints checkpoints_;
  events::Position rested_;  ///< When the views last let rows fall asleep.
  std::atomic<std::uint64_t> applied_{0};

  std::mutex mutex_;
  Changes waiting_;
  bool is_due_ = false;
};

}  // namespace server
