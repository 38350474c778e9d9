#include "server/commit/repair_batch.h"

#include "tests/server/repair/restored_log.h"

#include <gtest/gtest.h>

#include <ranges>
#include <vector>

namespace server::test {
namespace {

// Of a device each position is taken once, in ascending order: a block that another one overtook on
// the way would be left out for good.
TEST(RepairBatch, IsInOrderWhateverOrderItsBlocksCameIn) {
  RestoredLog world;
  world.back_up();
  world.push_admin("Xã Nà Tấu");
  world.push_deputy("Xã Nà Nhạn");
  world.push_admin("Xã Thanh Nưa");
  const std::vector<events::StoredBlock> blocks = world.lost_blocks();
  ASSERT_GT(blocks.size(), 2U);

  RepairBatchCollector collector(the_log, admin_chain);
  for (const events::StoredBlock& block : std::views::reverse(blocks)) {
    ASSERT_TRUE(collector.add(events::protocol::Recover{events::encode_stored_block(block)}));
  }
  const RepairBatch repair_batch = collector.finish({});
  ASSERT_EQ(repair_batch.blocks.size(), blocks.size());
  for (std::size_t index = 0; index < blocks.size(); ++index) {
    EXPECT_EQ(repair_batch.blocks[index].first, blocks[index].first);
  }
}

}  // namespace
}  // namespace server::test
