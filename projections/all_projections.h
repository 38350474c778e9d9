#pragma once

#include "projections/state.h"
#include "projections/statistics.h"
#include "projections/title_status.h"

#include <cstdint>
#include <span>
#include <tuple>

namespace projections {

/// All views.  They judge nothing and follow the state: a view that is added here is folded,
/// restricted and saved with the others.
struct Views {
  TitleStatus title_status;
  Statistics statistics;

  /// Lifetime: `state` outlives the call; it has taken the event in already.
  void apply(const EffectiveEvent& effective, const State& state);
  void restrict_to(const events::ReaderScope& reader);
  /// To be given to `State::apply`.
  /// Lifetime: these views outlive what is returned, and stay where they are.
  State::OnEffect on_effect();

  auto members() { return std::tie(title_status, statistics); }

  template <class Archive>
  void serialize(Archive& archive) {
    std::apply([&](auto&... view) { archive(view...); }, members());
  }
};

/// A projection's name and the revision of its fold and bytes.
struct ProjectionInfo {
  const char* name;
  std::uint32_t revision{};
};

/// Everything that is folded, state and views, in the order of its bytes.  A checkpoint whose list
/// differs was made by another build and is folded anew.
std::span<const ProjectionInfo> all_projections();

}  // namespace projections
