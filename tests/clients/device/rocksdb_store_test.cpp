#include "clients/device/rocksdb_store.h"

#include "events/archive/compact.h"
#include "tests/clients/cli/scratch_home.h"
#include "tests/clients/core/log/client_store_contract.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace clients_test {
namespace {

using namespace events;
using clients::RocksdbStore;
using clients::StoreChange;

using Folder = ScratchHome;

class MakesRocksdbStores {
 public:
  MakesRocksdbStores() { open(true); }
  clients::ClientStore& store() { return *store_; }
  void reopen() {
    store_.reset();
    open(false);
  }

 private:
  void open(bool create) {
    auto opened = RocksdbStore::open(folder_.home(), create);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  Folder folder_;
  std::unique_ptr<RocksdbStore> store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Rocksdb, ClientStoreContract, MakesRocksdbStores);

// Whoever reads the key can sign in the officers' names.
TEST(RocksdbStore, ReadingAHundredTimesLeavesFewFiles) {
  const Folder folder;
  {
    auto store = RocksdbStore::open(folder.home(), true);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->commit(a_first_day()));
  }
  for (int time = 0; time < 100; ++time) ASSERT_TRUE(RocksdbStore::open(folder.home(), false));
  std::size_t logs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.home() / "store")) {
    if (entry.path().extension() == ".log") ++logs;
  }
  EXPECT_LE(logs, 20U);
}

TEST(RocksdbStore, OnlyTheOwnerMayReadTheKey) {
  const Folder folder;
  auto store = RocksdbStore::open(folder.home(), true);
  ASSERT_TRUE(store);
  ASSERT_TRUE((*store)->commit(a_first_day()));
  using std::filesystem::perms;
  const auto key = std::filesystem::status(folder.home() / "device.key").permissions();
  EXPECT_EQ(key, perms::owner_read | perms::owner_write);
  EXPECT_EQ(std::filesystem::status(folder.home()).permissions(), perms::owner_all);
}

/// Everything the files of a home hold, one behind the other.
std::string all_bytes_of(const std::filesystem::path& home) {
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(file), {});
  }
  return bytes;
}

// Whoever copies the folder must not find a single name in it.
TEST(RocksdbStore, NoFileHoldsAName) {
  const Folder folder;
  {
    auto store = RocksdbStore::open(folder.home(), true);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->commit(a_first_day()));
  }
  EXPECT_EQ(all_bytes_of(folder.home()).find(test_support::a_person_record().full_name),
            std::string::npos);
}

// A device from before the keyring: its names are sealed at the next start, and a start that is cut
// off changes nothing but where the next one goes on.
TEST(RocksdbStore, SealsTheRecordsOfAnOlderDevice) {
  const Folder folder;
  const PrivateRecord record = test_support::a_private_record(test_support::a_person_record());
  { ASSERT_TRUE(RocksdbStore::open(folder.home(), true)); }
  {
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, (folder.home() / "store").string(), &db).ok());
    const std::unique_ptr<rocksdb::DB> owner(db);
    const Digest digest = record.digest();
    const Bytes row = encode(record);
    const std::string key = "k" + std::string(digest.bytes.begin(), digest.bytes.end());
    ASSERT_TRUE(db->Put({}, key, std::string(row.begin(), row.end())).ok());
  }
  auto store = RocksdbStore::open(folder.home(), false);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ((*store)->private_record(record.digest())->value(), record);
  EXPECT_EQ(all_bytes_of(folder.home()).find(test_support::a_person_record().full_name),
            std::string::npos);
}

// The commune was taken from the device: its names are gone, also for whoever kept the PIN.
TEST(RocksdbStore, APurgedCommuneLeavesNoRecordBehind) {
  const Folder folder;
  const PrivateRecord record = a_first_day().privates.front().record;
  {
    auto store = RocksdbStore::open(folder.home(), true);
    ASSERT_TRUE((*store)->commit(a_first_day()));
    EXPECT_EQ(*(*store)->private_homes(), std::vector{events::reference_scope});
    StoreChange purge;
    purge.purged_homes = {events::reference_scope};
    ASSERT_TRUE((*store)->commit(purge));
    EXPECT_FALSE((*store)->private_record(record.digest())->has_value());
  }
  auto store = RocksdbStore::open(folder.home(), false);
  EXPECT_FALSE((*store)->private_record(record.digest())->has_value());
  EXPECT_TRUE((*store)->private_homes()->empty());
  EXPECT_EQ((*store)->own_events()->size(), 3U) << "the own chain stays";
}

TEST(RocksdbStore, SaysWhatKeepsItFromOpening) {
  const Folder folder;
  EXPECT_EQ(RocksdbStore::open(folder.home(), false).error().code, ErrorCode::not_found);
  std::filesystem::create_directories(folder.home());
  EXPECT_EQ(RocksdbStore::open(folder.home(), false).error().code, ErrorCode::not_enrolled);
  const auto first = RocksdbStore::open(folder.home(), true);
  ASSERT_TRUE(first);
  const auto second = RocksdbStore::open(folder.home(), true);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::busy) << second.error().message;
}

}  // namespace
}  // namespace clients_test
