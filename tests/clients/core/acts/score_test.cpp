#include "clients/core/acts/score.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

TEST(Score, ReadsASheetAndAddsItUp) {
  ActWorld scene;
  const DossierId dossier = register_and_accept(scene);
  const auto sheet = acts::sheet_of(scene.world.state(), dossier);
  ASSERT_TRUE(sheet);
  const std::vector<std::string> typed{sheet->content->indicators[0].code + "=7,5", "rest=8"};
  const auto scores = acts::read_sheet(*sheet, typed);
  ASSERT_TRUE(scores);
  acts::Draft draft = scene.draft(scene.hamlet());
  acts::record_scores(draft, scene.today(scene.commune().entrant), dossier, *scores);
  const auto& recorded = payload_at<SelfAssessmentRecorded>(draft, 0);
  EXPECT_EQ(recorded.criteria, scene.world.citizen_criteria());
  EXPECT_EQ(recorded.total_tenths, 75 + 80 * (sheet->variant->indicators.size() - 1));
}

TEST(Score, RefusesASheetThatIsNotTheDossiers) {
  ActWorld scene;
  const DossierId dossier = register_and_accept(scene);
  const auto sheet = acts::sheet_of(scene.world.state(), dossier);
  const std::vector<std::string> one{"8"};
  EXPECT_TRUE(fails(acts::read_sheet(*sheet, one), ErrorCode::invalid_argument, "chỉ số"));
  EXPECT_TRUE(fails(acts::sheet_of(scene.world.state(), DossierId{EventId{ChainNumber{9}, 9}}),
                    ErrorCode::not_found, "9.9"));
  CriteriaPublished placeholder;
  placeholder.code = "DV-1";
  const GroupVariant empty;
  EXPECT_TRUE(fails(acts::read_sheet({{}, &placeholder, &empty}, one), ErrorCode::invalid_argument,
                    "DV-1 chưa có chỉ số nào"));
}

}  // namespace
}  // namespace clients_test
