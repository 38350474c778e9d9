#include "server/store/high_water_syncer.h"

#include "events/log/merkle.h"
#include "tests/e2e/scratch_directory.h"

#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// Counts how often files that are written in place are synced, and may fail to.
class CountingDisk final : public rocksdb::FileSystemWrapper {
 public:
  CountingDisk() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "CountingDisk"; }

  rocksdb::IOStatus NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* result,
                                    rocksdb::IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSRandomRWFile> file;
    const auto status = target()->NewRandomRWFile(name, options, &file, debug);
    if (status.ok()) *result = std::make_unique<File>(std::move(file), *this);
    return status;
  }

  std::atomic<int> syncs{0};
  std::atomic<bool> fails{false};

 private:
  class File final : public rocksdb::FSRandomRWFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSRandomRWFile> file, CountingDisk& disk)
        : rocksdb::FSRandomRWFileOwnerWrapper(std::move(file)), disk_(disk) {}
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
      ++disk_.syncs;
      if (disk_.fails) return rocksdb::IOStatus::IOError("the disk is gone");
      return rocksdb::FSRandomRWFileOwnerWrapper::Sync(options, debug);
    }

   private:
    CountingDisk& disk_;
  };
};

class HighWaterSyncerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened =
        HighWater::open(HighWater::path_for(scratch_ / "log"), head_at(0), false, env_.get());
    ASSERT_TRUE(opened) << opened.error().message;
    file_ = std::move(*opened);
    disk_->syncs = 0;
  }
  static events::LogHead head_at(std::uint64_t position) {
    return {events::LogId{7}, events::Epoch{2}, events::Position{position},
            events::leaf_hash(events::bytes_of(std::to_string(position)))};
  }
  void start(milliseconds lag) { syncer_.emplace(*file_, watch_, lag); }
  void raise() {
    ASSERT_TRUE(file_->raise(head_at(++position_)));
    syncer_->wake();
  }
  /// Whether the file has been synced so often within a time that is enough on any machine.
  bool come_syncs(int count) const {
    const auto end = steady_clock::now() + seconds(10);
    while (disk_->syncs < count && steady_clock::now() < end) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    return disk_->syncs >= count;
  }

  e2e::ScratchDirectory scratch_;
  std::shared_ptr<CountingDisk> disk_ = std::make_shared<CountingDisk>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  RocksWatch watch_;
  std::unique_ptr<HighWater> file_;
  std::optional<HighWaterSyncer> syncer_;
  std::uint64_t position_ = 0;
};

// What was acknowledged survives the power cut only from then on.
TEST_F(HighWaterSyncerTest, AMarkIsSyncedSoonAfterItWasRaisedAndSoIsTheNext) {
  start(milliseconds(5));
  for (int round = 1; round <= 3; ++round) {
    raise();
    EXPECT_TRUE(come_syncs(round)) << round;
  }
  EXPECT_TRUE(watch_.healthy());
}

// A sync for each append would take the disk from the log's own.
TEST_F(HighWaterSyncerTest, MarksOfOneLagShareASync) {
  constexpr milliseconds lag{100};
  start(lag);
  const auto begin = steady_clock::now();
  for (int count = 0; count < 60; ++count) {
    raise();
    std::this_thread::sleep_for(milliseconds(2));
  }
  syncer_.reset();
  const auto rounds = (steady_clock::now() - begin) / lag;
  EXPECT_LE(disk_->syncs, rounds + 2);
  EXPECT_GE(disk_->syncs, 1);
}

TEST_F(HighWaterSyncerTest, NothingIsSyncedBeforeTheLagIsOver) {
  start(std::chrono::hours(1));
  raise();
  std::this_thread::sleep_for(milliseconds(30));
  EXPECT_EQ(disk_->syncs, 0);
}

// A server that is stopped properly must not wait for the lag, and must not leave a mark behind.
TEST_F(HighWaterSyncerTest, ItsEndSyncsAtOnce) {
  start(std::chrono::hours(1));
  raise();
  const auto begin = steady_clock::now();
  syncer_.reset();
  EXPECT_EQ(disk_->syncs, 1);
  EXPECT_LT(steady_clock::now() - begin, seconds(10));
}

TEST_F(HighWaterSyncerTest, ASyncThatFailsEndsTheTrustInTheLog) {
  start(milliseconds(1));
  disk_->fails = true;
  raise();
  EXPECT_TRUE(come_syncs(1));
  syncer_.reset();
  ASSERT_TRUE(watch_.failure());
  EXPECT_EQ(watch_.failure()->code, events::ErrorCode::storage_failed);
  EXPECT_NE(watch_.failure()->message.find("the disk is gone"), std::string::npos)
      << watch_.failure()->message;
}

}  // namespace
}  // namespace server
