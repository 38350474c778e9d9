#pragma once

#include "events/log/event.h"
#include "projections/policy/interference.h"
#include "projections/policy/steps.h"

#include <cstdint>
#include <span>

namespace projections {

/// Who appends events of a kind.
enum class Speaker : std::uint8_t {
  people,  ///< A person, from a device's chain.
  server,  ///< Only the server, from the system chain.
};

/// What an event of a kind is about.  It decides in which unit its author acts, which the author's
/// role must cover, and in which scope the event stands (placement.h).
enum class About : std::uint8_t {
  log,         ///< The log itself: everybody's, and a person needs a role for the whole log.
  tree,        ///< A unit or organisation of everybody's tree, which the payload names.
  powers,      ///< Roles and devices: everybody's; roles are compared with roles (power.h).
  own_device,  ///< The author's own device: everybody's; a role anywhere will do.
  unit,        ///< A unit that the payload names; the event stands in that unit's commune.
  paper,       ///< A document: it stands and is made where its issuer sits.
  dossier,     ///< The dossier of the event's stream; it stands in that dossier's commune.
  held_event,  ///< A held event: it stands where the held event stands.
};

/// What judging must know of a kind besides the rule for its payload.
struct KindPolicy {
  events::EventType type{};
  Speaker speaker{};
  About about{};
  /// Who may append it beside the roles of the steps that it makes (steps.h); 0: the steps say, or
  /// the server appends it.
  RoleSet roles = 0;
  Interference interference{};
  std::uint32_t schema = 1;  ///< The newest one that judging takes.
  Versions in_force = {};
};

/// The rows of all versions of the rules.  A kind of events::PayloadVariant without a row does not
/// compile, nor one on a dossier of which the row does not say what it interferes with.
std::span<const KindPolicy> kind_rows();

}  // namespace projections
