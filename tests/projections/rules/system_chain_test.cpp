#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <string>

namespace projections {
namespace {

using events::Rule;
using test_support::Act;
using test_support::is_accepted;
using test_support::is_held;
using test_support::is_refused;
using test_support::judged;
using test_support::Officer;
using test_support::World;

constexpr const char* code = "A1B2C3D4E5F6G7H8";

/// A world in which one code is open.
class SystemChain : public ::testing::Test {
 protected:
  events::DeviceEnrolled an_enrolment() const {
    const events::ChainNumber chain = world.state().access().next_chain();
    return {offer, code, chain, test_support::key_of(chain).public_key(), {person}, "Máy mới"};
  }
  events::Verdict enrolled(const events::DeviceEnrolled& enrolment) const {
    World copy = world;
    return copy.append_system(enrolment).verdict();
  }

  World world;
  events::PersonId person = world.commune(0).clerk.person;
  events::OfferId offer{
      world.administer(events::EnrolmentOffered{{person},
                                                events::sha256(events::bytes_of(code)),
                                                events::Timestamp{world.now().value + 3'600'000}})};
};

// Whoever runs the server could enrol a device of their own and sign in an officer's name.
TEST_F(SystemChain, EnrolsOnlyAgainstAnOpenCode) {
  EXPECT_TRUE(is_accepted(enrolled(an_enrolment())));
  events::DeviceEnrolled enrolment = an_enrolment();
  enrolment.code = "A1B2C3D4E5F6G7H9";
  EXPECT_TRUE(is_refused(enrolled(enrolment), Rule::a_system)) << "wrong code";
  enrolment = an_enrolment();
  enrolment.chain.value += 1;
  EXPECT_TRUE(is_refused(enrolled(enrolment), Rule::a_system)) << "wrong chain";
  enrolment = an_enrolment();
  enrolment.persons.push_back(world.administrator().person);
  EXPECT_TRUE(is_refused(enrolled(enrolment), Rule::a_system)) << "other people";
  enrolment = an_enrolment();
  enrolment.offer = {};
  EXPECT_TRUE(is_refused(enrolled(enrolment), Rule::a_system)) << "a second founding device";
  enrolment = an_enrolment();
  enrolment.offer = events::OfferId{events::EventId{World::administration, 9'000}};
  EXPECT_TRUE(is_refused(enrolled(enrolment), Rule::a_system)) << "no such offer";
}

// A code found in a drawer would open the log.
TEST_F(SystemChain, TakesACodeInTime) {
  world.wait_seconds(3'600);
  EXPECT_TRUE(is_accepted(enrolled(an_enrolment())));
  world.wait_seconds(1);
  EXPECT_TRUE(is_refused(enrolled(an_enrolment()), Rule::a_system)) << "expired";
}

// One code would open two devices, and nobody would know of the second.
TEST_F(SystemChain, TakesACodeOnlyOnce) {
  ASSERT_TRUE(is_accepted(world.append_system(an_enrolment()).verdict()));
  EXPECT_TRUE(is_refused(enrolled(an_enrolment()), Rule::a_system)) << "spent";
}

// An officer's device could found, enrol or change holds by itself.
TEST_F(SystemChain, KeepsItsKindsToItself) {
  const auto by_administrator = [&](events::Payload payload,
                                    std::optional<events::StreamId> stream = std::nullopt) {
    return judged(world, {.chain = World::administration,
                          .by = world.administrator(),
                          .payload = std::move(payload),
                          .stream = stream});
  };
  EXPECT_TRUE(is_refused(by_administrator(an_enrolment()), Rule::a_system));
  EXPECT_TRUE(
      is_refused(by_administrator(events::LogFounded{events::LogId{2}, "titles.example/other", {}}),
                 Rule::a_system));
  EXPECT_TRUE(is_refused(by_administrator(events::RulesAdopted{events::RulesVersion{2}},
                                          events::StreamId{events::StreamKind::log, {}}),
                         Rule::a_system));
  EXPECT_TRUE(is_refused(
      by_administrator(events::LogRestored{}, events::StreamId{events::StreamKind::log, {}}),
      Rule::a_system))
      << "whoever reads the log would look for a loss that never was";
  EXPECT_TRUE(is_refused(by_administrator(events::SealingKeyPublished{},
                                          events::StreamId{events::StreamKind::log, {}}),
                         Rule::a_system))
      << "bundles would be sealed to an officer's own key";
  const events::DossierId dossier = world.open_dossier(0);
  EXPECT_TRUE(is_refused(by_administrator(events::HoldChanged{events::Position{1}, {}},
                                          test_support::stream_of(dossier)),
                         Rule::a_system));
}

// A commune's device admin would open a device on which the administrator can be unlocked.
TEST_F(SystemChain, OffersAreForPeopleOfTheGrantsUnit) {
  const auto& commune = world.commune(0);
  const Officer admin = world.hire(events::Role::device_admin, commune.unit, commune.unit);
  const events::ChainNumber device = world.enrol({admin.person}, "Máy quản trị");
  const auto offered = [&](std::vector<events::PersonId> persons) {
    return judged(world, {.chain = device,
                          .by = admin,
                          .payload = events::EnrolmentOffered{
                              std::move(persons), events::sha256(events::bytes_of("other code")),
                              world.now()}});
  };
  EXPECT_TRUE(is_accepted(offered({commune.clerk.person, commune.chair.person})));
  EXPECT_TRUE(
      is_refused(offered({commune.clerk.person, world.administrator().person}), Rule::a_power));
  EXPECT_TRUE(is_refused(offered({world.commune(1).clerk.person}), Rule::a_power));
  EXPECT_TRUE(is_refused(offered({}), Rule::o_value));
}

// A registrar of one commune would rule in another.
TEST_F(SystemChain, RolesAreGivenDownwardOnly) {
  const auto& commune = world.commune(0);
  const Officer local = world.hire(events::Role::registrar, commune.unit, commune.unit);
  const events::ChainNumber device = world.enrol({local.person}, "Máy quản trị xã");
  const auto granted = [&](events::UnitId unit) {
    return judged(world, {.chain = device,
                          .by = local,
                          .payload = events::RoleGranted{
                              commune.clerk.person, events::Role::signer, unit, {}, {}, ""}});
  };
  EXPECT_TRUE(is_accepted(granted(commune.hamlets[0])));
  EXPECT_TRUE(is_refused(granted(world.commune(1).unit), Rule::a_power));
  EXPECT_TRUE(is_refused(granted({}), Rule::a_power));
}

// A unit below itself would send every walk up the tree in circles.
TEST_F(SystemChain, UnitsHaveNoCyclesAndCloseOnce) {
  const auto verdict = [&](events::Payload payload, events::UnitId unit) {
    return judged(world, {.chain = World::administration,
                          .by = world.administrator(),
                          .payload = std::move(payload),
                          .stream = events::StreamId{events::StreamKind::unit, unit.event}});
  };
  const auto& commune = world.commune(0);
  const events::UnitRenamed below_itself{world.city(),       "Thành phố",   "",
                                         commune.hamlets[0], world.today(), ""};
  EXPECT_TRUE(is_refused(verdict(below_itself, world.city()), Rule::v06_unit_nesting));
  const events::UnitClosed closing{commune.hamlets[1], world.today(), {commune.unit}, ""};
  EXPECT_TRUE(is_accepted(verdict(closing, commune.hamlets[1])));
  world.administer(closing, events::StreamId{events::StreamKind::unit, commune.hamlets[1].event});
  EXPECT_TRUE(is_refused(verdict(closing, commune.hamlets[1]), Rule::o_value));
}

}  // namespace
}  // namespace projections
