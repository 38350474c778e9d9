#pragma once

#include "projections/state/state.h"

#include <cstdint>
#include <optional>

namespace projections {

// Who may give, take and lend rights.  A right is (role, unit and all below it, days); see
// docs/decisions/0024-rights.md.

/// Days after the end of a role, or after the log heard of it if that was later, within which acts
/// dated before the end are still taken without a word from a person.
inline constexpr std::uint32_t revoked_grace_days = 7;

/// Whether an act of this kind needs its role both on the day of its paper and on the day of
/// receipt.  Otherwise whoever lost a role could go on by writing an older date.
bool needs_authority_now(events::EventType type);

/// Whether an act of this kind gives, takes or lends somebody's rights, or changes what everybody
/// works by.  It never takes effect for a device that was revoked meanwhile.
bool moves_power(events::EventType type);

/// How much may be done with a role in a unit; compared only within one unit.
std::uint8_t level_of(events::Role role);

/// Whether whoever holds `own` may take away or lend `role` in `unit`: it lies in the subtree of
/// `own`, and in the very same unit it is not above it.
bool covers(const UnitsOnDay& units, const Grant& own, events::Role role, events::UnitId unit);

/// Who does something: a person, by a role, on a device.
struct Actor {
  events::PersonId person;
  const Grant& grant;
  const Device* device = nullptr;  ///< Null when the log does not know it.
};

/// Why an act is not for its actor, and the role that it is about.
struct PowerRefusal {
  events::PowerFault fault{};
  events::Role role{};

  bool operator==(const PowerRefusal&) const = default;
};

/// Nothing when `by` may do that to other people's rights on `today`, or when it is not about
/// rights, or about things that are not known here: other guards say so.
///
/// Nobody gives a role to themselves or to others on the same device.  A role is given only below
/// the own one: in a unit below, or one of a lower level in the same unit; in the whole log a
/// registrar makes another for no longer than they are themselves.  Taking a role away, inviting to
/// a device and revoking one need a role that covers each role, present or future, of everybody
/// whom it is about.
std::optional<PowerRefusal> power_refusal(const State& state, const events::Payload& payload,
                                          const Actor& by, events::Day today);

/// Whether an open invitation may still be met on `today`: whoever made it could make it again.
bool stands(const State& state, const Offer& offer, events::Day today);

}  // namespace projections
