#include "projections/state/units.h"

#include "events/base/ranges.h"

#include <algorithm>

namespace projections {
namespace {

/// Units nest at most this deep: by fits_below() every step up is to a higher of five levels.
constexpr int depth_max = 12;
/// Heirs of heirs that are followed: a unit that is changed every year is found for a lifetime.
constexpr int heirs_max = 64;

/// The last value that some version up to `day` has; the first one for days before.
template <class T>
T last_of(const std::vector<UnitVersion>& versions, std::optional<T> UnitVersion::*field,
          events::Day day) {
  std::optional<T> found = versions.front().*field;
  for (const UnitVersion& version : versions) {
    if (version.valid_from <= day && version.*field) found = version.*field;
  }
  return found.value_or(T{});
}

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
    case holding:
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

events::UnitKind Unit::kind_on(events::Day day) const {
  return last_of(versions, &UnitVersion::kind, day);
}

events::AreaType Unit::area_on(events::Day day) const {
  return last_of(versions, &UnitVersion::area, day);
}

bool Unit::is_open_on(events::Day day) const {
  return versions.front().valid_from <= day && (!closed_from || day < *closed_from);
}

bool is_commune_level(events::UnitKind kind) {
  using enum events::UnitKind;
  return kind == commune || kind == ward || kind == township || kind == special_zone ||
         kind == holding;
}

bool is_commune_level(const Unit& unit) {
  return is_commune_level(unit.kind_on(unit.versions.front().valid_from));
}

bool is_hamlet(const Unit& unit) {
  return unit.kind_on(unit.versions.front().valid_from) == events::UnitKind::hamlet;
}

bool is_of_one_level(events::UnitKind one, events::UnitKind other) {
  return level_of(one) == level_of(other);
}

bool fits_below(events::UnitKind kind, events::UnitKind above) {
  if (kind == events::UnitKind::hamlet) return is_commune_level(above);
  return level_of(above) != 0 && level_of(above) < level_of(kind);
}

bool fits_in_place_of(events::UnitKind heir, events::UnitKind ended) {
  if (level_of(heir) == 0 || level_of(heir) > level_of(ended)) return false;
  // A commune or hamlet is what people live in: only its like stands for it.
  return ended == events::UnitKind::hamlet || is_commune_level(ended)
             ? level_of(heir) == level_of(ended)
             : true;
}

void Units::apply(const EffectiveEvent& effective) {
  const events::EventId id = effective.event.id();
  events::match(
      effective.event.payload,
      [&](const events::UnitCreated& e) {
        units_.insert({events::UnitId{id},
                       std::nullopt,
                       {},
                       {{e.valid_from, e.parent, e.name, e.official_code, e.kind, e.area}},
                       {},
                       {},
                       {}});
      },
      [&](const events::UnitRenamed& e) {
        Unit* const unit = units_.edit(e.unit.key());
        if (unit == nullptr) return;
        const auto later =
            events::ranges::upper_bound(unit->versions, e.valid_from, {}, &UnitVersion::valid_from);
        unit->versions.insert(later,
                              {e.valid_from, e.parent, e.name, e.official_code, e.kind, e.area});
      },
      [&](const events::UnitClosed& e) {
        const bool is_one = e.successors.size() == 1;
        close(e.unit, e.closed_from, effective.position,
              is_one ? e.successors.front() : events::UnitId{});
        for (const events::UnitId successor : e.successors) succeed(e.unit, successor);
      },
      [&](const events::UnitsChanged& e) { apply(e, effective.position); },
      [&](const events::OrganisationEstablished& e) {
        organisations_.insert({events::OrganisationId{id}, e.kind, e.unit, e.name, e.valid_from});
      },
      [](const auto&) { /* No other event moves a unit. */ });
}

void Units::close(events::UnitId id, events::Day from, events::Position position,
                  events::UnitId heir) {
  Unit* const unit = units_.edit(id.key());
  if (unit == nullptr) return;
  unit->closed_from = from;
  unit->closed_at = position;
  unit->heir = heir;
}

void Units::succeed(events::UnitId id, events::UnitId successor) {
  Unit* const unit = units_.edit(id.key());
  if (unit == nullptr || events::ranges::count(unit->successors, successor) != 0) return;
  unit->successors.push_back(successor);
  if (Unit* const next = units_.edit(successor.key())) next->predecessors.push_back(id);
}

void Units::move_hamlet(events::UnitId id, events::UnitId parent, events::Day from) {
  Unit* const hamlet = units_.edit(id.key());
  if (hamlet == nullptr) return;
  const auto later =
      events::ranges::upper_bound(hamlet->versions, from, {}, &UnitVersion::valid_from);
  if (later == hamlet->versions.begin()) return;
  UnitVersion moved = *std::prev(later);
  moved.valid_from = from;
  moved.parent = parent;
  hamlet->versions.insert(later, std::move(moved));
}

void Units::apply(const events::UnitsChanged& change, events::Position position) {
  for (const events::UnitsChangeRow& row : change.rows) {
    if (units_.find(row.from.key()) == nullptr) continue;
    for (const events::UnitId id : row.hamlets) move_hamlet(id, row.to, change.effective);
    if (row.hamlets.empty()) close(row.from, change.effective, position, row.to);
  }
  // Only of closed units: what is open goes on, and is read by its own people alone.
  for (const events::UnitsChangeRow& row : change.rows) {
    const Unit* const from = units_.find(row.from.key());
    if (from != nullptr && from->closed_from) succeed(row.from, row.to);
  }
}

UnitsOnDay Units::on(events::Day day) const { return {*this, day}; }

events::UnitId UnitsOnDay::current(events::UnitId unit) const {
  // Whoever closes a unit names successors that are open then, so that there is no ring; a log that
  // says otherwise ends the walk.
  for (int step = 0; step < heirs_max; ++step) {
    const Unit* const found = units_.find(unit);
    if (found == nullptr || !found->is_closed_on(day_) || found->heir.is_none()) return unit;
    unit = found->heir;
  }
  return unit;
}

events::UnitId UnitsOnDay::parent_of(events::UnitId unit) const {
  const Unit* const found = units_.find(current(unit));
  return found == nullptr ? events::UnitId{} : current(found->version_on(day_).parent);
}

events::UnitId UnitsOnDay::commune_of(events::UnitId unit) const {
  unit = current(unit);
  for (int depth = 0; depth < depth_max; ++depth) {
    const Unit* const found = units_.find(unit);
    if (found == nullptr) return {};
    if (is_commune_level(*found)) return unit;
    unit = current(found->version_on(day_).parent);
  }
  return {};
}

bool UnitsOnDay::lies_in(events::UnitId unit, events::UnitId ancestor) const {
  if (ancestor.is_none() || unit == ancestor) return true;
  unit = current(unit);
  for (int depth = 0; depth < depth_max && !unit.is_none(); ++depth) {
    if (unit == ancestor) return true;
    unit = parent_of(unit);
  }
  return false;
}

bool UnitsOnDay::lies_whole_in(events::UnitId unit, events::UnitId ancestor) const {
  if (ancestor.is_none() || unit == ancestor) return true;
  // Several units may have gone into one: each is looked at once.
  std::vector<events::UnitId> parts{unit};
  for (std::size_t next = 0; next < parts.size(); ++next) {
    if (parts[next] == ancestor) continue;
    const Unit* const part = units_.find(parts[next]);
    if (part == nullptr) return false;
    if (!part->is_closed_on(day_) || part->successors.empty()) {
      if (!lies_in(part->id, ancestor)) return false;
      continue;
    }
    for (const events::UnitId successor : part->successors) {
      if (events::ranges::count(parts, successor) == 0) parts.push_back(successor);
    }
  }
  return true;
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
    if (is_commune_level(unit) && lies_in(unit.id, ancestor)) communes.push_back(unit.id);
  }
  events::ranges::sort(communes);
  return communes;
}

std::vector<events::UnitId> UnitsOnDay::lineage_of(events::UnitId commune) const {
  std::vector<events::UnitId> lineage{commune};
  for (std::size_t next = 0; next < lineage.size(); ++next) {
    const Unit* const unit = units_.find(lineage[next]);
    if (unit == nullptr) continue;
    for (const events::UnitId before : unit->predecessors) {
      const Unit* const closed = units_.find(before);
      const bool is_counted = closed != nullptr && closed->is_closed_on(day_) &&
                              is_commune_level(*closed) &&
                              events::ranges::count(lineage, before) == 0;
      if (is_counted) lineage.push_back(before);
    }
  }
  events::ranges::sort(lineage);
  return lineage;
}

bool UnitsOnDay::is_closed(events::UnitId unit) const {
  const Unit* const found = units_.find(unit);
  return found != nullptr && found->is_closed_on(day_);
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
  // A unit that has ended is called as it was called.
  const bool is_closed = found->is_closed_on(day_);
  const Unit* const parent = units_.find(is_closed ? version.parent : current(version.parent));
  if (parent == nullptr || parent->kind_on(day_) == events::UnitKind::central) return version.name;
  return version.name + ", " + parent->version_on(day_).name;
}

}  // namespace projections
