#include "server/store/table_check.h"

#include "server/store/rocks_event_log.h"
#include "server/store/rocks_private_store.h"
#include "tests/support/event_log_contract.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace server {
namespace {

namespace fs = std::filesystem;

events::PrivateRecord record_of(std::uint8_t salt) {
  std::array<std::uint8_t, 16> salts{};
  salts.fill(salt);
  events::PersonRecord person;
  person.full_name = "Nguyễn Thị Sáu";
  return events::make_private_record(salts, person);
}

/// Waits until the check is over.
void finish(const TableCheck& check) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!check.is_over() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(check.is_over());
}

/// A server's log and private records, open, with all rows in tables.
class TableCheckTest : public testing::Test {
 protected:
  TableCheckTest() {
    std::string name = (fs::temp_directory_path() / "khuyenhoc-tables-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) root_ = name;
    for (int time = 0; time < 2; ++time) {  // Opening again puts into tables what was written.
      open();
      if (time == 0) fill();
    }
  }
  ~TableCheckTest() override {
    log_.reset();
    records_.reset();
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  void open() {
    log_.reset();
    records_.reset();
    RocksEventLog::Options options;
    options.path = root_ / "log";
    options.create_if_missing = true;
    options.log = events::LogId{7};
    options.epoch = events::Epoch{1};
    log_ = RocksEventLog::open(options).value();
    RocksPrivateStore::Options private_options;
    private_options.path = root_ / "private";
    private_options.create_if_missing = true;
    records_ = RocksPrivateStore::open(private_options).value();
  }

  void fill() {
    test_support::BlockBuilder pushes;
    for (int index = 0; index < 40; ++index) {
      const events::StoredBlock block = pushes.next(
          events::ChainNumber{2}, 3, test_support::scope_of({test_support::nth_commune(2)}));
      ASSERT_TRUE(log_->append({&block, 1}, pushes.frontier()));
    }
    for (std::uint8_t salt = 0; salt < 50; ++salt) {
      const events::PrivateRecord record = record_of(salt);
      ASSERT_TRUE(records_->put({&record, 1}));
    }
  }

  std::vector<fs::path> databases() const { return {root_ / "log", root_ / "private"}; }

  static std::vector<fs::path> tables_in(const fs::path& database) {
    std::vector<fs::path> tables;
    for (const auto& entry : fs::directory_iterator(database)) {
      if (entry.path().extension() == ".sst") tables.push_back(entry.path());
    }
    return tables;
  }

  static void flip_bit(const fs::path& table) {
    std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(10);
    const int byte = file.get();
    file.seekp(10);
    file.put(static_cast<char>(byte ^ 4));
  }

  fs::path root_;
  std::unique_ptr<RocksEventLog> log_;
  std::unique_ptr<RocksPrivateStore> records_;
};

TEST_F(TableCheckTest, WholeTablesAreNoTrouble) {
  TableCheck check(databases());
  EXPECT_FALSE(check.is_over());
  check.start();
  finish(check);
  EXPECT_FALSE(check.trouble());
}

// Damage was found by the officer who needed the dossier, not by the operator who has the backup.
TEST_F(TableCheckTest, EachDamagedTableIsNoticedAndTheFolderNamed) {
  for (const fs::path& database : databases()) {
    const std::vector<fs::path> tables = tables_in(database);
    ASSERT_FALSE(tables.empty()) << database;
    for (const fs::path& table : tables) {
      SCOPED_TRACE(table);
      flip_bit(table);
      TableCheck check(databases());
      check.start();
      finish(check);
      const auto trouble = check.trouble();
      flip_bit(table);
      ASSERT_TRUE(trouble);
      EXPECT_EQ(trouble->code, events::ErrorCode::storage_corrupt);
      const std::string folder = database.filename().string() + "/";
      EXPECT_NE(trouble->message.find(folder), std::string::npos) << trouble->message;
      EXPECT_NE(trouble->message.find("is damaged"), std::string::npos) << trouble->message;
      EXPECT_NE(trouble->message.find("restore"), std::string::npos) << trouble->message;
      EXPECT_EQ(trouble->message.find(root_.string()), std::string::npos) << "strangers hear it";
    }
  }
}

TEST_F(TableCheckTest, ADatabaseThatCannotBeListedIsTrouble) {
  TableCheck check({root_ / "gone"});
  check.start();
  finish(check);
  EXPECT_TRUE(check.trouble());
}

// A server that is told to stop does not read its whole log first.
TEST_F(TableCheckTest, StopsBetweenTwoTables) {
  std::vector<fs::path> many;
  for (int time = 0; time < 50'000; ++time) many.push_back(root_ / "log");  // Half a minute's work.
  TableCheck check(many);
  check.start();
  const auto begin = std::chrono::steady_clock::now();
  check.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_TRUE(check.is_over());
  EXPECT_FALSE(check.trouble());
}

}  // namespace
}  // namespace server
