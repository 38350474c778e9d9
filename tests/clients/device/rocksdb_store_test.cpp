#include "clients/device/rocksdb_store.h"

#include "events/archive/compact.h"
#include "tests/clients/cli/scratch_home.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace clients_test {
namespace {

using namespace events;
using clients::RocksdbStore;
using clients::StoreChange;

using Folder = ScratchHome;

clients::Identity an_identity() {
  clients::Identity identity;
  identity.seed.bytes.fill(7);
  identity.log = test_support::a_log;
  identity.chain = test_support::a_chain;
  identity.persons = {test_support::officer};
  identity.label = "Máy tính xã Nà Tấu";
  return identity;
}

StoreChange a_change() {
  StoreChange change;
  change.identity = an_identity();
  change.own_first_seq = 1;
  for (const Bytes& canonical : test_support::some_events(3)) {
    change.own.push_back({canonical, ScopeSet(test_support::commune), content_checked});
  }
  change.privates = {
      {events::reference_scope, test_support::a_private_record(test_support::a_person_record())}};
  change.cuts = {3};
  change.receipts = {receipt_of(test_support::a_stored_block(3))};
  change.foreign = {{Position{300}, {1, 2, 3}}, {Position{2}, {4}}};
  change.pull = clients::PullState{{Epoch{1}, Position{300}, 5}, Position{290}, {true, {}}};
  change.settings = {{"server", "ws://127.0.0.1:8470"}};
  return change;
}

// An act that was taken back must not come back with the next start.
TEST(RocksdbStore, ForgetsTheEndOfTheOwnChainAndItsRecordsTogether) {
  const Folder folder;
  const PrivateRecord record = test_support::a_private_record(test_support::a_person_record());
  {
    auto store = RocksdbStore::open(folder.home(), true);
    ASSERT_TRUE(store) << store.error().message;
    ASSERT_TRUE((*store)->commit(a_change()));
    StoreChange undone;
    undone.own_upto = 1;
    undone.erased = {record.digest()};
    ASSERT_TRUE((*store)->commit(undone));
  }
  auto store = RocksdbStore::open(folder.home(), false);
  ASSERT_TRUE(store) << store.error().message;
  ASSERT_EQ((*store)->own_events()->size(), 1U);
  EXPECT_EQ((*store)->own_events()->front(), a_change().own.front());
  EXPECT_FALSE(*(*store)->private_record(record.digest()));
  EXPECT_EQ((*store)->receipts()->size(), 1U) << "other rows stay";
}

// What was typed must be there tomorrow, all of it.
TEST(RocksdbStore, KeepsEverythingOverAReopening) {
  const Folder folder;
  const StoreChange change = a_change();
  {
    auto store = RocksdbStore::open(folder.home(), true);
    ASSERT_TRUE(store) << store.error().message;
    ASSERT_TRUE((*store)->commit(change));
  }
  const auto store = RocksdbStore::open(folder.home(), false);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ((*store)->identity()->value(), an_identity());
  EXPECT_EQ(*(*store)->own_events(), change.own);
  EXPECT_EQ(*(*store)->cuts(), change.cuts);
  EXPECT_EQ((*store)->receipts()->size(), 1U);
  EXPECT_EQ(*(*store)->pull_state(), *change.pull);
  EXPECT_EQ((*store)->setting("server")->value(), "ws://127.0.0.1:8470");
  EXPECT_FALSE((*store)->setting("other")->has_value());
  const PrivateRecord& record = change.privates.front().record;
  EXPECT_EQ((*store)->private_record(record.digest())->value(), record);
  const auto foreign = (*store)->foreign_blocks();
  ASSERT_EQ(foreign->size(), 2U);
  EXPECT_EQ(foreign->front().first, Position{2});
}

TEST(RocksdbStore, DropsWhatWasPulledAndKeepsTheOwnLog) {
  const Folder folder;
  auto store = RocksdbStore::open(folder.home(), true);
  ASSERT_TRUE(store);
  ASSERT_TRUE((*store)->commit(a_change()));
  StoreChange drop;
  drop.drop_foreign = true;
  drop.drop_receipts = true;
  drop.foreign = {{Position{7}, {9}}};
  ASSERT_TRUE((*store)->commit(drop));
  EXPECT_EQ((*store)->foreign_blocks()->size(), 1U);
  EXPECT_TRUE((*store)->receipts()->empty());
  EXPECT_EQ((*store)->own_events()->size(), 3U);
}

// Whoever reads the key can sign in the officers' names.
TEST(RocksdbStore, ReadingAHundredTimesLeavesFewFiles) {
  const Folder folder;
  {
    auto store = RocksdbStore::open(folder.home(), true);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->commit(a_change()));
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
  ASSERT_TRUE((*store)->commit(a_change()));
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
    ASSERT_TRUE((*store)->commit(a_change()));
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
  const PrivateRecord record = a_change().privates.front().record;
  {
    auto store = RocksdbStore::open(folder.home(), true);
    ASSERT_TRUE((*store)->commit(a_change()));
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

TEST(RocksdbStore, OneRecordCanBeDestroyedAlone) {
  const Folder folder;
  const PrivateRecord kept = a_change().privates.front().record;
  const PrivateRecord gone = test_support::a_private_record(test_support::a_person_record(), 77);
  auto store = RocksdbStore::open(folder.home(), true);
  ASSERT_TRUE((*store)->commit(a_change()));
  StoreChange more;
  more.privates.push_back({events::reference_scope, gone});
  ASSERT_TRUE((*store)->commit(more));
  EXPECT_EQ((*store)->private_digests()->size(), 2U);
  StoreChange change;
  change.erased = {gone.digest()};
  ASSERT_TRUE((*store)->commit(change));
  EXPECT_FALSE((*store)->private_record(gone.digest())->has_value());
  EXPECT_EQ(*(*store)->private_digests(), std::vector{kept.digest()});
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
