#include "server/commit/enrolment.h"

#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

using events::ErrorCode;

constexpr const char* clerk_code = "ABCDEFGHJKMNPQRS";

/// The administrator offers a device for herself, on a founded log.
void offer(FoundedLog& founded, events::Timestamp expires) {
  events::EnrolmentOffered offered;
  offered.persons = {founded.administrator};
  offered.code_digest = code_digest_of(clerk_code);
  offered.expires = expires;
  founded.admin.create(offered, founded.administrator, founded.registrar);
  const auto ack = ack_of(founded.commit(founded.admin.sign(), founded.admin));
  ASSERT_EQ(ack.receipts.at(0).entries.at(0).verdict.code, events::VerdictCode::accepted);
}

constexpr events::Timestamp tomorrow{the_morning.value + events::milliseconds_per_day};

TEST(Enrolment, GivesTheNextChainForAnOpenOffer) {
  FoundedLog founded;
  offer(founded, tomorrow);
  const events::SigningKey key = test_support::a_key(5);
  const auto enrolled = founded.enrolment.enrol(an_enrolment(clerk_code, key), founded.now);
  ASSERT_TRUE(enrolled) << enrolled.error().message;
  EXPECT_EQ(enrolled->chain, events::ChainNumber{3});
  EXPECT_EQ(enrolled->log, the_log);
  EXPECT_EQ(enrolled->server_key, founded.pipeline.server_key());
  ASSERT_TRUE(founded.pipeline.admit(enrolled->chain, founded.now));
  TestDevice clerk(enrolled->chain, 5);
  EXPECT_EQ(founded.pipeline.admit(enrolled->chain, founded.now)->head.hash, clerk.head());
}

// The answer was lost on a bad line: the officer types the code again, and it must still work for
// this device and for no other.
TEST(Enrolment, AnswersTheSameKeyAgainAndRefusesAnother) {
  FoundedLog founded;
  offer(founded, tomorrow);
  const auto request = an_enrolment(clerk_code, test_support::a_key(5));
  const auto first = founded.enrolment.enrol(request, founded.now);
  const events::LogHead head = founded.log.head();
  const auto again = founded.enrolment.enrol(request, founded.now);
  ASSERT_TRUE(first);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->chain, first->chain);
  EXPECT_EQ(again->device, first->device);
  EXPECT_EQ(founded.log.head(), head);

  const auto thief =
      founded.enrolment.enrol(an_enrolment(clerk_code, test_support::a_key(6)), founded.now);
  EXPECT_EQ(thief.error().code, ErrorCode::enrolment_refused);
}

TEST(Enrolment, RefusesAWrongAndAnExpiredCode) {
  FoundedLog founded;
  offer(founded, tomorrow);
  const events::SigningKey key = test_support::a_key(5);
  EXPECT_EQ(
      founded.enrolment.enrol(an_enrolment("0000000000000000", key), founded.now).error().code,
      ErrorCode::enrolment_refused);
  const events::Timestamp too_late{tomorrow.value + 1};
  EXPECT_EQ(founded.enrolment.enrol(an_enrolment(clerk_code, key), too_late).error().code,
            ErrorCode::enrolment_refused);
}

// The founding code is gone once it was used; the founder whose answer was lost must not be locked
// out of the log that she founded.
TEST(Enrolment, AnswersTheFounderAgainAndFoundsOnlyOnce) {
  FoundedLog founded;
  const events::LogHead head = founded.log.head();
  const auto again =
      founded.enrolment.enrol(a_founding_enrolment(founded.admin.key()), founded.now);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->chain, admin_chain);
  const auto usurper =
      founded.enrolment.enrol(a_founding_enrolment(test_support::a_key(9)), founded.now);
  EXPECT_EQ(usurper.error().code, ErrorCode::enrolment_refused);
  EXPECT_EQ(founded.log.head(), head);
}

// Every device lists the labels of all others: one with escape sequences hides or invents rows.
TEST(Enrolment, RefusesLabelsThatNobodyMayPrint) {
  FoundedLog founded;
  offer(founded, tomorrow);
  const events::SigningKey key = test_support::a_key(5);
  events::protocol::Enrol request = an_enrolment(clerk_code, key);
  for (const char* label : {"\x1b]0;x\x07\x1b[2J", "Máy\n1.9 6 Giả", "Máy\u202e", "\xc3"}) {
    request.label = label;
    const auto enrolled = founded.enrolment.enrol(request, founded.now);
    ASSERT_FALSE(enrolled);
    EXPECT_EQ(enrolled.error().code, ErrorCode::enrolment_refused);
    EXPECT_TRUE(enrolled.error().message.starts_with("label: ")) << enrolled.error().message;
  }
  request.label = "Máy tính xã Nà Tấu";
  EXPECT_TRUE(founded.enrolment.enrol(request, founded.now));
}

}  // namespace
}  // namespace server::test
