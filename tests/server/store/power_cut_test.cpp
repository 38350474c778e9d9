#include "server/store/rocks_event_log.h"
#include "tests/support/block_builder.h"
#include "tests/support/unsynced_file_system.h"

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace server {
namespace {

namespace fs = std::filesystem;
using events::Bytes;
using events::StoredBlock;
using test_support::BlockBuilder;

const std::vector<events::ChainNumber> devices = {events::ChainNumber{2}, events::ChainNumber{3},
                                                  events::ChainNumber{4}, events::ChainNumber{5}};

std::uint64_t power_cuts() {
  const char* const wanted = std::getenv("KHUYENHOC_ROUNDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 20;
}

/// One log on one bad disk, through any number of power cuts.
class Machine {
 public:
  explicit Machine(bool sync) {
    std::string name = (fs::temp_directory_path() / "khuyenhoc-cut-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) root_ = name;
    disk_ = std::make_shared<test_support::UnsyncedFileSystem>(root_);
    env_ = rocksdb::NewCompositeEnv(disk_);
    options_.path = root_ / "log";
    options_.create_if_missing = true;
    options_.log = events::LogId{7};
    options_.epoch = events::Epoch{1};
    options_.sync = sync;
    options_.env = env_.get();
    // Small, so that flushes and compactions are cut as well.
    options_.write_buffer_bytes = std::size_t{64} << 10U;
    options_.max_total_wal_bytes = std::uint64_t{128} << 10U;
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  /// Opens, appends until the power goes, and comes back up.
  void live_and_die(std::mt19937_64& random) {
    disk_->cut_after(random() % 400);
    {
      auto log = RocksEventLog::open(options_);
      if (!log && !disk_->is_cut()) {
        ASSERT_NO_FATAL_FAILURE(refused(log.error()));
      }
      if (log) {
        check(**log);
        if (!testing::Test::HasFatalFailure()) append_until_cut(**log, random);
      }
      disk_->cut();
    }
    disk_->restart(random());
  }

  /// Opens with the power on and compares the log with what was acknowledged.
  void check_once_more() {
    const auto log = RocksEventLog::open(options_);
    if (!log) return refused(log.error());
    check(**log);
  }

  std::uint64_t acknowledged() const { return acknowledged_.size(); }
  std::uint64_t lost() const { return lost_; }

 private:
  /// A log without sync may come back with holes, which is refused; one with sync never.
  void refused(const events::Error& error) {
    ASSERT_FALSE(options_.sync) << error.message;
    lost_ += std::exchange(acknowledged_, {}).size();
  }

  void check(const RocksEventLog& log) {
    test_support::expect_whole(log);
    std::vector<Bytes> found;
    for (const StoredBlock& block : test_support::read_all(log, {.whole_log = true, .units = {}})) {
      found.push_back(events::encode_stored_block(block));
    }
    const auto differs = std::ranges::mismatch(acknowledged_, found).in1;
    const auto lost = static_cast<std::uint64_t>(acknowledged_.end() - differs);
    lost_ += lost;
    if (options_.sync) {
      ASSERT_EQ(lost, 0U) << "of " << acknowledged_.size() << " acknowledged blocks";
      // What was not acknowledged may have survived: the append that the cut met, no other.
      ASSERT_LE(found.size(), acknowledged_.size() + attempted_.size());
      for (std::size_t index = acknowledged_.size(); index < found.size(); ++index) {
        ASSERT_EQ(found[index], attempted_[index - acknowledged_.size()]);
      }
    }
    acknowledged_ = std::move(found);
    attempted_.clear();
  }

  void append_until_cut(RocksEventLog& log, std::mt19937_64& random) {
    BlockBuilder pushes;
    pushes.continue_from(log, devices);
    while (true) {
      std::vector<StoredBlock> batch;
      for (std::uint64_t left = 1 + random() % 4; left > 0; --left) {
        const std::uint64_t unit = random() % 5;
        batch.push_back(pushes.next(devices[random() % devices.size()], 1 + random() % 40,
                                    test_support::scope_of({test_support::nth_commune(unit)})));
      }
      attempted_.clear();
      for (const StoredBlock& block : batch) {
        attempted_.push_back(events::encode_stored_block(block));
      }
      if (auto appended = log.append(batch, pushes.frontier()); !appended) {
        ASSERT_EQ(appended.error().code, events::ErrorCode::storage_failed);
        ASSERT_FALSE(log.healthy());
        ASSERT_FALSE(log.append(batch, pushes.frontier())) << "a failed log must stay failed";
        return;
      }
      acknowledged_.insert(acknowledged_.end(), attempted_.begin(), attempted_.end());
      attempted_.clear();
    }
  }

  fs::path root_;
  std::shared_ptr<test_support::UnsyncedFileSystem> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  RocksEventLog::Options options_;
  std::vector<Bytes> acknowledged_;
  std::vector<Bytes> attempted_;  // Of the append that failed: may be there or not.
  std::uint64_t lost_ = 0;
};

// A device deletes its copy once its push was acknowledged; a lost event would be lost for ever.
TEST(PowerCut, LosesNothingThatWasAcknowledged) {
  // A young log, cut while it is founded and opened, and an old one whose tables are compacted.
  for (std::uint64_t seed = 1; seed <= power_cuts() / 10 + 1; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    Machine machine(/*sync=*/true);
    for (int cut = 0; cut < 5; ++cut) {
      SCOPED_TRACE("cut " + std::to_string(cut));
      ASSERT_NO_FATAL_FAILURE(machine.live_and_die(random));
    }
    ASSERT_NO_FATAL_FAILURE(machine.check_once_more());
    ASSERT_FALSE(testing::Test::HasFailure());
  }
  std::mt19937_64 random(0);
  Machine machine(/*sync=*/true);
  for (std::uint64_t cut = 0; cut < power_cuts(); ++cut) {
    SCOPED_TRACE("old log, cut " + std::to_string(cut));
    ASSERT_NO_FATAL_FAILURE(machine.live_and_die(random));
    ASSERT_FALSE(testing::Test::HasFailure());
  }
  ASSERT_NO_FATAL_FAILURE(machine.check_once_more());
  EXPECT_GT(machine.acknowledged(), power_cuts());
}

// If a log without sync came through as well, the test above would prove nothing.
TEST(PowerCut, WithoutSyncAcknowledgedEventsAreLost) {
  // Some cuts come before anything was acknowledged, and some after the disk wrote by itself.
  constexpr std::uint64_t tries_max = 40;
  std::uint64_t lost = 0;
  for (std::uint64_t seed = 1; lost == 0 && seed <= tries_max; ++seed) {
    std::mt19937_64 random(seed);
    Machine machine(/*sync=*/false);
    ASSERT_NO_FATAL_FAILURE(machine.live_and_die(random));
    ASSERT_NO_FATAL_FAILURE(machine.check_once_more());
    lost += machine.lost();
  }
  EXPECT_GT(lost, 0U);
}

}  // namespace
}  // namespace server
