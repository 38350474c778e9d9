#include "server/feed/subscriptions.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

constexpr events::UnitId commune{events::EventId{events::ChainNumber{2}, 2}};
constexpr events::UnitId elsewhere{events::EventId{events::ChainNumber{2}, 3}};

Subscriptions::Waiter a_reader(int& woken, events::Position head = events::Position{10}) {
  return {.scope = {.whole_log = false, .units = {events::reference_scope, commune}},
          .head = head,
          .access_version = 1,
          .wake = [&woken](std::uint64_t) { ++woken; }};
}

Commit a_commit(std::uint64_t head, events::UnitId unit, std::uint64_t access_version = 1) {
  return {events::Position{head}, access_version, {events::ScopeSet{unit}}};
}

// Ten thousand idle communes must not be woken for one event of one of them.
TEST(Subscriptions, WakesOnceAndOnlyWhomACommitConcerns) {
  Subscriptions subscriptions;
  int woken = 0;
  subscriptions.wait(a_reader(woken));
  subscriptions.committed(a_commit(11, elsewhere));
  EXPECT_EQ(woken, 0);
  subscriptions.committed(a_commit(12, commune));
  subscriptions.committed(a_commit(13, commune));
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(subscriptions.waiting(), 0U);
}

// Between a reader's last look and its waiting a commit may come: it must not be slept through.
TEST(Subscriptions, WakesAtOnceWhenTheLogHasGrownMeanwhile) {
  Subscriptions subscriptions;
  int woken = 0;
  subscriptions.committed(a_commit(11, commune));
  subscriptions.wait(a_reader(woken, events::Position{10}));
  EXPECT_EQ(woken, 1);
  subscriptions.wait(a_reader(woken, events::Position{11}));
  EXPECT_EQ(woken, 1);
}

TEST(Subscriptions, WakesEverybodyWhenAccessChanges) {
  Subscriptions subscriptions;
  int woken = 0;
  subscriptions.wait(a_reader(woken));
  subscriptions.committed(a_commit(11, elsewhere, 2));
  EXPECT_EQ(woken, 1);
}

TEST(Subscriptions, DoesNotWakeWhoLeft) {
  Subscriptions subscriptions;
  int woken = 0;
  subscriptions.cancel(subscriptions.wait(a_reader(woken)));
  subscriptions.committed(a_commit(11, commune));
  EXPECT_EQ(woken, 0);
}

}  // namespace
}  // namespace server::test
