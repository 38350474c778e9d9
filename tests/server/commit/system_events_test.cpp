#include "events/protocol/scope_messages.h"
#include "server/commit/recovery.h"
#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

#include <vector>

// What the server says by itself, when its clock or a peer makes the rules refuse it.

namespace server::test {
namespace {

using events::ErrorCode;

constexpr std::uint64_t day = events::milliseconds_per_day;
constexpr const char* code = "ABCDEFGHJKMNPQRS";

events::ScopePurged a_receipt_nobody_signed(const FoundedLog& founded) {
  events::ScopePurged receipt;
  receipt.device = founded.pipeline.state().access().device_of(admin_chain)->id;
  receipt.as_of = events::Position{1};
  return receipt;
}

// The clock was two days ahead for one push and is right again: whoever holds a code that ended in
// between could stop the server, and would at each attempt.
TEST(SystemEvents, EnrolByTheTimeOfReceiptNotByTheClock) {
  FoundedLog founded;
  const events::Timestamp right = founded.now;
  events::EnrolmentOffered offer;
  offer.persons = {founded.administrator};
  offer.code_digest = code_digest_of(code);
  offer.expires = events::Timestamp{right.value + day};
  founded.admin.create(offer, founded.administrator, founded.registrar);
  founded.now = events::Timestamp{right.value + 2 * day};
  ack_of(founded.commit(founded.admin.sign(), founded.admin));

  const events::LogHead head = founded.log.head();
  const auto enrolled = founded.enrolment.enrol(an_enrolment(code, test_support::a_key(5)), right);
  ASSERT_FALSE(enrolled);
  EXPECT_EQ(enrolled.error().code, ErrorCode::enrolment_refused);
  EXPECT_EQ(founded.log.head(), head);
}

// A device whose clock is right would wait for days because the server's was wrong once.
TEST(SystemEvents, ComparesADeviceWithTheClockNotWithTheLastReceipt) {
  FoundedLog founded;
  const events::Timestamp right = founded.now;
  founded.add_commune("Xã Nà Tấu");
  founded.now = events::Timestamp{right.value + 2 * day};
  ack_of(founded.commit(founded.admin.sign(), founded.admin));

  founded.now = right;
  founded.add_commune("Xã Nà Nhạn");
  const auto ack = ack_of(founded.commit(founded.admin.sign(), founded.admin));
  EXPECT_EQ(ack.receipts.at(0).entries.at(0).verdict.code, events::VerdictCode::accepted);
}

// What the rules refuse is the requester's error: the log stays as it was, and the server goes on.
TEST(SystemEvents, RefusedOnesLeaveNothingBehind) {
  FoundedLog founded;
  const events::LogHead head = founded.log.head();
  std::vector<events::Payload> alone;
  alone.emplace_back(a_receipt_nobody_signed(founded));
  const auto refused = founded.pipeline.append_system(std::move(alone), founded.now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_permitted);

  std::vector<events::Payload> second;
  second.emplace_back(events::SealingKeyPublished{});
  second.emplace_back(a_receipt_nobody_signed(founded));
  EXPECT_FALSE(founded.pipeline.append_system(std::move(second), founded.now));
  std::vector<events::Payload> foreign;
  foreign.emplace_back(a_commune("Xã của máy chủ"));
  EXPECT_FALSE(founded.pipeline.append_system(std::move(foreign), founded.now));

  EXPECT_EQ(founded.log.head(), head);
  EXPECT_EQ(founded.pipeline.state().applied(), head.position);
  EXPECT_TRUE(founded.pipeline.healthy());
  founded.add_commune("Xã Nà Tấu");
  const auto ack = ack_of(founded.commit(founded.admin.sign(), founded.admin));
  EXPECT_EQ(ack.receipts.at(0).entries.at(0).verdict.code, events::VerdictCode::accepted);
}

// Views that missed a change, or took one that never was, would show it for ever.
TEST(SystemEvents, WhoFollowsHearsOfEachAppendOnceAndOfNothingRefused) {
  FoundedLog founded;
  projections::State heard;
  std::size_t calls = 0;
  std::vector<events::EventId> ids;
  founded.pipeline.feed_changes([&](Changes changes) {
    ++calls;
    heard = std::move(changes.state);
    for (const Change& change : changes.changes) ids.push_back(change.effective().event.id());
  });
  std::vector<events::Payload> second;
  second.emplace_back(events::SealingKeyPublished{});
  second.emplace_back(a_receipt_nobody_signed(founded));
  EXPECT_FALSE(founded.pipeline.append_system(std::move(second), founded.now));
  EXPECT_EQ(calls, 0U);
  const events::UnitId first = founded.add_commune("Xã Nà Tấu");
  ack_of(founded.commit(founded.admin.sign(), founded.admin));
  EXPECT_EQ(calls, 1U);
  EXPECT_EQ(heard.applied(), founded.log.head().position);
  EXPECT_EQ(events::encode(heard), events::encode(founded.pipeline.state()));
  const events::UnitId other = founded.add_commune("Xã Nà Nhạn");
  ack_of(founded.commit(founded.admin.sign(), founded.admin));
  EXPECT_EQ(calls, 2U);
  EXPECT_EQ(ids, (std::vector<events::EventId>{first.event, other.event}));
  EXPECT_EQ(heard.applied(), founded.log.head().position);
}

}  // namespace
}  // namespace server::test
