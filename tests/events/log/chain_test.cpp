#include "events/log/chain.h"

#include "events/archive/compact.h"
#include "events/log/block.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <set>

namespace events {
namespace {

using test_support::a_chain;
using test_support::a_key;
using test_support::some_events;

// Two devices, or a device and its clone with a new chain, must never share a history.
TEST(Chain, StartsDifferentlyForEachChainAndKey) {
  const PublicKey key = a_key().public_key();
  EXPECT_NE(chain_start(ChainNumber{7}, key), chain_start(ChainNumber{8}, key));
  EXPECT_NE(chain_start(ChainNumber{7}, key), chain_start(ChainNumber{7}, a_key(8).public_key()));
}

// An auditor who follows the written definition must arrive at the same hash.
TEST(Chain, FollowsItsDefinition) {
  const PublicKey key = a_key().public_key();
  Bytes start;
  append_bytes(start, bytes_of("khuyenhoc-chain-1"));
  start.push_back(7);
  append_bytes(start, key.bytes);
  EXPECT_EQ(chain_start(a_chain, key), sha256(start));

  const Bytes canonical = some_events(1).front();
  const Digest previous = chain_start(a_chain, key);
  EXPECT_EQ(chain_next(previous, canonical), sha256(previous.bytes, sha256(canonical).bytes));
}

// An event could be altered, left out or moved without anybody noticing.
TEST(Chain, DependsOnEveryEventAndItsPlace) {
  const Digest start = chain_start(a_chain, a_key().public_key());
  const std::vector<Bytes> events = some_events(3);
  std::set<Digest> hashes;
  hashes.insert(hash_after(start, events));
  hashes.insert(hash_after(start, {events[0], events[1]}));
  hashes.insert(hash_after(start, {events[1], events[0], events[2]}));
  std::vector<Bytes> altered = events;
  altered[1].back() ^= 1U;
  hashes.insert(hash_after(start, altered));
  EXPECT_EQ(hashes.size(), 4U);
  EXPECT_EQ(hash_after(start, {}), start);
  EXPECT_EQ(hash_after(hash_after(start, {events[0]}), {events[1], events[2]}),
            hash_after(start, events));
}

// A signature for one log or run could be shown as the signature of another.
TEST(Chain, SignsWhereTheRunStands) {
  const Digest last = test_support::a_digest(1);
  std::set<Bytes> statements;
  statements.insert(block_statement(LogId{1}, ChainNumber{7}, 1, 3, last));
  statements.insert(block_statement(LogId{2}, ChainNumber{7}, 1, 3, last));
  statements.insert(block_statement(LogId{1}, ChainNumber{8}, 1, 3, last));
  statements.insert(block_statement(LogId{1}, ChainNumber{7}, 2, 3, last));
  statements.insert(block_statement(LogId{1}, ChainNumber{7}, 1, 4, last));
  statements.insert(block_statement(LogId{1}, ChainNumber{7}, 1, 3, test_support::a_digest(2)));
  EXPECT_EQ(statements.size(), 6U);
}

}  // namespace
}  // namespace events
