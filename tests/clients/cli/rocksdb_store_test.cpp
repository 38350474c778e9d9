#include "clients/cli/rocksdb_store.h"

#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace clients_test {
namespace {

using namespace events;
using clients::RocksdbStore;
using clients::StoreChange;

/// A folder that is gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string form = (std::filesystem::temp_directory_path() / "clients-XXXXXX").string();
    path_ = ::mkdtemp(form.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path home() const { return path_ / "home"; }

 private:
  std::filesystem::path path_;
};

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
  change.privates = {test_support::a_private_record(test_support::a_person_record())};
  change.cuts = {3};
  change.receipts = {receipt_of(test_support::a_stored_block(3))};
  change.foreign = {{Position{300}, {1, 2, 3}}, {Position{2}, {4}}};
  change.pull = clients::PullState{{Epoch{1}, Position{300}, 5}, Position{290}, {true, {}}};
  change.settings = {{"server", "ws://127.0.0.1:8470"}};
  return change;
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
  const PrivateRecord& record = change.privates.front();
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

TEST(RocksdbStore, SaysWhatKeepsItFromOpening) {
  const Folder folder;
  EXPECT_EQ(RocksdbStore::open(folder.home(), false).error().code, ErrorCode::not_enrolled);
  const auto first = RocksdbStore::open(folder.home(), true);
  ASSERT_TRUE(first);
  const auto second = RocksdbStore::open(folder.home(), true);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::busy) << second.error().message;
}

}  // namespace
}  // namespace clients_test
