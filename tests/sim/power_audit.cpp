#include "tests/sim/power_audit.h"

#include "tests/sim/violation.h"

#include <algorithm>
#include <string>

namespace sim {
namespace {

/// Founding events of the server: a log, a person, a role, a device.
constexpr std::uint64_t founding_events = 4;
constexpr std::size_t chains_in_all = 16;
constexpr std::size_t chains_a_day = 4;

int level_of(events::Role role) {
  using enum events::Role;
  switch (role) {
    case registrar:
      return 3;
    case central_assoc:
    case auditor:
      return 2;
    case province_assoc:
    case district_assoc:
    case device_admin:
      return 1;
    default:
      return 0;
  }
}

auto describe(const events::StoredEvent& stored, const char* what) {
  return [&stored, what] {
    return "event " + to_string(stored.event.id()) + " at position " +
           std::to_string(stored.position.value) + ": " + what;
  };
}

}  // namespace

void PowerAudit::follow(const events::StoredEvent& stored) {
  if (stored.verdict.code == events::VerdictCode::held) held_.emplace(stored.position, stored);
  if (!stored.verdict.takes_effect()) return;
  events::match(
      stored.event.payload,
      [&](const events::HoldReleased& e) {
        const auto found = held_.find(e.held);
        require(found != held_.end(), Promise::same_meaning, "a hold is decided that is not there");
        const events::StoredEvent held = std::move(found->second);
        held_.erase(found);
        const bool by_a_person = stored.event.header.chain != events::system_chain;
        // What the server lets go keeps the authority of the day on which it came.
        take_effect(held, by_a_person ? stored.received_at : held.received_at,
                    by_a_person ? &stored : nullptr);
      },
      [&](const events::HoldRefused& e) { held_.erase(e.held); },
      [&](const auto&) { take_effect(stored, stored.received_at, nullptr); });
}

void PowerAudit::take_effect(const events::StoredEvent& stored, events::Timestamp received_at,
                             const events::StoredEvent* release) {
  const events::EventId id = stored.event.id();
  const events::Day day = events::day_in_vietnam(received_at);
  const bool is_founding =
      stored.event.header.chain == events::system_chain && stored.position.value <= founding_events;
  events::match(
      stored.event.payload,
      [&](const events::UnitCreated& e) { parents_[events::UnitId{id}] = e.parent; },
      [&](const events::UnitRenamed& e) { parents_[e.unit] = e.parent; },
      [&](const events::RoleGranted& e) {
        if (!is_founding) {
          const Grant& by = check_author(stored, received_at, release);
          check_given(stored, e);
          const Grant given{e.person, e.role, e.unit, e.valid_from, e.valid_to, {}};
          require(is_covered(by, given, true), Promise::no_more_power,
                  describe(stored, "a role above the one by which it was given"));
        }
        grants_[events::RoleGrantId{id}] = {e.person, e.role, e.unit, e.valid_from, e.valid_to, {}};
      },
      [&](const events::RoleRevoked& e) {
        Grant& taken = grants_.at(e.grant);
        if (taken.person != stored.event.header.actor) {
          const Grant& by = check_author(stored, received_at, release);
          require(is_covered(by, taken, false), Promise::no_more_power,
                  describe(stored, "a role was taken by somebody below it"));
        }
        if (!taken.revoked || e.effective < *taken.revoked) taken.revoked = e.effective;
      },
      [&](const events::EnrolmentOffered& e) {
        check_covered(stored, check_author(stored, received_at, release), e.persons, day);
      },
      [&](const events::DeviceRevoked& e) {
        const auto row = std::ranges::find(chains_, e.device,
                                           [](const auto& entry) { return entry.second.device; });
        const Grant& by = check_author(stored, received_at, release);
        if (row != chains_.end()) check_covered(stored, by, row->second.persons, day);
      },
      [&](const events::DeviceEnrolled& e) {
        chains_[e.chain] = {e.persons, e.chain, events::DeviceId{id}};
      },
      [&](const events::ChainContinued& e) { check_family(stored, e); },
      [](const auto&) { /* No other event moves power. */ });
}

bool PowerAudit::lies_in(events::UnitId unit, events::UnitId above) const {
  std::set<events::UnitId> path;
  while (unit != above && !unit.is_none() && path.insert(unit).second) {
    const auto found = parents_.find(unit);
    if (found == parents_.end()) return false;
    unit = found->second;
  }
  return unit == above;
}

bool PowerAudit::is_covered(const Grant& by, const Grant& grant, bool strictly) const {
  if (!lies_in(grant.unit, by.unit)) return false;
  if (grant.unit != by.unit) return true;
  if (level_of(grant.role) < level_of(by.role)) return true;
  const bool is_equal = level_of(grant.role) == level_of(by.role);
  return is_equal && (!strictly || by.unit.is_none());
}

void PowerAudit::check_given(const events::StoredEvent& stored,
                             const events::RoleGranted& given) const {
  const events::EventHeader& header = stored.event.header;
  const auto device = chains_.find(header.chain);
  require(given.person != header.actor, Promise::no_more_power,
          describe(stored, "a role was given to its giver"));
  require(device != chains_.end(), Promise::no_more_power,
          describe(stored, "a role was given by the server"));
  const std::vector<events::PersonId>& persons = device->second.persons;
  require(std::ranges::find(persons, given.person) == persons.end(), Promise::no_more_power,
          describe(stored, "a role was given to somebody on the same device"));
}

const PowerAudit::Grant& PowerAudit::check_author(const events::StoredEvent& stored,
                                                  events::Timestamp received_at,
                                                  const events::StoredEvent* release) const {
  // Whoever releases it vouches for it and has to be able to do it.
  const events::EventHeader& header =
      release == nullptr ? stored.event.header : release->event.header;
  const auto found = grants_.find(header.role_grant);
  require(found != grants_.end() && found->second.person == header.actor, Promise::no_more_power,
          describe(stored, "by a role that nobody gave"));
  const Grant& grant = found->second;
  require(grant.is_valid_on(header.business_day) &&
              grant.is_valid_on(events::day_in_vietnam(received_at)),
          Promise::no_more_power, describe(stored, "by a role that was over"));
  return grant;
}

void PowerAudit::check_covered(const events::StoredEvent& stored, const Grant& by,
                               const std::vector<events::PersonId>& persons,
                               events::Day day) const {
  for (const auto& [id, grant] : grants_) {
    const bool theirs = std::ranges::find(persons, grant.person) != persons.end();
    if (!theirs || grant.is_over_on(day)) continue;
    require(is_covered(by, grant, false), Promise::no_more_power,
            describe(stored, "somebody whom it is about may do more than its author"));
  }
}

void PowerAudit::check_family(const events::StoredEvent& stored,
                              const events::ChainContinued& continued) {
  const Chain old = chains_.at(continued.old_chain);
  chains_[continued.chain] = {continued.persons, old.first, events::DeviceId{stored.event.id()}};
  std::vector<events::Timestamp>& times = continued_[old.first];
  times.push_back(stored.received_at);
  const auto is_today = [&](events::Timestamp time) {
    return time.value + events::milliseconds_per_day > stored.received_at.value;
  };
  require(times.size() <= chains_in_all &&
              static_cast<std::size_t>(std::ranges::count_if(times, is_today)) <= chains_a_day,
          Promise::no_more_power, describe(stored, "a device goes on with too many chains"));
}

}  // namespace sim
