#include "server/commit/parked_runs.h"

#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

using events::ChainNumber;
using events::ErrorCode;

PushedRun a_run(FoundedLog& founded, std::size_t units) {
  for (std::size_t index = 0; index < units; ++index) founded.add_commune("Xã Nà Tấu");
  PushedRun run = founded.checked(founded.admin.sign(), founded.admin);
  run.transit.emplace();
  return run;
}

/// Fails when it is told to.
class FailingStore final : public ParkingStore {
 public:
  bool fails = false;
  MemoryParkingStore inner;

  events::Result<void> put(const ParkedKey& key, events::ByteView row) override {
    if (fails) return events::Error{ErrorCode::storage_failed, "no"};
    return inner.put(key, row);
  }
  events::Result<void> erase(const ParkedKey& key) override {
    if (fails) return events::Error{ErrorCode::storage_failed, "no"};
    return inner.erase(key);
  }
  events::Result<std::optional<events::Bytes>> get(const ParkedKey& key) const override {
    return inner.get(key);
  }
  events::Result<void> each(const Visit& visit) const override { return inner.each(visit); }
};

// The device that made the second stick longer sends the longer run: it holds all of the first.
TEST(ParkedRuns, ALongerRunTakesThePlaceOfAShorterOne) {
  FoundedLog founded;
  PushedRun longer = a_run(founded, 3);
  PushedRun shorter = longer;
  shorter.events.resize(1);
  MemoryParkingStore store;
  ParkedRuns runs = *ParkedRuns::open(store);
  ASSERT_TRUE(runs.park(shorter));
  const std::size_t of_shorter = runs.bytes();
  ASSERT_TRUE(runs.park(longer));
  EXPECT_EQ(runs.size(), 1U);
  const std::size_t of_longer = runs.bytes();
  EXPECT_GT(of_longer, of_shorter);
  ASSERT_TRUE(runs.park(shorter)) << "what came late changes nothing";
  EXPECT_EQ(runs.bytes(), of_longer);
  EXPECT_EQ(ParkedRuns::open(store)->bytes(), of_longer) << "counted as it is on the disk";
}

// Two bundles of one device may overlap; the run that goes on from the gap must be found.
TEST(ParkedRuns, TheRunThatHoldsAnEventIsFoundAmongSeveral) {
  FoundedLog founded;
  const PushedRun first = a_run(founded, 2);
  const PushedRun second = a_run(founded, 3);
  MemoryParkingStore store;
  ParkedRuns runs = *ParkedRuns::open(store);
  ASSERT_TRUE(runs.park(second) && runs.park(first));
  const ChainNumber chain = founded.admin.chain();
  EXPECT_EQ((*runs.holding(chain, first.last_seq()))->block.first_seq, first.first_seq);
  EXPECT_EQ((*runs.holding(chain, second.first_seq))->block.first_seq, second.first_seq);
  EXPECT_FALSE(*runs.holding(chain, second.last_seq() + 1));
  runs.drop_known(chain, second.first_seq);
  EXPECT_EQ(runs.size(), 1U) << "the log holds a part of the second only";
  EXPECT_TRUE(runs.has_any(chain));
  runs.drop(chain, second.first_seq);
  EXPECT_FALSE(runs.has_any(chain));
  EXPECT_TRUE(runs.chains().empty());
  EXPECT_EQ(runs.bytes(), 0U);
}

// A run that nobody may have on disk is not acknowledged as waiting: the stick is wiped for it.
TEST(ParkedRuns, WhatCouldNotBeWrittenIsNotKept) {
  FoundedLog founded;
  const PushedRun run = a_run(founded, 1);
  FailingStore store;
  ParkedRuns runs = *ParkedRuns::open(store);
  store.fails = true;
  EXPECT_EQ(runs.park(run).error().code, ErrorCode::storage_failed);
  EXPECT_EQ(runs.size(), 0U);
  EXPECT_EQ(runs.bytes(), 0U);
  store.fails = false;
  ASSERT_TRUE(runs.park(run));
  store.fails = true;
  runs.drop(run.chain, run.first_seq);
  EXPECT_EQ(runs.size(), 0U) << "its row is found again at the next start, and is known then";
}

// A disk that gives back other bytes must stop the start, and not feed the log a stranger's run.
TEST(ParkedRuns, ARowThatIsNotItsPlacesIsAnError) {
  FoundedLog founded;
  const PushedRun run = a_run(founded, 1);
  MemoryParkingStore store;
  ASSERT_TRUE(ParkedRuns::open(store)->park(run));
  const events::Bytes row = **store.get({run.chain, run.first_seq});
  for (const ParkedKey& key :
       {ParkedKey{run.chain, run.first_seq + 1}, ParkedKey{ChainNumber{77}, run.first_seq}}) {
    MemoryParkingStore moved;
    ASSERT_TRUE(moved.put(key, row));
    EXPECT_EQ(ParkedRuns::open(moved).error().code, ErrorCode::storage_corrupt);
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, row.size() - 1}) {
    MemoryParkingStore cut;
    ASSERT_TRUE(cut.put({run.chain, run.first_seq}, events::ByteView(row).first(size)));
    EXPECT_EQ(ParkedRuns::open(cut).error().code, ErrorCode::storage_corrupt) << size;
  }
}

}  // namespace
}  // namespace server::test
