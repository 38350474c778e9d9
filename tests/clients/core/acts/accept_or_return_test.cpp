#include "clients/core/acts/accept_or_return.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

TEST(AcceptOrReturn, KeepsANoteOnlyWhereThereIsOne) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().entrant);
  const DossierId dossier{EventId{ChainNumber{7}, 1}};
  ASSERT_TRUE(acts::resubmit(draft, now, dossier, ""));
  EXPECT_FALSE(draft.requests().at(0).fields);
  ASSERT_TRUE(acts::withdraw(draft, now, dossier, "chuyển nơi ở"));
  EXPECT_EQ(record_at<NoteRecord>(draft, 1).text, "chuyển nơi ở");
  for (const auto act : {acts::resubmit, acts::withdraw}) {
    EXPECT_TRUE(fails(act(draft, now, dossier, not_utf8), ErrorCode::invalid_argument, "UTF-8"));
  }
  EXPECT_TRUE(fails(acts::return_dossier(draft, now, {dossier, {}, {}, not_utf8}),
                    ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 2U);
}

}  // namespace
}  // namespace clients_test
