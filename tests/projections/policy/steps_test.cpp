#include "projections/policy/policy.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <vector>

namespace projections {
namespace {

using events::DossierState;
using events::EventType;
using events::Role;
using events::Rule;
using test_support::Act;
using test_support::judged;
using test_support::Officer;
using test_support::World;

/// A dossier in a state; `favourable`: the meeting proposed it, the sheet passes.
struct Situation {
  DossierState state{};
  bool favourable = true;
  events::DossierId dossier;
};

/// A commune with somebody in every role, all on one device, and a dossier in every situation,
/// named by minutes, a list and a decision of whoever may make them.
class Staffed {
 public:
  Staffed() {
    std::vector<events::PersonId> persons;
    const events::UnitId commune = world.commune(0).unit;
    for (std::size_t role = 1; role < staff.size(); ++role) {
      staff[role] = world.hire(static_cast<Role>(role), commune, commune);
      persons.push_back(staff[role].person);
    }
    device = world.enrol(persons, "Máy của tất cả");
    for (int state = 1; state <= static_cast<int>(DossierState::withdrawn); ++state) {
      add(static_cast<DossierState>(state), true);
      add(static_cast<DossierState>(state), false);
    }
    file_papers();
  }

  /// An act of that kind that is right in every respect but perhaps state and role.
  Act act_of(EventType type, const Situation& situation, Role role) const {
    Act act{.chain = device,
            .by = staff.at(static_cast<std::size_t>(role)),
            .payload = payload_of(type, situation, role),
            .stream = test_support::stream_of(situation.dossier)};
    return act;
  }

  World world;
  std::array<Officer, events::role_max + 1> staff;
  events::ChainNumber device;
  std::vector<Situation> situations;

 private:
  void add(DossierState state, bool favourable) {
    using enum DossierState;
    const bool two_ways = state == reviewed || state == appraised;
    if (!favourable && !two_ways) return;
    const auto number = static_cast<int>(state);
    if (number == 8 || number == 10 || (number > 12 && number < 16)) return;
    const events::DossierId dossier = world.open_dossier(0);
    situations.push_back({state, favourable, dossier});
    const auto& commune = world.commune(0);
    if (state == withdrawn) return must(commune.entrant, events::DossierWithdrawn{}, dossier);
    if (state == draft) return;
    world.register_dossier(0, dossier);
    if (state == registered) return;
    if (state == returned) {
      return must(commune.clerk,
                  events::DossierReturned{events::ReturnReason::wrong_group, registered, {}},
                  dossier);
    }
    world.accept_registration(0, dossier);
    if (state == accepted) return;
    world.assess(0, dossier, favourable ? 80 : 60);
    if (state == self_assessed) return;
    const bool refused_by_meeting = state == not_recognized || (state == reviewed && !favourable);
    world.review(0, {dossier},
                 refused_by_meeting ? events::ReviewConclusion::not_proposed
                                    : events::ReviewConclusion::proposed);
    if (state == reviewed) return;
    if (state == not_recognized) {
      return must(commune.chair,
                  events::DossierNotRecognized{{events::NotRecognizedReason::not_proposed}},
                  dossier);
    }
    world.submit(0, {dossier});
    if (state == submitted) return;
    world.appraise(0, {dossier});
    if (state == recognized) world.grant_title(0, {dossier});
  }

  void must(const Officer& by, events::Payload payload, events::DossierId dossier) {
    const auto& stored = world.append({.chain = world.commune(0).devices[0],
                                       .by = by,
                                       .payload = std::move(payload),
                                       .stream = test_support::stream_of(dossier)});
    ASSERT_TRUE(stored.verdict().takes_effect());
  }

  void file_papers() {
    std::vector<events::DossierId> all;
    for (const Situation& situation : situations) all.push_back(situation.dossier);
    for (const Role role : {Role::branch_head, Role::unit_board, Role::clan_board}) {
      papers_.at(static_cast<std::size_t>(role)) = file(role, world.a_meeting(0, all));
    }
    papers_.at(static_cast<std::size_t>(Role::commune_assoc_chair)) =
        file(Role::commune_assoc_chair, world.a_list(0, all));
    events::DecisionIssued decision = world.a_decision(0, all);
    decision.number = 99;
    papers_.at(static_cast<std::size_t>(Role::signer)) = file(Role::signer, decision);
  }

  events::EventId file(Role role, events::Payload payload) {
    const auto& stored = world.append({.chain = device,
                                       .by = staff.at(static_cast<std::size_t>(role)),
                                       .payload = std::move(payload)});
    EXPECT_TRUE(stored.verdict().takes_effect());
    return stored.id();
  }

  events::Payload payload_of(EventType type, const Situation& situation, Role role) const {
    using enum EventType;
    const events::EventId paper = papers_.at(static_cast<std::size_t>(role));
    switch (type) {
      case dossier_registered:
        return World::a_registration();
      case registration_accepted:
        return events::RegistrationAccepted{};
      case dossier_returned:
        return events::DossierReturned{events::ReturnReason::missing_evidence,
                                       situation.state == DossierState::submitted
                                           ? DossierState::self_assessed
                                           : DossierState::draft,
                                       {}};
      case dossier_resubmitted:
        return events::DossierResubmitted{};
      case self_assessment_recorded:
        return world.a_sheet();
      case evidence_sighted:
        return World::a_sighting();
      case evidence_attached:
        return World::an_attachment();
      case dossier_withdrawn:
        return events::DossierWithdrawn{};
      case dossier_reviewed:
        return events::DossierReviewed{events::MeetingId{paper},
                                       events::ReviewConclusion::proposed};
      case dossier_submitted:
        return events::DossierSubmitted{events::ListId{paper}};
      case dossier_appraised:
        return world.an_appraisal(situation.dossier);
      case title_granted:
        return events::TitleGranted{events::DecisionId{paper}};
      default:
        return events::DossierNotRecognized{{events::NotRecognizedReason::below_total}};
    }
  }

  std::array<events::EventId, events::role_max + 1> papers_;
};

const Staffed& staffed() {
  static const Staffed fixture;
  return fixture;
}

/// The refusal that is due; none when the act is to be accepted.
Rule expected(EventType type, const Situation& situation, Role role) {
  using enum EventType;
  if ((newest_policy().roles_for(type) & bit(role)) == 0) return Rule::a_role;
  const Step* const step = newest_policy().find_step(type, situation.state);
  if (step == nullptr) return Rule::t_step;
  if ((step->roles & bit(role)) == 0) return Rule::a_role;
  if (type == dossier_not_recognized && situation.favourable) return Rule::t_step;
  if (type == dossier_submitted && !situation.favourable) return Rule::t12_list;
  if (type == title_granted && !situation.favourable) return Rule::t17_decision;
  return Rule::none;
}

std::vector<EventType> kinds_of_steps() {
  std::vector<EventType> kinds;
  for (const Step& step : newest_policy().steps()) {
    const bool there = std::ranges::find(kinds, step.type) != kinds.end();
    if (!there && step.type != EventType::dossier_opened) kinds.push_back(step.type);
  }
  return kinds;
}

std::string described(const Step& step) {
  std::ostringstream text;
  text << step.id << " " << events::event_name(static_cast<std::uint16_t>(step.type)) << " from";
  for (unsigned state = 0; state < 32; ++state) {
    if ((step.from >> state & 1U) != 0) text << " " << state;
  }
  text << " by";
  for (unsigned role = 0; role < 32; ++role) {
    if ((step.roles >> role & 1U) != 0) text << " " << role;
  }
  text << " to " << static_cast<int>(step.to) << (step.phase == nullptr ? "" : " in its phase");
  return text.str();
}

// A change of the table moves rights and duties of real people; it must never come about by
// accident.
TEST(Steps, AreThoseOfTheDomain) {
  const std::vector<std::string> domain = {
      "T01 DossierOpened from 0 by 2 3 5 6 to 1 in its phase",
      "T02 DossierRegistered from 1 by 2 3 5 6 to 2 in its phase",
      "T03 RegistrationAccepted from 2 by 3 5 6 to 3",
      "T04 DossierReturned from 2 by 3 7 to 12",
      "T05 DossierResubmitted from 12 by 2 3 5 6 to 0",
      "T06 SelfAssessmentRecorded from 3 by 2 3 5 6 to 4 in its phase",
      "T07 SelfAssessmentRecorded from 4 by 2 3 5 6 to 4 in its phase",
      "T08 EvidenceSighted from 1 2 3 4 5 6 7 9 11 12 16 by 2 3 5 6 to 0",
      "T08 EvidenceAttached from 1 2 3 4 5 6 7 9 11 12 16 by 2 3 5 6 to 0",
      "T09 DossierReviewed from 4 by 3 5 6 to 5 in its phase",
      "T10 DossierNotRecognized from 5 by 8 to 11",
      "T12 DossierSubmitted from 5 by 8 to 6",
      "T13 DossierReturned from 6 by 7 9 to 12",
      "T14 DossierAppraised from 6 by 9 to 7 in its phase",
      "T17 TitleGranted from 7 by 10 to 9 in its phase",
      "T18 DossierNotRecognized from 7 by 8 10 to 11",
      "T28 DossierWithdrawn from 1 2 3 4 5 6 12 by 2 3 5 6 to 16",
  };
  std::vector<std::string> table;
  for (const Step& step : newest_policy().steps()) table.push_back(described(step));
  EXPECT_EQ(table, domain);
}

// A dossier would skip a step, or somebody would take a step that is another's.
TEST(Steps, AreAcceptedInTheirStatesByTheirRolesOnly) {
  const Staffed& fixture = staffed();
  std::size_t accepted = 0;
  for (const Situation& situation : fixture.situations) {
    for (const EventType type : kinds_of_steps()) {
      for (int number = 1; number <= events::role_max; ++number) {
        const auto role = static_cast<Role>(number);
        SCOPED_TRACE(std::string(events::event_name(static_cast<std::uint16_t>(type))) +
                     " in state " + std::to_string(static_cast<int>(situation.state)) +
                     " by role " + std::to_string(number));
        const events::Verdict verdict =
            judged(fixture.world, fixture.act_of(type, situation, role));
        const Rule rule = expected(type, situation, role);
        if (rule != Rule::none) {
          EXPECT_TRUE(test_support::is_refused(verdict, rule));
          continue;
        }
        ++accepted;
        EXPECT_TRUE(verdict.takes_effect()) << test_support::but_it_is(verdict).message();
      }
    }
  }
  EXPECT_GT(accepted, 60U);
}

// The dossier would show another state than the one the paper says.
TEST(Steps, MoveTheDossierWhereTheTableSays) {
  const Staffed& fixture = staffed();
  for (const Step& step : newest_policy().steps()) {
    if (step.type == EventType::dossier_opened) continue;
    for (const Situation& situation : fixture.situations) {
      for (int number = 1; number <= events::role_max; ++number) {
        const auto role = static_cast<Role>(number);
        if (newest_policy().find_step(step.type, situation.state) != &step ||
            expected(step.type, situation, role) != Rule::none) {
          continue;
        }
        SCOPED_TRACE(step.id);
        World world = fixture.world;
        const Act act = fixture.act_of(step.type, situation, role);
        ASSERT_TRUE(world.append(act).verdict().takes_effect());
        DossierState to = step.to == DossierState::none ? situation.state : step.to;
        if (step.type == EventType::dossier_resubmitted) to = DossierState::registered;
        EXPECT_EQ(world.state().dossiers().find(situation.dossier)->state, to);
        break;
      }
    }
  }
}

// Anybody could open dossiers in anybody's name.
TEST(Steps, OpeningIsForThoseWhoEnter) {
  World world = staffed().world;
  const events::PersonId citizen = world.introduce(world.commune(0).hamlets[0]);
  for (int number = 1; number <= events::role_max; ++number) {
    SCOPED_TRACE(number);
    const auto role = static_cast<Role>(number);
    const events::Verdict verdict =
        judged(world, {.chain = staffed().device,
                       .by = staffed().staff.at(static_cast<std::size_t>(number)),
                       .payload = world.an_opening(citizen, 0)});
    const bool enters = role == Role::proxy_entrant || role == Role::branch_head ||
                        role == Role::unit_board || role == Role::clan_board;
    if (enters) {
      EXPECT_TRUE(test_support::is_accepted(verdict));
    } else {
      EXPECT_TRUE(test_support::is_refused(verdict, Rule::a_role));
    }
  }
}

// What a meeting put off would be lost: neither a list nor a second meeting could take it.
TEST(Steps, ADeferredDossierWaitsForTheNextMeeting) {
  World world;
  const events::DossierId dossier = world.register_citizen(0);
  world.assess(0, dossier);
  world.review(0, {dossier}, events::ReviewConclusion::deferred);
  EXPECT_EQ(world.state().dossiers().find(dossier)->state, DossierState::self_assessed);
  world.review(0, {dossier});
  world.submit(0, {dossier});
  EXPECT_EQ(world.state().dossiers().find(dossier)->state, DossierState::submitted);
}

// The citizen would have to begin again, or come back to a state nobody named.
TEST(Steps, AReturnedDossierComesBackToTheNamedState) {
  using enum DossierState;
  for (const DossierState to : {accepted, self_assessed, reviewed}) {
    World world;
    const auto& commune = world.commune(0);
    const events::DossierId dossier = world.register_citizen(0);
    world.assess(0, dossier);
    world.review(0, {dossier});
    world.submit(0, {dossier});
    const auto stream = test_support::stream_of(dossier);
    world.append({.chain = commune.devices[1],
                  .by = commune.appraiser,
                  .payload = events::DossierReturned{events::ReturnReason::score_mismatch, to, {}},
                  .stream = stream});
    EXPECT_EQ(world.state().dossiers().find(dossier)->state, returned);
    world.append({.chain = commune.devices[0],
                  .by = commune.entrant,
                  .payload = events::DossierResubmitted{},
                  .stream = stream});
    EXPECT_EQ(world.state().dossiers().find(dossier)->state, to);
  }
}

// A council could send a dossier back to a state it never had.
TEST(Steps, AReturnNamesAStateThatMakesSense) {
  const Staffed& fixture = staffed();
  for (const Situation& situation : fixture.situations) {
    const bool council = situation.state == DossierState::submitted;
    if (!council && situation.state != DossierState::registered) continue;
    for (int to = 0; to < 40; ++to) {
      Act act = fixture.act_of(EventType::dossier_returned, situation, Role::commune_clerk);
      const auto state = static_cast<DossierState>(to);
      std::get<events::DossierReturned>(act.payload).return_to = state;
      const bool fits = council ? to >= 3 && to <= 5 : to == 1 || to == 2;
      const events::Verdict verdict = judged(fixture.world, act);
      EXPECT_EQ(verdict.takes_effect(), fits) << to;
      if (fits) continue;
      EXPECT_TRUE(test_support::is_refused(verdict, Rule::t_return_to)) << to;
    }
  }
}

}  // namespace
}  // namespace projections
