#include "clients/device/rocksdb_store.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

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
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

clients::Identity an_identity(ChainNumber chain, std::uint8_t seed) {
  clients::Identity identity;
  identity.seed.bytes.fill(seed);
  identity.log = test_support::a_log;
  identity.chain = chain;
  identity.label = "Máy tính xã Nà Tấu";
  return identity;
}

StoreChange one_event(std::uint64_t seq) {
  const std::vector<Bytes> all = test_support::some_events(3);
  StoreChange change;
  change.own_first_seq = seq;
  change.own = {{all[seq - 1], ScopeSet(test_support::commune), content_checked}};
  return change;
}

/// RocksDB's write-ahead log that holds bytes; the newest.
std::filesystem::path write_ahead_log(const std::filesystem::path& home) {
  std::filesystem::path newest;
  for (const auto& entry : std::filesystem::directory_iterator(home / "store")) {
    const bool is_one = entry.path().extension() == ".log" && entry.file_size() > 0;
    if (is_one && entry.path().filename() > newest.filename()) newest = entry.path();
  }
  return newest;
}

// The battery went flat in the middle of a write.  What was recorded before is whole, and the
// event that was torn was not shown as kept, so its number is free.
TEST(TornStore, LosesTheWriteThatWasTornAndNothingBeforeIt) {
  const Folder folder;
  std::uintmax_t whole = 0;
  {
    auto store = RocksdbStore::open(folder / "home", true);
    ASSERT_TRUE(store) << store.error().message;
    StoreChange change;
    change.identity = an_identity(test_support::a_chain, 7);
    ASSERT_TRUE((*store)->commit(change));
    ASSERT_TRUE((*store)->commit(one_event(1)));
    ASSERT_TRUE((*store)->commit(one_event(2)));
    whole = std::filesystem::file_size(write_ahead_log(folder / "home"));
    ASSERT_TRUE((*store)->commit(one_event(3)));
    std::filesystem::copy(folder / "home", folder / "cut",
                          std::filesystem::copy_options::recursive);
  }
  const std::filesystem::path log = write_ahead_log(folder / "cut");
  const std::uintmax_t all = std::filesystem::file_size(log);
  ASSERT_GT(all, whole);
  for (std::uintmax_t size = whole; size < all; size += 7) {
    SCOPED_TRACE(size);
    std::filesystem::remove_all(folder / "torn");
    std::filesystem::copy(folder / "cut", folder / "torn",
                          std::filesystem::copy_options::recursive);
    std::filesystem::resize_file(write_ahead_log(folder / "torn"), size);
    const auto store = RocksdbStore::open(folder / "torn", false);
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ((*store)->own_events().value().size(), 2U);
    EXPECT_TRUE((*store)->commit(one_event(3)));
  }
}

// A power cut while the chain is changed must leave a device with one chain and its key: with the
// new chain's number and the old key it could never sync again.
TEST(TornStore, HasTheOldChainWithItsKeyOrTheNewOneWithItsKey) {
  const Folder folder;
  std::uintmax_t before = 0;
  {
    auto store = RocksdbStore::open(folder / "home", true);
    ASSERT_TRUE(store) << store.error().message;
    StoreChange change = one_event(1);
    change.identity = an_identity(ChainNumber{7}, 7);
    ASSERT_TRUE((*store)->commit(change));
    before = std::filesystem::file_size(write_ahead_log(folder / "home"));
    StoreChange leaving;
    leaving.identity = an_identity(ChainNumber{9}, 9);
    leaving.branch = clients::Branch{ChainNumber{7}, 0, 1, false};
    leaving.leave_chain = true;
    ASSERT_TRUE((*store)->commit(leaving));
    std::filesystem::copy(folder / "home", folder / "cut",
                          std::filesystem::copy_options::recursive);
  }
  const std::uintmax_t all = std::filesystem::file_size(write_ahead_log(folder / "cut"));
  for (std::uintmax_t cut = 0; cut <= all - before; cut += 5) {
    SCOPED_TRACE(cut);
    const std::uintmax_t size = all - cut;
    std::filesystem::remove_all(folder / "torn");
    std::filesystem::copy(folder / "cut", folder / "torn",
                          std::filesystem::copy_options::recursive);
    std::filesystem::resize_file(write_ahead_log(folder / "torn"), size);
    const auto store = RocksdbStore::open(folder / "torn", false);
    ASSERT_TRUE(store) << store.error().message;
    const clients::Identity identity = (*store)->identity().value().value();
    const bool is_new = cut == 0;
    EXPECT_EQ(identity.chain, ChainNumber{is_new ? 9U : 7U});
    EXPECT_EQ(identity.seed.bytes[0], is_new ? 9 : 7);
    EXPECT_EQ((*store)->own_events().value().size(), is_new ? 0U : 1U);
    EXPECT_EQ((*store)->branch_events(ChainNumber{7}).value().size(), is_new ? 1U : 0U);
    EXPECT_EQ((*store)->branches().value().size(), is_new ? 1U : 0U);
  }
}

}  // namespace
}  // namespace clients_test
