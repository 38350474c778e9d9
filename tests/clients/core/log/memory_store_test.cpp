#include "clients/core/log/memory_store.h"

#include "tests/clients/core/log/client_store_contract.h"

#include <gtest/gtest.h>

#include <string>

namespace clients_test {
namespace {

using clients::MemoryStore;
using clients::StoreChange;

class MakesMemoryStores {
 public:
  clients::ClientStore& store() { return store_; }
  void reopen() {}

 private:
  MemoryStore store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ClientStoreContract, MakesMemoryStores);

StoreChange setting_of(const std::string& value) {
  StoreChange change;
  change.settings = {{"name", value}};
  return change;
}

std::string kept_by(const MemoryStore& store) { return store.setting("name")->value_or("nothing"); }

// The simulator's power cuts would otherwise find nothing: a store that forgets too little hides
// what a device loses.
TEST(MemoryStore, APowerCutTakesWhatWasNotSynced) {
  MemoryStore store;
  ASSERT_TRUE(store.commit(setting_of("durable")));
  store.lose_unsynced();
  EXPECT_EQ(kept_by(store), "durable") << "a store is durable when it is made";

  store.set_durable(false);
  ASSERT_TRUE(store.commit(setting_of("synced")));
  store.sync();
  ASSERT_TRUE(store.commit(setting_of("lost")));
  EXPECT_EQ(kept_by(store), "lost");
  store.lose_unsynced();
  EXPECT_EQ(kept_by(store), "synced");
  store.set_durable(false);
  ASSERT_TRUE(store.commit(setting_of("lost again")));
  store.set_durable(false);
  store.lose_unsynced();
  EXPECT_EQ(kept_by(store), "synced") << "said twice, it makes nothing durable";
}

TEST(MemoryStore, WhatIsThereWhenItBecomesDurableStays) {
  MemoryStore store;
  store.set_durable(false);
  ASSERT_TRUE(store.commit(setting_of("before")));
  store.set_durable(true);
  store.lose_unsynced();
  EXPECT_EQ(kept_by(store), "before");
  store.set_durable(false);
  store.lose_unsynced();
  EXPECT_EQ(kept_by(store), "before") << "the cut goes back to here, not to an older state";
}

// All of a change or none: half of one would be an event without its record.
TEST(MemoryStore, AFailingOneWritesNothing) {
  MemoryStore store;
  ASSERT_TRUE(store.commit(a_first_day()));
  store.set_failing(true);
  StoreChange change = setting_of("new");
  change.own_upto = 0;
  change.drop_foreign = true;
  EXPECT_EQ(store.commit(change).error().code, events::ErrorCode::device_storage);
  EXPECT_EQ(kept_by(store), "nothing");
  EXPECT_EQ(store.own_events()->size(), 3U);
  EXPECT_EQ(store.foreign_blocks()->size(), 2U);
  store.set_failing(false);
  ASSERT_TRUE(store.commit(change));
  EXPECT_EQ(kept_by(store), "new");
  EXPECT_TRUE(store.own_events()->empty());
}

TEST(MemoryStore, ADamagedRecordCannotBeReadAndTheOthersCan) {
  MemoryStore store;
  StoreChange change = a_first_day();
  change.privates.push_back(
      {test_support::commune, test_support::a_private_record(test_support::a_person_record(), 77)});
  ASSERT_TRUE(store.commit(change));
  const events::Digest damaged = change.privates.front().record.digest();
  store.damage_record(damaged);
  EXPECT_EQ(store.private_record(damaged).error().code, events::ErrorCode::storage_corrupt);
  EXPECT_TRUE(store.private_record(change.privates.back().record.digest())->has_value());
  EXPECT_EQ(store.private_digests()->size(), 2U) << "it is here all the same";
}

}  // namespace
}  // namespace clients_test
