#include "projections/policy/steps.h"
#include "projections/rules/follow_up_events.h"
#include "projections/rules/system_events.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

namespace projections {
namespace {

using events::HoldReason;
using events::Role;
using events::Rule;
using test_support::a_release;
using test_support::Act;
using test_support::is_accepted;
using test_support::is_held;
using test_support::is_refused;
using test_support::judged;
using test_support::Officer;
using test_support::StoredAct;
using test_support::World;

class Releases : public ::testing::Test {
 protected:
  const test_support::CommuneWorld& here() const { return world.commune(0); }
  Act on(std::size_t device, const Officer& by, events::Payload payload,
         std::optional<events::DossierId> about = std::nullopt) const {
    Act act{.chain = here().devices.at(device), .by = by, .payload = std::move(payload)};
    if (about) act.stream = test_support::stream_of(*about);
    return act;
  }
  Act release(const StoredAct& held, const Officer& by, events::ChainNumber chain) const {
    return {.chain = chain,
            .by = by,
            .payload = events::HoldReleased{held.position(), a_release()},
            .stream = held.stored.event.header.stream};
  }
  Act release(const StoredAct& held) const {
    return release(held, here().clerk, here().devices[1]);
  }
  Act refusal(const StoredAct& held, const Officer& by, events::ChainNumber chain) const {
    const events::Verdict final = test_support::a_final_refusal(held.verdict().rule);
    return {.chain = chain,
            .by = by,
            .payload = events::HoldRefused{held.position(), final},
            .stream = held.stored.event.header.stream};
  }

  /// Opened and registered on a device with an impossible clock, then accepted there.
  struct HeldLife {
    events::DossierId dossier;
    const StoredAct* opening;
    const StoredAct* registration;
    const StoredAct* acceptance;
    const StoredAct* evidence;
  };
  HeldLife a_held_life() {
    const events::PersonId citizen = world.introduce(here().hamlets[0]);
    Act opening = on(0, here().entrant, world.an_opening(citizen, 0));
    opening.intake.clock_offset_seconds = -400'000;
    HeldLife life{};
    life.opening = &world.append(opening);
    life.dossier = events::DossierId{life.opening->id()};
    life.registration = &world.append(on(0, here().entrant, World::a_registration(), life.dossier));
    life.acceptance =
        &world.append(on(0, here().branch_head, events::RegistrationAccepted{}, life.dossier));
    life.evidence = &world.append(on(1, here().branch_head, World::a_sighting(), life.dossier));
    return life;
  }
  /// A withdrawal made without knowing of the sheet that another device recorded.
  const StoredAct& a_conflict() {
    const events::DossierId dossier = world.register_citizen(0);
    Act withdrawal = on(0, here().entrant, events::DossierWithdrawn{}, dossier);
    withdrawal.seen = world.head();
    world.append(on(1, here().entrant, world.a_sheet(), dossier));
    return world.append(withdrawal);
  }
  std::vector<const StoredAct*> stored_after(events::Position position) const {
    std::vector<const StoredAct*> later;
    for (const StoredAct& act : world.stored()) {
      if (act.position() > position) later.push_back(&act);
    }
    return later;
  }

  World world;
};

// Officers would have to release by hand what nobody doubts any more, for ever.
TEST_F(Releases, OfTheCauseReleaseWhatDependsOnIt) {
  const HeldLife life = a_held_life();
  for (const StoredAct* const act : {life.registration, life.acceptance, life.evidence}) {
    EXPECT_TRUE(is_held(act->verdict(), HoldReason::depends_on, Rule::o_depends_on));
  }
  EXPECT_EQ(world.state().dossiers().find(life.dossier), nullptr);
  const StoredAct& released = world.append(release(*life.opening));
  ASSERT_TRUE(is_accepted(released.verdict()));
  const auto due = stored_after(released.position());
  ASSERT_EQ(due.size(), 3U);
  const std::vector<const StoredAct*> waiting = {life.registration, life.acceptance, life.evidence};
  for (std::size_t index = 0; index < due.size(); ++index) {
    const auto* const e = std::get_if<events::HoldReleased>(&due[index]->stored.event.payload);
    ASSERT_NE(e, nullptr);
    EXPECT_EQ(e->held, waiting[index]->position());
    EXPECT_EQ(due[index]->id().chain(), events::system_chain);
    EXPECT_EQ(due[index]->scope, waiting[index]->scope);
    EXPECT_TRUE(is_accepted(due[index]->verdict()));
  }
  EXPECT_EQ(world.state().dossiers().find(life.dossier)->state, events::DossierState::accepted);
  EXPECT_EQ(world.state().dossiers().find(life.dossier)->evidence_count, 1);
  EXPECT_EQ(world.state().inbox().size(), 0U);
}

// Events would wait for ever for one that will never come.
TEST_F(Releases, RefusingTheCauseRefusesWhatDependsOnIt) {
  const HeldLife life = a_held_life();
  const StoredAct& refused = world.append(refusal(*life.opening, here().clerk, here().devices[1]));
  ASSERT_TRUE(is_accepted(refused.verdict()));
  const auto due = stored_after(refused.position());
  ASSERT_EQ(due.size(), 3U);
  for (const StoredAct* const act : due) {
    const auto* const e = std::get_if<events::HoldRefused>(&act->stored.event.payload);
    ASSERT_NE(e, nullptr);
    EXPECT_TRUE(is_refused(e->verdict, Rule::o_unknown_thing));
  }
  EXPECT_EQ(world.state().dossiers().find(life.dossier), nullptr);
  EXPECT_EQ(world.state().inbox().size(), 0U);
}

// A release would wave through what now waits for a better reason.
TEST_F(Releases, ChangeTheReasonWhenAnotherOneRemains) {
  const events::DossierId dossier = world.register_citizen(0);
  const events::Position seen = world.head();
  world.append(on(1, here().entrant, world.a_sheet(), dossier));
  Act first = on(0, here().entrant, world.a_sheet(70), dossier);
  first.seen = seen;
  const StoredAct& held = world.append(first);
  Act second = on(0, here().entrant, events::DossierWithdrawn{}, dossier);
  second.seen = seen;
  const StoredAct& dependent = world.append(second);
  ASSERT_TRUE(is_held(dependent.verdict(), HoldReason::depends_on, Rule::o_depends_on));
  const StoredAct& refused = world.append(refusal(held, here().clerk, here().devices[1]));
  const auto due = stored_after(refused.position());
  ASSERT_EQ(due.size(), 1U);
  const auto* const changed = std::get_if<events::HoldChanged>(&due[0]->stored.event.payload);
  ASSERT_NE(changed, nullptr);
  EXPECT_TRUE(is_held(changed->verdict, HoldReason::conflict, Rule::o_conflict));
  const HeldEventPtr waiting = world.state().inbox().find(dependent.position());
  ASSERT_NE(waiting, nullptr);
  EXPECT_EQ(waiting->verdict, changed->verdict);
  EXPECT_TRUE(is_accepted(judged(world, release(dependent))));
}

/// Somebody in every role for the whole city, on one device.
struct Everybody {
  explicit Everybody(World& world) {
    std::vector<events::PersonId> persons;
    for (int role = 1; role <= events::role_max; ++role) {
      officers.push_back(world.hire(static_cast<Role>(role), world.city(), world.city()));
      persons.push_back(officers.back().person);
    }
    device = world.enrol(persons, "Máy của tất cả");
  }
  std::vector<Officer> officers;
  events::ChainNumber device;
};

// Who may not decide would decide, or who must could not.
TEST_F(Releases, AreForTheNamedRolesOfEachReason) {
  const Everybody everybody(world);
  const StoredAct& conflict = a_conflict();
  ASSERT_TRUE(is_held(conflict.verdict(), HoldReason::conflict, Rule::o_conflict));
  const StoredAct& dependent =
      world.append(on(0, here().entrant, events::DossierWithdrawn{},
                      events::DossierId{conflict.stored.event.header.stream.id}));
  ASSERT_TRUE(is_held(dependent.verdict(), HoldReason::depends_on, Rule::o_depends_on));
  Act late = on(0, here().entrant, World::a_registration(), world.open_dossier(0));
  late.intake.clock_offset_seconds = -400'000;
  const StoredAct& clock = world.append(late);
  const Officer elsewhere =
      world.appoint(here().entrant.person, Role::proxy_entrant, here().hamlets[1]);
  const StoredAct& authority =
      world.append(on(0, elsewhere, World::a_registration(), world.open_dossier(0)));
  ASSERT_TRUE(is_held(authority.verdict(), HoldReason::no_authority, Rule::a_unit));
  const events::DossierId dossier = world.open_dossier(0);
  const StoredAct& schema = world.append(
      world.make_unknown(on(0, here().entrant, {}, dossier), 900, 1), events::Intake{});
  ASSERT_TRUE(is_held(schema.verdict(), HoldReason::schema_unknown, Rule::s_schema));

  const std::set<Role> superiors = {Role::registrar, Role::district_assoc, Role::province_assoc,
                                    Role::central_assoc};
  std::set<Role> with_clerk = superiors;
  with_clerk.insert(Role::commune_clerk);
  const std::map<const StoredAct*, std::set<Role>> deciders = {{&conflict, with_clerk},
                                                               {&dependent, with_clerk},
                                                               {&clock, with_clerk},
                                                               {&authority, superiors},
                                                               {&schema, superiors}};
  for (const auto& [held, roles] : deciders) {
    for (const Officer& officer : everybody.officers) {
      SCOPED_TRACE("reason " + std::to_string(static_cast<int>(held->verdict().hold)) + ", role " +
                   std::to_string(static_cast<int>(officer.role)));
      const events::Verdict released = judged(world, release(*held, officer, everybody.device));
      const events::Verdict refused = judged(world, refusal(*held, officer, everybody.device));
      if (!roles.contains(officer.role)) {
        EXPECT_TRUE(is_refused(released, Rule::a_release));
        EXPECT_TRUE(is_refused(refused, Rule::a_release));
        continue;
      }
      EXPECT_TRUE(is_accepted(refused));
      if (held == &schema) {
        EXPECT_TRUE(is_refused(released, Rule::s_schema)) << "nobody knows what it would do";
      } else {
        EXPECT_TRUE(is_accepted(released));
      }
    }
  }
}

// What a newer device recorded would wait for ever although the server has learned its kind.
TEST_F(Releases, NewRulesReleaseWhatTheOldBuildDidNotKnow) {
  const events::DossierId dossier = world.register_citizen(0);
  const events::Position next{world.head().value + 1};
  events::Event evidence = world.make(on(0, here().branch_head, World::a_sighting(), dossier));
  events::StoredEvent judged_by_an_older_build{next, world.now(), {}, std::move(evidence), {}};
  judged_by_an_older_build.verdict.code = events::VerdictCode::held;
  judged_by_an_older_build.verdict.hold = HoldReason::schema_unknown;
  judged_by_an_older_build.verdict.rule = Rule::s_schema;
  State state = world.state();
  state.apply(judged_by_an_older_build, events::ScopeSet{here().unit});
  EXPECT_EQ(next_follow_up(state, world.now()), std::nullopt) << "the same rules know no more";

  const events::StreamId of_log{events::StreamKind::log, {events::system_chain, 1}};
  const events::Event adoption = make_system_event(world.next_seq(events::system_chain), of_log,
                                                   events::RulesAdopted{events::RulesVersion{2}},
                                                   next, world.now(), events::RulesVersion{2});
  events::Verdict accepted;
  accepted.code = events::VerdictCode::accepted;
  state.apply({events::Position{next.value + 1}, world.now(), {}, adoption, accepted},
              events::ScopeSet{events::reference_scope});
  const std::optional<FollowUpEvent> due = next_follow_up(state, world.now());
  ASSERT_TRUE(due);
  const auto* const released = std::get_if<events::HoldReleased>(&due->payload);
  ASSERT_NE(released, nullptr);
  EXPECT_EQ(released->held, next);
}

// Officers would wave their own acts through.
TEST_F(Releases, AreNotForTheAuthor) {
  const StoredAct& held = a_conflict();
  const Officer also_clerk = world.appoint(here().entrant.person, Role::commune_clerk, here().unit);
  EXPECT_TRUE(
      is_refused(judged(world, release(held, also_clerk, here().devices[1])), Rule::a_release));
  EXPECT_TRUE(
      is_refused(judged(world, refusal(held, also_clerk, here().devices[1])), Rule::a_release));
}

// A clerk of the next commune would decide about people they do not know.
TEST_F(Releases, AreNotForOtherCommunes) {
  const StoredAct& held = a_conflict();
  EXPECT_TRUE(
      is_refused(judged(world, release(held, world.commune(1).clerk, world.commune(1).devices[0])),
                 Rule::a_release))
      << "they do not even see it";
}

// A release would hit another event than the one the person looked at.
TEST_F(Releases, NameAHeldEventItsStreamAndItsFlags) {
  const StoredAct& held = a_conflict();
  Act act = release(held);
  act.stream = test_support::stream_of(world.open_dossier(0));
  EXPECT_TRUE(is_refused(judged(world, act), Rule::o_stream));
  act = release(held);
  std::get<events::HoldReleased>(act.payload).held = events::Position{3};
  EXPECT_TRUE(is_refused(judged(world, act), Rule::a_release));
  act = release(held);
  std::get<events::HoldReleased>(act.payload).verdict = a_release(events::flag_late);
  EXPECT_TRUE(is_refused(judged(world, act), Rule::a_release));
  act = release(held);
  std::get<events::HoldReleased>(act.payload).verdict = held.verdict();
  EXPECT_TRUE(is_refused(judged(world, act), Rule::o_value));
  ASSERT_TRUE(is_accepted(world.append(release(held)).verdict()));
  EXPECT_TRUE(is_refused(judged(world, release(held)), Rule::a_release)) << "only once";
}

// A release that waits and is released later would touch nothing, and all would think it had.
TEST_F(Releases, NeverWaitThemselves) {
  const StoredAct& held = a_conflict();
  Act act = release(held);
  act.intake.clock_offset_seconds = -400'000;
  EXPECT_TRUE(is_refused(judged(world, act), Rule::c_clock));
  act = release(held);
  act.by.grant = events::RoleGrantId{events::EventId{World::administration, 9'000}};
  EXPECT_TRUE(is_refused(judged(world, act), Rule::a_grant));
}

// A released act that fails a guard would give what the guard forbids.
TEST_F(Releases, DoNotWaiveTheGuards) {
  const events::DossierId dossier = world.register_citizen(0);
  events::SelfAssessmentRecorded sheet = world.a_sheet();
  ++sheet.total_tenths;
  Act act = on(0, here().entrant, sheet, dossier);
  act.intake.clock_offset_seconds = -400'000;
  const StoredAct& held = world.append(act);
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::clock, Rule::c_clock));
  EXPECT_TRUE(is_refused(judged(world, release(held)), Rule::v12_total));
}

// A title would rest on a role that nobody ever had (promise 5).
TEST_F(Releases, NeverVouchForAGrantThatWasNeverGiven) {
  for (const events::RoleGrantId grant :
       {events::RoleGrantId{events::EventId{World::administration, 9'000}},
        world.commune(1).entrant.grant}) {
    const events::DossierId dossier = world.open_dossier(0);
    Officer liar = here().entrant;
    liar.grant = grant;
    const StoredAct& held = world.append(on(0, liar, World::a_registration(), dossier));
    ASSERT_TRUE(is_held(held.verdict(), HoldReason::no_authority, Rule::a_grant));
    EXPECT_TRUE(
        is_refused(judged(world, release(held, world.district_officer(), world.district_device())),
                   Rule::a_grant));
  }
}

// Two friends would rearrange the units of a province.
TEST_F(Releases, OfReferenceActsNeedTheRightToDoThem) {
  const Officer friend_of = world.hire(Role::central_assoc, {}, world.city());
  const Officer local = world.hire(Role::registrar, here().unit, here().unit);
  const events::ChainNumber device = world.enrol({friend_of.person, local.person}, "Máy chung");
  const StoredAct& held = world.append(
      {.chain = device,
       .by = local,
       .payload = events::UnitCreated{events::UnitKind::commune, world.city(), "Xã mới", "03399",
                                      events::AreaType::rural, world.today(), ""}});
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::no_authority, Rule::a_unit));
  EXPECT_TRUE(is_refused(judged(world, release(held, friend_of, device)), Rule::a_release));
  EXPECT_TRUE(is_accepted(judged(world, refusal(held, friend_of, device))));
  EXPECT_TRUE(
      is_accepted(judged(world, release(held, world.administrator(), World::administration))));
}

// The clerk decides about clocks; with them they would vouch for the rights of anybody.
TEST_F(Releases, WaiveOnlyWhatTheReleaserMayDecide) {
  const events::DossierId dossier = world.open_dossier(0);
  const Officer elsewhere =
      world.appoint(here().entrant.person, Role::proxy_entrant, here().hamlets[1]);
  Act act = on(0, elsewhere, World::a_registration(), dossier);
  act.intake.clock_offset_seconds = -400'000;
  const StoredAct& held = world.append(act);
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::clock, Rule::c_clock));
  EXPECT_TRUE(is_refused(judged(world, release(held)), Rule::a_release))
      << "the role was not for that hamlet, either";
  EXPECT_TRUE(
      is_accepted(judged(world, release(held, world.district_officer(), world.district_device()))));
}

// An officer's honest work would be lost with the tablet, though it had come in time.
TEST_F(Releases, WhatCameBeforeTheDeviceWasLostKeepsItsRight) {
  const events::DossierId dossier = world.open_dossier(0);
  Act first = on(0, here().entrant, World::a_registration(), dossier);
  first.intake.clock_offset_seconds = -400'000;
  const StoredAct& held = world.append(first);
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::clock, Rule::c_clock));
  const StoredAct& next = world.append(on(0, here().entrant, events::DossierWithdrawn{}, dossier));
  ASSERT_TRUE(is_held(next.verdict(), HoldReason::depends_on, Rule::o_depends_on));

  const projections::Device& lost = *world.state().access().device_of(here().devices[0]);
  world.administer(events::DeviceRevoked{lost.id, "Mất máy"},
                   events::StreamId{events::StreamKind::access, lost.id.event});
  world.revoke(here().entrant, events::Day{world.today().value - 2});
  ASSERT_TRUE(is_accepted(world.append(release(held)).verdict()));
  EXPECT_EQ(world.state().inbox().find(next.position()), nullptr)
      << "it waited for its elder only, which has effect now";
  EXPECT_EQ(world.state().dossiers().find(dossier)->state, events::DossierState::withdrawn);
}

}  // namespace
}  // namespace projections
