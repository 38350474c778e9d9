#include "events/log/scope.h"

#include "events/log/event_log.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <string>

namespace events {
namespace {

using test_support::from_hex;

UnitId unit(std::uint64_t seq) { return UnitId{EventId{ChainNumber{2}, seq}}; }

// An event would be sent twice, or not be found, for one of the communes of a move.
TEST(ScopeSet, HoldsEachUnitOnceAscending) {
  ScopeSet scope;
  EXPECT_TRUE(scope.empty());
  for (const std::uint64_t seq : {5, 3, 5, 4, 3}) scope.insert(unit(seq));
  ASSERT_EQ(scope.units().size(), 3U);
  EXPECT_EQ(scope.units()[0], unit(3));
  EXPECT_EQ(scope.units()[2], unit(5));
  EXPECT_TRUE(scope.contains(unit(4)));
  EXPECT_FALSE(scope.contains(unit(6)));
  EXPECT_FALSE(scope.contains(reference_scope));
  scope.insert(reference_scope);
  EXPECT_EQ(scope.units().front(), reference_scope);
  scope.insert(unit(4));
  EXPECT_EQ(scope.units().size(), ScopeSet::size_max);
}

// Blocks are indexed by these bytes; two encodings of one scope would be two scopes.
TEST(ScopeSet, HasOneEncoding) {
  ScopeSet scope{unit(5)};
  scope.insert(unit(3));
  EXPECT_EQ(to_hex(encode(scope)), "0202030205");
  EXPECT_EQ(*decode<ScopeSet>(from_hex("0202030205")), scope);
  EXPECT_TRUE(decode<ScopeSet>(from_hex("00"))->empty());
  EXPECT_FALSE(decode<ScopeSet>(from_hex("0202050203"))) << "descending";
  EXPECT_FALSE(decode<ScopeSet>(from_hex("0202030203"))) << "twice";
  EXPECT_FALSE(decode<ScopeSet>(from_hex("0502010202020302040205"))) << "five";
  EXPECT_FALSE(decode<ScopeSet>(from_hex("020203"))) << "cut";
  EXPECT_FALSE(decode<ScopeSet>(from_hex("ff")));
}

// A reader would see another commune's people, or miss its own.
TEST(ReaderScope, IncludesWhatItHolds) {
  const ReaderScope reader{false, {reference_scope, unit(3)}};
  EXPECT_TRUE(reader.includes(ScopeSet{unit(3)}));
  EXPECT_TRUE(reader.includes(ScopeSet{reference_scope}));
  EXPECT_FALSE(reader.includes(ScopeSet{unit(4)}));
  ScopeSet move{unit(4)};
  move.insert(unit(3));
  EXPECT_TRUE(reader.includes(move)) << "both communes of a move see it";
  EXPECT_TRUE((ReaderScope{true, {}}.includes(ScopeSet{unit(4)})));
  EXPECT_FALSE((ReaderScope{false, {}}.includes(ScopeSet{unit(4)})));
}

// Units out of order are not found by halves: the reader would silently miss blocks.
TEST(ReaderScope, RefusesUnitsOutOfOrder) {
  const ReaderScope reader{false, {reference_scope, unit(3)}};
  EXPECT_EQ(to_hex(encode(reader)), "000200000203");
  EXPECT_EQ(*decode<ReaderScope>(from_hex("000200000203")), reader);
  EXPECT_FALSE(decode<ReaderScope>(from_hex("000202030000")));
  EXPECT_FALSE(decode<ReaderScope>(from_hex("000202030203")));
}

}  // namespace
}  // namespace events
