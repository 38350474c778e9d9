#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

// What follows from a score sheet: reasons that must not contradict it (T18), a new one before the
// review (T07), and what people are told about it.

namespace projections {
namespace {

using events::NotRecognizedReason;
using events::Rule;
using test_support::Act;
using test_support::is_accepted;
using test_support::is_refused;
using test_support::judged;
using test_support::Officer;
using test_support::World;

class Sheets : public ::testing::Test {
 protected:
  const test_support::CommuneWorld& here() const { return world.commune(0); }
  Act act(const Officer& by, events::Payload payload) const {
    return {.chain = here().devices[0],
            .by = by,
            .payload = std::move(payload),
            .stream = test_support::stream_of(dossier)};
  }
  Act refusal(std::vector<NotRecognizedReason> reasons) const {
    return act(here().chair, events::DossierNotRecognized{std::move(reasons)});
  }
  void assess(const events::SelfAssessmentRecorded& sheet) {
    world.append(act(here().entrant, sheet));
  }
  void appraise() {
    world.review(0, {dossier});
    world.submit(0, {dossier});
    world.appraise(0, {dossier});
  }
  const Dossier& row() const { return *world.state().dossiers().find(dossier); }
  void SetUp() override {
    dossier = world.open_dossier(0);
    world.register_dossier(0, dossier);
    world.accept_registration(0, dossier);
  }

  World world;
  events::DossierId dossier;
};

// Nine people at 79,5 of 80 points were refused for a score below the least, which none of them
// had.
TEST_F(Sheets, T18NoReasonContradictsTheSheet) {
  world.assess(0, dossier, 65);  // Ten indicators of 6,5: 65 of 70 points, none below 5.
  appraise();
  ASSERT_EQ(row().outcome, events::AppraisalOutcome::not_qualified);
  const events::Verdict verdict = judged(world, refusal({NotRecognizedReason::below_floor}));
  EXPECT_TRUE(is_refused(verdict, Rule::t18_reason));
  EXPECT_EQ(verdict.parameters, (std::vector<std::int64_t>{
                                    static_cast<int>(NotRecognizedReason::below_floor), 650, 700}));
  EXPECT_TRUE(
      is_refused(judged(world, refusal({NotRecognizedReason::not_proposed})), Rule::t18_reason));
  EXPECT_TRUE(is_refused(
      judged(world, refusal({NotRecognizedReason::below_total, NotRecognizedReason::below_floor})),
      Rule::t18_reason));
  EXPECT_TRUE(is_accepted(judged(world, refusal({NotRecognizedReason::below_total}))));
  EXPECT_TRUE(is_accepted(judged(world, refusal({NotRecognizedReason::disqualified}))));
}

TEST_F(Sheets, T18AScoreBelowTheLeastIsNotATotalBelow) {
  events::SelfAssessmentRecorded sheet = world.a_sheet(100);
  sheet.scores_tenths[0] = 40;
  sheet.total_tenths = 940;
  assess(sheet);
  appraise();
  ASSERT_EQ(row().outcome, events::AppraisalOutcome::not_qualified);
  EXPECT_TRUE(
      is_refused(judged(world, refusal({NotRecognizedReason::below_total})), Rule::t18_reason));
  EXPECT_TRUE(is_accepted(judged(world, refusal({NotRecognizedReason::below_floor}))));
}

TEST_F(Sheets, T10TheMeetingsNoIsAReasonOfItsOwn) {
  world.assess(0, dossier, 90);
  world.review(0, {dossier}, events::ReviewConclusion::not_proposed);
  EXPECT_TRUE(
      is_refused(judged(world, refusal({NotRecognizedReason::below_total})), Rule::t18_reason));
  EXPECT_TRUE(is_accepted(judged(world, refusal({NotRecognizedReason::not_proposed}))));
}

// A slip in a sheet could be put right by nobody: the dossier went to the meeting with it.
TEST_F(Sheets, T07ANewSheetBeforeTheReviewTakesTheOldOnesPlace) {
  world.assess(0, dossier, 65);
  EXPECT_TRUE(row().below_total);
  ASSERT_TRUE(is_accepted(judged(world, act(here().entrant, world.a_sheet(85)))));
  assess(world.a_sheet(85));
  EXPECT_EQ(row().state, events::DossierState::self_assessed);
  EXPECT_EQ(row().total_tenths, 850);
  EXPECT_TRUE(row().sheet_passes);
  EXPECT_FALSE(row().below_total);
  world.review(0, {dossier});
  EXPECT_TRUE(is_refused(judged(world, act(here().entrant, world.a_sheet(90))), Rule::t_step))
      << "the meeting decided about this sheet";
}

TEST_F(Sheets, SayWhatTheyMissInNumbers) {
  EXPECT_EQ(sheet_result_vi(row(), world.state().rulebook()), "");
  world.assess(0, dossier, 65);
  EXPECT_EQ(sheet_result_vi(row(), world.state().rulebook()), "không đủ (65 < 70)");
  events::SelfAssessmentRecorded sheet = world.a_sheet(65);
  sheet.scores_tenths[2] = 45;
  sheet.total_tenths = 630;
  assess(sheet);
  const auto [criteria, variant] = criteria_of(row(), world.state().rulebook());
  const std::string code = criteria->content.indicators[variant->indicators[2]].code;
  EXPECT_EQ(missed_vi(row(), world.state().rulebook(), sheet.scores_tenths),
            "63 < 70, " + code + " 4,5 < 5");
  EXPECT_EQ(missed_vi(row(), world.state().rulebook()), "63 < 70, có chỉ số dưới 5");
  EXPECT_NE(sheet_vi(criteria->content, *variant, sheet.scores_tenths)
                .find("tổng 63, cần 70: không đủ (63 < 70"),
            std::string::npos);
  assess(world.a_sheet(90));
  EXPECT_EQ(sheet_result_vi(row(), world.state().rulebook()), "đủ (90 ≥ 70)");
}

// Silence is not a vote.
TEST_F(Sheets, VotesThatWereNotCountedAreNotInvented) {
  EXPECT_EQ(votes_vi({dossier, events::ReviewConclusion::proposed, 0, 0}), "không ghi phiếu");
  EXPECT_EQ(votes_vi({dossier, events::ReviewConclusion::proposed, 30, 2}), "30/2 phiếu");
  events::ReviewHeld minutes = world.a_meeting(0, {dossier});
  world.assess(0, dossier);
  for (events::ReviewEntry& entry : minutes.entries) entry.agree = entry.disagree = 0;
  Act held = act(here().branch_head, minutes);
  held.stream = {};
  EXPECT_TRUE(is_accepted(judged(world, held)));
  minutes.invited = static_cast<std::uint16_t>(minutes.present - 1);
  held.payload = minutes;
  EXPECT_TRUE(is_refused(judged(world, held), Rule::t09_minutes)) << "more came than were asked";
  minutes.invited = 0;
  held.payload = minutes;
  EXPECT_TRUE(is_accepted(judged(world, held))) << "the minutes do not say";
}

}  // namespace
}  // namespace projections
