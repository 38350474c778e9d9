#include "clients/core/acts/decide.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

TEST(Decide, TakesTheYearOfItsDay) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.office());
  const DossierId dossier{EventId{ChainNumber{7}, 1}};
  const acts::Occasion in_2019{scene.commune().signer.person, [] {
                                 return acts::Stamp{day_of({2019, 12, 31}), {}};
                               }};
  const acts::Recognition wanted{
      scene.commune().committee, 12, " QĐ-UBND ", SigningCapacity::kt, {dossier}};
  const auto decision = acts::recognise(draft, in_2019, wanted);
  ASSERT_TRUE(decision);
  EXPECT_EQ(payload_at<DecisionIssued>(draft, 0).year, 2019);
  EXPECT_EQ(payload_at<DecisionIssued>(draft, 0).symbol, "QĐ-UBND");
  EXPECT_EQ(payload_at<TitleGranted>(draft, 1).decision, *decision);
  acts::Recognition wrong = wanted;
  wrong.symbol = not_utf8;
  EXPECT_TRUE(fails(acts::recognise(draft, in_2019, wrong), ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 2U);
}

TEST(Decide, RefusesOnlyForReasonsThatTheSheetAllows) {
  projections::Dossier dossier;
  dossier.state = DossierState::appraised;
  dossier.outcome = AppraisalOutcome::not_qualified;
  dossier.below_total = true;
  EXPECT_TRUE(acts::refuse_step({NotRecognizedReason::below_total}).is_ready(dossier));
  EXPECT_FALSE(acts::refuse_step({NotRecognizedReason::below_floor}).is_ready(dossier));
  EXPECT_TRUE(acts::refuse_step({NotRecognizedReason::below_floor}).is_there(dossier));
  dossier.outcome = AppraisalOutcome::qualified;
  EXPECT_FALSE(acts::refuse_step({NotRecognizedReason::below_total}).is_ready(dossier));
  EXPECT_TRUE(acts::decide_step().is_ready(dossier));

  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.office());
  acts::refuse_title(draft, scene.today(scene.commune().chair), std::span(&dossier.id, 1),
                     {NotRecognizedReason::other});
  EXPECT_EQ(payload_at<DossierNotRecognized>(draft, 0).reasons,
            std::vector{NotRecognizedReason::other});
}

}  // namespace
}  // namespace clients_test
