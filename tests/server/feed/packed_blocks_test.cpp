#include "server/feed/packed_blocks.h"

#include "events/packing/wire_block.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

events::StoredBlock a_block_at(std::uint64_t position) {
  events::StoredBlock block = test_support::a_stored_block();
  block.first = events::Position{position};
  return block;
}

// On the last evening of November a thousand readers of a district come at once.
TEST(PackedBlocks, CompressesABlockForItsFirstReaderOnly) {
  PackedBlocks packed;
  const events::StoredBlock block = a_block_at(10);
  const auto first = packed.pack(block);
  EXPECT_EQ(*first, events::pack_block(block));
  EXPECT_EQ(packed.pack(block).get(), first.get());
  EXPECT_NE(packed.pack(a_block_at(20)).get(), first.get());
  EXPECT_EQ(packed.packed(), 2U);
}

// A reader that comes back after a year must not make the server keep a year in memory.
TEST(PackedBlocks, KeepsTheBlocksAskedForLast) {
  const std::size_t size = events::pack_block(a_block_at(1)).size();
  PackedBlocks packed(3 * size);
  for (const std::uint64_t position : {1, 11, 21}) packed.pack(a_block_at(position));
  packed.pack(a_block_at(1));
  packed.pack(a_block_at(31));
  EXPECT_EQ(packed.packed(), 4U);
  packed.pack(a_block_at(1));
  packed.pack(a_block_at(21));
  EXPECT_EQ(packed.packed(), 4U);
  packed.pack(a_block_at(11));
  EXPECT_EQ(packed.packed(), 5U);
}

}  // namespace
}  // namespace server::test
