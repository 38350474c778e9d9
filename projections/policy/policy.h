#pragma once

#include "events/log/event.h"
#include "projections/policy/interference.h"
#include "projections/policy/kind_policy.h"
#include "projections/policy/steps.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace projections {

/// The tables of one version of the rules: steps, kinds, and who releases what.  With them a state
/// is folded; the judge has them and its guards besides (projections/rules/rules.h).
///
/// Thread: any; it never changes.
class Policy {
 public:
  /// Takes the rows that are in force in `version`.
  /// Expects: of the rows of a kind, at most one is in force.
  /// Lifetime: the rows' texts outlive the policy.
  Policy(events::RulesVersion version, std::span<const Step> steps,
         std::span<const KindPolicy> kinds, ReleaseRoles release_roles);

  events::RulesVersion version() const { return version_; }
  std::span<const Step> steps() const { return steps_; }

  /// The step by which an event of `type` moves a dossier in `state`; null when there is none.
  const Step* find_step(events::EventType type, events::DossierState state) const;
  /// The row of `type`; null for a kind that this version does not have.
  const KindPolicy* kind(events::EventType type) const;
  /// Whether this version has the kind of the event, in its schema, and this build reads it.  An
  /// event that is not known is held whatever it says (schema_unknown).
  bool knows(const events::Event& event) const;
  Interference interference_of(events::EventType type) const;
  /// Whether this kind of event is guarded: it must not follow a change that its author had not
  /// seen.
  bool is_guarded(events::EventType type) const;
  /// Every role that may append an event of `type` in some state of a dossier; 0 when no role may.
  RoleSet roles_for(events::EventType type) const;
  /// The roles that may release or refuse an event that is held for this reason.
  RoleSet roles_to_release(events::HoldReason reason) const { return release_roles_(reason); }

 private:
  events::RulesVersion version_;
  std::vector<Step> steps_;
  std::vector<KindPolicy> kinds_;
  /// By type: 1 + the number of its row; 0 for none.
  std::array<std::uint8_t, events::type_limit> row_of_{};
  ReleaseRoles release_roles_;
};

/// The versions that this build can judge by, ascending from 1 without gaps.  Tests link another
/// definition before this one, with a version of their own.
std::span<const Policy> known_policies();

/// The newest version that this build can judge by.
events::RulesVersion newest_rules();
const Policy& newest_policy();
/// The tables of `version`, or the newest ones when this build does not know it.
/// Expects: version ≥ 1.
const Policy& policy_of(events::RulesVersion version);

/// The kinds, ascending, that both versions have and that move some dossier otherwise under `after`
/// than under `before`.  RulesAdopted names them.
std::vector<std::uint16_t> moved_otherwise(const Policy& before, const Policy& after);

}  // namespace projections
