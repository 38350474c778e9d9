#include "server/commit/access_index.h"

namespace server {

void AccessIndex::rebuild(const projections::State& state) {
  grants_of_.clear();
  for (const projections::Grant& grant : state.access().grants()) {
    grants_of_[grant.person.key()].push_back(grant.id);
  }
  unit_days_.clear();
  for (const projections::Unit& unit : state.units().all()) {
    for (const projections::UnitVersion& version : unit.versions) {
      unit_days_.insert(version.valid_from);
    }
    if (unit.closed_from) unit_days_.insert(*unit.closed_from);
  }
  ++version_;
}

void AccessIndex::follow(const projections::EffectiveEvent& effective) {
  events::match(
      effective.event.payload,
      [&](const events::RoleGranted& e) {
        grants_of_[e.person.key()].push_back(events::RoleGrantId{effective.event.id()});
        ++version_;
      },
      [&](const events::RoleRevoked&) { ++version_; },
      [&](const events::DeviceRevoked&) { ++version_; },
      [&](const events::UnitCreated& e) { follow_unit(e.valid_from); },
      [&](const events::UnitRenamed& e) { follow_unit(e.valid_from); },
      [&](const events::UnitClosed& e) { follow_unit(e.closed_from); },
      [&](const events::UnitsChanged& e) { follow_unit(e.effective); },
      [](const auto&) { /* No other event moves what an enrolled device may read. */ });
}

void AccessIndex::follow_unit(events::Day day) {
  unit_days_.insert(day);
  ++version_;
}

template <class Visit>
void AccessIndex::for_grants_of(const projections::Device& device, const projections::State& state,
                                Visit visit) const {
  for (const events::PersonId person : device.persons) {
    const auto found = grants_of_.find(person.key());
    if (found == grants_of_.end()) continue;
    for (const events::RoleGrantId id : found->second) {
      if (const projections::Grant* const grant = state.access().grant(id)) visit(*grant);
    }
  }
}

ReaderRights AccessIndex::rights_of(const projections::Device& device,
                                    const projections::State& state, events::Timestamp now) const {
  const events::Day today = events::day_in_vietnam(now);
  ReaderRights rights = rights_of_nobody();
  for_grants_of(device, state, [&](const projections::Grant& grant) {
    add_rights(rights, grant, state.units(), today);
  });
  settle(rights, state.units());
  return rights;
}

std::optional<events::Timestamp> AccessIndex::valid_until(const projections::Device& device,
                                                          const projections::State& state,
                                                          events::Timestamp now) const {
  const events::Day today = events::day_in_vietnam(now);
  std::optional<events::Day> first;
  for_grants_of(device, state, [&](const projections::Grant& grant) {
    const std::optional<events::Day> change = next_change(grant, today);
    if (change && (!first || *change < *first)) first = change;
  });
  const auto of_units = unit_days_.upper_bound(today);
  if (of_units != unit_days_.end() && (!first || *of_units < *first)) first = *of_units;
  if (!first) return std::nullopt;
  return events::Timestamp{first->value * events::milliseconds_per_day -
                           events::vietnam_offset_milliseconds};
}

}  // namespace server
