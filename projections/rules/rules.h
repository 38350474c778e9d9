#pragma once

#include "projections/policy/policy.h"
#include "projections/rules/follow_up_events.h"
#include "projections/rules/judging_context.h"
#include "projections/rules/placement.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace projections {

/// A guard that all events pass, in the order of its table; the first that stops an event decides.
struct GeneralGuard {
  const char* id;  ///< "clock".
  MaybeViolation (*check)(JudgingContext&);
  Versions in_force = {};
};

/// The guard of one kind of event, asked when the general ones found nothing.  Of the rows of a
/// kind, at most one is in force in a version.
struct KindGuard {
  events::EventType type{};
  MaybeViolation (*check)(JudgingContext&);
  Versions in_force = {};
};

/// The row of a guard that takes the fields of its kind, e.g. an old form:
/// `guard_of<events::CycleOpened, check_cycle_until_1>(until(1))`.
template <class Fields, MaybeViolation (*check)(JudgingContext&, const Fields&)>
constexpr KindGuard guard_of(Versions in_force = {}) {
  const auto by_fields = [](JudgingContext& context) {
    return check(context, std::get<Fields>(context.event.payload));
  };
  return {Fields::type, by_fields, in_force};
}

/// Where an event stands, as one version says it.
using PlacementRule = Placement (*)(const events::Event& event, const State& state,
                                    const Policy& policy);
/// What the server owes next, as one version says it.
using FollowUpRule = std::optional<FollowUpEvent> (*)(const State& state, events::Timestamp now);

// The guards of all versions of the rules, each with those in which it is in force.
std::span<const GeneralGuard> general_guards();
std::span<const KindGuard> reference_guards();  ///< Units, criteria, cycles, access, holds.
std::span<const KindGuard> subject_guards();    ///< People and collectives.
std::span<const KindGuard> dossier_guards();
std::span<const KindGuard> document_guards();  ///< Minutes, lists, decisions.
/// All of the four.
std::vector<KindGuard> kind_guards();

/// One version of the rules, as a value: its tables, its guards, where events stand, and what the
/// server owes.
///
/// Thread: any; it never changes.
class Rules {
 public:
  /// What a version consists of; of guards those that are in force in it are taken.
  struct Parts {
    std::span<const GeneralGuard> general;
    std::span<const KindGuard> kinds;
    PlacementRule placement = nullptr;
    FollowUpRule follow_up = nullptr;
  };

  /// Lifetime: `policy` outlives the rules.
  Rules(const Policy& policy, const Parts& parts);

  const Policy& policy() const { return policy_; }
  events::RulesVersion version() const { return policy_.version(); }

  std::span<const GeneralGuard> general_guards() const { return general_; }
  /// The guard of a kind; null when it has none of its own.
  const KindGuard* guard_of(events::EventType type) const;
  Placement placement_of(const events::Event& event, const State& state) const {
    return placement_(event, state, policy_);
  }
  std::optional<FollowUpEvent> next_follow_up(const State& state, events::Timestamp now) const {
    return follow_up_(state, now);
  }

 private:
  const Policy& policy_;
  std::vector<GeneralGuard> general_;
  std::array<std::optional<KindGuard>, events::type_limit> by_kind_;
  PlacementRule placement_;
  FollowUpRule follow_up_;
};

/// The versions that this build can judge by: one for each of known_policies().  Tests link another
/// definition before this one, with a version of their own.
std::span<const Rules> known_rules();

/// The rules of `version`, or the newest ones when this build does not know it.
/// Expects: version ≥ 1.
const Rules& rules_of(events::RulesVersion version);
/// The rules by which events are judged that come next: those in force in the log, at most the
/// newest that the holder of the state can.
const Rules& rules_in_force(const State& state);

}  // namespace projections
