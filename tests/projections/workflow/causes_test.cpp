#include "projections/workflow/cause_texts.h"
#include "projections/workflow/rule_causes.h"
#include "projections/workflow/texts.h"
#include "projections/workflow/verdict_causes.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace projections {
namespace {

using events::Rule;
using events::RuleCause;
using test_support::Act;
using test_support::judged;
using test_support::Officer;
using test_support::World;

/// A world with one registered and accepted citizen in commune 0, and what was found so far.
class Causes : public ::testing::Test {
 protected:
  const test_support::CommuneWorld& here() const { return world.commune(0); }

  Act by(const Officer& officer, events::Payload payload,
         std::optional<events::DossierId> about = std::nullopt) const {
    Act act{.chain = here().devices[0], .by = officer, .payload = std::move(payload)};
    if (about) act.stream = test_support::stream_of(*about);
    return act;
  }

  /// The judge names the cause, and its sentence is one of its own.
  void expect(const Act& act, Rule rule, std::string_view word) {
    const events::Verdict verdict = judged(world, act);
    EXPECT_EQ(verdict.rule, rule);
    EXPECT_EQ(cause_word(verdict), word);
    const std::string sentence = message(verdict);
    EXPECT_EQ(sentence.find("hoặc"), std::string::npos) << sentence;
    EXPECT_TRUE(sentences.insert(sentence).second) << "twice: " << sentence;
  }

  World world;
  events::DossierId dossier = world.register_citizen(0);
  std::set<std::string> sentences;
};

// "Hoặc … hoặc" leaves the officer to guess which line of the sheet or list to put right.
TEST_F(Causes, OfSheetsAndLists) {
  events::SelfAssessmentRecorded sheet = world.a_sheet();
  sheet.scores_tenths[3] = 105;
  expect(by(here().entrant, sheet, dossier), Rule::v11_score_range, "score_above_max");
  sheet.scores_tenths[3] = 73;
  expect(by(here().entrant, sheet, dossier), Rule::v11_score_range, "score_off_step");
  sheet = world.a_sheet();
  sheet.criteria = events::CriteriaId{world.family_cycle().event};
  expect(by(here().entrant, sheet, dossier), Rule::v14_criteria, "criteria_of_other_round");

  events::ListSubmitted list = world.a_list(0, {dossier});
  expect(by(here().chair, list), Rule::v50_list, "list_rows_not_ready");
  list.total = 3;
  expect(by(here().chair, list), Rule::v50_list, "list_count_differs");
  expect(by(here().chair, world.a_list(0, {dossier, dossier})), Rule::v50_list, "list_row_twice");
  expect(by(here().chair, world.a_list(0, {})), Rule::v50_list, "list_empty");
}

TEST_F(Causes, OfDecisionsAndMinutes) {
  const events::DecisionIssued first = world.a_decision(0, {dossier});
  world.append(by(here().signer, first));
  expect(by(here().signer, first), Rule::v60_document_number, "number_taken");
  events::DecisionIssued decision = first;
  decision.number = 0;
  expect(by(here().signer, decision), Rule::v60_document_number, "number_below_one");
  decision.number = 2;
  decision.year = 2020;
  expect(by(here().signer, decision), Rule::v60_document_number, "number_of_other_year");

  world.assess(0, dossier);
  const events::DossierId other = world.register_citizen(0);
  const auto minutes_of = [&](events::DossierId row) {
    return events::MeetingId{world.append(by(here().branch_head, world.a_meeting(0, {row}))).id()};
  };
  using enum events::ReviewConclusion;
  const events::DossierReviewed differing{minutes_of(dossier), not_proposed};
  expect(by(here().branch_head, differing, dossier), Rule::t09_minutes, "conclusion_differs");
  const events::DossierReviewed lacking{minutes_of(other), proposed};
  expect(by(here().branch_head, lacking, dossier), Rule::t09_minutes, "not_in_minutes");
  events::ReviewHeld meeting = world.a_meeting(0, {dossier});
  meeting.entries[0].agree = meeting.present;
  expect(by(here().branch_head, meeting), Rule::t09_minutes, "votes_above_present");
}

TEST_F(Causes, OfConsentAndFields) {
  const events::DossierId draft = world.open_dossier(0);
  events::DossierRegistered registration = World::a_registration();
  registration.consent_purposes = events::consent_statistics;
  expect(by(here().entrant, registration, draft), Rule::v30_consent, "consent_missing");
  registration.basis = events::LawfulBasis::none;
  expect(by(here().entrant, registration, draft), Rule::v30_consent, "basis_unknown");
  registration = World::a_registration();
  registration.private_digest.reset();
  expect(by(here().entrant, registration, draft), Rule::v30_consent, "proxy_unnamed");
  registration = World::a_registration();
  registration.confirmation = static_cast<events::Confirmation>(6);
  expect(by(here().entrant, registration, draft), Rule::o_value, "field_registration");
  events::EvidenceAttached attachment = World::an_attachment();
  attachment.original.media = events::MediaType{4};
  expect(by(here().entrant, attachment, dossier), Rule::o_value, "field_media_type");
}

// "Not given, over or another person's" sends people to the wrong office.
TEST_F(Causes, OfRights) {
  const events::PersonId citizen = world.introduce(here().hamlets[0]);
  Act act = by(here().entrant, world.an_opening(citizen, 0));
  act.by.grant = here().branch_head.grant;
  expect(act, Rule::a_grant, "grant_of_another");
  act = by(here().entrant, world.an_opening(citizen, 0));
  world.revoke(here().entrant, world.today());
  expect(act, Rule::a_grant, "grant_revoked");
}

// A cause without words would be shown as its rule's general sentence.
TEST(CauseTexts, NameEachCauseOnce) {
  std::set<RuleCause> causes;
  for (const CauseText& text : all_cause_texts()) {
    EXPECT_TRUE(causes.insert(text.cause).second) << text.word;
    EXPECT_EQ(text.message.find("hoặc"), std::string_view::npos) << text.message;
    EXPECT_FALSE(text.remedy.empty()) << text.word;
  }
  EXPECT_EQ(causes.size(), 65U);
}

}  // namespace
}  // namespace projections
