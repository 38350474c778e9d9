#include "server/store/rocks_event_log.h"

#include "server/store/high_water.h"
#include "tests/support/event_log_contract.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace server {
namespace {

using events::ErrorCode;
using events::LogId;
using events::Position;
using events::Result;
using events::StoredBlock;
using test_support::BlockBuilder;
using test_support::expect_whole;
using test_support::nth_commune;
using test_support::scope_of;

namespace fs = std::filesystem;

/// A new directory that goes with the object.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "khuyenhoc-log-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path log() const { return path_ / "log"; }
  fs::path other() const { return path_ / "other"; }

 private:
  fs::path path_;
};

RocksEventLog::Options options_for(const fs::path& path) {
  RocksEventLog::Options options;
  options.path = path;
  options.create_if_missing = true;
  options.log = LogId{7};
  options.epoch = events::Epoch{1};
  return options;
}

std::unique_ptr<RocksEventLog> open(const RocksEventLog::Options& options) {
  auto log = RocksEventLog::open(options);
  EXPECT_TRUE(log) << log.error().message;
  return log ? std::move(*log) : nullptr;
}

/// What the log says, block by block.
std::vector<events::Bytes> contents(const events::EventLog& log) {
  std::vector<events::Bytes> blocks;
  for (const StoredBlock& block : test_support::read_all(log, {.whole_log = true, .units = {}})) {
    blocks.push_back(events::encode_stored_block(block));
  }
  return blocks;
}

Result<void> push(RocksEventLog& log, BlockBuilder& pushes, std::uint32_t chain,
                  std::size_t count) {
  const StoredBlock block =
      pushes.next(events::ChainNumber{chain}, count, scope_of({nth_commune(chain)}));
  return log.append({&block, 1}, pushes.frontier());
}

void push_all(RocksEventLog& log, BlockBuilder& pushes, int blocks) {
  for (int index = 0; index < blocks; ++index) {
    const auto chain = static_cast<std::uint32_t>(2 + index % 3);
    const Result<void> pushed = push(log, pushes, chain, static_cast<std::size_t>(1 + index % 7));
    ASSERT_TRUE(pushed) << pushed.error().message;
  }
}

std::vector<fs::path> files_ending(const fs::path& folder, const std::string& end) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().string().ends_with(end)) found.push_back(entry.path());
  }
  return found;
}

void flip_bit(const fs::path& file, std::uint64_t bit) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(bit / 8));
  const int byte = stream.get();
  stream.seekp(static_cast<std::streamoff>(bit / 8));
  stream.put(static_cast<char>(byte ^ 1 << bit % 8));
}

void copy_tree(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

struct MakesRocksLogs {
  Folder folder;
  std::unique_ptr<events::EventLog> make(LogId log, events::Epoch epoch) const {
    RocksEventLog::Options options = options_for(folder.log());
    options.log = log;
    options.epoch = epoch;
    return open(options);
  }
};

// A restart would lose what was acknowledged, or the server would go on from another place.
TEST(RocksEventLog, ReopensAsItWasLeft) {
  const Folder folder;
  BlockBuilder pushes;
  std::vector<events::Bytes> before;
  for (int round = 0; round < 4; ++round) {
    SCOPED_TRACE(round);
    const auto log = open(options_for(folder.log()));
    ASSERT_TRUE(log);
    EXPECT_EQ(contents(*log), before);
    expect_whole(*log);
    push_all(*log, pushes, 20);
    before = contents(*log);
  }
}

// A copy taken by kill -9 is what every crash leaves; it must open as the log it was.
TEST(RocksEventLog, ReopensAfterTheProcessWasKilled) {
  const Folder folder;
  const auto log = open(options_for(folder.log()));
  ASSERT_TRUE(log);
  BlockBuilder pushes;
  push_all(*log, pushes, 50);
  copy_tree(folder.log(), folder.other());
  fs::copy(HighWater::path_for(folder.log()), HighWater::path_for(folder.other()));

  const auto copy = open(options_for(folder.other()));
  ASSERT_TRUE(copy);
  EXPECT_EQ(contents(*copy), contents(*log));
  expect_whole(*copy);
}

// Two provinces' databases mixed up by an operator would be written into each other.
TEST(RocksEventLog, RefusesAnotherLog) {
  const Folder folder;
  ASSERT_TRUE(open(options_for(folder.log())));
  RocksEventLog::Options options = options_for(folder.log());
  options.log = LogId{8};
  const auto log = RocksEventLog::open(options);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::wrong_log);
}

// A mistyped path would become a new, empty log that every device is told to fill.
TEST(RocksEventLog, IsNotFoundedByAccident) {
  const Folder folder;
  RocksEventLog::Options options = options_for(folder.log());
  options.create_if_missing = false;
  const auto log = RocksEventLog::open(options);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::not_found);
}

// Two servers over one directory would each acknowledge what the other overwrites.
TEST(RocksEventLog, IsOpenOnlyOnce) {
  const Folder folder;
  const auto log = open(options_for(folder.log()));
  const auto second = RocksEventLog::open(options_for(folder.log()));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::storage_failed);
}

// A server that serves yesterday's copy would make devices delete what it no longer has.
TEST(RocksEventLog, RefusesAnOlderCopyOfTheDatabase) {
  const Folder folder;
  BlockBuilder pushes;
  for (const int more : {10, 1}) {
    const auto log = open(options_for(folder.log()));
    ASSERT_TRUE(log);
    if (more == 1) copy_tree(folder.log(), folder.other());
    push_all(*log, pushes, more);
  }
  copy_tree(folder.other(), folder.log());
  const auto older = RocksEventLog::open(options_for(folder.log()));
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::storage_rolled_back);
  EXPECT_NE(older.error().message.find("log.high-water"), std::string::npos);
  EXPECT_NE(older.error().message.find("restore"), std::string::npos);

  const auto accepted = RocksEventLog::recreate_high_water(options_for(folder.log()));
  ASSERT_TRUE(accepted) << accepted.error().message;
  const auto log = open(options_for(folder.log()));
  ASSERT_TRUE(log);
  EXPECT_EQ(log->head(), *accepted);
}

// A disk that comes back empty would be founded anew over everything that was promised.
TEST(RocksEventLog, RefusesAnEmptyDatabaseInPlaceOfALog) {
  const Folder folder;
  BlockBuilder pushes;
  push_all(*open(options_for(folder.log())), pushes, 3);
  fs::remove_all(folder.log());
  const auto log = RocksEventLog::open(options_for(folder.log()));
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::storage_rolled_back);
  EXPECT_FALSE(fs::exists(folder.log()));
}

// A log rewritten to the same length would pass for the one that devices have seen.
TEST(RocksEventLog, RefusesOtherEventsOfTheSameNumber) {
  const Folder folder;
  BlockBuilder first;
  BlockBuilder second(LogId{7}, events::Epoch{1});
  const auto promised = open(options_for(folder.log()));
  ASSERT_TRUE(push(*promised, first, 3, 5));
  auto rewritten = open(options_for(folder.other()));
  ASSERT_TRUE(push(*rewritten, second, 4, 5));
  fs::copy(HighWater::path_for(folder.log()), HighWater::path_for(folder.other()),
           fs::copy_options::overwrite_existing);
  rewritten.reset();
  const auto log = RocksEventLog::open(options_for(folder.other()));
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::storage_rolled_back);
}

// Whoever removes the high-water file would switch off the only witness of a roll-back.
TEST(RocksEventLog, RefusesALogWithoutItsHighWaterFile) {
  const Folder folder;
  BlockBuilder pushes;
  push_all(*open(options_for(folder.log())), pushes, 3);
  const fs::path mark = HighWater::path_for(folder.log());
  fs::remove(mark);
  const auto missing = RocksEventLog::open(options_for(folder.log()));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::storage_corrupt);
  EXPECT_NE(missing.error().message.find(mark.string()), std::string::npos);

  std::ofstream(mark) << "nonsense";
  const auto damaged = RocksEventLog::open(options_for(folder.log()));
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ErrorCode::storage_corrupt);

  ASSERT_TRUE(RocksEventLog::recreate_high_water(options_for(folder.log())));
  const auto log = open(options_for(folder.log()));
  ASSERT_TRUE(log);
  expect_whole(*log);
}

// One bit of a failing disk would silently take back events whose devices deleted their copies.
TEST(RocksEventLog, NoFlippedBitInTheWriteAheadLogIsServed) {
  const Folder folder;
  BlockBuilder pushes;
  const auto log = open(options_for(folder.log()));
  ASSERT_TRUE(log);
  push_all(*log, pushes, 60);
  const std::vector<events::Bytes> promised = contents(*log);

  const std::vector<fs::path> found = files_ending(folder.log(), ".log");
  ASSERT_EQ(found.size(), 1U);
  const std::string name = found[0].filename().string();
  const std::uint64_t bits = fs::file_size(found[0]) * 8;
  ASSERT_GT(bits, 60U * 100 * 8);
  std::mt19937_64 random(20'260'101);
  int identical = 0;
  int refused = 0;
  for (int round = 0; round < 250; ++round) {
    // The first and last bits one by one, then all over the file.
    std::uint64_t bit = random() % bits;
    if (round < 60) bit = static_cast<std::uint64_t>(round);
    if (round >= 60 && round < 100) bit = bits - 1 - static_cast<std::uint64_t>(round - 60);
    SCOPED_TRACE(bit);
    copy_tree(folder.log(), folder.other());
    fs::copy(HighWater::path_for(folder.log()), HighWater::path_for(folder.other()),
             fs::copy_options::overwrite_existing);
    flip_bit(folder.other() / name, bit);
    for (int attempt = 0; attempt < 2; ++attempt) {  // A refusal must not be a repair.
      const auto opened = RocksEventLog::open(options_for(folder.other()));
      if (opened) {
        ASSERT_EQ(contents(**opened), promised);
        ++identical;
        continue;
      }
      ++refused;
      ASSERT_NE(opened.error().message.find(folder.other().string()), std::string::npos)
          << opened.error().message;
      ASSERT_TRUE(opened.error().message.find(name) != std::string::npos ||
                  opened.error().message.find(".high-water") != std::string::npos)
          << opened.error().message;
      ASSERT_NE(opened.error().message.find("restore"), std::string::npos);
    }
    // The undamaged bit still opens: nothing was thrown away by the refusals.
    if (round % 10 == 0 && fs::exists(folder.other() / name)) {
      flip_bit(folder.other() / name, bit);
      const auto repaired = RocksEventLog::open(options_for(folder.other()));
      ASSERT_TRUE(repaired) << repaired.error().message;
      ASSERT_EQ(contents(**repaired), promised);
    }
  }
  EXPECT_GT(refused, identical);
}

// Damage in a table file would be found by a citizen instead of by the nightly check.
TEST(RocksEventLog, VerifyingNamesTheDamagedTable) {
  const Folder folder;
  BlockBuilder pushes;
  push_all(*open(options_for(folder.log())), pushes, 200);
  const auto log = open(options_for(folder.log()));  // Flushes what the first left.
  ASSERT_TRUE(log);
  ASSERT_TRUE(log->verify_tables());
  fs::path largest;
  for (const fs::path& file : files_ending(folder.log(), ".sst")) {
    if (largest.empty() || fs::file_size(file) > fs::file_size(largest)) largest = file;
  }
  ASSERT_FALSE(largest.empty());
  flip_bit(largest, 8 * 500);
  const Result<void> verified = log->verify_tables();
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, ErrorCode::storage_corrupt);
  EXPECT_NE(verified.error().message.find(largest.filename().string()), std::string::npos)
      << verified.error().message;
}

// RocksDB would meet the full disk itself and stop for good, needing a person at night.
TEST(RocksEventLog, GoesOnWhenTheDiskHasRoomAgain) {
  const Folder folder;
  std::uint64_t available = std::uint64_t{1} << 30U;
  RocksEventLog::Options options = options_for(folder.log());
  options.disk_floor.free_bytes = [&available] { return available; };
  const auto log = open(options);
  ASSERT_TRUE(log);
  BlockBuilder pushes;
  const StoredBlock block = pushes.next(events::ChainNumber{3}, 2, scope_of({nth_commune(1)}));
  available = 1000;
  const Result<void> refused = log->append({&block, 1}, pushes.frontier());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::storage_failed);
  EXPECT_NE(refused.error().message.find("67108864"), std::string::npos);
  EXPECT_TRUE(log->healthy());
  EXPECT_EQ(log->head().position, Position{0});
  available = std::uint64_t{1} << 30U;
  EXPECT_TRUE(log->append({&block, 1}, pushes.frontier()));
}

// An auditor's program would change the very bytes it is to testify about.
TEST(RocksEventLog, ReadsWithoutWriting) {
  const Folder folder;
  BlockBuilder pushes;
  std::vector<events::Bytes> promised;
  {
    const auto log = open(options_for(folder.log()));
    push_all(*log, pushes, 30);
    promised = contents(*log);
  }
  std::map<fs::path, fs::file_time_type> before;
  for (const auto& entry : fs::directory_iterator(folder.log())) {
    before[entry.path()] = entry.last_write_time();
  }
  const auto log = RocksEventLog::open_read_only(folder.log());
  ASSERT_TRUE(log) << log.error().message;
  EXPECT_EQ(contents(**log), promised);
  EXPECT_TRUE((*log)->verify_tables());
  EXPECT_FALSE(push(**log, pushes, 3, 1));
  std::map<fs::path, fs::file_time_type> after;
  for (const auto& entry : fs::directory_iterator(folder.log())) {
    after[entry.path()] = entry.last_write_time();
  }
  EXPECT_EQ(before, after);
}

// A session would send a device events that a power cut then takes back.
TEST(RocksEventLog, ReadersSeeWholeAppendsWhileOneThreadWrites) {
  const Folder folder;
  const auto log = open(options_for(folder.log()));
  ASSERT_TRUE(log);
  std::atomic<bool> done{false};
  std::thread reader([&] {
    Position cursor;
    while (!done) {
      const events::LogHead head = log->head();
      if (head.position.value > 0) {
        const auto block = log->block_at(head.position);
        ASSERT_TRUE(block && *block);
        EXPECT_EQ(events::decode_stored_block(**block)->root_after, head.root);
      }
      const auto next = log->next_block({false, {nth_commune(2), nth_commune(3)}}, cursor, &cursor);
      ASSERT_TRUE(next);
      EXPECT_LE(cursor, log->head().position);
      const auto chain = log->chain_head(events::ChainNumber{2});
      ASSERT_TRUE(chain);
      if (chain->seq > 0) {
        EXPECT_TRUE(*log->block_of(events::ChainNumber{2}, chain->seq));
      }
    }
  });
  BlockBuilder pushes;
  push_all(*log, pushes, 500);
  done = true;
  reader.join();
  expect_whole(*log);
}

// A restart would fold the whole log again, or worse, go on from another projection's state.
TEST(CheckpointStore, GivesBackTheNewestOfTheSameRevision) {
  const Folder folder;
  events::Bytes state(100'000, 7);
  {
    const auto log = open(options_for(folder.log()));
    BlockBuilder pushes;
    push_all(*log, pushes, 5);
    CheckpointStore& store = log->checkpoints();
    ASSERT_TRUE(store.put("registry", 1, Position{1}, events::bytes_of("old")));
    ASSERT_TRUE(store.put("registry", 2, Position{9}, state));
    ASSERT_TRUE(store.put("dossiers", 1, Position{9}, {}));
    push_all(*log, pushes, 5);
  }
  const auto log = open(options_for(folder.log()));
  ASSERT_TRUE(log);
  const auto found = log->checkpoints().get("registry", 2);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->position, Position{9});
  EXPECT_EQ((*found)->bytes, state);
  EXPECT_FALSE(*log->checkpoints().get("registry", 1));
  EXPECT_FALSE(*log->checkpoints().get("unknown", 1));
  const auto empty = log->checkpoints().get("dossiers", 1);
  ASSERT_TRUE(empty && *empty);
  EXPECT_TRUE((*empty)->bytes.empty());
  expect_whole(*log);
}

}  // namespace
}  // namespace server

namespace test_support {
INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, EventLogContract, server::MakesRocksLogs);
}  // namespace test_support
