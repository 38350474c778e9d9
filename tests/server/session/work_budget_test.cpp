#include "server/session/work_budget.h"

#include "events/protocol/file_messages.h"
#include "events/protocol/summary_messages.h"
#include "tests/server/session/session_fixture.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>

namespace server::test {
namespace {

constexpr events::Timestamp noon{1'700'000'000'000};

events::Timestamp after(events::Timestamp begin, std::uint64_t milliseconds) {
  return events::Timestamp{begin.value + milliseconds};
}

TEST(TokenBucket, GivesSoMuchAtOnceThenSoMuchAMinute) {
  TokenBucket bucket({.a_minute = 60, .at_once = 5}, noon);
  for (int taken = 0; taken < 5; ++taken) EXPECT_FALSE(bucket.take(1, noon)) << taken;
  EXPECT_EQ(bucket.take(1, noon), after(noon, 1'000));
  EXPECT_EQ(bucket.take(2, after(noon, 500)), after(noon, 3'000));
  EXPECT_FALSE(bucket.take(1, after(noon, 4'000)));
  EXPECT_FALSE(bucket.is_full(after(noon, 8'999)));
  EXPECT_TRUE(bucket.is_full(after(noon, 9'000)));
}

// One frame must not shut a device out for hours.
TEST(TokenBucket, OwesAtMostWhatAMinuteBrings) {
  TokenBucket bucket({.a_minute = 60, .at_once = 5}, noon);
  for (const std::size_t count : {std::size_t{1} << 20U, ~std::size_t{0} >> 1U}) {
    EXPECT_EQ(bucket.take(count, noon), after(noon, 60'000));
  }
}

TEST(TokenBucket, AClockThatLeapsBreaksNothing) {
  TokenBucket bucket({.a_minute = 60, .at_once = 5}, noon);
  EXPECT_TRUE(bucket.take(6, noon));
  EXPECT_EQ(bucket.take(0, events::Timestamp{0}), events::Timestamp{1'000}) << "set back";
  EXPECT_FALSE(bucket.take(0, events::Timestamp{1'000})) << "time goes on from there";
  EXPECT_FALSE(bucket.take(5, events::Timestamp{~std::uint64_t{0} - 100'000}));
}

TEST(WorkBudgets, EachDeviceAndEachKindOfWorkHasItsOwn) {
  WorkBudgets budgets({{{60, 1}, {60, 1}, {60, 1}, {60, 1}}});
  const events::ChainNumber greedy{7};
  EXPECT_FALSE(budgets.charge(greedy, Work::proofs, 1, noon));
  EXPECT_TRUE(budgets.charge(greedy, Work::proofs, 1, noon));
  EXPECT_FALSE(budgets.charge(greedy, Work::subscriptions, 1, noon));
  EXPECT_FALSE(budgets.charge(events::ChainNumber{8}, Work::proofs, 1, noon));
}

TEST(WorkBudgets, ForgetsDevicesThatOweNothing) {
  WorkBudgets budgets;
  for (std::uint32_t chain = 1; chain <= 5'000; ++chain) {
    budgets.charge(events::ChainNumber{chain}, Work::proofs, 64, after(noon, chain * 1'000));
  }
  EXPECT_LT(budgets.size(), 1'500U);
}

/// A device's connection that is charged for what it asks.
struct Charged : testing::Test {
  TwoCommunes world;
  WorkBudgets budgets{{{{60, 4}, {60, 2}, {60, 2}, {60, 1}}}};

  void greet(Wire& wire, bool live = false) {
    wire.session().spend_from(budgets);
    protocol::Hello hello = a_hello(world.clerk);
    hello.features |= protocol::feature_files;
    hello.live = live;
    wire.send(signed_by(world.clerk, hello));
  }
  /// What the device hears when so much time has passed.
  std::vector<protocol::Message> pass(Wire& wire, std::uint64_t milliseconds) {
    world.now = after(world.now, milliseconds);
    wire.answer(wire.session().on_time(world.now));
    return wire.receive();
  }
  static events::Bytes ten_of(const protocol::Message& question) {
    events::Bytes message;
    for (int asked = 0; asked < 10; ++asked) protocol::append_frame(message, question);
    return message;
  }
};

// 200 bytes brought 65 KB, as often as anybody liked.
TEST_F(Charged, NothingMoreIsReadUntilTheBudgetHasRefilled) {
  Wire wire(world);
  greet(wire);
  wire.receive();
  ASSERT_TRUE(wire.session().wants_input());
  wire.send_bytes(ten_of(protocol::Prove{{events::Position{1}}}));
  EXPECT_EQ(all_of<protocol::Proofs>(wire.receive()).size(), 5U);
  EXPECT_FALSE(wire.session().wants_input());
  EXPECT_FALSE(wire.session().wants_wake()) << "a driver would be woken without end";
  EXPECT_EQ(wire.session().due(), after(world.now, 1'000));
  EXPECT_TRUE(all_of<protocol::Proofs>(pass(wire, 999)).empty());
  EXPECT_EQ(all_of<protocol::Proofs>(pass(wire, 1)).size(), 1U) << "one, and it owes again";
  std::size_t answered = 6;
  for (int second = 0; second < 5; ++second) {
    answered += all_of<protocol::Proofs>(pass(wire, 1'000)).size();
  }
  EXPECT_EQ(answered, 10U) << "nothing is lost, and nothing is refused";
  EXPECT_TRUE(wire.session().wants_input());
  EXPECT_TRUE(wire.session().is_open());
}

// Each event of the log would wake whoever is held, and find nothing to do.
TEST_F(Charged, WhoIsHeldIsNotWokenByTheLog) {
  Wire wire(world);
  greet(wire, true);
  wire.receive();
  ASSERT_TRUE(wire.session().wants_wake());
  wire.send_bytes(ten_of(protocol::Prove{{events::Position{1}}}));
  wire.receive();
  ASSERT_TRUE(wire.session().held_until());
  EXPECT_FALSE(wire.session().wants_wake());
}

TEST_F(Charged, SubscriptionsAndLookupsOfFilesAreCounted) {
  protocol::Subscribe subscribe;
  subscribe.mode = protocol::SummaryMode::totals;
  for (const protocol::Message& question :
       {protocol::Message(subscribe), protocol::Message(protocol::BlobWant{}),
        protocol::Message(protocol::BlobOffer{})}) {
    Wire wire(world);
    greet(wire);
    pass(wire, 60'000);
    ASSERT_TRUE(wire.session().wants_input());
    wire.send_bytes(ten_of(question));
    EXPECT_FALSE(wire.session().wants_input());
    EXPECT_TRUE(wire.session().held_until());
    EXPECT_LE(wire.file_requests.size(), 3U);
  }
}

// It pulled the whole log again and again, each time on a new connection.
TEST_F(Charged, ASecondPullFromTheBeginningWaits) {
  Wire first(world, 1);
  greet(first);
  EXPECT_EQ(all_of<protocol::Mark>(first.receive()).size(), 1U);
  Wire second(world, 2);
  greet(second);
  const auto welcome = second.receive();
  EXPECT_EQ(all_of<protocol::Welcome>(welcome).size(), 1U);
  EXPECT_TRUE(all_of<protocol::Events>(welcome).empty());
  EXPECT_TRUE(all_of<protocol::Mark>(welcome).empty());
  EXPECT_FALSE(second.session().wants_input());
  EXPECT_EQ(all_of<protocol::Mark>(pass(second, 1'000)).size(), 1U);
  EXPECT_TRUE(second.session().wants_input());
}

// The hold would last as long as the clock was wrong.
TEST_F(Charged, AServersClockThatIsSetBackEndsTheHold) {
  Wire wire(world);
  greet(wire);
  wire.receive();
  wire.send_bytes(ten_of(protocol::Prove{{events::Position{1}}}));
  ASSERT_TRUE(wire.session().held_until());
  world.now = events::Timestamp{world.now.value - 3'600'000};
  wire.answer(wire.session().on_time(world.now));
  const auto until = wire.session().held_until();
  EXPECT_TRUE(!until || *until <= after(world.now, 60'000));
}

}  // namespace
}  // namespace server::test
