#include "server/commit/access_index.h"

namespace server {

void AccessIndex::rebuild(const projections::Access& access) {
  grants_of_.clear();
  for (const projections::Grant& grant : access.grants()) {
    grants_of_[grant.person.key()].push_back(grant.id);
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
      [&](const events::UnitCreated&) { ++version_; },
      [&](const events::UnitRenamed&) { ++version_; },
      [](const auto&) { /* No other event moves what an enrolled device may read. */ });
}

ReaderRights AccessIndex::rights_of(const projections::Device& device,
                                    const projections::State& state, events::Timestamp now) const {
  ReaderRights rights = rights_of_nobody();
  for (const events::PersonId person : device.persons) {
    const auto found = grants_of_.find(person.key());
    if (found == grants_of_.end()) continue;
    for (const events::RoleGrantId id : found->second) {
      const projections::Grant* const grant = state.access().grant(id);
      if (grant != nullptr) {
        add_rights(rights, *grant, state.units(), events::day_in_vietnam(now));
      }
    }
  }
  settle(rights);
  return rights;
}

}  // namespace server
