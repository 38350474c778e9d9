#include "server/store/rocks_watch.h"

#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/listener.h>

#include <memory>
#include <optional>
#include <string>

namespace server {
namespace {

using events::Error;
using events::ErrorCode;

void report(const RocksWatch& watch, rocksdb::Status status) {
  watch.listener()->OnBackgroundError(rocksdb::BackgroundErrorReason::kFlush, &status);
}

// What came later follows from the first; the operator must see where it began.
TEST(RocksWatch, TheFirstFailureStays) {
  RocksWatch watch;
  EXPECT_TRUE(watch.healthy());
  EXPECT_FALSE(watch.failure());
  watch.fail(Error{ErrorCode::storage_failed, "first"});
  watch.fail(Error{ErrorCode::storage_corrupt, "second"});
  report(watch, rocksdb::Status::Corruption("third"));
  EXPECT_FALSE(watch.healthy());
  ASSERT_TRUE(watch.failure());
  EXPECT_EQ(watch.failure()->message, "first");
}

TEST(RocksWatch, BackgroundWorkThatFailedIsAFailure) {
  RocksWatch watch;
  report(watch, rocksdb::Status::OK());
  EXPECT_TRUE(watch.healthy());
  report(watch, rocksdb::Status::Corruption("000012.sst"));
  ASSERT_TRUE(watch.failure());
  EXPECT_EQ(watch.failure()->code, ErrorCode::storage_corrupt);
  EXPECT_NE(watch.failure()->message.find("background work"), std::string::npos);
  EXPECT_NE(watch.failure()->message.find("000012.sst"), std::string::npos);
}

// "Not found" is an answer to a question; here nobody asked one.
TEST(RocksWatch, AFileThatIsMissingInTheBackgroundIsAFailedStore) {
  RocksWatch watch;
  report(watch, rocksdb::Status::NotFound("000012.sst"));
  ASSERT_TRUE(watch.failure());
  EXPECT_EQ(watch.failure()->code, ErrorCode::storage_failed);
}

TEST(RocksWatch, TheLastRemarkAboutLostBytesIsKept) {
  RocksWatch watch;
  EXPECT_EQ(watch.complaint(), "");
  const auto logger = watch.logger();
  rocksdb::Warn(logger, "%s: dropping %d bytes; Corruption: bad", "000004.log", 512);
  rocksdb::Warn(logger, "compaction takes %d s", 3);
  EXPECT_EQ(watch.complaint(), "[WARN] 000004.log: dropping 512 bytes; Corruption: bad");
  rocksdb::Warn(logger, "000007.log: dropping 7 bytes; Corruption: worse");
  EXPECT_EQ(watch.complaint(), "[WARN] 000007.log: dropping 7 bytes; Corruption: worse");
  EXPECT_TRUE(watch.healthy()) << "a remark is not yet a failure";
}

TEST(RocksWatch, ARemarkIsBounded) {
  RocksWatch watch;
  const std::string path(5'000, 'p');
  rocksdb::Warn(watch.logger(), "a: dropping %s", path.c_str());
  EXPECT_EQ(watch.complaint().size(), 1'023U);
}

// RocksDB's threads end after whoever opened the database.
TEST(RocksWatch, WhatRocksDbHoldsOutlivesIt) {
  std::optional<RocksWatch> watch(std::in_place);
  const RocksWatch copy = *watch;
  const auto listener = watch->listener();
  const auto logger = watch->logger();
  watch.reset();
  rocksdb::Status status = rocksdb::Status::IOError("late");
  listener->OnBackgroundError(rocksdb::BackgroundErrorReason::kCompaction, &status);
  rocksdb::Warn(logger, "late: dropping 1 bytes");
  EXPECT_EQ(copy.failure()->code, ErrorCode::storage_failed);
  EXPECT_EQ(copy.complaint(), "[WARN] late: dropping 1 bytes");
}

}  // namespace
}  // namespace server
