#include "server/repair/staged_blocks.h"

#include "tests/support/block_builder.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

namespace server::test {
namespace {

using events::ChainNumber;
using events::Digest;
using events::ErrorCode;
using events::Position;
using events::PrivateRecord;
using events::Result;
using events::StoredBlock;
using events::protocol::SignedReceipt;

constexpr ChainNumber one{2};
constexpr ChainNumber other{3};

StagedKey key_of(const StoredBlock& block) {
  return {block.first, events::sha256(events::encode_stored_block(block))};
}

/// The same place in the log with another content.
StoredBlock another(StoredBlock block, std::uint64_t lie = 1) {
  block.received_at.value += lie;
  return block;
}

PrivateRecord a_record(std::uint8_t salt) {
  return test_support::a_private_record(test_support::a_person_record(), salt);
}

SignedReceipt a_receipt(std::uint32_t epoch, ChainNumber chain, std::uint64_t position) {
  SignedReceipt receipt;
  receipt.log = events::LogId{7};
  receipt.epoch = events::Epoch{epoch};
  receipt.chain = chain;
  receipt.position = Position{position};
  return receipt;
}

/// A store in memory whose disk can be full.
class FullStore final : public StagingStore {
 public:
  bool is_full = false;

  Result<void> write(const Change& change) override {
    if (is_full) return events::Error{ErrorCode::storage_failed, "the disk is full"};
    return rows_.write(change);
  }
  Result<std::optional<events::Bytes>> get(const std::string& key) const override {
    return rows_.get(key);
  }
  Result<void> each(const Visit& visit) const override { return rows_.each(visit); }

  std::size_t size() const {
    std::size_t rows = 0;
    EXPECT_TRUE(rows_.each([&](std::string_view, events::ByteView) -> Result<void> {
      ++rows;
      return {};
    }));
    return rows;
  }

 private:
  MemoryStagingStore rows_;
};

/// Six blocks of a log of three events each, at positions 1, 4, … 16, and what devices give of it.
struct StagingArea : testing::Test {
  FullStore store;
  std::optional<StagedBlocks> staged;
  std::vector<StoredBlock> blocks;

  StagingArea() {
    test_support::BlockBuilder log;
    const events::ScopeSet scope = test_support::scope_of({test_support::nth_commune(1)});
    while (blocks.size() < 6) blocks.push_back(log.next(one, 3, scope));
    restart();
  }

  void restart() {
    auto opened = StagedBlocks::open(store);
    ASSERT_TRUE(opened) << opened.error().message;
    staged.emplace(std::move(*opened));
  }
  static RepairBatch a_batch(ChainNumber giver, std::vector<StoredBlock> given,
                             std::vector<PrivateRecord> records = {}) {
    RepairBatch batch;
    batch.chain = giver;
    batch.blocks = std::move(given);
    batch.records = std::move(records);
    return batch;
  }
  void give(ChainNumber giver, std::vector<StoredBlock> given,
            std::vector<PrivateRecord> records = {}, Position head = {}) {
    const Result<void> taken =
        staged->take(a_batch(giver, std::move(given), std::move(records)), head);
    ASSERT_TRUE(taken) << taken.error().message;
  }
  const StagedBlocks::Giver& giver(ChainNumber chain) const { return staged->givers().at(chain); }
  std::vector<StagedKey> candidates(Position first) const {
    std::vector<StagedKey> keys;
    for (const StagedBlocks::Candidate& each : staged->candidates(first)) keys.push_back(each.key);
    return keys;
  }
};

// A device gives its history once; a power cut in the middle of the repair must not lose it.
TEST_F(StagingArea, HoldsAfterARestartWhatItHeldBefore) {
  give(one, {blocks[0], blocks[2]}, {a_record(1)});
  give(other, {another(blocks[0]), blocks[3]}, {a_record(2)});
  RepairBatch end = a_batch(other, {});
  end.end.complete = true;
  ASSERT_TRUE(staged->take(end, {}));
  ASSERT_TRUE(staged->prove(a_receipt(1, one, 9)));
  ASSERT_TRUE(staged->reject(key_of(another(blocks[0]))));
  const std::size_t bytes = staged->bytes();
  const std::size_t bytes_of_one = giver(one).bytes;
  const std::size_t bytes_of_other = giver(other).bytes;
  EXPECT_GT(bytes_of_one, events::encode_stored_block(blocks[0]).size() * 2);
  EXPECT_EQ(bytes, bytes_of_one + bytes_of_other);

  restart();
  EXPECT_EQ(staged->bytes(), bytes);
  EXPECT_EQ(giver(one).bytes, bytes_of_one);
  EXPECT_EQ(giver(other).bytes, bytes_of_other);
  EXPECT_EQ(giver(one).given_to, blocks[2].last());
  EXPECT_FALSE(giver(one).complete);
  EXPECT_TRUE(giver(other).complete);
  EXPECT_EQ(giver(other).false_blocks, 1U);
  EXPECT_EQ(staged->places().size(), 3U);
  EXPECT_EQ(candidates(Position{1}), std::vector{key_of(blocks[0])});
  const Result<StoredBlock> block = staged->block(key_of(blocks[3]));
  ASSERT_TRUE(block);
  EXPECT_EQ(events::encode_stored_block(*block), events::encode_stored_block(blocks[3]));
  EXPECT_EQ(*staged->record(a_record(2).digest()), a_record(2));
  EXPECT_EQ(*staged->record(a_record(3).digest()), std::nullopt);
  EXPECT_EQ(staged->proofs(), std::vector{a_receipt(1, one, 9)});
}

// Otherwise a liar's thousand blocks for one position would make the search branch at each.
TEST_F(StagingArea, TakesAPositionOfADeviceOnceAndOnlyAscending) {
  give(one, {blocks[2], blocks[1], another(blocks[2]), blocks[3]});
  give(one, {another(blocks[3]), blocks[0], blocks[4]});
  EXPECT_EQ(candidates(Position{4}), std::vector<StagedKey>{}) << "it came behind a later one";
  EXPECT_EQ(candidates(Position{1}), std::vector<StagedKey>{});
  EXPECT_EQ(candidates(Position{7}), std::vector{key_of(blocks[2])});
  EXPECT_EQ(candidates(Position{10}), std::vector{key_of(blocks[3])});
  EXPECT_EQ(candidates(Position{13}), std::vector{key_of(blocks[4])});
  EXPECT_EQ(giver(one).given_to, blocks[4].last());
}

TEST_F(StagingArea, KeepsNothingThatTheLogHasButKnowsThatItWasGiven) {
  give(one, {blocks[0], blocks[1], blocks[2]}, {}, blocks[1].last());
  EXPECT_EQ(staged->places().size(), 1U);
  EXPECT_EQ(candidates(blocks[2].first).size(), 1U);
  give(other, {blocks[0]}, {}, blocks[1].last());
  EXPECT_EQ(giver(other).given_to, blocks[0].last());
  EXPECT_EQ(giver(other).bytes, 0U);
}

// Three hundred devices of a province give the same blocks.
TEST_F(StagingArea, TheSameBlockOrRecordOfTwoDevicesIsOneRow) {
  give(one, {blocks[0]}, {a_record(1)});
  const std::size_t bytes = staged->bytes();
  give(other, {blocks[0]}, {a_record(1)});
  EXPECT_EQ(staged->bytes(), bytes);
  EXPECT_EQ(candidates(Position{1}).size(), 1U);
  EXPECT_EQ(giver(one).bytes, bytes) << "it counts for the first";
  EXPECT_EQ(giver(other).bytes, 0U);
  EXPECT_EQ(giver(other).given_to, blocks[0].last());
  EXPECT_EQ(store.size(), 4U) << "a block, a record, two devices";
  restart();
  EXPECT_EQ(giver(one).bytes, bytes);
  EXPECT_EQ(giver(other).bytes, 0U);
}

// The search tries the first one first; what is tried in vain costs a digest for each event.
TEST_F(StagingArea, NamesTheLikeliestBlockFirst) {
  const ChainNumber liar{4};
  const ChainNumber fourth{5};
  give(liar, {another(blocks[0], 9)});
  ASSERT_TRUE(staged->reject(key_of(another(blocks[0], 9))));
  StoredBlock shorter = blocks[2];
  shorter.entries.pop_back();
  StoredBlock bare = blocks[2];
  bare.run.reset();
  const StoredBlock of_the_liar = another(blocks[2], 7);
  give(one, {shorter});
  give(other, {bare});
  give(liar, {of_the_liar});
  give(fourth, {blocks[2]});
  EXPECT_EQ(candidates(blocks[2].first),
            (std::vector{key_of(blocks[2]), key_of(of_the_liar), key_of(bare), key_of(shorter)}));
}

// Whoever lies three times is heard no more, and everybody else is.
TEST_F(StagingArea, TakesNothingMoreFromADeviceThatGaveFalseBlocks) {
  for (std::uint32_t lie = 0; lie < false_blocks_max; ++lie) {
    give(one, {another(blocks[lie])});
    EXPECT_EQ(candidates(blocks[lie].first).size(), 1U);
    ASSERT_TRUE(staged->reject(key_of(another(blocks[lie]))));
    EXPECT_EQ(candidates(blocks[lie].first).size(), 0U);
    EXPECT_EQ(giver(one).false_blocks, lie + 1);
    EXPECT_EQ(giver(one).bytes, 0U);
  }
  give(one, {blocks[4]}, {a_record(1)});
  EXPECT_EQ(staged->bytes(), 0U);
  restart();
  give(one, {blocks[4]}, {a_record(1)});
  EXPECT_EQ(staged->bytes(), 0U) << "not after a restart either";
  give(other, {blocks[4]}, {a_record(1)});
  EXPECT_EQ(candidates(blocks[4].first).size(), 1U);
  EXPECT_TRUE(*staged->record(a_record(1).digest()));
}

TEST_F(StagingArea, ForgetsWhatTheLogHasAgain) {
  give(one, {blocks[0], blocks[1], blocks[2]});
  give(other, {another(blocks[1])});
  const std::size_t before = staged->bytes();
  ASSERT_TRUE(staged->forget_to(Position{0}));
  EXPECT_EQ(staged->bytes(), before);
  ASSERT_TRUE(staged->forget_to(blocks[1].first));
  EXPECT_EQ(staged->places().size(), 1U) << "what begins at the head is forgotten, too";
  EXPECT_EQ(candidates(blocks[2].first), std::vector{key_of(blocks[2])});
  EXPECT_EQ(giver(other).bytes, 0U);
  EXPECT_EQ(giver(one).bytes, staged->bytes());
  restart();
  EXPECT_EQ(staged->places().size(), 1U);
  EXPECT_EQ(giver(one).given_to, blocks[2].last()) << "it need not give them again";
}

TEST_F(StagingArea, KeepsTheNewestReceiptOfEachEpochAndChain) {
  for (const SignedReceipt& receipt :
       {a_receipt(1, one, 5), a_receipt(1, one, 9), a_receipt(1, one, 7), a_receipt(1, other, 3),
        a_receipt(2, one, 4)}) {
    ASSERT_TRUE(staged->prove(receipt));
  }
  const std::vector expected{a_receipt(1, one, 9), a_receipt(1, other, 3), a_receipt(2, one, 4)};
  EXPECT_EQ(staged->proofs(), expected);
  restart();
  EXPECT_EQ(staged->proofs(), expected);
}

TEST_F(StagingArea, IsEmptyWhenTheRepairIsOver) {
  give(one, {blocks[0]}, {a_record(1)});
  ASSERT_TRUE(staged->prove(a_receipt(1, one, 9)));
  const auto expect_empty = [this] {
    EXPECT_TRUE(staged->places().empty());
    EXPECT_TRUE(staged->givers().empty());
    EXPECT_TRUE(staged->proofs().empty());
    EXPECT_EQ(staged->bytes(), 0U);
    EXPECT_EQ(*staged->record(a_record(1).digest()), std::nullopt);
    EXPECT_EQ(store.size(), 0U);
  };
  ASSERT_TRUE(staged->clear());
  expect_empty();
  give(one, {blocks[0]}, {a_record(1)});
  EXPECT_EQ(candidates(Position{1}).size(), 1U) << "another repair begins anew";
  EXPECT_TRUE(*staged->record(a_record(1).digest()));
  ASSERT_TRUE(staged->clear());
  restart();
  expect_empty();
}

// What is in memory and not on disk would be answered for, and be gone after the next power cut.
TEST_F(StagingArea, KeepsNothingInMemoryThatTheStoreDidNotTake) {
  give(one, {blocks[0]});
  const std::size_t bytes = staged->bytes();
  store.is_full = true;
  RepairBatch more = a_batch(one, {blocks[1]}, {a_record(1)});
  more.end.complete = true;
  const Result<void> results[] = {staged->take(more, {}), staged->prove(a_receipt(1, one, 9)),
                                  staged->reject(key_of(blocks[0])),
                                  staged->forget_to(blocks[0].last()), staged->clear()};
  for (const Result<void>& result : results) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::storage_failed);
  }
  EXPECT_EQ(staged->bytes(), bytes);
  EXPECT_EQ(giver(one).bytes, bytes);
  EXPECT_EQ(giver(one).given_to, blocks[0].last());
  EXPECT_FALSE(giver(one).complete);
  EXPECT_EQ(giver(one).false_blocks, 0U);
  EXPECT_TRUE(staged->proofs().empty());
  EXPECT_EQ(candidates(Position{1}).size(), 1U);

  store.is_full = false;
  ASSERT_TRUE(staged->take(more, {}));
  EXPECT_EQ(candidates(Position{4}).size(), 1U);
  EXPECT_TRUE(*staged->record(a_record(1).digest()));
}

// The repair would end without what found no room.
TEST_F(StagingArea, ADeviceWhosePartIsFullHasNotGivenEverything) {
  StoredBlock large = blocks[0];
  large.entries.resize(1);
  large.entries[0].canonical.resize(events::event_bytes_max);
  std::vector<StoredBlock> many;
  std::size_t bytes = 0;
  while (bytes <= staged_device_bytes_max) {
    large.first.value += 1;
    bytes += large.entries[0].canonical.size();
    many.push_back(large);
  }
  RepairBatch batch = a_batch(one, many);
  batch.end.complete = true;
  ASSERT_TRUE(staged->take(batch, {}));
  EXPECT_FALSE(giver(one).complete);
  EXPECT_LT(giver(one).given_to, many.back().last());
  EXPECT_LE(giver(one).bytes, staged_device_bytes_max);
  give(other, {blocks[5]});
  EXPECT_EQ(giver(other).given_to, blocks[5].last()) << "another device has a part of its own";
  ASSERT_TRUE(staged->forget_to(many.back().last()));
  ASSERT_TRUE(staged->take(batch, {}));
  EXPECT_TRUE(giver(one).complete) << "the rest has room now";
}

// Rows that cannot be read are no rows that were never given.
TEST_F(StagingArea, RefusesRowsThatItDidNotWrite) {
  give(one, {blocks[0]}, {a_record(1)});
  ASSERT_TRUE(staged->prove(a_receipt(1, one, 9)));
  StagingStore::Change rows;
  ASSERT_TRUE(store.each([&](std::string_view key, events::ByteView row) -> Result<void> {
    rows.puts.emplace_back(key, events::Bytes(row.begin(), row.end()));
    return {};
  }));
  ASSERT_EQ(rows.puts.size(), 4U);
  const auto refusal = [](const std::string& key, const events::Bytes& row) {
    MemoryStagingStore damaged;
    StagingStore::Change change;
    change.puts.emplace_back(key, row);
    EXPECT_TRUE(damaged.write(change));
    const auto opened = StagedBlocks::open(damaged);
    return opened ? ErrorCode{} : opened.error().code;
  };
  for (const auto& [key, row] : rows.puts) {
    SCOPED_TRACE(key.front());
    EXPECT_EQ(refusal(key, row), ErrorCode{});
    EXPECT_EQ(refusal("x" + key, row), ErrorCode::storage_corrupt) << "of no known kind";
    const events::Bytes half(row.begin(),
                             row.begin() + static_cast<std::ptrdiff_t>(row.size() / 2));
    EXPECT_EQ(refusal(key, half), ErrorCode::storage_corrupt);
    std::string place = key;
    place.back() = static_cast<char>(place.back() ^ 1);
    EXPECT_EQ(refusal(place, row), ErrorCode::storage_corrupt) << "in another's place";
    if (key.front() == 'r') continue;  // A receipt has no form of its own.
    events::Bytes newer = row;
    newer.front() = 2;
    EXPECT_EQ(refusal(key, newer), ErrorCode::storage_corrupt);
  }
}

}  // namespace
}  // namespace server::test
