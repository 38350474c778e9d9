#pragma once

#include "events/base/result.h"
#include "events/log/event_log.h"
#include "projections/state/state.h"
#include "projections/views/all_projections.h"
#include "server/base/executors.h"
#include "server/feed/published.h"
#include "server/store/checkpoint_store.h"

#include <atomic>
#include <cstdint>
#include <functional>

namespace server {

/// Everything that is folded from the log, at one position.
struct Folded {
  projections::State state;
  projections::Views views;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(state, views);
  }
};

/// Name of the checkpoint of everything that is folded; its bytes are a `Folded`.
inline constexpr const char* folded_checkpoint = "folded";
/// Changes when any projection of this build folds or is written differently.
std::uint32_t projections_revision();

/// The last checkpoint of this build, or an empty fold when there is none that can be used.
Folded restore_checkpoint(const CheckpointStore& checkpoints);

/// Folds views on a thread of their own, behind the log, and saves them from time to time: a
/// restart folds only what came after.
///
/// State: the fold, touched on the projection thread only.
/// Thread: any for `follow`, `ask` and `progress`.
/// Lifetime: the projection thread is drained before the projector ends.
class Projector {
 public:
  /// How far the views are.
  struct Progress {
    events::Position applied;
    bool healthy = true;
  };
  using Question = std::function<void(const Folded&)>;

  /// A checkpoint costs time in proportion to the state, a restart in proportion to this.
  static constexpr std::uint64_t checkpoint_distance = 500'000;

  /// Lifetime: `log` and `checkpoints` outlive the projector.
  Projector(const events::EventLog& log, CheckpointStore& checkpoints,
            ProjectionExecutor projection_thread, Folded start);

  /// The log has grown.  Returns at once.
  void follow();
  /// Calls `question` on the projection thread with a fold that holds what follow() announced.
  void ask(Question question);
  /// Folds to the head and saves.  Returns at once; the projection thread's end waits for it.
  void finish();

  Progress progress() const { return *progress_.get(); }

 private:
  void fold_on_projection_thread();
  void save_on_projection_thread();

  const events::EventLog& log_;
  CheckpointStore& checkpoints_;
  ProjectionExecutor projection_thread_;
  Folded folded_;
  projections::State::OnEffect on_effect_;
  events::Position saved_;
  Published<Progress> progress_;
  std::atomic<bool> is_due_{false};
};

}  // namespace server
