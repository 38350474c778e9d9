#pragma once

#include "events/base/ids.h"
#include "events/log/chain.h"
#include "events/log/event_log.h"
#include "events/log/scope.h"
#include "events/protocol/scope_messages.h"
#include "projections/state/access.h"
#include "projections/state/units.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace server {

/// The most units a reader's scope may name; its archive refuses more.
inline constexpr std::size_t reader_units_max = 1024;

/// What a device may read, by the roles of the people who may be unlocked on it.
struct ReaderRights {
  events::ReaderScope scope;
  bool private_everywhere = false;
  std::vector<events::UnitId> private_communes;  ///< Ascending, each once.
  std::size_t left_out = 0;  ///< Communes for which the scope had no room; see settle().

  /// Whether the private records of an event with that scope set may be handed out.
  bool may_read_private(const events::ScopeSet& event_scope) const;
  bool operator==(const ReaderRights&) const = default;
};

events::protocol::PrivateAccess private_access_of(const ReaderRights& rights);

/// What the log knows of a chain at the moment its device greets.
struct Admission {
  events::PublicKey public_key;
  events::ChainHead head;  ///< The last event of the chain that the log holds.
  ReaderRights rights;
  events::RulesVersion rules;
  std::uint64_t access_version{};  ///< Of the roles, devices and units it was computed from.
  /// Signs receipts.  Lifetime: the pipeline's.
  const events::SigningKey* server_key = nullptr;
  bool revoked = false;    ///< It may only deliver what it has, to be held; it reads nothing.
  events::Position as_of;  ///< Head of the log when the rights were looked up.
  /// From here on the rights may be others, though nothing happens: a role begins or ends.
  std::optional<events::Timestamp> valid_until;
  std::uint32_t lease_days{};
  bool repairing = false;  ///< The log was restored and takes back what it lost: nothing else.
  bool stranger = false;   ///< The log does not know the chain, perhaps because it lost it.
};

/// Adds to `rights` what one grant gives on `day`.
///
/// Every role reads by its grant's unit: reference scope and the communes there with their lineage
/// (UnitsOnDay::lineage_of); only a grant for the whole log reads the whole log.  A role in a unit
/// that has ended gives nothing.  Private records are for auditors, in the communes of their
/// unit, and for roles held inside a commune; registrars and associations above it see none.
void add_rights(ReaderRights& rights, const projections::Grant& grant,
                const projections::Units& units, events::Day day);

/// Only reference scope; then add_rights() for each grant.
ReaderRights rights_of_nobody();

/// The first day after `day` on which what the grant gives is another; nothing when it stays.
std::optional<events::Day> next_change(const projections::Grant& grant, events::Day day);

/// Brings the communes in ascending order, each once, and to at most `reader_units_max`, so that
/// nobody is kept out because others made units.  Above that, whoever reads every commune there is
/// reads the whole log; from others first the closed communes are taken, then the newest, and
/// counted in `left_out`.
void settle(ReaderRights& rights, const projections::Units& units);

}  // namespace server
