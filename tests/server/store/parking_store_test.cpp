#include "server/store/parking_store.h"

#include "tests/e2e/scratch_directory.h"
#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

PushedRun a_run(FoundedLog& founded, std::size_t units) {
  for (std::size_t index = 0; index < units; ++index) founded.add_commune("Xã Nà Tấu");
  PushedRun run = founded.checked(founded.admin.sign(), founded.admin);
  run.transit.emplace();
  return run;
}

// The stick was wiped when the server took it; a restart must find what it brought.
TEST(ParkingStore, KeepsRunsOverARestart) {
  const e2e::ScratchDirectory scratch;
  FoundedLog founded;
  a_run(founded, 3);
  const PushedRun later = a_run(founded, 2);
  {
    auto store = RocksParkingStore::open({scratch / "parked", {}, nullptr});
    ASSERT_TRUE(store) << store.error().message;
    auto runs = ParkedRuns::open(**store);
    ASSERT_TRUE(runs);
    ASSERT_TRUE(runs->park(later));
    ASSERT_TRUE(runs->park(later)) << "the same again";
    EXPECT_EQ(runs->size(), 1U);
  }
  auto store = RocksParkingStore::open({scratch / "parked", {}, nullptr});
  ASSERT_TRUE(store);
  auto runs = ParkedRuns::open(**store);
  ASSERT_TRUE(runs) << runs.error().message;
  EXPECT_EQ(runs->size(), 1U);
  const auto found = runs->holding(founded.admin.chain(), 5);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->block.first_seq, 4U);
  EXPECT_FALSE(*runs->holding(founded.admin.chain(), 3));
  EXPECT_FALSE(*runs->holding(founded.admin.chain(), 6));
  EXPECT_FALSE(*runs->holding(events::ChainNumber{9}, 5));
  runs->drop_known(founded.admin.chain(), 5);
  EXPECT_EQ(runs->size(), 0U);
  EXPECT_EQ(runs->bytes(), 0U);
  EXPECT_EQ(ParkedRuns::open(**store)->size(), 0U);
}

// One device that never sends its first runs must not fill the server's disk.
TEST(ParkingStore, OneChainParksABoundedNumberOfBytes) {
  FoundedLog founded;
  a_run(founded, 1);
  PushedRun run = a_run(founded, 1);
  std::size_t parked = 0;
  events::Result<void> kept;
  do {
    run.first_seq += 1'000;
    kept = founded.parked->park(run);
    if (kept) ++parked;
  } while (kept && parked < 1'000'000);
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, events::ErrorCode::busy);
  EXPECT_LE(founded.parked->bytes(), parked_chain_bytes_max);
  EXPECT_GT(founded.parked->bytes(), parked_chain_bytes_max - 1'000);
}

}  // namespace
}  // namespace server::test
