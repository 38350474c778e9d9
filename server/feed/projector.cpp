#include "server/feed/projector.h"

#include "events/archive/compact.h"
#include "events/crypto/digest.h"
#include "server/base/logging.h"
#include "server/commit/recovery.h"

#include <boost/asio/post.hpp>

#include <optional>
#include <string>
#include <utility>

namespace server {

using events::Result;

std::uint32_t projections_revision() {
  std::string names;
  for (const projections::ProjectionInfo& projection : projections::all_projections()) {
    names += projection.name;
    names += ' ' + std::to_string(projection.revision) + '\n';
  }
  const events::Digest digest = events::sha256(events::bytes_of(names));
  std::uint32_t revision = 0;
  for (std::size_t index = 0; index < 4; ++index) {
    revision = revision << 8U | digest.bytes[index];
  }
  return revision;
}

Folded restore_checkpoint(const CheckpointStore& checkpoints) {
  const Result<std::optional<Checkpoint>> found =
      checkpoints.get(folded_checkpoint, projections_revision());
  if (!found) {
    log_warning("checkpoint_unusable", {{"reason", found.error().message}});
    return {};
  }
  if (!*found) return {};
  Result<Folded> folded = events::decode<Folded>((*found)->bytes);
  if (folded && folded->state.applied() == (*found)->position) return std::move(*folded);
  log_warning("checkpoint_unusable", {{"reason", "its bytes do not fit this build"}});
  return {};
}

Projector::Projector(const events::EventLog& log, CheckpointStore& checkpoints,
                     ProjectionExecutor projection_thread, Folded start)
    : log_(log),
      checkpoints_(checkpoints),
      projection_thread_(std::move(projection_thread)),
      folded_(std::move(start)),
      on_effect_(folded_.views.on_effect()),
      saved_(folded_.state.applied()) {
  progress_.publish({folded_.state.applied(), true});
}

void Projector::follow() {
  // One fold that has not begun takes in everything up to its beginning.
  if (is_due_.exchange(true)) return;
  net::post(projection_thread_.executor, [this] { fold_on_projection_thread(); });
}

void Projector::ask(Question question) {
  follow();
  net::post(projection_thread_.executor,
            [this, question = std::move(question)] { question(folded_); });
}

void Projector::finish() {
  follow();
  net::post(projection_thread_.executor, [this] { save_on_projection_thread(); });
}

void Projector::fold_on_projection_thread() {
  is_due_ = false;
  const Result<void> folded = fold(log_, folded_.state, on_effect_);
  if (!folded) log_error("projection_failed", {{"reason", folded.error().message}});
  const events::Position applied = folded_.state.applied();
  progress_.publish({applied, folded.has_value()});
  if (applied.value - saved_.value >= checkpoint_distance) save_on_projection_thread();
}

void Projector::save_on_projection_thread() {
  const events::Position applied = folded_.state.applied();
  if (applied == saved_) return;
  const events::Bytes bytes = events::encode(folded_);
  const Result<void> saved =
      checkpoints_.put(folded_checkpoint, projections_revision(), applied, bytes);
  if (!saved) {
    log_warning("checkpoint_failed", {{"reason", saved.error().message}});
    return;
  }
  saved_ = applied;
  log_info("checkpoint_saved", {{"position", applied.value}, {"bytes", bytes.size()}});
}

}  // namespace server
