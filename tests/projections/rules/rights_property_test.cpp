#include "projections/rules/power.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

// Whatever one device does, also with people whom it introduces, devices that it invites and dates
// that it makes up: what it and its creatures may do stays below what it could do.

namespace projections {
namespace {

using events::Day;
using events::PersonId;
using events::Role;
using events::UnitId;
using test_support::Act;
using test_support::Officer;
using test_support::World;

constexpr std::size_t worlds = 50;
constexpr std::size_t sequences_per_world = 2'000;
constexpr int acts_per_sequence = 8;

/// A right as it was at some moment.
struct Right {
  Role role{};
  UnitId unit;
  std::vector<UnitId> subtree;
};

/// The intruder's people and devices in a world of others, who look on.
class Intruder {
 public:
  Intruder(World& world, std::mt19937_64& engine, std::vector<PersonId> persons,
           events::ChainNumber device, const std::vector<UnitId>& units)
      : world_(world),
        engine_(engine),
        units_(units),
        persons_(std::move(persons)),
        devices_{device} {
    initial_ = rights(persons_on_devices());
  }

  void act() {
    if (once_in(3)) world_.wait_days(static_cast<std::uint32_t>(below(12)));
    const std::vector<Right> before = rights_today();
    const std::vector<Grant> known = grants_of(persons_on_devices());
    do_something();
    for (const Grant& grant : grants_of(persons_on_devices())) {
      const bool is_new =
          std::ranges::none_of(known, [&](const Grant& other) { return other.id == grant.id; });
      if (!is_new || was_lent(grant)) continue;
      EXPECT_TRUE(is_given_from_above(before, grant))
          << "role " << static_cast<int>(grant.role) << " came from nowhere";
    }
    lent_.clear();
  }

  /// Over all roles and units that were there in the beginning.
  void expect_nothing_gained() const {
    for (const Grant& grant : grants_of(persons_on_devices())) {
      if (grant.is_over_on(world_.today())) continue;
      for (const UnitId unit : units_) {
        if (!world_.state().units().on(world_.today()).lies_in(unit, grant.unit)) continue;
        EXPECT_TRUE(is_covered(initial_, grant.role, unit))
            << "role " << static_cast<int>(grant.role) << " in unit " << unit.event.seq();
      }
    }
  }

  std::size_t accepted() const { return accepted_; }

 private:
  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  bool once_in(std::uint64_t times) { return below(times) == 0; }
  template <class T>
  const T& one_of(const std::vector<T>& things) {
    return things.at(below(things.size()));
  }

  // ---- rights ----

  std::vector<PersonId> persons_on_devices() const {
    std::vector<PersonId> persons;
    for (const events::ChainNumber chain : devices_) {
      const Device* const device = world_.state().access().device_of(chain);
      persons.insert(persons.end(), device->persons.begin(), device->persons.end());
    }
    return persons;
  }
  std::vector<Grant> grants_of(const std::vector<PersonId>& persons) const {
    std::vector<Grant> found;
    for (const Grant& grant : world_.state().access().grants()) {
      if (std::ranges::find(persons, grant.person) != persons.end()) found.push_back(grant);
    }
    return found;
  }
  Right right_of(const Grant& grant) const {
    Right right{grant.role, grant.unit, {}};
    for (const UnitId unit : units_) {
      if (world_.state().units().on(world_.today()).lies_in(unit, grant.unit))
        right.subtree.push_back(unit);
    }
    return right;
  }
  std::vector<Right> rights(const std::vector<PersonId>& persons) const {
    std::vector<Right> found;
    for (const Grant& grant : grants_of(persons)) found.push_back(right_of(grant));
    return found;
  }
  std::vector<Right> rights_today() const {
    std::vector<Right> found;
    for (const Grant& grant : grants_of(persons_on_devices())) {
      if (grant.is_valid_on(world_.today())) found.push_back(right_of(grant));
    }
    return found;
  }
  /// Each right that others gave is covered by one of these.
  static bool is_covered(const std::vector<Right>& rights, Role role, UnitId unit) {
    return std::ranges::any_of(rights, [&](const Right& right) {
      if (std::ranges::find(right.subtree, unit) == right.subtree.end()) return false;
      return unit != right.unit || level_of(role) <= level_of(right.role);
    });
  }
  bool is_given_from_above(const std::vector<Right>& rights, const Grant& grant) const {
    return std::ranges::any_of(rights, [&](const Right& right) {
      if (right.role != Role::registrar) return false;
      if (!world_.state().units().on(world_.today()).lies_in(grant.unit, right.unit)) return false;
      const bool is_equal = right.unit == grant.unit && grant.role == Role::registrar;
      return !is_equal || right.unit.is_none();
    });
  }
  bool was_lent(const Grant& grant) const {
    return std::ranges::find(lent_, grant.person) != lent_.end();
  }

  // ---- acts ----

  PersonId anybody() {
    if (once_in(2)) return one_of(persons_);
    const test_support::CommuneWorld& commune = world_.commune(below(World::commune_count));
    const std::vector<PersonId> others = {commune.clerk.person, commune.signer.person,
                                          commune.entrant.person, world_.district_officer().person,
                                          world_.administrator().person};
    return one_of(others);
  }
  UnitId any_unit() { return once_in(6) ? UnitId{} : one_of(units_); }
  Day any_day() { return Day{world_.today().value - 20 + static_cast<std::uint32_t>(below(40))}; }
  events::RoleGrantId any_grant() {
    std::vector<Grant> own = grants_of(persons_on_devices());
    const EntityTable<Grant>& all = world_.state().access().grants();
    if (!own.empty() && !once_in(4)) return one_of(own).id;
    auto chosen = all.begin();
    for (std::uint64_t step = below(all.size()); step > 0; --step) ++chosen;
    return chosen->id;
  }

  const test_support::StoredAct& send(events::Payload payload,
                                      std::optional<events::EventId> about = {}) {
    Act act{.chain = one_of(devices_), .by = {}, .payload = std::move(payload)};
    act.by.grant = any_grant();
    const Grant* const grant = world_.state().access().grant(act.by.grant);
    act.by.person = once_in(8) ? anybody() : grant->person;
    // Mostly on a device on which the person may be unlocked.
    for (const events::ChainNumber chain : devices_) {
      const auto& persons = world_.state().access().device_of(chain)->persons;
      const bool is_there = std::ranges::find(persons, act.by.person) != persons.end();
      if (is_there && !once_in(8)) act.chain = chain;
    }
    if (once_in(2)) act.business_day = any_day();
    if (about) act.stream = events::StreamId{*events::stream_kind_of(act.payload), *about};
    if (once_in(16)) act.intake.clock_offset_seconds = -400'000;
    const test_support::StoredAct& stored = world_.append(std::move(act));
    accepted_ += stored.verdict().takes_effect() ? 1 : 0;
    return stored;
  }

  void do_something() {
    switch (below(11)) {
      case 0:
      case 1:
      case 2: {
        const auto role = static_cast<Role>(1 + below(events::role_max));
        const Day to = once_in(2) ? Day{} : any_day();
        send(events::RoleGranted{anybody(), role, any_unit(), once_in(2) ? Day{1} : any_day(), to,
                                 ""});
        return;
      }
      case 3: {
        const events::RoleGrantId taken = any_grant();
        send(events::RoleRevoked{taken, any_day(), ""}, taken.event);
        return;
      }
      case 4:
      case 5:
        return invite();
      case 6: {
        const events::DeviceId lost =
            world_.state().access().device_of(world_.commune(0).devices[below(2)])->id;
        send(events::DeviceRevoked{lost, ""}, lost.event);
        return;
      }
      case 7: {
        const UnitId unit = one_of(units_);
        send(events::UnitRenamed{unit, "Đơn vị", "", any_unit(), any_day(), ""}, unit.event);
        return;
      }
      case 8: {
        events::PersonIntroduced person;
        person.home_unit = one_of(units_);
        person.private_digest =
            events::sha256(events::bytes_of(std::to_string(world_.head().value)));
        const test_support::StoredAct& made = send(person);
        if (made.verdict().takes_effect()) persons_.emplace_back(made.id());
        return;
      }
      case 9:
        return release();
      default: {
        Act act{.chain = one_of(devices_), .by = {}, .payload = {}};
        act.stream = events::StreamId{events::StreamKind::access, any_grant().event};
        act.by = {one_of(persons_), any_grant(), {}, {}};
        const auto known = static_cast<std::uint16_t>(events::EventType::role_granted);
        world_.append(world_.make_unknown(act, once_in(2) ? 900 : known, 99), act.intake);
        return;
      }
    }
  }

  /// The code is the intruder's, so that the device is, too.
  void invite() {
    std::vector<PersonId> persons = {anybody()};
    if (once_in(3)) persons.push_back(anybody());
    const std::string tail = std::to_string(world_.head().value);
    const std::string code = std::string(16 - tail.size(), '0') + tail;
    const events::Timestamp expires{world_.now().value + events::milliseconds_per_day};
    const events::EventId offer =
        send(events::EnrolmentOffered{persons, events::sha256(events::bytes_of(code)), expires})
            .id();
    const std::vector<Right> before = rights_today();
    const events::ChainNumber chain = world_.state().access().next_chain();
    const events::PublicKey key{};
    const test_support::StoredAct& enrolled = world_.append_system(
        events::DeviceEnrolled{events::OfferId{offer}, code, chain, key, persons, "Máy"});
    if (!enrolled.verdict().takes_effect()) return;
    devices_.push_back(chain);
    lent_ = persons;
    for (const Grant& grant : grants_of(persons)) {
      if (grant.is_over_on(world_.today())) continue;
      const bool is_lent_from_above = std::ranges::any_of(before, [&](const Right& right) {
        if (!world_.state().units().on(world_.today()).lies_in(grant.unit, right.unit))
          return false;
        return grant.unit != right.unit || level_of(grant.role) <= level_of(right.role);
      });
      EXPECT_TRUE(is_lent_from_above) << "role " << static_cast<int>(grant.role) << " was lent";
    }
  }

  void release() {
    const auto held = world_.state().inbox().all();
    if (held.empty()) return;
    auto chosen = held.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(below(held.size())));
    const events::StreamId stream = chosen->second.event.header.stream;
    const std::uint32_t flags = once_in(3) ? events::flag_role_revoked_since : 0;
    Act act{.chain = one_of(devices_),
            .by = {one_of(persons_), any_grant(), {}, {}},
            .payload = events::HoldReleased{chosen->first, test_support::a_release(flags)},
            .stream = stream};
    if (const Grant* const grant = world_.state().access().grant(act.by.grant)) {
      act.by.person = grant->person;
    }
    world_.append(std::move(act));
  }

  World& world_;
  std::mt19937_64& engine_;
  const std::vector<UnitId>& units_;
  std::vector<PersonId> persons_;  ///< Whom it speaks for or thinks of.
  std::vector<events::ChainNumber> devices_;
  std::vector<Right> initial_;
  std::vector<PersonId> lent_;
  std::size_t accepted_ = 0;
};

std::vector<UnitId> units_of(const World& world) {
  std::vector<UnitId> units = {world.province(), world.city()};
  for (std::size_t index = 0; index < World::commune_count; ++index) {
    units.push_back(world.commune(index).unit);
    units.insert(units.end(), world.commune(index).hamlets.begin(),
                 world.commune(index).hamlets.end());
  }
  return units;
}

/// Mostly a registrar or an administrator of devices of some unit, with somebody at their side;
/// some are revoked already.
struct Start {
  World world;
  std::vector<PersonId> persons;
  events::ChainNumber device;
};

Start a_start(const World& founded, std::mt19937_64& engine) {
  Start start{founded, {}, {}};
  World& world = start.world;
  const std::vector<UnitId> units = units_of(world);
  std::vector<Officer> officers;
  for (int person = 0; person < 2; ++person) {
    const UnitId unit = engine() % 8 == 0 ? UnitId{} : units.at(engine() % units.size());
    const UnitId home = units.at(engine() % units.size());
    Role role = engine() % 2 == 0 ? Role::registrar : Role::device_admin;
    if (person == 1) role = static_cast<Role>(1 + engine() % events::role_max);
    officers.push_back(world.hire(role, unit, home));
    start.persons.push_back(officers.back().person);
  }
  start.device = world.enrol(start.persons, "Máy lạ");
  world.wait_days(static_cast<std::uint32_t>(engine() % 30));
  if (engine() % 3 == 0) {
    world.revoke(officers[0], Day{world.today().value - static_cast<std::uint32_t>(engine() % 3)});
  }
  return start;
}

// A tablet taken from a commune would be the province's by the next morning.
TEST(RightsProperty, NoSequenceOfActsOfOneDeviceWidensItsRights) {
  const World founded;
  const std::vector<UnitId> units = units_of(founded);
  std::size_t accepted = 0;
  for (std::size_t seed = 1; seed <= worlds; ++seed) {
    std::mt19937_64 engine(seed);
    const Start start = a_start(founded, engine);
    for (std::size_t sequence = 0; sequence < sequences_per_world; ++sequence) {
      World world = start.world;
      Intruder intruder(world, engine, start.persons, start.device, units);
      for (int act = 0; act < acts_per_sequence; ++act) intruder.act();
      intruder.expect_nothing_gained();
      accepted += intruder.accepted();
      ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed << ", sequence " << sequence;
    }
  }
  EXPECT_GT(accepted, worlds * sequences_per_world / 10) << "the intruder is not kept from all";
}

}  // namespace
}  // namespace projections
