#include "events/archive/compact.h"
#include "events/log/find_bad_text.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <vector>

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

/// A world with one registered and accepted citizen in commune 0.
class Guards : public ::testing::Test {
 protected:
  Act by(const Officer& officer, events::Payload payload,
         std::optional<events::DossierId> about = std::nullopt) const {
    Act act{.chain = world.commune(0).devices[0], .by = officer, .payload = std::move(payload)};
    if (about) act.stream = test_support::stream_of(*about);
    return act;
  }
  events::Verdict answer(const Officer& officer, events::Payload payload,
                         std::optional<events::DossierId> about = std::nullopt) const {
    return judged(world, by(officer, std::move(payload), about));
  }
  const test_support::CommuneWorld& here() const { return world.commune(0); }
  events::PersonIntroduced a_person() const {
    events::PersonIntroduced person;
    person.home_unit = here().hamlets[0];
    person.private_digest = events::sha256(events::bytes_of("somebody"));
    return person;
  }

  World world;
  events::DossierId dossier = world.register_citizen(0);
};

// People would be filed under a hamlet that no longer exists.
TEST_F(Guards, V04HomesAreOpenOnTheDay) {
  world.administer(events::UnitClosed{here().hamlets[0], world.today(), {here().unit}, ""},
                   events::StreamId{events::StreamKind::unit, here().hamlets[0].event});
  const events::PersonId citizen = world.introduce(here().unit);
  const events::DossierOpened opening = world.an_opening(citizen, 0);
  EXPECT_TRUE(is_refused(answer(here().entrant, opening), Rule::v04_unit_open));
  EXPECT_TRUE(is_refused(answer(here().entrant, a_person()), Rule::v04_unit_open));
  Act day_before = by(here().entrant, opening);
  day_before.business_day = events::Day{world.today().value - 1};
  EXPECT_TRUE(is_accepted(judged(world, day_before)));
}

// Dossiers would hang above all communes, where no commune's device sees them.
TEST_F(Guards, V04DossiersLieInACommune) {
  events::DossierOpened opening = world.an_opening(here().clerk.person, 0);
  opening.home_unit = world.city();
  const Officer head = world.hire(events::Role::branch_head, world.city(), world.city());
  const events::ChainNumber device = world.enrol({head.person}, "Máy của thành phố");
  EXPECT_TRUE(is_refused(judged(world, {.chain = device, .by = head, .payload = opening}),
                         Rule::v04_unit_open));
}

// A citizen would be scored by indicators that nobody wrote for them.
TEST_F(Guards, V05TheGroupHasAVariant) {
  const events::PersonId citizen = world.introduce(here().hamlets[0]);
  events::DossierOpened opening = world.an_opening(citizen, 0);
  opening.group = events::GroupCode::learner;
  EXPECT_TRUE(is_refused(answer(here().entrant, opening), Rule::v05_group));
  opening.group = events::GroupCode::none;
  EXPECT_TRUE(is_refused(answer(here().entrant, opening), Rule::v05_group));
}

// A person would become a learning family.
TEST_F(Guards, V05TheTitleFitsTheSubject) {
  const events::PersonId citizen = world.introduce(here().hamlets[0]);
  events::DossierOpened opening = world.an_opening(citizen, 0);
  opening.cycle = world.family_cycle();
  opening.group = events::GroupCode::none;
  EXPECT_TRUE(is_refused(answer(here().entrant, opening), Rule::v05_group));
  const events::CollectiveId household{world.administer(
      events::CollectiveIntroduced{events::CollectiveKind::household, here().hamlets[0], citizen, 4,
                                   events::sha256(events::bytes_of("a family"))})};
  opening.subject = {events::SubjectKind::collective, household.event};
  EXPECT_TRUE(is_accepted(answer(here().entrant, opening)));
  opening.cycle = world.clan_cycle();
  EXPECT_TRUE(is_refused(answer(here().entrant, opening), Rule::v05_group));
}

// Sheets would be summed over indicators that were never scored.
TEST_F(Guards, V10ToV14SheetsFollowTheCriteriaOfTheRound) {
  const events::SelfAssessmentRecorded good = world.a_sheet();
  const auto refused = [&](const events::SelfAssessmentRecorded& sheet) {
    return answer(here().entrant, sheet, dossier);
  };
  EXPECT_TRUE(is_accepted(refused(good)));
  events::SelfAssessmentRecorded sheet = good;
  sheet.scores_tenths.pop_back();
  EXPECT_TRUE(is_refused(refused(sheet), Rule::v10_indicators));
  sheet = good;
  sheet.scores_tenths[3] = 105;
  EXPECT_TRUE(is_refused(refused(sheet), Rule::v11_score_range));
  sheet = good;
  sheet.scores_tenths[3] = 73;
  EXPECT_TRUE(is_refused(refused(sheet), Rule::v11_score_range));
  sheet = good;
  ++sheet.total_tenths;
  EXPECT_TRUE(is_refused(refused(sheet), Rule::v12_total));
  sheet = good;
  sheet.criteria = events::CriteriaId{world.family_cycle().event};
  EXPECT_TRUE(is_refused(refused(sheet), Rule::v14_criteria));
}

// A new version of the criteria would re-score rounds that are under way (SC3).
TEST_F(Guards, V14ANewVersionDoesNotTouchOpenRounds) {
  events::CriteriaPublished next = world.state().rulebook().find(world.citizen_criteria())->content;
  const auto publish = [&] {
    return judged(world,
                  {.chain = World::administration, .by = world.administrator(), .payload = next});
  };
  EXPECT_TRUE(is_refused(publish(), Rule::v14_criteria));
  ++next.version;
  EXPECT_TRUE(is_accepted(publish()));
  const events::CriteriaId newer{world.administer(next)};
  events::SelfAssessmentRecorded sheet = world.a_sheet();
  EXPECT_TRUE(is_accepted(answer(here().entrant, sheet, dossier)));
  sheet.criteria = newer;
  EXPECT_TRUE(test_support::is_held(answer(here().entrant, sheet, dossier),
                                    events::HoldReason::superseded_criteria, Rule::v14_criteria));
}

// Sheets of criteria whose text nobody has would pass or fail by accident.
TEST_F(Guards, V14PlaceholdersAreNotScored) {
  const events::CollectiveId household{
      world.administer(events::CollectiveIntroduced{events::CollectiveKind::household,
                                                    here().hamlets[0],
                                                    {},
                                                    4,
                                                    events::sha256(events::bytes_of("a family"))})};
  const events::DossierOpened opening{{events::SubjectKind::collective, household.event},
                                      world.family_cycle(),
                                      events::GroupCode::none,
                                      here().hamlets[0]};
  const events::DossierId family{world.append(by(here().entrant, opening)).id()};
  world.register_dossier(0, family);
  world.accept_registration(0, family);
  const events::CriteriaId criteria =
      world.state().rulebook().find(world.family_cycle())->content.criteria;
  EXPECT_TRUE(
      is_refused(answer(here().entrant, events::SelfAssessmentRecorded{criteria, {}, 0}, family),
                 Rule::v14_criteria));
}

// Names of digits and births in 1776 would be in the statistics for ever.
TEST_F(Guards, V01V02V20TheServersLookAtThePrivateRecordCounts) {
  Act act = by(here().entrant, a_person());
  const auto with = [&](std::uint8_t content) {
    act.intake.content = content;
    return judged(world, act);
  };
  EXPECT_TRUE(is_accepted(with(events::content_checked)));
  EXPECT_TRUE(is_refused(with(0), Rule::v01_name));
  EXPECT_TRUE(
      is_refused(with(events::content_checked | events::content_name_invalid), Rule::v01_name));
  EXPECT_TRUE(is_refused(with(events::content_checked | events::content_birth_invalid),
                         Rule::v02_birth_date));
  EXPECT_TRUE(
      is_refused(with(events::content_checked | events::content_unreadable), Rule::v70_text));
  const events::Verdict doubtful =
      with(events::content_checked | events::content_id_number_doubtful);
  EXPECT_TRUE(is_accepted(doubtful, events::flag_id_number_doubtful));
  EXPECT_EQ(doubtful.rule, Rule::v20_id_number);
}

// The second dossier of one person would count twice; two honest officers would call each other
// liars.
TEST_F(Guards, V23TheSecondDossierIsRefusedWhenTheFirstWasSeenAndHeldWhenNot) {
  const events::EventId subject = world.state().dossiers().find(dossier)->subject.id;
  const events::Position opened_at = world.state().dossiers().find(dossier)->opened_at;
  Act again = by(here().entrant, world.an_opening(events::PersonId{subject}, 0));
  again.chain = here().devices[1];
  EXPECT_TRUE(is_refused(judged(world, again), Rule::v23_one_dossier));
  again.seen = events::Position{opened_at.value - 1};
  EXPECT_TRUE(is_held(judged(world, again), events::HoldReason::conflict, Rule::v23_one_dossier));
  again.chain = here().devices[0];
  EXPECT_TRUE(is_refused(judged(world, again), Rule::v23_one_dossier)) << "its own first";

  again.chain = here().devices[1];
  const auto& held = world.append(again);
  const Act release{.chain = here().devices[1],
                    .by = here().clerk,
                    .payload = events::HoldReleased{held.position(), test_support::a_release()},
                    .stream = held.stored.event.header.stream};
  EXPECT_TRUE(is_refused(judged(world, release), Rule::v23_one_dossier)) << "both would count";

  world.append(by(here().entrant, events::DossierWithdrawn{}, dossier));
  EXPECT_TRUE(is_accepted(judged(world, release))) << "the first was withdrawn";
}

// An officer would register people who never agreed (law 91/2025).
TEST_F(Guards, V30NobodyIsRegisteredWithoutConsentOrLaw) {
  const events::DossierId draft = world.open_dossier(0);
  const auto verdict = [&](const events::DossierRegistered& registration) {
    return answer(here().entrant, registration, draft);
  };
  events::DossierRegistered good = World::a_registration();
  EXPECT_TRUE(is_accepted(verdict(good)));
  events::DossierRegistered registration = good;
  registration.consent_purposes = events::consent_statistics;
  EXPECT_TRUE(is_refused(verdict(registration), Rule::v30_consent));
  registration = good;
  registration.basis = events::LawfulBasis::none;
  EXPECT_TRUE(is_refused(verdict(registration), Rule::v30_consent));
  registration.basis = static_cast<events::LawfulBasis>(5);
  EXPECT_TRUE(is_refused(verdict(registration), Rule::v30_consent));
  registration = good;
  registration.private_digest.reset();
  EXPECT_TRUE(is_refused(verdict(registration), Rule::v30_consent)) << "a proxy without a name";
  registration.proxy = events::ProxyReason::none;
  EXPECT_TRUE(is_accepted(verdict(registration)));
  registration.confirmation = static_cast<events::Confirmation>(6);
  EXPECT_TRUE(is_refused(verdict(registration), Rule::o_value));
}

// Papers would be sighted before they were written.
TEST_F(Guards, V42EvidenceIsNotYoungerThanItsSighting) {
  events::EvidenceSighted sighting = World::a_sighting();
  sighting.document_day = world.today();
  EXPECT_TRUE(is_accepted(answer(here().entrant, sighting, dossier)));
  ++sighting.document_day.value;
  EXPECT_TRUE(is_refused(answer(here().entrant, sighting, dossier), Rule::v42_sighted));
  sighting = World::a_sighting();
  sighting.indicators = 1U << 10U;
  EXPECT_TRUE(is_refused(answer(here().entrant, sighting, dossier), Rule::v10_indicators));
}

// A phone would be promised that its film of 2 GB travels, and the line would never be free again.
TEST_F(Guards, V40EvidenceFilesAreSmallAndOfAKnownType) {
  events::EvidenceAttached attachment = World::an_attachment();
  EXPECT_TRUE(is_accepted(answer(here().entrant, attachment, dossier)));
  attachment.original.size = events::original_bytes_max;
  EXPECT_TRUE(is_accepted(answer(here().entrant, attachment, dossier)));
  for (const std::uint32_t size : {0U, events::original_bytes_max + 1}) {
    attachment.original.size = size;
    EXPECT_TRUE(is_refused(answer(here().entrant, attachment, dossier), Rule::v40_evidence_file));
  }
  for (const std::uint32_t size : {0U, events::thumbnail_bytes_max + 1}) {
    attachment = World::an_attachment();
    attachment.thumbnail->size = size;
    EXPECT_TRUE(is_refused(answer(here().entrant, attachment, dossier), Rule::v40_evidence_file));
  }
  attachment = World::an_attachment();
  attachment.original.media = events::MediaType{4};
  EXPECT_TRUE(is_refused(answer(here().entrant, attachment, dossier), Rule::o_value));
  attachment = World::an_attachment();
  attachment.thumbnail.reset();
  EXPECT_TRUE(is_accepted(answer(here().entrant, attachment, dossier)));
  attachment.indicators = 1U << 10U;
  EXPECT_TRUE(is_refused(answer(here().entrant, attachment, dossier), Rule::v10_indicators));
}

// Evidence that came after the decision would seem to have carried it (SC2).
TEST_F(Guards, EvidenceAfterTheDecisionIsMarkedAndChangesNothing) {
  world.assess(0, dossier);
  world.review(0, {dossier});
  world.submit(0, {dossier});
  world.appraise(0, {dossier});
  world.grant_title(0, {dossier});
  const auto& sighted = world.append(by(here().branch_head, World::a_sighting(), dossier));
  EXPECT_TRUE(is_accepted(sighted.verdict(), events::flag_after_decision));
  const Dossier* const row = world.state().dossiers().find(dossier);
  EXPECT_EQ(row->state, events::DossierState::recognized);
  EXPECT_EQ(row->evidence_count, 1);
}

// A list would be signed whose number of rows is not what was counted.
TEST_F(Guards, V50ListsAreCountedAndNameEachRowOnce) {
  const events::DossierId other = world.register_citizen(0);
  const auto verdict = [&](const events::ListSubmitted& list) {
    return answer(here().chair, list);
  };
  events::ListSubmitted list = world.a_list(0, {dossier, other});
  list.total = 3;
  EXPECT_TRUE(is_refused(verdict(list), Rule::v50_list));
  EXPECT_TRUE(is_refused(verdict(world.a_list(0, {dossier, other, dossier})), Rule::v50_list));
  EXPECT_TRUE(is_refused(verdict(world.a_list(0, {})), Rule::v50_list));
  const events::DossierId unknown{events::EventId{here().devices[0], 9'000}};
  EXPECT_TRUE(is_refused(verdict(world.a_list(0, {dossier, unknown})), Rule::o_unknown_thing));
  const events::DossierId elsewhere = world.register_citizen(1);
  EXPECT_TRUE(is_refused(verdict(world.a_list(0, {elsewhere})), Rule::o_unknown_thing));
}

// A decision would stand as if all its rows were ready, and nobody would look again.
TEST_F(Guards, V51ListsThatDifferSayByHowMuch) {
  const events::DossierId ready = world.register_citizen(0);
  world.assess(0, ready);
  world.review(0, {ready});
  const events::Verdict list = answer(here().chair, world.a_list(0, {dossier, ready}));
  EXPECT_TRUE(is_accepted(list, events::flag_list_differs));
  EXPECT_EQ(list.rule, Rule::v50_list);
  world.submit(0, {ready});
  world.appraise(0, {ready});
  const events::Verdict decision = answer(here().signer, world.a_decision(0, {dossier, ready}));
  EXPECT_TRUE(is_accepted(decision, events::flag_list_differs));
  EXPECT_EQ(decision.rule, Rule::v51_decision_list);
  EXPECT_EQ(decision.parameters, (std::vector<std::int64_t>{1, 2}));
  EXPECT_TRUE(is_accepted(answer(here().signer, world.a_decision(0, {ready}))));
}

// Two decisions with one number would lie in the archive.
TEST_F(Guards, V60NumbersAreUsedOnce) {
  const events::DecisionIssued first = world.a_decision(0, {dossier});
  world.append(by(here().signer, first));
  EXPECT_TRUE(is_refused(answer(here().signer, first), Rule::v60_document_number));
  Act elsewhere = by(here().signer, first);
  elsewhere.chain = here().devices[1];
  EXPECT_TRUE(
      is_held(judged(world, elsewhere), events::HoldReason::conflict, Rule::v60_document_number));
  const auto& held = world.append(elsewhere);
  EXPECT_TRUE(is_refused(
      judged(world, {.chain = here().devices[1],
                     .by = here().clerk,
                     .payload = events::HoldReleased{held.position(), test_support::a_release()},
                     .stream = held.stored.event.header.stream}),
      Rule::v60_document_number));

  events::DecisionIssued decision = first;
  decision.number = 0;
  EXPECT_TRUE(is_refused(answer(here().signer, decision), Rule::v60_document_number));
  decision.number = 2;
  decision.year = 2020;
  EXPECT_TRUE(is_refused(answer(here().signer, decision), Rule::v60_document_number));
  decision = first;
  decision.issuer = here().association;
  EXPECT_TRUE(is_accepted(answer(here().signer, decision), events::flag_list_differs))
      << "each issuer has a register of its own";
}

// A decision would be dated into a future in which its signer may no longer sign.
TEST_F(Guards, V61DecisionsAreNotPostdated) {
  Act act = by(here().signer, world.a_decision(0, {dossier}));
  act.business_day = events::Day{world.today().value + 1};
  EXPECT_TRUE(is_accepted(judged(world, act), events::flag_list_differs));
  act.business_day = events::Day{world.today().value + 2};
  EXPECT_TRUE(is_refused(judged(world, act), Rule::v61_issue_date));
}

// The meeting's paper would say something else than the dossier.
TEST_F(Guards, T09ReviewsStandInTheMinutesOfTheirChair) {
  world.assess(0, dossier);
  const events::DossierId other = world.register_citizen(0);
  const events::MeetingId minutes{
      world.append(by(here().branch_head, world.a_meeting(0, {dossier}))).id()};
  const auto verdict = [&](events::MeetingId meeting, events::ReviewConclusion conclusion,
                           const Officer& officer) {
    return answer(officer, events::DossierReviewed{meeting, conclusion}, dossier);
  };
  using enum events::ReviewConclusion;
  EXPECT_TRUE(is_accepted(verdict(minutes, proposed, here().branch_head)));
  EXPECT_TRUE(is_refused(verdict(minutes, not_proposed, here().branch_head), Rule::t09_minutes));
  const events::MeetingId without{
      world.append(by(here().branch_head, world.a_meeting(0, {other}))).id()};
  EXPECT_TRUE(is_refused(verdict(without, proposed, here().branch_head), Rule::t09_minutes));
  const Officer second = world.hire(events::Role::branch_head, here().unit, here().unit);
  const events::ChainNumber device = world.enrol({second.person}, "Máy thứ hai");
  Act act = by(second, events::DossierReviewed{minutes, proposed}, dossier);
  act.chain = device;
  EXPECT_TRUE(is_refused(judged(world, act), Rule::t09_minutes));
  events::ReviewHeld crowded = world.a_meeting(0, {dossier});
  crowded.entries[0].agree = crowded.present;
  EXPECT_TRUE(is_refused(answer(here().branch_head, crowded), Rule::t09_minutes));
}

// The council would recognise who fails, or fail who passes (V13).
TEST_F(Guards, V13TheOutcomeIsThatOfTheCriteria) {
  world.assess(0, dossier, 65);
  world.review(0, {dossier});
  world.submit(0, {dossier});
  events::DossierAppraised appraisal = world.an_appraisal(dossier);
  EXPECT_EQ(appraisal.outcome, events::AppraisalOutcome::not_qualified);
  EXPECT_TRUE(is_accepted(answer(here().appraiser, appraisal, dossier)));
  appraisal.outcome = events::AppraisalOutcome::qualified;
  EXPECT_TRUE(is_refused(answer(here().appraiser, appraisal, dossier), Rule::v13_outcome));
  appraisal.total_tenths += 100;
  EXPECT_TRUE(is_refused(answer(here().appraiser, appraisal, dossier), Rule::v12_total));
}

// A label or a legal basis with an escape sequence would reach the screens of a whole province.
TEST_F(Guards, V70TextsAreTexts) {
  const auto parameters = [](events::TextFault fault, std::int64_t bytes, std::int64_t limit) {
    return std::vector<std::int64_t>{static_cast<std::int64_t>(fault), bytes, limit};
  };
  events::ListSubmitted list;
  list.issuer = here().association;
  list.number = "12\u202e";
  const events::Verdict verdict = answer(here().chair, list);
  EXPECT_TRUE(is_refused(verdict, Rule::v70_text));
  EXPECT_EQ(verdict.parameters, parameters(events::TextFault::characters, 5, 64));
  list.number = "Lo\u0300";
  EXPECT_EQ(answer(here().chair, list).parameters, parameters(events::TextFault::form, 4, 64));
}

// A note, minutes or a proxy that nobody can read would be official without words.
TEST_F(Guards, V70RecordsOfEveryKindAreReadable) {
  Act act = by(here().entrant, events::DossierWithdrawn{}, dossier);
  const auto with = [&](std::uint8_t content) {
    act.intake.content = events::content_checked | content;
    return judged(world, act);
  };
  EXPECT_FALSE(is_refused(with(0), Rule::v70_text));
  for (const std::uint8_t bit :
       {events::content_unreadable, events::content_text_invalid, events::content_text_missing}) {
    EXPECT_TRUE(is_refused(with(bit), Rule::v70_text)) << int{bit};
  }
}

}  // namespace
}  // namespace projections
