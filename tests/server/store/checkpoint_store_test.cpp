#include "server/store/checkpoint_store.h"

#include "tests/e2e/scratch_directory.h"
#include "tests/support/unsynced_file_system.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

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
