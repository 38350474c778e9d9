#include "clients/core/acts/review.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

TEST(Review, CountsVotesOnlyOfThoseWhoCame) {
  const DossierId one{EventId{ChainNumber{7}, 1}};
  const DossierId other{EventId{ChainNumber{7}, 2}};
  acts::Meeting meeting;
  EXPECT_TRUE(fails(acts::check_attendance(meeting), ErrorCode::invalid_argument, "--present"));
  meeting.present = 32;
  meeting.invited = 30;
  EXPECT_TRUE(fails(acts::check_attendance(meeting), ErrorCode::invalid_argument, "(30)"));
  meeting.invited = 40;
  EXPECT_TRUE(acts::check_attendance(meeting));
  meeting.entries = {{one, ReviewConclusion::proposed, 0, 0},
                     {other, ReviewConclusion::not_proposed, 0, 0}};
  acts::vote_unanimously(meeting);
  EXPECT_EQ(meeting.entries[0].agree, 32);
  EXPECT_EQ(meeting.entries[1].disagree, 32);
  ASSERT_TRUE(acts::count_votes(meeting, {one, 30, 2, "7.1=30/2"}));
  EXPECT_EQ(meeting.entries[0].disagree, 2);
  EXPECT_TRUE(fails(acts::count_votes(meeting, {one, 30, 3, "7.1=30/3"}),
                    ErrorCode::invalid_argument, "33 phiếu, mà chỉ 32"));
  EXPECT_TRUE(fails(acts::count_votes(meeting, {one, 0, 0, "7.1=0/0"}), ErrorCode::invalid_argument,
                    "không có phiếu nào"));
  const DossierId absent{EventId{ChainNumber{7}, 3}};
  EXPECT_TRUE(fails(acts::count_votes(meeting, {absent, 1, 0, "7.3=1/0"}),
                    ErrorCode::invalid_argument, "không có trong cuộc họp"));
}

TEST(Review, RecordsTheMinutesAndEachConclusion) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().branch_head);
  acts::Meeting meeting;
  EXPECT_TRUE(
      fails(acts::hold_meeting(draft, now, meeting), ErrorCode::invalid_argument, "--present"));
  meeting.present = 3;
  meeting.minutes.place = not_utf8;
  EXPECT_TRUE(fails(acts::hold_meeting(draft, now, meeting), ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 0U);
  meeting.minutes.place = "Nhà văn hóa";
  const DossierId dossier{EventId{ChainNumber{7}, 2}};
  meeting.entries = {{dossier, ReviewConclusion::deferred, 0, 0}};
  const auto held = acts::hold_meeting(draft, now, meeting);
  ASSERT_TRUE(held);
  EXPECT_EQ(record_at<MinutesRecord>(draft, 0).place, "Nhà văn hóa");
  EXPECT_EQ(payload_at<DossierReviewed>(draft, 1).meeting, *held);
  EXPECT_EQ(payload_at<DossierReviewed>(draft, 1).conclusion, ReviewConclusion::deferred);
  EXPECT_EQ(draft.requests().at(1).about, acts::stream_of(dossier));
}

}  // namespace
}  // namespace clients_test
