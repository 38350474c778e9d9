#pragma once

#include "projections/state/state.h"
#include "projections/views/statistics.h"
#include "projections/views/title_status.h"

#include <cstdint>
#include <span>
#include <tuple>

namespace projections {

/// All views.  A view judges nothing; it follows the state.  A view that is added to `members()` is
/// folded, restricted and saved together with the others.
struct Views {
  TitleStatus title_status;
  Statistics statistics;

  /// Takes an event into every view.
  /// Expects:  `state` has taken the event in already.
  /// Lifetime: `state` outlives the call.
  void apply(const EffectiveEvent& effective, const State& state);
  void restrict_to(const events::ReaderScope& reader);
  /// The callback for `State::apply` that keeps these views up to date.
  /// Lifetime: this object outlives the callback and is not moved meanwhile.
  State::OnEffect on_effect();

  auto members() { return std::tie(title_status, statistics); }
  auto members() const { return std::tie(title_status, statistics); }

  template <class Archive>
  void serialize(Archive& archive) {
    std::apply([&](auto&... view) { archive(view...); }, members());
  }
};

/// The name of a projection, and the revision of its fold and of its bytes.
struct ProjectionInfo {
  const char* name;
  std::uint32_t revision{};
};

/// Every projection, of the state and of the views, in the order of the bytes.  A checkpoint with
/// another list was made by another build; then the log is folded again.
std::span<const ProjectionInfo> all_projections();

}  // namespace projections
