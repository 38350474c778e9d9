#pragma once

#include "clients/core/acts/draft.h"

#include <string>
#include <vector>

namespace clients::acts {

// Units and organisations.  Texts as typed.

/// A unit that is not in the log yet.
struct NewUnit {
  events::UnitKind kind{};
  events::UnitId parent;      ///< None for the topmost unit.
  std::string name;           ///< With its type: "Xã Nà Tấu".
  std::string official_code;  ///< As published; empty for hamlets.
  events::AreaType area{};
  events::Day valid_from;
  std::string basis;  ///< The document; may be empty.
};
events::Result<events::UnitId> create_unit(Draft& draft, const Occasion& occasion,
                                           const NewUnit& unit);

/// How a unit is called, and where it lies, from a day on; it stays the same unit.
struct UnitChange {
  events::UnitId unit;
  std::string name;
  std::string official_code;
  events::UnitId parent;
  events::Day valid_from;
  std::string basis;
};
events::Result<void> change_unit(Draft& draft, const Occasion& occasion, const UnitChange& change);

/// The end of a unit.
struct UnitClosure {
  events::UnitId unit;
  events::Day closed_from;  ///< The first day without it.
  std::vector<events::UnitId> successors;
  std::string basis;
};
events::Result<void> close_unit(Draft& draft, const Occasion& occasion, const UnitClosure& closure);

/// A decree: what becomes of units from a day on, as one fact.
struct Decree {
  std::string basis;
  events::Day effective;
  std::vector<events::UnitsChangeRow> rows;
};
events::Result<events::EventId> change_units(Draft& draft, const Occasion& occasion,
                                             const Decree& decree);

/// An association, committee, branch or board that is not in the log yet.
struct NewOrganisation {
  events::OrganisationKind kind{};
  events::UnitId unit;
  std::string name;
  events::Day valid_from;
};
events::Result<events::OrganisationId> establish(Draft& draft, const Occasion& occasion,
                                                 const NewOrganisation& organisation);

}  // namespace clients::acts
