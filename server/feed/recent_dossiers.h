#pragma once

#include "events/base/ids.h"
#include "projections/state/dossiers.h"
#include "projections/state/projection.h"

#include <algorithm>
#include <cstddef>
#include <deque>

namespace server {

/// Which dossiers moved last, in the order of the log, so that a reader who follows pays for what
/// moved and not for all there are.
///
/// Thread: one at a time.
class RecentDossiers {
 public:
  /// About a megabyte.
  static constexpr std::size_t moves_max = 65'536;

  RecentDossiers() = default;
  /// Knows every move behind `since`, or the last `max` of them.
  explicit RecentDossiers(events::Position since, std::size_t max = moves_max)
      : since_(since), max_(max) {}

  /// Expects: each effective event behind `since`, in order.
  void apply(const projections::EffectiveEvent& effective) {
    if (effective.after == nullptr) return;
    // Some events on a dossier's stream move nothing.
    if (projections::last_change_of(*effective.after) != effective.position) return;
    moves_.push_back({effective.position, effective.after->id});
    if (moves_.size() <= max_) return;
    since_ = moves_.front().position;
    moves_.pop_front();
  }

  /// Whether it knows every move behind `after`.
  bool knows_since(events::Position after) const { return after >= since_; }
  /// Calls `take(position, dossier)` for each move behind `after`, in order, until it returns
  /// false.
  /// Expects: knows_since(after).
  template <class Take>
  void for_each_since(events::Position after, Take take) const {
    auto next = std::upper_bound(
        moves_.begin(), moves_.end(), after,
        [](events::Position position, const Move& move) { return position < move.position; });
    while (next != moves_.end() && take(next->position, next->dossier)) ++next;
  }

 private:
  struct Move {
    events::Position position;
    events::DossierId dossier;
  };

  std::deque<Move> moves_;
  events::Position since_;
  std::size_t max_ = moves_max;
};

}  // namespace server
