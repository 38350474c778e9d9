#include "clients/core/acts/evidence.h"

#include "clients/core/acts/score.h"
#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

TEST(Evidence, NamesIndicatorsByTheirCodes) {
  ActWorld scene;
  const DossierId dossier = register_and_accept(scene);
  const auto sheet = acts::sheet_of(scene.world.state(), dossier);
  ASSERT_TRUE(sheet);
  const std::vector<std::string> codes{sheet->content->indicators[0].code,
                                       sheet->content->indicators[2].code};
  EXPECT_EQ(*acts::indicators_named(scene.world.state(), dossier, codes), 5U);
  EXPECT_EQ(*acts::indicators_named(scene.world.state(), dossier, {}), 0U);
  const std::vector<std::string> unknown{"Z9"};
  EXPECT_TRUE(fails(acts::indicators_named(scene.world.state(), dossier, unknown),
                    ErrorCode::invalid_argument, "“Z9”"));
  EXPECT_TRUE(fails(
      acts::indicators_named(scene.world.state(), DossierId{EventId{ChainNumber{9}, 9}}, codes),
      ErrorCode::not_found, "9.9"));
}

TEST(Evidence, ReadsADayOnAPaper) {
  EXPECT_EQ(*acts::read_document_day(""), Day{});
  EXPECT_EQ(*acts::read_document_day("15/01/2021"), day_of({2021, 1, 15}));
  for (const char* typed : {"hôm qua", "32/01/2021", "15/01/1021"}) {
    EXPECT_TRUE(fails(acts::read_document_day(typed), ErrorCode::invalid_argument, typed));
  }
}

TEST(Evidence, AttachesAFileWithWhatThePaperSays) {
  ActWorld scene;
  const DossierId dossier = register_and_accept(scene);
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().branch_head);
  const acts::EvidenceFiles files{{sha256(bytes_of("photo")), 5, MediaType::jpeg}, {}};
  acts::Evidence evidence{dossier, EvidenceKind::photo, 1, {}, {"Giấy khen", "Xã", "tại nhà"}};
  ASSERT_TRUE(acts::attach_evidence(draft, now, evidence, files));
  EXPECT_EQ(payload_at<EvidenceAttached>(draft, 0).original, files.original);
  EXPECT_EQ(record_at<EvidenceRecord>(draft, 0).where_kept, "tại nhà");
  evidence.record.issuer = not_utf8;
  EXPECT_TRUE(fails(acts::attach_evidence(draft, now, evidence, files), ErrorCode::invalid_argument,
                    "UTF-8"));
  EXPECT_TRUE(
      fails(acts::sight_evidence(draft, now, evidence), ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 1U);
}

}  // namespace
}  // namespace clients_test
