#pragma once

#include "events/log/event.h"
#include "projections/policy/versions.h"

#include <cstdint>
#include <span>

namespace projections {

/// Sets of roles and of dossier states, as bits.
using RoleSet = std::uint32_t;
using StateSet = std::uint32_t;

constexpr RoleSet bit(events::Role role) { return 1U << static_cast<unsigned>(role); }
constexpr StateSet bit(events::DossierState state) { return 1U << static_cast<unsigned>(state); }
template <class... T>
constexpr std::uint32_t any_of(T... values) {
  return (bit(values) | ...);
}

/// Who enters for citizens, families, clans and communities.
inline constexpr RoleSet entrants = any_of(events::Role::proxy_entrant, events::Role::branch_head,
                                           events::Role::unit_board, events::Role::clan_board);
/// Who leads a hamlet's branch, a unit or a clan.
inline constexpr RoleSet heads =
    any_of(events::Role::branch_head, events::Role::unit_board, events::Role::clan_board);

/// The phase of the cycle to which a step belongs; null when the step has no deadline.
using PhaseOf = events::Phase events::CycleOpened::*;

/// A step of the workflow: an event of `type`, done in one of the `roles`, moves a dossier from one
/// of the states `from` to the state `to`.  The table of steps is domain.md 4.6.  Guards that need
/// the payload of the event are in dossier_rules.cpp.
struct Step {
  const char* id;  ///< "T06".
  events::EventType type;
  StateSet from;
  RoleSet roles;
  events::DossierState to;  ///< none: no change; for T05 the state it was returned to.
  PhaseOf phase;
  Versions in_force = {};
};

/// The steps of all versions of the rules, each with those in which it is in force.
std::span<const Step> step_rows();

/// The roles that may release or refuse an event that is held for a reason.
using ReleaseRoles = RoleSet (*)(events::HoldReason);
/// As they are in all versions so far.
RoleSet roles_to_release(events::HoldReason reason);

}  // namespace projections
