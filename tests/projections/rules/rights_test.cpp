#include "events/archive/compact.h"
#include "projections/rules/power.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

// Who may give, take and lend which right (docs/decisions/0024-rights.md).

namespace projections {
namespace {

using events::Day;
using events::HoldReason;
using events::PersonId;
using events::PowerFault;
using events::Role;
using events::RoleGranted;
using events::Rule;
using events::UnitId;
using events::UnitKind;
using test_support::Act;
using test_support::is_accepted;
using test_support::is_held;
using test_support::is_refused;
using test_support::judged;
using test_support::Officer;
using test_support::World;

/// A world with a registrar of the first commune and a commune's administrator of devices.
class Rights : public ::testing::Test {
 protected:
  const test_support::CommuneWorld& here() const { return world.commune(0); }
  const test_support::CommuneWorld& there() const { return world.commune(1); }

  Act by_registrar(events::Payload payload, std::optional<events::EventId> about = {}) const {
    return act(registrar, registrar_device, std::move(payload), about);
  }
  Act by_admin(events::Payload payload, std::optional<events::EventId> about = {}) const {
    return act(admin, admin_device, std::move(payload), about);
  }
  static Act act(const Officer& by, events::ChainNumber chain, events::Payload payload,
                 std::optional<events::EventId> about) {
    const events::StreamKind kind = *events::stream_kind_of(payload);
    Act made{.chain = chain, .by = by, .payload = std::move(payload)};
    if (about) made.stream = events::StreamId{kind, *about};
    return made;
  }
  static RoleGranted grant(PersonId person, Role role, UnitId unit) {
    return {person, role, unit, Day{1}, Day{}, "07/QĐ-UBND"};
  }
  events::EnrolmentOffered offer(std::vector<PersonId> persons) const {
    return {std::move(persons), events::sha256(events::bytes_of("1234567890123456")),
            events::Timestamp{world.now().value + events::milliseconds_per_day}};
  }
  events::DeviceRevoked revocation_of(events::ChainNumber chain) const {
    return {device(chain).id, "Mất máy"};
  }
  const Device& device(events::ChainNumber chain) const {
    return *world.state().access().device_of(chain);
  }
  static ::testing::AssertionResult is_beyond(const events::Verdict& verdict, PowerFault fault) {
    const bool fits = verdict.code == events::VerdictCode::refused &&
                      verdict.rule == Rule::a_power && !verdict.parameters.empty() &&
                      verdict.parameters[0] == static_cast<std::int64_t>(fault);
    return fits ? ::testing::AssertionSuccess() : test_support::but_it_is(verdict);
  }

  World world;
  Officer registrar = world.hire(Role::registrar, here().unit, here().unit);
  Officer admin = world.hire(Role::device_admin, here().unit, here().unit);
  events::ChainNumber registrar_device = world.enrol({registrar.person}, "Máy quản trị xã");
  events::ChainNumber admin_device = world.enrol({admin.person}, "Máy quản trị thiết bị");
};

// R1: the registrar of one commune made itself auditor, and read 1,121 private records.
TEST_F(Rights, NobodyGivesARoleToThemselves) {
  const RoleGranted self = grant(registrar.person, Role::auditor, here().unit);
  EXPECT_TRUE(is_beyond(judged(world, by_registrar(self)), PowerFault::for_oneself));
  const RoleGranted founder = grant(world.administrator().person, Role::signer, here().unit);
  EXPECT_TRUE(
      is_beyond(judged(world, act(world.administrator(), World::administration, founder, {})),
                PowerFault::for_oneself));
}

// Two people on one tablet are one device to whoever stole it.
TEST_F(Rights, NobodyGivesARoleToOthersOnTheSameDevice) {
  const events::ChainNumber shared =
      world.enrol({registrar.person, here().clerk.person}, "Máy chung");
  const RoleGranted given = grant(here().clerk.person, Role::auditor, here().unit);
  EXPECT_TRUE(is_beyond(judged(world, act(registrar, shared, given, {})), PowerFault::for_oneself));
  EXPECT_TRUE(is_accepted(judged(world, by_registrar(given)))) << "on a device of one's own";
}

TEST_F(Rights, ARegistrarGivesOnlyWhatLiesBelow) {
  const PersonId somebody = world.introduce(here().unit);
  EXPECT_TRUE(is_accepted(judged(world, by_registrar(grant(somebody, Role::signer, here().unit)))));
  EXPECT_TRUE(is_accepted(
      judged(world, by_registrar(grant(somebody, Role::registrar, here().hamlets[0])))));
  EXPECT_TRUE(is_beyond(judged(world, by_registrar(grant(somebody, Role::registrar, here().unit))),
                        PowerFault::above_own));
  for (const UnitId beyond : {there().unit, world.city(), UnitId{}}) {
    EXPECT_TRUE(is_beyond(judged(world, by_registrar(grant(somebody, Role::signer, beyond))),
                          PowerFault::not_covering));
  }
}

// Somebody has to be able to take over from the founder; nobody is above.
TEST_F(Rights, ARegistrarOfTheWholeLogMakesAnotherForNoLonger) {
  const PersonId next = world.introduce(world.city());
  const Act made =
      act(world.administrator(), World::administration, grant(next, Role::registrar, UnitId{}), {});
  EXPECT_TRUE(is_accepted(judged(world, made)));

  RoleGranted term = grant(next, Role::registrar, UnitId{});
  term.valid_to = Day{world.today().value + 30};
  const Officer deputy{next, events::RoleGrantId{world.administer(term)}, Role::registrar, {}};
  const events::ChainNumber device = world.enrol({next}, "Máy phó quản trị");
  const PersonId third = world.introduce(world.city());
  EXPECT_TRUE(
      is_beyond(judged(world, act(deputy, device, grant(third, Role::registrar, UnitId{}), {})),
                PowerFault::above_own));
  term.person = third;
  EXPECT_TRUE(is_accepted(judged(world, act(deputy, device, term, {}))));
}

TEST_F(Rights, ARoleIsTakenAwayOnlyByWhoCoversIt) {
  const auto taken = [&](const Officer& officer) {
    return judged(world,
                  by_registrar(events::RoleRevoked{officer.grant, world.today(), "08/QĐ-UBND"},
                               officer.grant.event));
  };
  EXPECT_TRUE(is_accepted(taken(here().signer)));
  EXPECT_TRUE(is_accepted(taken(registrar))) << "whoever lays a role down asks nobody";
  EXPECT_TRUE(is_beyond(taken(there().signer), PowerFault::not_covering));
  EXPECT_TRUE(is_beyond(taken(world.district_officer()), PowerFault::not_covering));
  EXPECT_TRUE(is_beyond(taken(world.administrator()), PowerFault::not_covering));
}

// R2: the auditor of the province lives in the commune, and was invited with all their rights.
TEST_F(Rights, InvitationsCoverTheRolesOfEverybodyAndNotTheirHomes) {
  const Officer auditor = world.hire(Role::auditor, {}, here().unit);
  const Officer local_auditor = world.hire(Role::auditor, here().unit, here().unit);
  const Officer commuter = world.hire(Role::signer, here().unit, there().unit);
  EXPECT_TRUE(is_accepted(judged(world, by_admin(offer({here().clerk.person})))));
  EXPECT_TRUE(is_accepted(judged(world, by_admin(offer({commuter.person})))));
  EXPECT_TRUE(is_accepted(judged(world, by_admin(offer({admin.person}))))) << "a second device";
  EXPECT_TRUE(is_beyond(judged(world, by_admin(offer({here().clerk.person, auditor.person}))),
                        PowerFault::not_covering));
  EXPECT_TRUE(
      is_beyond(judged(world, by_admin(offer({local_auditor.person}))), PowerFault::above_own));
  EXPECT_TRUE(is_accepted(judged(world, by_registrar(offer({local_auditor.person})))));
}

// A role that begins next month opens the device, too.
TEST_F(Rights, InvitationsCoverRolesToCome) {
  const PersonId rising = world.introduce(here().unit);
  RoleGranted later = grant(rising, Role::auditor, UnitId{});
  later.valid_from = Day{world.today().value + 30};
  world.administer(later);
  EXPECT_TRUE(is_beyond(judged(world, by_admin(offer({rising}))), PowerFault::not_covering));
}

// The code was given while its author still could; they keep it for the day after.
TEST_F(Rights, AnInvitationFallsWithTheRightOfItsAuthor) {
  const events::OfferId open{world.append(by_admin(offer({here().clerk.person}))).id()};
  const Access& access = world.state().access();
  EXPECT_TRUE(stands(world.state(), *access.offer(open), world.today()));
  const PersonId clerk = here().clerk.person;
  const auto enrolled = [&] {
    const events::DeviceEnrolled event{open,
                                       "1234567890123456",
                                       access.next_chain(),
                                       test_support::key_of(access.next_chain()).public_key(),
                                       {clerk},
                                       "Máy"};
    World copy = world;
    return copy.append_system(event).verdict();
  };
  EXPECT_TRUE(is_accepted(enrolled()));

  World saved = world;
  world.appoint(clerk, Role::auditor, UnitId{});
  EXPECT_TRUE(is_refused(enrolled(), Rule::a_system)) << "the clerk may more by now";
  world = saved;
  world.revoke(admin, world.today());
  EXPECT_TRUE(is_refused(enrolled(), Rule::a_system)) << "its author may nothing any more";
  world = saved;
  world.administer(revocation_of(admin_device),
                   events::StreamId{events::StreamKind::access, device(admin_device).id.event});
  EXPECT_TRUE(is_refused(enrolled(), Rule::a_system)) << "it was made on a stolen device";
}

// W21: a device of two people, one of them of the city, was revoked by the commune.
TEST_F(Rights, DevicesAreRevokedOnlyByWhoCoversAllTheirPeople) {
  const events::ChainNumber both =
      world.enrol({here().clerk.person, world.district_officer().person}, "Máy chung");
  const auto revoked = [&](events::ChainNumber chain) {
    return judged(world, by_admin(revocation_of(chain), device(chain).id.event));
  };
  EXPECT_TRUE(is_accepted(revoked(here().devices[0])));
  EXPECT_TRUE(is_beyond(revoked(both), PowerFault::not_covering));
  EXPECT_TRUE(is_beyond(revoked(there().devices[0]), PowerFault::not_covering));
  EXPECT_TRUE(is_beyond(revoked(registrar_device), PowerFault::above_own));
  const auto raised = [&](events::ChainNumber chain) {
    return judged(world, by_admin(events::QuotaRaised{device(chain).id, world.today(), 3},
                                  device(chain).id.event));
  };
  EXPECT_TRUE(is_accepted(raised(here().devices[0])));
  EXPECT_TRUE(is_beyond(raised(both), PowerFault::not_covering));
  EXPECT_TRUE(is_beyond(raised(admin_device), PowerFault::for_oneself));
}

// W1: the revoked registrar wrote yesterday's date and had the role again.
TEST_F(Rights, ActsThatMovePowerNeedTheRoleAtReceiptToo) {
  const Officer deputy = world.hire(Role::registrar, {}, world.city());
  const events::ChainNumber device_of_deputy = world.enrol({deputy.person}, "Máy phó");
  const PersonId somebody = world.introduce(here().unit);
  const Day before = world.today();
  world.wait_days(2);
  world.revoke(deputy, world.today());
  const events::CycleOpened cycle =
      world.a_cycle(events::TitleKind::learning_citizen, world.citizen_criteria());
  const std::vector<std::pair<events::Payload, std::optional<events::EventId>>> acts = {
      {grant(somebody, Role::registrar, here().unit), {}},
      {events::RoleRevoked{here().clerk.grant, before, ""}, here().clerk.grant.event},
      {offer({deputy.person}), {}},
      {revocation_of(admin_device), device(admin_device).id.event},
      {events::UnitCreated{UnitKind::hamlet, here().unit, "Bản mới", "", {}, before, ""}, {}},
      {events::UnitRenamed{here().hamlets[0], "Bản", "", here().unit, before, ""},
       here().hamlets[0].event},
      {events::UnitClosed{here().hamlets[0], before, {}, ""}, here().hamlets[0].event},
      {events::OrganisationEstablished{events::OrganisationKind::branch, here().unit, "Chi hội",
                                       before},
       {}},
      {cycle, {}},
  };
  for (const auto& [payload, about] : acts) {
    Act late = act(deputy, device_of_deputy, payload, about);
    late.business_day = before;
    EXPECT_TRUE(is_held(judged(world, late), HoldReason::no_authority, Rule::a_grant))
        << payload.index();
  }
}

// A grant that waits for a superior would be waved through by the one to whom it is given.
TEST_F(Rights, NobodyReleasesTheirOwnPromotion) {
  const Officer former = world.hire(Role::registrar, {}, world.city());
  const events::ChainNumber device_of_former = world.enrol({former.person}, "Máy cũ");
  const Officer deputy = world.hire(Role::registrar, {}, world.city());
  const events::ChainNumber device_of_deputy = world.enrol({deputy.person}, "Máy phó");
  const Day before = world.today();
  world.wait_days(2);
  world.revoke(former, world.today());
  Act promotion = act(former, device_of_former, grant(deputy.person, Role::auditor, UnitId{}), {});
  promotion.business_day = before;
  const test_support::StoredAct held = world.append(promotion);
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::no_authority, Rule::a_grant));
  const auto released = [&](const Officer& by, events::ChainNumber chain) {
    return judged(world,
                  {.chain = chain,
                   .by = by,
                   .payload = events::HoldReleased{held.position(), test_support::a_release()},
                   .stream = held.stored.event.header.stream});
  };
  EXPECT_TRUE(is_beyond(released(deputy, device_of_deputy), PowerFault::for_oneself));
  EXPECT_TRUE(is_accepted(released(world.administrator(), World::administration)));
}

// W2: the revoked entrant went on for ever with older dates.
TEST_F(Rights, OlderDatesAreTakenForSomeDaysAfterARevocation) {
  Act late{.chain = here().devices[0],
           .by = here().entrant,
           .payload = events::PersonIntroduced{here().hamlets[0],
                                               {},
                                               events::Gender::male,
                                               events::AgeBand::from_25_to_34,
                                               events::sha256(events::bytes_of("late"))},
           .business_day = world.today()};
  world.wait_days(1);
  world.revoke(here().entrant, world.today());
  world.wait_days(revoked_grace_days);
  EXPECT_TRUE(is_accepted(judged(world, late), events::flag_role_revoked_since));
  world.wait_days(1);
  const events::Verdict verdict = judged(world, late);
  EXPECT_TRUE(is_held(verdict, HoldReason::revoked_late, Rule::a_revoked_late));
  EXPECT_EQ(verdict.parameters,
            (std::vector<std::int64_t>{world.today().value - revoked_grace_days - 1,
                                       revoked_grace_days}));
}

// A revocation dated into the past would take honest work away that is on its way.
TEST_F(Rights, TheDaysOfGraceBeginWhenTheLogHears) {
  const Day before = world.today();
  world.wait_days(30);
  world.revoke(here().entrant, Day{before.value + 1});
  world.wait_days(revoked_grace_days);
  const events::DossierId dossier = world.open_dossier(2);
  (void)dossier;
  Act late{.chain = here().devices[0],
           .by = here().entrant,
           .payload = world.an_opening(world.introduce(here().hamlets[0]), 0),
           .business_day = before};
  EXPECT_TRUE(is_accepted(judged(world, late), events::flag_role_revoked_since));
  world.wait_days(1);
  EXPECT_TRUE(is_held(judged(world, late), HoldReason::revoked_late, Rule::a_revoked_late));
}

// W7: 1,100 communes below one's own commune locked out the associations above.
TEST_F(Rights, V06UnitsLieBelowUnitsOfAHigherKind) {
  const auto created = [&](UnitKind kind, UnitId parent) {
    return judged(world, act(world.administrator(), World::administration,
                             events::UnitCreated{kind, parent, "Đơn vị", "", {}, Day{1}, ""}, {}));
  };
  const events::Verdict below_itself = created(UnitKind::commune, here().unit);
  EXPECT_TRUE(is_refused(below_itself, Rule::v06_unit_nesting));
  EXPECT_EQ(below_itself.parameters, (std::vector<std::int64_t>{8, 8, 3}));
  EXPECT_TRUE(is_refused(created(UnitKind::district, world.city()), Rule::v06_unit_nesting));
  EXPECT_TRUE(is_refused(created(UnitKind::province, world.province()), Rule::v06_unit_nesting));
  EXPECT_TRUE(is_refused(created(UnitKind::hamlet, world.city()), Rule::v06_unit_nesting));
  EXPECT_TRUE(is_refused(created(UnitKind::hamlet, here().hamlets[0]), Rule::v06_unit_nesting));
  EXPECT_TRUE(is_accepted(created(UnitKind::special_zone, world.province())))
      << "since 2025 communes lie in provinces";
  EXPECT_TRUE(is_accepted(created(UnitKind::township, world.city())));
  EXPECT_TRUE(is_accepted(created(UnitKind::province, UnitId{})));
}

// W8: a ring of 18 units was accepted, since the walk ended after twelve.
TEST_F(Rights, V06RenamingMakesNoRings) {
  const auto moved = [&](UnitId unit, UnitId parent) {
    return judged(
        world, act(world.administrator(), World::administration,
                   events::UnitRenamed{unit, "Đơn vị", "", parent, world.today(), ""}, unit.event));
  };
  EXPECT_TRUE(is_refused(moved(world.city(), here().unit), Rule::v06_unit_nesting));
  EXPECT_TRUE(is_refused(moved(world.city(), world.city()), Rule::v06_unit_nesting));
  EXPECT_TRUE(is_refused(moved(world.province(), here().hamlets[0]), Rule::v06_unit_nesting));
  EXPECT_TRUE(is_accepted(moved(here().unit, world.province())));
  EXPECT_TRUE(is_accepted(moved(here().hamlets[0], there().unit)));
}

// A commune would move itself to another province, and its readers with it.
TEST_F(Rights, UnitsMoveOnlyWithinTheOwnSubtree) {
  const auto moved = [&](UnitId unit, UnitId parent) {
    return judged(world,
                  by_registrar(events::UnitRenamed{unit, "Đơn vị", "", parent, world.today(), ""},
                               unit.event));
  };
  EXPECT_TRUE(is_accepted(moved(here().unit, world.city()))) << "another name, the same place";
  EXPECT_TRUE(is_accepted(moved(here().hamlets[0], here().unit)));
  EXPECT_TRUE(
      is_held(moved(here().hamlets[0], there().unit), HoldReason::no_authority, Rule::a_unit));
  EXPECT_TRUE(
      is_held(moved(here().unit, world.province()), HoldReason::no_authority, Rule::a_unit));
}

// W5: one device filled the inbox of another commune.
TEST_F(Rights, NobodyWritesIntoAForeignCommune) {
  const events::DossierId foreign = world.register_citizen(1);
  const auto sent = [&](events::Payload payload, std::optional<events::StreamId> about) {
    return world.append({.chain = here().devices[0],
                         .by = here().entrant,
                         .payload = std::move(payload),
                         .stream = about});
  };
  const test_support::StoredAct introduced =
      sent(events::CollectiveIntroduced{events::CollectiveKind::clan,
                                        there().unit,
                                        {},
                                        9,
                                        events::sha256(events::bytes_of("clan"))},
           {});
  EXPECT_TRUE(is_refused(introduced.verdict(), Rule::a_unit));
  EXPECT_EQ(introduced.scope, events::ScopeSet{here().unit});
  const test_support::StoredAct withdrawn =
      sent(events::DossierWithdrawn{}, test_support::stream_of(foreign));
  EXPECT_TRUE(is_refused(withdrawn.verdict(), Rule::o_unknown_thing));
  EXPECT_EQ(withdrawn.scope, events::ScopeSet{here().unit});
}

// W4: kinds that nobody knows went to every device.
TEST_F(Rights, UnknownKindsStayInTheCommuneOfTheirAuthor) {
  const events::DossierId foreign = world.register_citizen(1);
  for (const events::StreamKind kind : {events::StreamKind::unit, events::StreamKind::access,
                                        events::StreamKind::cycle, events::StreamKind::dossier}) {
    const Act unknown{.chain = here().devices[0],
                      .by = here().entrant,
                      .payload = {},
                      .stream = events::StreamId{kind, foreign.event}};
    const test_support::StoredAct sent =
        world.append(world.make_unknown(unknown, 900, 1), unknown.intake);
    EXPECT_TRUE(is_held(sent.verdict(), HoldReason::schema_unknown, Rule::s_schema));
    EXPECT_EQ(sent.scope, events::ScopeSet{here().unit});
  }
  const Act of_district{.chain = world.district_device(),
                        .by = world.district_officer(),
                        .payload = {},
                        .stream = events::StreamId{events::StreamKind::access, foreign.event}};
  const events::Event sent = world.make_unknown(of_district, 900, 1);
  EXPECT_FALSE(scope_of(sent, world.state()).contains(events::reference_scope));
  Act of_registrar = of_district;
  of_registrar.chain = World::administration;
  of_registrar.by = world.administrator();
  const events::Event of_office = world.make_unknown(of_registrar, 900, 1);
  EXPECT_TRUE(scope_of(of_office, world.state()).contains(events::reference_scope))
      << "what everybody may have to know one day";
}

}  // namespace
}  // namespace projections
