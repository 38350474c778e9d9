#include "clients/core/acts/submit.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

TEST(Submit, CountsTheListAndSendsEachDossier) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.office());
  const acts::Occasion now = scene.today(scene.commune().chair);
  const std::vector<DossierId> two{DossierId{EventId{ChainNumber{7}, 1}},
                                   DossierId{EventId{ChainNumber{7}, 2}}};
  const auto list = acts::submit(draft, now, {scene.commune().association, "05/TTr-HKH", two});
  ASSERT_TRUE(list);
  EXPECT_EQ(payload_at<ListSubmitted>(draft, 0).total, 2);
  EXPECT_EQ(payload_at<DossierSubmitted>(draft, 2).list, *list);
  EXPECT_TRUE(fails(acts::submit(draft, now, {scene.commune().association, not_utf8, two}),
                    ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 3U);
}

}  // namespace
}  // namespace clients_test
