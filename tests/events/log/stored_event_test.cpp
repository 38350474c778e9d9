#include "events/log/stored_event.h"

#include "events/archive/compact.h"
#include "events/log/block.h"
#include "events/log/merkle.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace events {
namespace {

StoredEvent a_stored_event() { return stored_events(test_support::a_stored_block())->front(); }

Bytes leaf_of(const StoredEvent& stored) {
  Bytes leaf;
  write_leaf(stored, leaf);
  return leaf;
}

// An auditor who follows the written layout must arrive at the same leaf.
TEST(Leaf, HasTheDocumentedLayout) {
  const StoredEvent stored = a_stored_event();
  Bytes expected{stored_event_form};
  append_bytes(expected, encode(stored.position));
  append_bytes(expected, encode(stored.received_at));
  append_bytes(expected, encode(stored.intake));
  append_bytes(expected, encode(static_cast<std::uint64_t>(stored.event.canonical.size())));
  append_bytes(expected, stored.event.canonical);
  append_bytes(expected, encode(stored.verdict));
  EXPECT_EQ(to_hex(leaf_of(stored)), to_hex(expected));
}

// A verdict or time of receipt could be changed afterwards under the same root.
TEST(Leaf, DependsOnEveryPart) {
  std::set<Bytes> leaves{leaf_of(a_stored_event())};
  StoredEvent changed = a_stored_event();
  changed.position = Position{13};
  leaves.insert(leaf_of(changed));
  changed = a_stored_event();
  changed.received_at.value += 1;
  leaves.insert(leaf_of(changed));
  changed = a_stored_event();
  changed.intake.content = content_checked;
  leaves.insert(leaf_of(changed));
  changed = a_stored_event();
  changed.event.canonical.back() ^= 1U;
  leaves.insert(leaf_of(changed));
  changed = a_stored_event();
  changed.verdict = test_support::a_refusal();
  leaves.insert(leaf_of(changed));
  EXPECT_EQ(leaves.size(), 6U);
}

// A buffer used again must not leave bytes of the event before.
TEST(Leaf, OverwritesTheBuffer) {
  Bytes leaf(5000, 0xFF);
  write_leaf(a_stored_event(), leaf);
  EXPECT_EQ(leaf, leaf_of(a_stored_event()));
}

// A leaf above 65,535 bytes does not fit the tiles that outside verifiers read.
TEST(Leaf, FitsTheTilesOfOutsideVerifiers) {
  StoredEvent largest = a_stored_event();
  largest.event.canonical.resize(event_bytes_max);
  largest.verdict.parameters = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
  EXPECT_LE(leaf_of(largest).size(), 65'535U);
}

// The receipt, the block and the leaf must speak of the same event, or no proof verifies.
TEST(Leaf, IsTheSameFromReceiptAndOwnBytes) {
  const StoredBlock block = test_support::a_stored_block();
  const BlockReceipt receipt = receipt_of(block);
  const std::vector<StoredEvent> stored = *stored_events(block);
  for (std::size_t index = 0; index < stored.size(); ++index) {
    Bytes rebuilt;
    write_leaf(Position{receipt.first.value + index}, receipt.received_at,
               receipt.entries[index].intake, block.entries[index].canonical,
               receipt.entries[index].verdict, rebuilt);
    EXPECT_EQ(leaf_hash(rebuilt), leaf_hash(leaf_of(stored[index])));
  }
}

}  // namespace
}  // namespace events
