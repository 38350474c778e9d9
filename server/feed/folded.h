#pragma once

#include "projections/state/state.h"
#include "projections/views/all_projections.h"
#include "server/feed/recent_dossiers.h"
#include "server/store/checkpoint_store.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace server {

/// Everything that is folded from the log, at one position.
struct Folded {
  projections::State state;
  projections::Views views;
  RecentDossiers recent;  ///< Not saved.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(state, views);
  }
};

/// Name of the checkpoint of everything that is folded.
inline constexpr const char* folded_checkpoint = "folded";
/// Changes when any projection of this build folds or is written differently, and when checkpoints
/// are.
std::uint32_t projections_revision();

/// The last checkpoint of this build; nothing when there is none.
/// Errors: storage_corrupt: it is not what was saved; storage_failed.
events::Result<std::optional<Folded>> read_checkpoint(const CheckpointStore& checkpoints);
/// The last checkpoint of this build, or an empty fold when there is none that can be used.
Folded restore_checkpoint(const CheckpointStore& checkpoints);

/// Saves what is folded from time to time.
///
/// State: how far each table was when it was saved last: only what was edited since is written.
/// Format: docs/decisions/0035-one-state-of-copies-on-write.md.
/// Thread: one at a time.
class FoldedCheckpoints {
 public:
  /// `restored`: what restore_checkpoint() gave; what is saved goes on from it.
  /// Lifetime: `checkpoints` outlives this.
  FoldedCheckpoints(CheckpointStore& checkpoints, const Folded& restored);

  /// Where the last checkpoint is.
  events::Position position() const { return position_; }
  /// Bytes written.
  /// Expects: `folded` went on from what was saved or restored last.
  /// Errors:  storage_failed: the next one writes what this one would have.
  events::Result<std::size_t> save(const Folded& folded);

 private:
  CheckpointStore& checkpoints_;
  events::Position position_;
  bool is_whole_;                     ///< Nothing is there that the next one could go on from.
  std::vector<std::uint64_t> edits_;  ///< Of each table, when it was saved.
};

}  // namespace server
