#include "tools/audit/stored_records.h"

#include "server/store/rocks_private_store.h"
#include "tests/tools/audit/audited_log.h"
#include "tools/audit/block_reader.h"

// Behind world.h, whose parameters have names of its things.
#include "tests/server/bundle/photo_scene.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace audit {
namespace {

using namespace events;
namespace fs = std::filesystem;
using server::test::PhotoScene;

/// What lay in a directory: every file and its bytes.
std::vector<std::pair<std::string, std::string>> content_of(const fs::path& directory) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files.emplace_back(entry.path().string(),
                       std::string(std::istreambuf_iterator<char>(file), {}));
  }
  std::ranges::sort(files);
  return files;
}

/// A log with a citizen, a dossier and a photo, and on the disk what a server has beside it.
class StoredRecords : public testing::Test, public PhotoScene {
 protected:
  void SetUp() override {
    path_ = fs::temp_directory_path() / ("khuyenhoc-records-" + std::to_string(::getpid()));
    fs::remove_all(path_);
    photo_ = attach(20'000);
    ASSERT_TRUE(meet_server().synced());
    for (const FilePart part : {FilePart::original, FilePart::thumbnail}) {
      const auto recorded = pipeline.record_stored({photo_.attached, part}, now);
      ASSERT_TRUE(recorded) << recorded.error().message;
    }
    for (const Bytes& file : {photo_.original, photo_.thumbnail}) {
      fs::create_directories(path_of(file).parent_path());
      std::ofstream(path_of(file), std::ios::binary) << std::string(file.begin(), file.end());
    }
    server::RocksPrivateStore::Options options;
    options.path = path_ / "private";
    options.create_if_missing = true;
    const auto store = server::RocksPrivateStore::open(options);
    ASSERT_TRUE(store) << store.error().message;
    const auto read = read_blocks(log, [&](const StoredBlock&, std::span<const StoredEvent> all) {
      for (const StoredEvent& each : all) {
        const auto digest = private_digest_of(each.event.payload);
        if (!digest) continue;
        const auto record = private_store.get(*digest);
        ASSERT_TRUE(record && *record);
        ASSERT_TRUE((*store)->put({&**record, 1}));
        named_.push_back(*digest);
      }
    });
    ASSERT_TRUE(read);
    ASSERT_FALSE(named_.empty());
  }
  void TearDown() override { fs::remove_all(path_); }

  fs::path path_of(const Bytes& file) const {
    const std::string name = to_hex(sha256(file).bytes);
    return path_ / "files" / name.substr(0, 2) / name.substr(2);
  }

  /// Changes a record as somebody does who knows the database: its checksums are right.
  void write_row(const Digest& digest, const std::string& row) const {
    rocksdb::DB* opened = nullptr;
    const auto path = (path_ / "private").string();
    ASSERT_TRUE(rocksdb::DB::Open(rocksdb::Options(), path, &opened).ok());
    const std::unique_ptr<rocksdb::DB> database(opened);
    const rocksdb::Slice key(reinterpret_cast<const char*>(digest.bytes.data()),
                             digest.bytes.size());
    const rocksdb::Status done = row.empty() ? database->Delete(rocksdb::WriteOptions(), key)
                                             : database->Put(rocksdb::WriteOptions(), key, row);
    ASSERT_TRUE(done.ok());
  }

  Report verified() const {
    Report report;
    verify_records(log, path_, report);
    return report;
  }

  fs::path path_;
  Photo photo_;
  std::vector<Digest> named_;
};

TEST_F(StoredRecords, WhatIsWholeVerifiesAndIsLeftAsItWas) {
  const auto before = content_of(path_);
  const Report report = verified();
  EXPECT_TRUE(report.verified()) << problems_of(report);
  EXPECT_EQ(report.result(Check::private_records).checked, named_.size());
  EXPECT_EQ(report.result(Check::evidence_files).checked, 2U);
  EXPECT_EQ(content_of(path_), before);
}

// The audit said "verified" of a log whose names somebody had changed in the database.
TEST_F(StoredRecords, AChangedRecordIsNamedByItsEvent) {
  for (const std::string& row : {std::string(60, 'x'), std::string("x")}) {
    write_row(named_.back(), row);
    const Report report = verified();
    EXPECT_FALSE(report.verified());
    EXPECT_EQ(report.result(Check::private_records).problems, 1U) << problems_of(report);
    ASSERT_EQ(report.problems().size(), 1U);
    EXPECT_FALSE(report.problems().front().event.is_none());
    EXPECT_NE(report.problems().front().place.find(to_hex(named_.back().bytes)), std::string::npos);
  }
}

TEST_F(StoredRecords, AChangedRecordThatNoEventNamesIsFoundToo) {
  Digest stranger;
  stranger.bytes.fill(7);
  write_row(stranger, std::string(60, 'x'));
  const Report report = verified();
  EXPECT_EQ(report.result(Check::private_records).problems, 1U) << problems_of(report);
}

// A citizen's right to be forgotten is no damage.
TEST_F(StoredRecords, AnErasedRecordIsNoProblem) {
  write_row(named_.front(), "");
  const Report report = verified();
  EXPECT_TRUE(report.verified()) << problems_of(report);
  EXPECT_EQ(report.result(Check::private_records).checked, named_.size() - 1);
}

TEST_F(StoredRecords, AChangedByteOfAFileIsNamed) {
  {
    std::fstream file(path_of(photo_.original), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(1'000);
    file.put(static_cast<char>(photo_.original[1'000] ^ 1));
  }
  const Report report = verified();
  EXPECT_EQ(report.result(Check::evidence_files).problems, 1U) << problems_of(report);
  ASSERT_EQ(report.problems().size(), 1U);
  EXPECT_EQ(report.problems().front().place, path_of(photo_.original).string());
}

TEST_F(StoredRecords, AMissingFileThatTheLogCallsStoredIsNamed) {
  fs::remove(path_of(photo_.thumbnail));
  const Report report = verified();
  EXPECT_EQ(report.result(Check::evidence_files).problems, 1U);
  EXPECT_NE(problems_of(report).find("the thumbnail of " + to_string(photo_.attached)),
            std::string::npos)
      << problems_of(report);
}

TEST_F(StoredRecords, ADirectoryWithoutRecordsIsNotVerified) {
  fs::remove_all(path_ / "private");
  const Report report = verified();
  EXPECT_FALSE(report.verified());
  EXPECT_NE(report.result(Check::private_records).stopped.find("holds no private records"),
            std::string::npos);
}

}  // namespace
}  // namespace audit
