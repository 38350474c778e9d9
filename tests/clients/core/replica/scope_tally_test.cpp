#include "clients/core/replica/scope_tally.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

using events::Position;
using events::ReaderScope;
using events::ScopeSet;
using events::ScopeSum;
using events::UnitId;

const UnitId mine{events::EventId{events::ChainNumber{1}, 5}};
const UnitId other{events::EventId{events::ChainNumber{1}, 9}};

ReaderScope scope_of(std::vector<UnitId> units) {
  ReaderScope scope;
  scope.units = std::move(units);
  return scope;
}
const ReaderScope own = scope_of({events::reference_scope, mine});

// A server that keeps one block of the commune to itself is found out by the sum alone.
TEST(ScopeTally, OneBlockLessMoreOrOtherwiseShows) {
  ScopeTally whole(own);
  whole.add(ScopeSet{mine}, Position{1}, Position{2}, 11);
  whole.add(ScopeSet{mine}, Position{3}, Position{3}, 12);
  ScopeTally withheld(own);
  withheld.add(ScopeSet{mine}, Position{3}, Position{3}, 12);
  ScopeTally altered(own);
  altered.add(ScopeSet{mine}, Position{1}, Position{2}, 99);
  altered.add(ScopeSet{mine}, Position{3}, Position{3}, 12);
  EXPECT_EQ(whole.sum().events, 3U);
  EXPECT_NE(withheld.sum(), whole.sum());
  EXPECT_NE(altered.sum(), whole.sum());
}

// What others do is none of this reader's: it must not look like something kept back.
TEST(ScopeTally, BlocksOfOtherUnitsDoNotCount) {
  ScopeTally tally(own);
  const events::ReaderSum before = tally.sum();
  tally.add(ScopeSet{other}, Position{1}, Position{4}, 11);
  EXPECT_EQ(tally.sum(), before);
  EXPECT_EQ(tally.upto(), Position{4}) << "it was seen all the same";
}

// A device that begins with a snapshot must come to the sum of one that has the whole log.
TEST(ScopeTally, GoesOnFromTheSumsOfASnapshot) {
  ScopeTally from_start(own);
  from_start.add(ScopeSet{mine}, Position{1}, Position{2}, 11);
  from_start.add(ScopeSet{events::reference_scope}, Position{3}, Position{3}, 12);
  from_start.add(ScopeSet{mine}, Position{4}, Position{6}, 13);

  std::vector<ScopeSum> sums(2);
  sums[0].add(Position{3}, Position{3}, 12);
  sums[1].add(Position{1}, Position{2}, 11);
  ScopeTally from_snapshot(own, Position{3}, sums);
  EXPECT_EQ(from_snapshot.upto(), Position{3});
  from_snapshot.add(ScopeSet{mine}, Position{4}, Position{6}, 13);
  EXPECT_EQ(from_snapshot.sum(), from_start.sum());
}

TEST(ScopeTally, AReaderOfTheWholeLogCountsEveryBlock) {
  ReaderScope everything;
  everything.whole_log = true;
  ScopeTally tally(everything);
  tally.add(ScopeSet{mine}, Position{1}, Position{2}, 11);
  tally.add(ScopeSet{other}, Position{3}, Position{7}, 12);
  EXPECT_EQ(tally.sum(), events::whole_log_sum(7, 12));
}

TEST(ScopeTally, NeverGoesBack) {
  ScopeTally tally(own);
  tally.advance(Position{9});
  tally.advance(Position{4});
  tally.add(ScopeSet{mine}, Position{5}, Position{6}, 1);
  EXPECT_EQ(tally.upto(), Position{9});
}

}  // namespace
}  // namespace clients
