#include "events/log/memory_event_log.h"

#include "tests/support/event_log_contract.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace test_support {
namespace {

struct MakesMemoryLogs {
  std::unique_ptr<events::EventLog> make(events::LogId log, events::Epoch epoch) const {
    return std::make_unique<events::MemoryEventLog>(log, epoch);
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EventLogContract, MakesMemoryLogs);

const events::ChainNumber device{3};

// The simulator would test against a disk that keeps everything, and find no lost event.
TEST(MemoryEventLog, LosesWhatWasNotSynced) {
  events::MemoryEventLog log(events::LogId{7}, events::Epoch{1});
  BlockBuilder pushes;
  const auto append = [&](std::size_t count) {
    const events::StoredBlock block = pushes.next(device, count, scope_of({nth_commune(1)}));
    ASSERT_TRUE(log.append({&block, 1}, pushes.frontier()));
  };
  append(2);
  log.set_durable(false);
  append(3);
  log.sync();
  const events::LogHead durable = log.head();
  const events::ChainHead chain = *log.chain_head(device);
  append(4);
  append(1);

  log.lose_unsynced();
  EXPECT_EQ(log.head(), durable);
  EXPECT_EQ(log.head().position, events::Position{5});
  EXPECT_EQ(*log.chain_head(device), chain);
  EXPECT_FALSE(*log.block_of(device, 6));
  EXPECT_FALSE(*log.block_at(events::Position{6}));
  expect_whole(log);
}

// A power cut in the simulator would take back what the log had promised.
TEST(MemoryEventLog, DurableAppendTakesEarlierOnesAlong) {
  events::MemoryEventLog log(events::LogId{7}, events::Epoch{1});
  BlockBuilder pushes;
  for (const bool durable : {false, true}) {
    log.set_durable(durable);
    const events::StoredBlock block = pushes.next(device, 2, scope_of({nth_commune(1)}));
    ASSERT_TRUE(log.append({&block, 1}, pushes.frontier()));
  }
  log.lose_unsynced();
  EXPECT_EQ(log.head().position, events::Position{4});
  expect_whole(log);
}

// After a cut the devices push again; the log must go on as if the lost events had never come.
TEST(MemoryEventLog, GoesOnAfterALoss) {
  events::MemoryEventLog log(events::LogId{7}, events::Epoch{1});
  BlockBuilder pushes;
  log.set_durable(false);
  const events::StoredBlock lost = pushes.next(device, 2, scope_of({nth_commune(1)}));
  ASSERT_TRUE(log.append({&lost, 1}, pushes.frontier()));
  log.lose_unsynced();

  BlockBuilder again;
  again.continue_from(log, std::vector{device});
  const events::StoredBlock block = again.next(device, 2, scope_of({nth_commune(1)}));
  ASSERT_TRUE(log.append({&block, 1}, again.frontier()));
  EXPECT_EQ(*log.block_of(device, 1), events::encode_stored_block(lost));
  expect_whole(log);
}

}  // namespace
}  // namespace test_support
