#include "clients/core/acts/appraise.h"

#include "clients/core/acts/score.h"
#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

TEST(Appraise, FollowsTheSheetAndKnowsNoOtherDossier) {
  ActWorld scene;
  const DossierId dossier = register_and_accept(scene);
  scene.perform(scene.commune().entrant, [&](auto& draft, const auto& now) {
    acts::record_scores(draft, now, dossier, full_marks(scene, dossier));
    return true;
  });
  const auto appraisal = acts::appraisal_of(scene.world.state(), dossier);
  ASSERT_TRUE(appraisal);
  EXPECT_EQ(appraisal->outcome, AppraisalOutcome::qualified);
  EXPECT_EQ(appraisal->total_tenths, 800);
  acts::Draft draft = scene.draft(scene.office());
  const std::vector<DossierId> some{dossier, DossierId{EventId{ChainNumber{9}, 9}}};
  EXPECT_TRUE(fails(acts::appraise(draft, scene.today(scene.commune().appraiser), some),
                    ErrorCode::not_found, "9.9"));
  EXPECT_EQ(draft.size(), 0U) << "all or none";
}

}  // namespace
}  // namespace clients_test
