#include "clients/core/acts/units.h"

#include "clients/core/acts/typed_text.h"

#include <utility>

namespace clients::acts {

using events::Result;

Result<events::UnitId> create_unit(Draft& draft, const Occasion& occasion, const NewUnit& unit) {
  events::UnitCreated created{unit.kind, unit.parent,     unit.name, unit.official_code,
                              unit.area, unit.valid_from, unit.basis};
  const Result<void> clean = clean_texts({&created.name, &created.official_code, &created.basis});
  if (!clean) return clean.error();
  return events::UnitId{draft.add(occasion, std::move(created))};
}

Result<void> change_unit(Draft& draft, const Occasion& occasion, const UnitChange& change) {
  events::UnitRenamed renamed{change.unit,   change.name,       change.official_code,
                              change.parent, change.valid_from, change.basis};
  Result<void> clean = clean_texts({&renamed.name, &renamed.official_code, &renamed.basis});
  if (!clean) return clean;
  draft.add(occasion, std::move(renamed),
            events::StreamId{events::StreamKind::unit, change.unit.event});
  return {};
}

Result<void> close_unit(Draft& draft, const Occasion& occasion, const UnitClosure& closure) {
  events::UnitClosed closed{closure.unit, closure.closed_from, closure.successors, closure.basis};
  if (Result<void> clean = clean_texts({&closed.basis}); !clean) return clean;
  draft.add(occasion, std::move(closed),
            events::StreamId{events::StreamKind::unit, closure.unit.event});
  return {};
}

Result<events::EventId> change_units(Draft& draft, const Occasion& occasion,
                                     const Decree& decree) {
  events::UnitsChanged changed{decree.basis, decree.effective, decree.rows};
  if (Result<void> clean = clean_texts({&changed.basis}); !clean) return clean.error();
  return draft.add(occasion, std::move(changed));
}

Result<events::OrganisationId> establish(Draft& draft, const Occasion& occasion,
                                         const NewOrganisation& organisation) {
  events::OrganisationEstablished established{organisation.kind, organisation.unit,
                                              organisation.name, organisation.valid_from};
  if (Result<void> clean = clean_texts({&established.name}); !clean) return clean.error();
  return events::OrganisationId{draft.add(occasion, std::move(established))};
}

}  // namespace clients::acts
