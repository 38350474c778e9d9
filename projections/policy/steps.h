#pragma once

#include "events/log/event.h"

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
};

std::span<const Step> all_steps();

/// The step by which an event of `type` moves a dossier in `state`; null when there is none.
const Step* find_step(events::EventType type, events::DossierState state);

/// Every role that may append an event of `type` in some state of a dossier; 0 when no role may.
RoleSet roles_for(events::EventType type);

/// The roles that may release or refuse an event that is held for this reason.
RoleSet roles_to_release(events::HoldReason reason);

}  // namespace projections
