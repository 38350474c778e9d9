#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <vector>

namespace projections {
namespace {

using events::Role;
using events::Rule;
using test_support::Act;
using test_support::is_accepted;
using test_support::is_refused;
using test_support::judged;
using test_support::Officer;
using test_support::World;

/// A commune where the council's people are citizens too.
class Duties : public ::testing::Test {
 protected:
  Duties() {
    const events::UnitId hamlet = here().hamlets[0];
    household = events::CollectiveId{world.administer(
        events::CollectiveIntroduced{events::CollectiveKind::household,
                                     hamlet,
                                     {},
                                     4,
                                     events::sha256(events::bytes_of("a household"))})};
    citizen = world.introduce(hamlet, household);
    const std::vector<events::PersonId> persons = {citizen, world.introduce(hamlet, household),
                                                   world.introduce(hamlet)};
    for (const events::PersonId person : persons) {
      for (const Role role : {Role::proxy_entrant, Role::branch_head, Role::appraiser, Role::signer,
                              Role::commune_assoc_chair}) {
        officers.push_back(world.appoint(person, role, here().unit));
      }
    }
    device = world.enrol(persons, "Máy chung");
    dossier = world.open_dossier(0, citizen, world.citizen_cycle());
    world.register_dossier(0, dossier);
    world.accept_registration(0, dossier);
    world.assess(0, dossier);
  }

  enum Who { subject = 0, spouse = 1, stranger = 2 };
  const Officer& officer(Who who, Role role) const {
    for (std::size_t index = who * 5U; index < who * 5U + 5; ++index) {
      if (officers.at(index).role == role) return officers.at(index);
    }
    return officers.front();
  }
  const test_support::CommuneWorld& here() const { return world.commune(0); }
  Act act(const Officer& by, events::Payload payload) const {
    const bool creates = events::creates_its_stream(payload);
    Act made{.chain = device, .by = by, .payload = std::move(payload)};
    if (!creates) made.stream = test_support::stream_of(dossier);
    return made;
  }
  /// Files the paper of that officer, over a dossier that is not theirs and the one in question.
  events::EventId file(const Officer& by, events::Payload payload) {
    return world.append(act(by, std::move(payload))).id();
  }

  World world;
  events::CollectiveId household;
  events::PersonId citizen;
  std::vector<Officer> officers;
  events::ChainNumber device;
  events::DossierId dossier;
};

// People would give themselves and their families titles (SD1).
TEST_F(Duties, SD1NobodyReviewsTheirOwnHousehold) {
  for (const Who who : {spouse, stranger}) {
    const Officer& head = officer(who, Role::branch_head);
    const events::MeetingId minutes{file(head, world.a_meeting(0, {dossier}))};
    const events::Verdict verdict = judged(
        world, act(head, events::DossierReviewed{minutes, events::ReviewConclusion::proposed}));
    if (who == stranger) {
      EXPECT_TRUE(is_accepted(verdict));
    } else {
      EXPECT_TRUE(is_refused(verdict, Rule::sd1_own_dossier));
    }
  }
  const Officer& self = officer(subject, Role::branch_head);
  EXPECT_TRUE(
      is_refused(judged(world, act(self, world.a_meeting(0, {dossier}))), Rule::sd1_own_dossier));
}

// As above, in the council.
TEST_F(Duties, SD1NobodyAppraisesTheirOwnHousehold) {
  world.review(0, {dossier});
  world.submit(0, {dossier});
  const events::DossierAppraised appraisal = world.an_appraisal(dossier);
  EXPECT_TRUE(is_refused(judged(world, act(officer(subject, Role::appraiser), appraisal)),
                         Rule::sd1_own_dossier));
  EXPECT_TRUE(is_refused(judged(world, act(officer(spouse, Role::appraiser), appraisal)),
                         Rule::sd1_own_dossier));
  EXPECT_TRUE(is_accepted(judged(world, act(officer(stranger, Role::appraiser), appraisal))));
}

// As above, at the signature.
TEST_F(Duties, SD1NobodySignsForTheirOwnHousehold) {
  world.review(0, {dossier});
  world.submit(0, {dossier});
  world.appraise(0, {dossier});
  EXPECT_TRUE(
      is_refused(judged(world, act(officer(subject, Role::signer), world.a_decision(0, {dossier}))),
                 Rule::sd1_own_dossier));
  for (const Who who : {spouse, stranger}) {
    const Officer& signer = officer(who, Role::signer);
    events::DecisionIssued paper = world.a_decision(0, {dossier});
    paper.number = 10U + who;
    const events::DecisionId decision{file(signer, paper)};
    const events::Verdict verdict = judged(world, act(signer, events::TitleGranted{decision}));
    if (who == stranger) {
      EXPECT_TRUE(is_accepted(verdict));
    } else {
      EXPECT_TRUE(is_refused(verdict, Rule::sd1_own_dossier));
    }
  }
}

// A head would refuse their neighbour's rival: their own dossier is not theirs to end either.
TEST_F(Duties, SD1NobodyRefusesTheirOwnDossier) {
  world.review(0, {dossier}, events::ReviewConclusion::not_proposed);
  const events::DossierNotRecognized refusal{{events::NotRecognizedReason::not_proposed}};
  EXPECT_TRUE(is_refused(judged(world, act(officer(spouse, Role::commune_assoc_chair), refusal)),
                         Rule::sd1_own_dossier));
  EXPECT_TRUE(
      is_accepted(judged(world, act(officer(stranger, Role::commune_assoc_chair), refusal))));
}

// One pair of hands would carry a dossier from entry to title (SD2).
TEST_F(Duties, SD2EntrantAppraiserAndSignerAreThreePeople) {
  const Officer& entrant = officer(stranger, Role::proxy_entrant);
  const events::PersonId other = world.introduce(here().hamlets[1]);
  events::DossierOpened opening = world.an_opening(other, 0);
  dossier = events::DossierId{world.append(act(entrant, opening)).id()};
  world.append(act(entrant, World::a_registration()));
  world.accept_registration(0, dossier);
  world.assess(0, dossier);
  world.review(0, {dossier});
  world.submit(0, {dossier});
  const events::DossierAppraised appraisal = world.an_appraisal(dossier);
  EXPECT_TRUE(is_refused(judged(world, act(officer(stranger, Role::appraiser), appraisal)),
                         Rule::sd2_separate_hands));
  const Officer& appraiser = officer(spouse, Role::appraiser);
  ASSERT_TRUE(is_accepted(world.append(act(appraiser, appraisal)).verdict()));
  for (const Who who : {spouse, stranger}) {
    const Officer& signer = officer(who, Role::signer);
    events::DecisionIssued paper = world.a_decision(0, {dossier});
    paper.number = 20U + who;
    const events::DecisionId decision{file(signer, paper)};
    EXPECT_TRUE(is_refused(judged(world, act(signer, events::TitleGranted{decision})),
                           Rule::sd2_separate_hands));
  }
  const Officer& third = officer(subject, Role::signer);
  events::DecisionIssued paper = world.a_decision(0, {dossier});
  paper.number = 30;
  const events::DecisionId decision{file(third, paper)};
  EXPECT_TRUE(is_accepted(judged(world, act(third, events::TitleGranted{decision}))));
}

// Who wrote the scores would confirm them.
TEST_F(Duties, SD2WhoRecordedTheSheetDoesNotAppraiseIt) {
  const events::PersonId other = world.introduce(here().hamlets[1]);
  dossier = world.open_dossier(0, other, world.citizen_cycle());
  world.register_dossier(0, dossier);
  world.accept_registration(0, dossier);
  world.append(act(officer(stranger, Role::proxy_entrant), world.a_sheet()));
  world.review(0, {dossier});
  world.submit(0, {dossier});
  EXPECT_TRUE(is_refused(
      judged(world, act(officer(stranger, Role::appraiser), world.an_appraisal(dossier))),
      Rule::sd2_separate_hands));
}

// A signer would sign a list by somebody else's authority.
TEST_F(Duties, T17TitlesStandInADecisionOfTheirSigner) {
  world.review(0, {dossier});
  world.submit(0, {dossier});
  world.appraise(0, {dossier});
  const events::DecisionId decision{world
                                        .append({.chain = here().devices[1],
                                                 .by = here().signer,
                                                 .payload = world.a_decision(0, {dossier})})
                                        .id()};
  EXPECT_TRUE(is_refused(
      judged(world, act(officer(stranger, Role::signer), events::TitleGranted{decision})),
      Rule::t17_decision));
  const events::DossierId unlisted = world.register_citizen(0);
  world.assess(0, unlisted);
  world.review(0, {unlisted});
  world.submit(0, {unlisted});
  world.appraise(0, {unlisted});
  EXPECT_TRUE(is_refused(judged(world, {.chain = here().devices[1],
                                        .by = here().signer,
                                        .payload = events::TitleGranted{decision},
                                        .stream = test_support::stream_of(unlisted)}),
                         Rule::t17_decision));
}

}  // namespace
}  // namespace projections
