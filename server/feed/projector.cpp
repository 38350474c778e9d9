#include "server/feed/projector.h"

#include "projections/state/pieces.h"
#include "server/base/logging.h"

#include <boost/asio/post.hpp>

#include <iterator>
#include <utility>

namespace server {

Projector::Projector(CheckpointStore& checkpoints, ProjectionExecutor projection_thread,
                     Folded restored)
    : projection_thread_(std::move(projection_thread)),
      folded_(std::move(restored)),
      checkpoints_(checkpoints, folded_),
      rested_(folded_.state.applied()),
      applied_(folded_.state.applied().value) {}

void Projector::begin(Folded folded) {
  folded_ = std::move(folded);
  folded_.recent = RecentDossiers(folded_.state.applied());
  applied_ = folded_.state.applied().value;
}

void Projector::take(Changes changes) {
  {
    const std::scoped_lock lock(mutex_);
    waiting_.state = std::move(changes.state);
    waiting_.changes.insert(waiting_.changes.end(),
                            std::make_move_iterator(changes.changes.begin()),
                            std::make_move_iterator(changes.changes.end()));
    // One fold that has not begun takes in everything up to its beginning.
    if (std::exchange(is_due_, true)) return;
  }
  net::post(projection_thread_.executor, [this] { fold_on_projection_thread(); });
}

void Projector::ask(Question question) {
  net::post(projection_thread_.executor,
            [this, question = std::move(question)] { question(folded_); });
}

void Projector::finish() {
  net::post(projection_thread_.executor, [this] { save_on_projection_thread(); });
}

void Projector::fold_on_projection_thread() {
  Changes taken;
  {
    const std::scoped_lock lock(mutex_);
    taken = std::exchange(waiting_, {});
    is_due_ = false;
  }
  for (const Change& change : taken.changes) {
    const projections::EffectiveEvent effective = change.effective();
    folded_.views.apply(effective, taken.state);
    folded_.recent.apply(effective);
  }
  folded_.state = std::move(taken.state);
  const events::Position applied = folded_.state.applied();
  if (applied.value - rested_.value >= projections::rest_step_events) {
    rested_ = applied;
    projections::rest_parts(folded_.views.members());
  }
  applied_ = applied.value;
  const events::Position saved = checkpoints_.position();
  if (applied.value - saved.value >= checkpoint_distance) save_on_projection_thread();
}

void Projector::save_on_projection_thread() {
  const events::Position applied = folded_.state.applied();
  if (applied == checkpoints_.position()) return;
  const events::Result<std::size_t> written = checkpoints_.save(folded_);
  if (!written) {
    log_warning("checkpoint_failed", {{"reason", written.error().message}});
    return;
  }
  log_info("checkpoint_saved", {{"position", applied.value}, {"bytes", *written}});
}

}  // namespace server
