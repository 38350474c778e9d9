#pragma once

#include "clients/core/log/store.h"
#include "tests/clients/core/log/first_day.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace clients_test {

/// What every ClientStore must do.  `Maker` has `ClientStore& store()`, empty at first, and
/// `void reopen()`, after which store() is what a program finds that starts now.
template <class Maker>
class ClientStoreContract : public testing::Test {
 protected:
  clients::ClientStore& store() { return maker.store(); }
  void commit(const clients::StoreChange& change) {
    const events::Result<void> done = store().commit(change);
    ASSERT_TRUE(done) << done.error().message;
  }
  /// What was read; an error fails the test.
  template <class T>
  static T read(const events::Result<T>& result) {
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? *result : T{};
  }
  bool has_record(const events::PrivateRecord& record) {
    return read(store().private_record(record.digest())) == record;
  }

  static events::PrivateRecord a_record(std::uint8_t salt) {
    return test_support::a_private_record(test_support::a_person_record(), salt);
  }
  static events::protocol::SnapshotManifest a_manifest(std::uint64_t position) {
    events::protocol::SnapshotManifest manifest;
    manifest.position = events::Position{position};
    manifest.size = 3 * manifest.chunk_bytes;
    manifest.chunks.assign(3, test_support::a_digest(1));
    return manifest;
  }
  static events::protocol::SignedReceipt a_receipt(std::uint32_t epoch, std::uint32_t chain,
                                                   std::uint64_t upto) {
    events::protocol::SignedReceipt receipt;
    receipt.epoch = events::Epoch{epoch};
    receipt.chain = events::ChainNumber{chain};
    receipt.upto_seq = upto;
    return receipt;
  }
  static constexpr events::UnitId commune = test_support::commune;
  static constexpr events::UnitId hamlet = test_support::hamlet;

  Maker maker;
};

TYPED_TEST_SUITE_P(ClientStoreContract);

// A program that starts in a new folder must not take silence for an error.
TYPED_TEST_P(ClientStoreContract, HasNothingAtFirst) {
  EXPECT_FALSE(this->read(this->store().identity()));
  EXPECT_TRUE(this->read(this->store().own_events()).empty());
  EXPECT_TRUE(this->read(this->store().cuts()).empty());
  EXPECT_TRUE(this->read(this->store().receipts()).empty());
  EXPECT_TRUE(this->read(this->store().foreign_blocks()).empty());
  EXPECT_EQ(this->read(this->store().pull_state()), clients::PullState{});
  EXPECT_FALSE(this->read(this->store().base()));
  EXPECT_FALSE(this->read(this->store().snapshot_part()));
  EXPECT_TRUE(this->read(this->store().record_names()).empty());
  EXPECT_FALSE(this->read(this->store().private_record(test_support::a_digest(1))));
  EXPECT_TRUE(this->read(this->store().signed_receipts()).empty());
  EXPECT_TRUE(this->read(this->store().branches()).empty());
  EXPECT_TRUE(this->read(this->store().branch_events(test_support::a_chain)).empty());
  EXPECT_FALSE(this->read(this->store().next_key()));
  EXPECT_TRUE(this->read(this->store().private_homes()).empty());
  EXPECT_TRUE(this->read(this->store().private_digests()).empty());
  EXPECT_FALSE(this->read(this->store().setting("server")));
}

// What was typed must be there tomorrow, all of it.
TYPED_TEST_P(ClientStoreContract, KeepsEverythingOverAReopening) {
  const clients::StoreChange change = a_first_day();
  this->commit(change);
  this->maker.reopen();
  EXPECT_EQ(this->read(this->store().identity()), change.identity);
  EXPECT_EQ(this->read(this->store().own_events()), change.own);
  EXPECT_EQ(this->read(this->store().cuts()), change.cuts);
  EXPECT_EQ(this->read(this->store().receipts()).size(), 1U);
  EXPECT_EQ(this->read(this->store().pull_state()), *change.pull);
  EXPECT_EQ(this->read(this->store().setting("server")), "ws://127.0.0.1:8470");
  EXPECT_FALSE(this->read(this->store().setting("serve")));
  EXPECT_TRUE(this->has_record(change.privates.front().record));
  EXPECT_EQ(this->read(this->store().private_homes()), std::vector{events::reference_scope});
  const auto foreign = this->read(this->store().foreign_blocks());
  ASSERT_EQ(foreign.size(), 2U);
  EXPECT_EQ(foreign.front().first, events::Position{2});
  EXPECT_EQ(foreign.back().encoded, change.foreign.front().encoded);
}

// Readers merge these rows and go through them once: in the order of writing they would find gaps.
TYPED_TEST_P(ClientStoreContract, GivesRowsInTheOrderOfTheirNumbers) {
  clients::StoreChange change;
  change.cuts = {300, 2, 70'000};
  for (const std::uint64_t first_seq : {301U, 3U, 258U}) {
    change.receipts.push_back(events::receipt_of(test_support::a_stored_block(1)));
    change.receipts.back().first_seq = first_seq;
  }
  change.foreign = {
      {events::Position{256}, {1}}, {events::Position{255}, {2}}, {events::Position{70'000}, {3}}};
  change.signed_receipts = {this->a_receipt(2, 1, 9), this->a_receipt(1, 300, 9),
                            this->a_receipt(1, 2, 9)};
  this->commit(change);
  for (const std::uint32_t chain : {300U, 7U}) {
    clients::StoreChange left;
    left.branch = clients::Branch{events::ChainNumber{chain}, 1, 2, false};
    this->commit(left);
  }
  this->maker.reopen();
  EXPECT_EQ(this->read(this->store().cuts()), (std::vector<std::uint64_t>{2, 300, 70'000}));
  std::vector<std::uint64_t> firsts;
  for (const auto& receipt : this->read(this->store().receipts())) {
    firsts.push_back(receipt.first_seq);
  }
  EXPECT_EQ(firsts, (std::vector<std::uint64_t>{3, 258, 301}));
  std::vector<std::uint64_t> positions;
  for (const auto& block : this->read(this->store().foreign_blocks())) {
    positions.push_back(block.first.value);
  }
  EXPECT_EQ(positions, (std::vector<std::uint64_t>{255, 256, 70'000}));
  std::vector<std::uint32_t> chains;
  for (const auto& receipt : this->read(this->store().signed_receipts())) {
    chains.push_back(receipt.chain.value);
  }
  EXPECT_EQ(chains, (std::vector<std::uint32_t>{2, 300, 1}));
  ASSERT_EQ(this->read(this->store().branches()).size(), 2U);
  EXPECT_EQ(this->read(this->store().branches()).front().chain, events::ChainNumber{7});
}

// An act that was taken back must not come back with the next start, and what is typed next takes
// its place.
TYPED_TEST_P(ClientStoreContract, ForgetsTheEndOfTheOwnChainAndItsRecordsTogether) {
  const clients::StoreChange day = a_first_day();
  this->commit(day);
  clients::StoreChange undone;
  undone.own_upto = 1;
  undone.own_first_seq = 2;
  undone.own = {day.own[2]};
  undone.erased = {day.privates.front().record.digest()};
  this->commit(undone);
  this->maker.reopen();
  EXPECT_EQ(this->read(this->store().own_events()), (std::vector{day.own[0], day.own[2]}));
  EXPECT_FALSE(this->has_record(day.privates.front().record));
  EXPECT_EQ(this->read(this->store().receipts()).size(), 1U) << "other rows stay";
}

// The pull starts again: what others wrote goes, snapshots too, and the own work stays.
TYPED_TEST_P(ClientStoreContract, DropsWhatWasPulledAndKeepsTheOwnLog) {
  this->commit(a_first_day());
  clients::StoreChange snapshot;
  snapshot.base = clients::SnapshotBase{this->a_manifest(9), {1, 2}};
  snapshot.begun_snapshot = this->a_manifest(20);
  snapshot.record_names = {{{events::ChainNumber{2}, 5}, test_support::a_digest(5)}};
  this->commit(snapshot);
  EXPECT_EQ(this->read(this->store().base()), snapshot.base);
  EXPECT_EQ(this->read(this->store().record_names()).size(), 1U);

  clients::StoreChange drop;
  drop.drop_foreign = true;
  drop.drop_receipts = true;
  drop.foreign = {{events::Position{7}, {9}}};
  drop.receipts = {events::receipt_of(test_support::a_stored_block(1))};
  this->commit(drop);
  this->maker.reopen();
  ASSERT_EQ(this->read(this->store().foreign_blocks()).size(), 1U);
  EXPECT_EQ(this->read(this->store().foreign_blocks()).front().first, events::Position{7});
  ASSERT_EQ(this->read(this->store().receipts()).size(), 1U);
  EXPECT_EQ(this->read(this->store().receipts()).front().entries.size(), 1U) << "the new one";
  EXPECT_FALSE(this->read(this->store().base()));
  EXPECT_FALSE(this->read(this->store().snapshot_part()));
  EXPECT_TRUE(this->read(this->store().record_names()).empty());
  EXPECT_EQ(this->read(this->store().own_events()).size(), 3U);
  EXPECT_EQ(this->read(this->store().cuts()).size(), 1U);
}

// A run that was sent in two ways has two signatures, and either may be the one that the log has.
TYPED_TEST_P(ClientStoreContract, KeepsTheSignatureOfEachRun) {
  this->commit(a_first_day());
  clients::StoreChange sent;
  sent.signatures = {{1, 3, {}}, {2, 3, {}}};
  sent.signatures[0].signature.bytes.fill(4);
  sent.signatures[1].signature.bytes.fill(5);
  this->commit(sent);
  this->maker.reopen();
  EXPECT_EQ(this->read(this->store().block_signature(1, 3)), sent.signatures[0].signature);
  EXPECT_EQ(this->read(this->store().block_signature(2, 3)), sent.signatures[1].signature);
  EXPECT_FALSE(this->read(this->store().block_signature(3, 3)));
  EXPECT_EQ(this->read(this->store().cuts()).size(), 1U) << "a signature is no cut";
}

// A copy of the device goes on with the chain: this one begins another, and keeps what only it has.
TYPED_TEST_P(ClientStoreContract, LeavesAChainForAnotherInOneStep) {
  clients::StoreChange day = a_first_day();
  day.signatures = {{1, 3, {}}};
  this->commit(day);
  clients::StoreChange left;
  left.branch = clients::Branch{test_support::a_chain, 0, 3, false};
  left.leave_chain = true;
  left.identity = day.identity;
  left.identity->chain = events::ChainNumber{30};
  left.identity->seed.bytes.fill(8);
  left.own_first_seq = 1;
  left.own = {day.own[1]};
  this->commit(left);
  this->maker.reopen();
  EXPECT_EQ(this->read(this->store().identity()), left.identity);
  EXPECT_EQ(this->read(this->store().own_events()), left.own);
  EXPECT_EQ(this->read(this->store().branch_events(test_support::a_chain)), day.own);
  EXPECT_TRUE(this->read(this->store().branch_events(events::ChainNumber{30})).empty());
  EXPECT_TRUE(this->read(this->store().cuts()).empty());
  EXPECT_FALSE(this->read(this->store().block_signature(1, 3)));
  EXPECT_TRUE(this->read(this->store().receipts()).empty());

  clients::StoreChange news;
  news.branch = clients::Branch{test_support::a_chain, 2, 3, true};
  this->commit(news);
  EXPECT_EQ(this->read(this->store().branches()), std::vector{*news.branch});
  EXPECT_EQ(this->read(this->store().branch_events(test_support::a_chain)), day.own);
}

// On a line that breaks every minute a snapshot arrives in parts, over days.
TYPED_TEST_P(ClientStoreContract, KeepsTheSnapshotThatComesInParts) {
  clients::StoreChange begun;
  begun.begun_snapshot = this->a_manifest(20);
  this->commit(begun);
  for (const std::uint32_t index : {2U, 0U}) {
    clients::StoreChange chunk;
    chunk.snapshot_chunk = events::protocol::Snap{index, {static_cast<std::uint8_t>(index), 1}};
    chunk.snapshot_records = 5 + index;
    this->commit(chunk);
  }
  this->maker.reopen();
  auto part = this->read(this->store().snapshot_part());
  ASSERT_TRUE(part);
  EXPECT_EQ(part->manifest, *begun.begun_snapshot);
  ASSERT_EQ(part->chunks.size(), 2U);
  EXPECT_EQ(part->chunks.at(2), (events::Bytes{2, 1}));
  EXPECT_EQ(part->records, 5U);

  begun.begun_snapshot = this->a_manifest(30);
  this->commit(begun);
  part = this->read(this->store().snapshot_part());
  ASSERT_TRUE(part);
  EXPECT_EQ(part->manifest.position, events::Position{30});
  EXPECT_TRUE(part->chunks.empty()) << "of the one before";
  EXPECT_EQ(part->records, 0U);

  clients::StoreChange loaded;
  loaded.base = clients::SnapshotBase{this->a_manifest(30), {1, 2, 3}};
  loaded.drop_snapshot_part = true;
  this->commit(loaded);
  this->maker.reopen();
  EXPECT_FALSE(this->read(this->store().snapshot_part()));
  EXPECT_EQ(this->read(this->store().base()), loaded.base);
}

// The commune was taken from the device: its names go, those of others and new ones do not.
TYPED_TEST_P(ClientStoreContract, DestroysTheRecordsOfOneCommune) {
  clients::StoreChange change;
  change.privates = {{this->commune, this->a_record(1)}, {this->hamlet, this->a_record(2)}};
  this->commit(change);
  clients::StoreChange purge;
  purge.purged_homes = {this->commune};
  purge.privates = {{this->commune, this->a_record(3)}};
  this->commit(purge);
  EXPECT_FALSE(this->has_record(this->a_record(1)));
  EXPECT_TRUE(this->has_record(this->a_record(3))) << "written behind the purge";
  purge.privates.clear();
  this->commit(purge);
  this->maker.reopen();
  EXPECT_FALSE(this->has_record(this->a_record(3)));
  EXPECT_TRUE(this->has_record(this->a_record(2)));
  EXPECT_EQ(this->read(this->store().private_homes()), std::vector{this->hamlet});
  EXPECT_EQ(this->read(this->store().private_digests()), std::vector{this->a_record(2).digest()});
}

TYPED_TEST_P(ClientStoreContract, OneRecordCanBeDestroyedAlone) {
  clients::StoreChange change;
  change.privates = {{this->commune, this->a_record(1)}, {this->commune, this->a_record(2)}};
  this->commit(change);
  EXPECT_EQ(this->read(this->store().private_digests()).size(), 2U);
  clients::StoreChange erase;
  erase.erased = {this->a_record(1).digest(), test_support::a_digest(9)};
  this->commit(erase);
  this->maker.reopen();
  EXPECT_FALSE(this->has_record(this->a_record(1)));
  EXPECT_TRUE(this->has_record(this->a_record(2)));
  EXPECT_EQ(this->read(this->store().private_digests()), std::vector{this->a_record(2).digest()});
}

// The newest receipt proves what the older ones did; those of other epochs and chains stay.
TYPED_TEST_P(ClientStoreContract, KeepsTheNewestReceiptOfEachEpochAndChain) {
  clients::StoreChange change;
  change.signed_receipts = {this->a_receipt(1, 7, 3), this->a_receipt(1, 8, 4),
                            this->a_receipt(2, 7, 5)};
  this->commit(change);
  change.signed_receipts = {this->a_receipt(1, 7, 9)};
  this->commit(change);
  this->maker.reopen();
  const std::vector kept{this->a_receipt(1, 7, 9), this->a_receipt(1, 8, 4),
                         this->a_receipt(2, 7, 5)};
  EXPECT_EQ(this->read(this->store().signed_receipts()), kept);
}

// The key with which a new chain is asked for must outlive a cut, and not the answer.
TYPED_TEST_P(ClientStoreContract, KeepsTheNextSeedUntilItIsNeededNoMore) {
  clients::StoreChange asks;
  asks.next_key.emplace();
  asks.next_key->seed.bytes.fill(9);
  this->commit(asks);
  this->maker.reopen();
  EXPECT_EQ(this->read(this->store().next_key()), asks.next_key);
  this->commit(clients::StoreChange{});
  EXPECT_EQ(this->read(this->store().next_key()), asks.next_key);
  clients::StoreChange got;
  got.next_key = clients::DeviceKey{};
  this->commit(got);
  this->maker.reopen();
  EXPECT_FALSE(this->read(this->store().next_key()));
}

TYPED_TEST_P(ClientStoreContract, ALaterSettingReplacesTheOneBefore) {
  clients::StoreChange change;
  change.settings = {{"a", "1"}, {"ab", "2"}, {"a", "3"}};
  this->commit(change);
  change.settings = {{"ab", ""}};
  this->commit(change);
  this->maker.reopen();
  EXPECT_EQ(this->read(this->store().setting("a")), "3");
  EXPECT_EQ(this->read(this->store().setting("ab")), "");
}

REGISTER_TYPED_TEST_SUITE_P(ClientStoreContract, HasNothingAtFirst, KeepsEverythingOverAReopening,
                            GivesRowsInTheOrderOfTheirNumbers,
                            ForgetsTheEndOfTheOwnChainAndItsRecordsTogether,
                            DropsWhatWasPulledAndKeepsTheOwnLog, LeavesAChainForAnotherInOneStep,
                            KeepsTheSignatureOfEachRun, KeepsTheSnapshotThatComesInParts,
                            DestroysTheRecordsOfOneCommune, OneRecordCanBeDestroyedAlone,
                            KeepsTheNewestReceiptOfEachEpochAndChain,
                            KeepsTheNextSeedUntilItIsNeededNoMore,
                            ALaterSettingReplacesTheOneBefore);

}  // namespace clients_test
