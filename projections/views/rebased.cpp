#include "projections/views/rebased.h"

namespace projections {
namespace {

/// As UnitsOnDay::current() follows heirs.
constexpr int heirs_max = 64;

}  // namespace

bool is_a_place(const Units& units, events::UnitId commune, events::Day day) {
  const Unit* const unit = units.find(commune);
  return unit != nullptr && !unit->is_closed_on(day) &&
         unit->kind_on(day) != events::UnitKind::holding;
}

RebasedHome rebased_home(const Dossier& dossier, const Units& units, events::Day day) {
  const UnitsOnDay then = units.on(day);
  const Unit* const home = units.find(dossier.home_unit);
  if (home == nullptr) return {dossier.scope, false};
  if (!is_commune_level(*home)) {
    const events::UnitId commune = then.commune_of(home->id);
    if (commune.is_none()) return {dossier.scope, false};
    return {commune, is_a_place(units, commune, day)};
  }
  const Unit* unit = home;
  for (int step = 0; step < heirs_max && unit->is_closed_on(day); ++step) {
    const Unit* const heir = units.find(unit->heir);
    if (heir == nullptr || unit->successors.size() > 1) return {unit->id, false};
    unit = heir;
  }
  return {unit->id, is_a_place(units, unit->id, day)};
}

}  // namespace projections
