#include "server/store/checkpoint_store.h"

#include "tests/e2e/scratch_directory.h"
#include "tests/support/unsynced_file_system.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace server {
namespace {

using events::Bytes;
using events::ErrorCode;
using events::Position;

Bytes some_bytes(std::size_t size, std::uint8_t first = 1) {
  Bytes bytes(size);
  for (std::size_t index = 0; index < size; ++index) {
    bytes[index] = static_cast<std::uint8_t>(first + index * 7);
  }
  return bytes;
}

/// A database with a table for checkpoints, on a disk whose power may go.
class CheckpointStoreTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void TearDown() override { close(); }

  void open() {
    rocksdb::DBOptions options;
    options.create_if_missing = true;
    options.create_missing_column_families = true;
    options.env = env_.get();
    rocksdb::DB* database = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(
        options, path(), {{rocksdb::kDefaultColumnFamilyName, {}}, {"checkpoints", {}}}, &tables_,
        &database);
    ASSERT_TRUE(status.ok()) << status.ToString();
    database_.reset(database);
    store_.emplace(*database_, *tables_[1]);
  }
  void close() {
    store_.reset();
    for (auto* const table : tables_) database_->DestroyColumnFamilyHandle(table);
    tables_.clear();
    database_.reset();
  }
  std::string path() const { return (scratch_ / "db").string(); }
  std::string row(const char* name) {
    std::string bytes;
    EXPECT_TRUE(database_->Get(rocksdb::ReadOptions(), tables_[1], name, &bytes).ok());
    return bytes;
  }
  void set_row(const char* name, const std::string& bytes) {
    EXPECT_TRUE(database_->Put(rocksdb::WriteOptions(), tables_[1], name, bytes).ok());
  }

  e2e::ScratchDirectory scratch_;
  std::shared_ptr<test_support::UnsyncedFileSystem> disk_ =
      std::make_shared<test_support::UnsyncedFileSystem>(scratch_.path());
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::unique_ptr<rocksdb::DB> database_;
  std::vector<rocksdb::ColumnFamilyHandle*> tables_;
  std::optional<CheckpointStore> store_;
};

TEST_F(CheckpointStoreTest, TheNewestOfEachNameIsGiven) {
  EXPECT_EQ(*store_->get("folded", 1), std::nullopt);
  ASSERT_TRUE(store_->put("folded", 1, Position{10}, some_bytes(100)));
  ASSERT_TRUE(store_->put("other", 1, Position{11}, some_bytes(5)));
  ASSERT_TRUE(store_->put("folded", 1, Position{1ULL << 40U}, some_bytes(200, 9)));
  const auto folded = store_->get("folded", 1);
  ASSERT_TRUE(folded && *folded);
  EXPECT_EQ((*folded)->position, Position{1ULL << 40U});
  EXPECT_EQ((*folded)->bytes, some_bytes(200, 9));
  EXPECT_EQ((*store_->get("other", 1))->bytes, some_bytes(5));
}

TEST_F(CheckpointStoreTest, AnEmptyOneIsOneToo) {
  ASSERT_TRUE(store_->put("folded", 1, Position{0}, {}));
  const auto folded = store_->get("folded", 1);
  ASSERT_TRUE(folded && *folded);
  EXPECT_TRUE((*folded)->bytes.empty());
}

// Another build folds otherwise: what it left must not be read as this build's.
TEST_F(CheckpointStoreTest, ThatOfAnotherRevisionIsNone) {
  ASSERT_TRUE(store_->put("folded", 7, Position{10}, some_bytes(100)));
  for (const std::uint32_t revision : {6U, 8U, 7U + (1U << 24U)}) {
    const auto folded = store_->get("folded", revision);
    ASSERT_TRUE(folded) << folded.error().message;
    EXPECT_FALSE(*folded) << revision;
  }
  EXPECT_TRUE(*store_->get("folded", 7));
}

// A state that differs by one bit would judge otherwise from then on.
TEST_F(CheckpointStoreTest, AChangedByteAnywhereIsNotWhatWasStored) {
  ASSERT_TRUE(store_->put("folded", 1, Position{10}, some_bytes(20)));
  const std::string whole = row("folded");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    set_row("folded", changed);
    const auto folded = store_->get("folded", 1);
    ASSERT_FALSE(folded) << at;
    EXPECT_EQ(folded.error().code, ErrorCode::storage_corrupt);
    EXPECT_NE(folded.error().message.find("folded"), std::string::npos);
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    set_row("folded", whole.substr(0, size));
    EXPECT_EQ(store_->get("folded", 1).error().code, ErrorCode::storage_corrupt) << size;
  }
  set_row("folded", whole);
  EXPECT_TRUE(*store_->get("folded", 1));
}

TEST_F(CheckpointStoreTest, WhatWasPutSurvivesAPowerCut) {
  for (std::uint8_t cut = 1; cut <= 5; ++cut) {
    ASSERT_TRUE(store_->put("folded", 1, Position{cut}, some_bytes(1'000, cut)));
    disk_->cut();
    close();
    disk_->restart(cut);
    open();
    const auto folded = store_->get("folded", 1);
    ASSERT_TRUE(folded) << folded.error().message;
    ASSERT_TRUE(*folded) << "cut " << int{cut};
    EXPECT_EQ((*folded)->bytes, some_bytes(1'000, cut));
  }
}

// An append syncs the write-ahead log: a checkpoint in it would be waited for by officers.
TEST_F(CheckpointStoreTest, ItsBytesDoNotEnterTheWriteAheadLog) {
  ASSERT_TRUE(database_->Put(rocksdb::WriteOptions(), tables_[0], "a block", "its bytes").ok());
  ASSERT_TRUE(store_->put("folded", 1, Position{1}, some_bytes(1'000'000)));
  std::uintmax_t ahead = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path())) {
    if (entry.path().extension() == ".log") ahead += entry.file_size();
  }
  EXPECT_GT(ahead, 0U);
  EXPECT_LT(ahead, 100'000U);
}

/// Vector, number and size of each piece.
using Pieces = std::vector<std::array<std::size_t, 3>>;

Pieces pieces_of(const CheckpointStore& store, const char* name) {
  Pieces pieces;
  const auto read = store.for_each_piece(
      name, [&](const PieceName& piece, events::ByteView bytes) -> events::Result<void> {
        pieces.push_back({piece.vector, piece.number, bytes.size()});
        return {};
      });
  EXPECT_TRUE(read);
  return pieces;
}

// A province's state is written in seconds once, and in milliseconds from then on.
TEST_F(CheckpointStoreTest, APieceStaysUntilItIsReplaced) {
  auto first = store_->update("folded", true);
  ASSERT_TRUE(first.put({0, 0}, some_bytes(10)));
  ASSERT_TRUE(first.put({0, 300}, some_bytes(20)));
  ASSERT_TRUE(first.put({2, 1}, some_bytes(30)));
  ASSERT_TRUE(first.finish(1, Position{5}, some_bytes(3)));
  ASSERT_TRUE(store_->put("folde", 1, Position{1}, {}));
  ASSERT_TRUE(store_->put("folded2", 1, Position{1}, {}));
  auto second = store_->update("folded", false);
  ASSERT_TRUE(second.put({0, 300}, some_bytes(21)));
  ASSERT_TRUE(second.put({1, 0}, some_bytes(1)));
  ASSERT_TRUE(second.finish(1, Position{6}, some_bytes(4)));
  EXPECT_EQ((*store_->get("folded", 1))->position, Position{6});
  EXPECT_EQ(pieces_of(*store_, "folded"),
            (Pieces{{0, 0, 10}, {0, 300, 21}, {1, 0, 1}, {2, 1, 30}}));
  EXPECT_TRUE(pieces_of(*store_, "folded2").empty());
  auto whole = store_->update("folded", true);
  ASSERT_TRUE(whole.put({7, 7}, some_bytes(7)));
  ASSERT_TRUE(whole.finish(1, Position{7}, {}));
  EXPECT_EQ(pieces_of(*store_, "folded"), (Pieces{{7, 7, 7}}));
  EXPECT_TRUE(*store_->get("folde", 1));
}

// Pieces of one place and a position of another would be judged by for ever.
TEST_F(CheckpointStoreTest, PiecesAndPositionSurviveAPowerCutTogetherOrNotAtAll) {
  auto first = store_->update("folded", true);
  ASSERT_TRUE(first.put({0, 0}, some_bytes(10)));
  ASSERT_TRUE(first.finish(1, Position{1}, {}));
  for (std::uint8_t cut = 1; cut <= 4; ++cut) {
    auto lost = store_->update("folded", false);
    ASSERT_TRUE(lost.put({0, 0}, some_bytes(90)));
    if (cut % 2 == 0) {
      ASSERT_TRUE(lost.finish(1, Position{cut}, {}));
    }
    disk_->cut();
    close();
    disk_->restart(cut);
    open();
    const auto folded = store_->get("folded", 1);
    ASSERT_TRUE(folded && *folded);
    const bool is_new = (*folded)->position != Position{1};
    EXPECT_EQ(is_new, cut > 1);
    EXPECT_EQ(pieces_of(*store_, "folded"), (Pieces{{0, 0, is_new ? 90U : 10U}}));
  }
}

// Half of a new whole checkpoint must not be taken for one.
TEST_F(CheckpointStoreTest, AWholeOneIsThereWhenAllOfItIs) {
  ASSERT_TRUE(store_->put("folded", 1, Position{1}, {}));
  auto whole = store_->update("folded", true);
  for (std::uint32_t number = 0; number < 12; ++number) {
    ASSERT_TRUE(whole.put({0, number}, some_bytes(1'000'000)));
  }
  EXPECT_FALSE(*store_->get("folded", 1));
  EXPECT_GT(pieces_of(*store_, "folded").size(), 3U) << "not all of it waits in memory";
  ASSERT_TRUE(whole.finish(1, Position{2}, {}));
  EXPECT_EQ(pieces_of(*store_, "folded").size(), 12U);
  EXPECT_EQ((*store_->get("folded", 1))->position, Position{2});
}

TEST_F(CheckpointStoreTest, AChangedByteOfAPieceIsNotWhatWasStored) {
  auto update = store_->update("folded", true);
  ASSERT_TRUE(update.put({0, 1}, some_bytes(10)));
  ASSERT_TRUE(update.finish(1, Position{1}, {}));
  const std::string key("folded\0\0\0\0\0\0\1", 13);
  std::string whole;
  ASSERT_TRUE(database_->Get(rocksdb::ReadOptions(), tables_[1], key, &whole).ok());
  const auto take = [](const PieceName&, events::ByteView) -> events::Result<void> { return {}; };
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    ASSERT_TRUE(database_->Put(rocksdb::WriteOptions(), tables_[1], key, changed).ok());
    const auto read = store_->for_each_piece("folded", take);
    ASSERT_FALSE(read) << at;
    EXPECT_EQ(read.error().code, ErrorCode::storage_corrupt);
  }
}

TEST_F(CheckpointStoreTest, ADiskThatFailsIsToldAndTheOldOneStays) {
  ASSERT_TRUE(store_->put("folded", 1, Position{1}, some_bytes(10)));
  disk_->cut();
  const auto put = store_->put("folded", 1, Position{2}, some_bytes(20));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::storage_failed);
  close();
  disk_->restart(1);
  open();
  const auto folded = store_->get("folded", 1);
  ASSERT_TRUE(folded && *folded);
  EXPECT_EQ((*folded)->position, Position{1});
}

}  // namespace
}  // namespace server
