#include "projections/state/units.h"

#include "events/base/ranges.h"

#include <algorithm>

namespace projections {
namespace {

/// Units nest at most this deep: by fits_below() every step up is to a higher of five levels.
constexpr int depth_max = 12;

/// From the centre down; 0 for what is no kind.
int level_of(events::UnitKind kind) {
  using enum events::UnitKind;
  switch (kind) {
    case central:
      return 1;
    case province:
    case city_central:
      return 2;
    case district:
    case urban_district:
    case town_district:
    case city_provincial:
      return 3;
    case commune:
    case ward:
    case township:
    case special_zone:
      return 4;
    case hamlet:
      return 5;
  }
  return 0;
}

}  // namespace

const UnitVersion& Unit::version_on(events::Day day) const {
  const UnitVersion* found = &versions.front();
  for (const UnitVersion& version : versions) {
    if (version.valid_from <= day) found = &version;
  }
  return *found;
}

bool Unit::is_open_on(events::Day day) const {
  return versions.front().valid_from <= day && (!closed_from || day < *closed_from);
}

bool is_commune_level(events::UnitKind kind) {
  using enum events::UnitKind;
  return kind == commune || kind == ward || kind == township || kind == special_zone;
}

bool fits_below(events::UnitKind kind, events::UnitKind above) {
  if (kind == events::UnitKind::hamlet) return is_commune_level(above);
  return level_of(above) != 0 && level_of(above) < level_of(kind);
}

void Units::apply(const EffectiveEvent& effective) {
  const events::EventId id = effective.event.id();
  events::match(
      effective.event.payload,
      [&](const events::UnitCreated& e) {
        units_.insert({events::UnitId{id},
                       e.kind,
                       e.area,
                       std::nullopt,
                       {},
                       {{e.valid_from, e.parent, e.name, e.official_code}},
                       {}});
      },
      [&](const events::UnitRenamed& e) {
        Unit* const unit = units_.find(e.unit.key());
        if (unit == nullptr) return;
        const auto later =
            events::ranges::upper_bound(unit->versions, e.valid_from, {}, &UnitVersion::valid_from);
        unit->versions.insert(later, {e.valid_from, e.parent, e.name, e.official_code});
      },
      [&](const events::UnitClosed& e) {
        Unit* const unit = units_.find(e.unit.key());
        if (unit == nullptr) return;
        unit->closed_from = e.closed_from;
        unit->closed_at = effective.position;
        unit->successors = e.successors;
      },
      [&](const events::OrganisationEstablished& e) {
        organisations_.insert({events::OrganisationId{id}, e.kind, e.unit, e.name, e.valid_from});
      },
      [](const auto&) { /* No other event moves a unit. */ });
}

UnitsOnDay Units::on(events::Day day) const { return {*this, day}; }

events::UnitId UnitsOnDay::parent_of(events::UnitId unit) const {
  const Unit* const found = units_.find(unit);
  return found == nullptr ? events::UnitId{} : found->version_on(day_).parent;
}

events::UnitId UnitsOnDay::commune_of(events::UnitId unit) const {
  for (int depth = 0; depth < depth_max; ++depth) {
    const Unit* const found = units_.find(unit);
    if (found == nullptr) return {};
    if (is_commune_level(found->kind)) return unit;
    unit = found->version_on(day_).parent;
  }
  return {};
}

bool UnitsOnDay::lies_in(events::UnitId unit, events::UnitId ancestor) const {
  if (ancestor.is_none()) return true;
  for (int depth = 0; depth < depth_max && !unit.is_none(); ++depth) {
    if (unit == ancestor) return true;
    unit = parent_of(unit);
  }
  return false;
}

int UnitsOnDay::depth_of(events::UnitId unit) const {
  int depth = 0;
  for (unit = parent_of(unit); depth < depth_max && units_.find(unit) != nullptr;
       unit = parent_of(unit)) {
    ++depth;
  }
  return depth;
}

std::vector<events::UnitId> UnitsOnDay::communes_in(events::UnitId ancestor) const {
  std::vector<events::UnitId> communes;
  for (const Unit& unit : units_.all()) {
    if (is_commune_level(unit.kind) && lies_in(unit.id, ancestor)) communes.push_back(unit.id);
  }
  events::ranges::sort(communes);
  return communes;
}

std::string UnitsOnDay::short_name_of(events::UnitId unit) const {
  const Unit* const found = units_.find(unit);
  return found == nullptr ? std::string{} : found->version_on(day_).name;
}

bool UnitsOnDay::is_open(events::UnitId unit) const {
  const Unit* const found = units_.find(unit);
  return found != nullptr && found->is_open_on(day_);
}

std::string UnitsOnDay::name_of(events::UnitId unit) const {
  const Unit* const found = units_.find(unit);
  if (found == nullptr) return "-";
  const UnitVersion& version = found->version_on(day_);
  const Unit* const parent = units_.find(version.parent);
  if (parent == nullptr || parent->kind == events::UnitKind::central) return version.name;
  return version.name + ", " + parent->version_on(day_).name;
}

}  // namespace projections
