#include "server/session/summary_feed.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

namespace protocol = events::protocol;
using events::Position;
using events::Timestamp;

constexpr Timestamp noon{1'000'000};
constexpr Timestamp half_a_minute_later{1'030'000};
const events::ReaderScope everything{.whole_log = true, .units = {}};

protocol::Subscribe every_half_minute() {
  protocol::Subscribe wanted;
  wanted.mode = protocol::SummaryMode::totals;
  wanted.interval_seconds = 30;
  return wanted;
}

protocol::Totals counted_at(Position head, std::size_t rows) {
  protocol::Totals totals{head, true, {}};
  totals.rows.resize(rows);
  return totals;
}

// A province that watches its communes costs the server one question in half a minute, however
// busy the last evening of November is.
TEST(SummaryFeed, AsksOnceAnIntervalWhateverHappensInTheLog) {
  SummaryFeed feed;
  feed.begin(every_half_minute());
  ASSERT_TRUE(feed.next_question(everything, Position{10}, noon));
  EXPECT_FALSE(feed.next_question(everything, Position{11}, noon)) << "an answer is under way";
  ASSERT_TRUE(feed.take(counted_at(Position{10}, 2)));
  EXPECT_FALSE(feed.next_question(everything, Position{900}, noon));
  EXPECT_EQ(feed.due(Position{900}), half_a_minute_later);
  const auto next = feed.next_question(everything, Position{900}, half_a_minute_later);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->after, Position{10}) << "it goes on behind what was told";
}

// A quiet log must cost nothing at all.
TEST(SummaryFeed, AsksNothingWhileTheLogStandsStill) {
  SummaryFeed feed;
  feed.begin(every_half_minute());
  feed.next_question(everything, Position{10}, noon);
  feed.take(counted_at(Position{10}, 0));
  EXPECT_FALSE(feed.due(Position{10}));
  EXPECT_TRUE(feed.waits_for_log(Position{10}));
  EXPECT_FALSE(feed.next_question(everything, Position{10}, half_a_minute_later));
}

// A clock that was days ahead for an hour would have silenced every subscription for days.
TEST(SummaryFeed, GoesOnWhenTheClockWasSetBack) {
  SummaryFeed feed;
  feed.begin(every_half_minute());
  const events::Timestamp ahead{noon.value + 2 * events::milliseconds_per_day};
  ASSERT_TRUE(feed.next_question(everything, Position{10}, ahead));
  ASSERT_TRUE(feed.take(counted_at(Position{10}, 2)));
  EXPECT_TRUE(feed.next_question(everything, Position{11}, noon));
  ASSERT_TRUE(feed.take(counted_at(Position{11}, 2)));
  EXPECT_FALSE(feed.next_question(everything, Position{12}, noon)) << "the interval holds as ever";
}

// Whoever opens the screen of an empty unit must not wait for ever.
TEST(SummaryFeed, AnswersTheFirstQuestionAlsoWithNothing) {
  SummaryFeed feed;
  feed.begin(every_half_minute());
  feed.next_question(everything, Position{10}, noon);
  EXPECT_TRUE(feed.take(counted_at(Position{10}, 0)));
  feed.next_question(everything, Position{20}, half_a_minute_later);
  EXPECT_FALSE(feed.take(counted_at(Position{20}, 0)));
}

// A large province needs several frames; they must not take half a minute each.
TEST(SummaryFeed, AsksOnAtOnceWhenAnAnswerDidNotReachTheHead) {
  SummaryFeed feed;
  feed.begin(every_half_minute());
  feed.next_question(everything, Position{10}, noon);
  protocol::Totals part = counted_at(Position{4}, 256);
  part.caught_up = false;
  ASSERT_TRUE(feed.take(part));
  const auto next = feed.next_question(everything, Position{10}, noon);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->after, Position{4});
}

// The views follow the log: what they had not taken in yet must not wait for the next commit.
TEST(SummaryFeed, AsksAgainWhenTheViewsWereBehindTheLog) {
  SummaryFeed feed;
  feed.begin(every_half_minute());
  feed.next_question(everything, Position{10}, noon);
  ASSERT_TRUE(feed.take(counted_at(Position{9}, 1)));
  EXPECT_EQ(feed.due(Position{10}), half_a_minute_later);
  const auto next = feed.next_question(everything, Position{10}, half_a_minute_later);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->after, Position{9});
}

// An answer that was under way when nobody wanted it any more is not sent.
TEST(SummaryFeed, SaysNothingAfterItsEnd) {
  SummaryFeed feed;
  feed.begin(every_half_minute());
  feed.next_question(everything, Position{10}, noon);
  feed.end();
  EXPECT_FALSE(feed.take(counted_at(Position{10}, 2)));
  EXPECT_FALSE(feed.due(Position{99}));
}

}  // namespace
}  // namespace server::test
