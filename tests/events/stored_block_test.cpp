#include "events/archive/compact.h"
#include "events/log/block.h"
#include "events/log/event.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace events {
namespace {

using test_support::a_stored_block;

void expect_same(const StoredEvent& one, const StoredEvent& other) {
  EXPECT_EQ(one.position, other.position);
  EXPECT_EQ(one.received_at, other.received_at);
  EXPECT_EQ(one.intake, other.intake);
  EXPECT_EQ(one.event.canonical, other.event.canonical);
  EXPECT_EQ(one.verdict, other.verdict);
}

bool is_readable(const StoredBlock& block) {
  return decode_stored_block(encode_stored_block(block)).has_value();
}

// What the log keeps must come back after years as it was judged.
TEST(StoredBlock, ReadsBack) {
  StoredBlock block = a_stored_block(block_events_max);
  block.scope.insert(test_support::hamlet);
  block.entries[3].verdict = test_support::a_refusal();
  block.entries[4].intake = {-3600, 7, content_checked | content_id_number_doubtful};
  for (const bool with_signature : {true, false}) {
    if (!with_signature) block.run.reset();
    const Bytes encoded = encode_stored_block(block);
    EXPECT_LE(encoded.size(), encoded_block_bytes_max);
    const Result<StoredBlock> read = decode_stored_block(encoded);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->epoch, block.epoch);
    EXPECT_EQ(read->last(), block.last());
    EXPECT_EQ(read->scope, block.scope);
    EXPECT_EQ(read->run, block.run);
    EXPECT_EQ(read->root_after, block.root_after);
    EXPECT_EQ(read->entries[3].verdict, block.entries[3].verdict);
    EXPECT_EQ(read->entries[4].intake, block.entries[4].intake);
    EXPECT_EQ(to_hex(encode_stored_block(*read)), to_hex(encoded));
  }
}

// An event found alone must be the one found in its block, or two views of a title differ.
TEST(StoredBlock, GivesEachEventAlone) {
  const StoredBlock block = a_stored_block(5);
  const Bytes encoded = encode_stored_block(block);
  const Result<std::vector<StoredEvent>> all = stored_events(block);
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ(all->size(), 5U);
  for (std::size_t index = 0; index < all->size(); ++index) {
    const Result<StoredEvent> alone = stored_event_at(encoded, Position{block.first.value + index});
    ASSERT_TRUE(alone) << alone.error().message;
    expect_same(*alone, (*all)[index]);
  }
  for (const std::uint64_t outside :
       {std::uint64_t{0}, block.first.value - 1, block.last().value + 1,
        std::numeric_limits<std::uint64_t>::max()}) {
    const Result<StoredEvent> none = stored_event_at(encoded, Position{outside});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::not_found);
  }
}

// A file cut by a full disk must never pass for a shorter log.
TEST(StoredBlock, RefusesEveryTruncation) {
  const Bytes whole = encode_stored_block(a_stored_block());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    const Result<StoredBlock> read = decode_stored_block(ByteView(whole).first(size));
    ASSERT_FALSE(read);
    ASSERT_EQ(read.error().code, ErrorCode::malformed);
    ASSERT_FALSE(stored_event_at(ByteView(whole).first(size), Position{14}));
  }
}

// Two encodings of one block would be two answers to one question of an auditor.
TEST(StoredBlock, HasOneEncoding) {
  const Bytes whole = encode_stored_block(a_stored_block());
  for (std::size_t place = 0; place < whole.size(); ++place) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes altered = whole;
      altered[place] = static_cast<std::uint8_t>(altered[place] ^ (1U << bit));
      const Result<StoredBlock> read = decode_stored_block(altered);
      if (!read) continue;
      ASSERT_EQ(to_hex(encode_stored_block(*read)), to_hex(altered));
    }
  }
}

// A damaged row would give places in the log and in a chain that cannot exist.
TEST(StoredBlock, RefusesPlacesThatDoNotExist) {
  ASSERT_TRUE(is_readable(a_stored_block()));
  const auto refused = [](auto change) {
    StoredBlock block = a_stored_block();
    change(block);
    return !is_readable(block);
  };
  EXPECT_TRUE(refused([](StoredBlock& block) { block.first = Position{0}; }));
  EXPECT_TRUE(refused([](StoredBlock& block) {
    block.first = Position{std::numeric_limits<std::uint64_t>::max() - 1};
  })) << "positions must not start again at 0";
  EXPECT_TRUE(refused([](StoredBlock& block) { block.first_seq = 0; }));
  EXPECT_TRUE(refused([](StoredBlock& block) { block.first_seq = sequence_max - 1; }));
  EXPECT_TRUE(refused([](StoredBlock& block) { block.chain = ChainNumber{0}; }));
  EXPECT_TRUE(refused([](StoredBlock& block) { block.scope = {}; }));
  EXPECT_TRUE(refused([](StoredBlock& block) { block.entries.clear(); }));
  EXPECT_TRUE(refused([](StoredBlock& block) { block.run->first_seq = 0; }));
  EXPECT_TRUE(refused([](StoredBlock& block) { block.run->first_seq = block.last_seq() + 1; }))
      << "a signature covers the events before it, not those after";
}

// A signed run that began in an earlier block must keep its beginning.
TEST(StoredBlock, MayEndARunThatBeganBefore) {
  StoredBlock block = a_stored_block();
  block.first_seq = 5;
  block.run->first_seq = 2;
  EXPECT_TRUE(is_readable(block));
}

// A block could be filled with the events of another chain.
TEST(StoredBlock, RefusesEventsOfAnotherPlace) {
  StoredBlock block = a_stored_block();
  block.first_seq = 2;
  EXPECT_FALSE(stored_events(block));
  EXPECT_FALSE(stored_event_at(encode_stored_block(block), block.first));
  block = a_stored_block();
  block.chain = ChainNumber{8};
  EXPECT_FALSE(stored_events(block));
  block = a_stored_block();
  block.entries[1].canonical = {0xFF};
  EXPECT_FALSE(stored_events(block));
}

// A hostile server could make a device hold more than its share for one block.
TEST(StoredBlock, KeepsItsLimits) {
  const Result<StoredBlock> larger = decode_stored_block(Bytes(encoded_block_bytes_max + 1, 1));
  ASSERT_FALSE(larger);
  EXPECT_EQ(larger.error().code, ErrorCode::too_large);
  StoredBlock block = a_stored_block(block_events_max);
  block.entries.push_back(block.entries.back());
  EXPECT_FALSE(is_readable(block));
  Bytes later = encode_stored_block(a_stored_block());
  later[1] = 3;
  const Result<StoredBlock> codec = decode_stored_block(later);
  ASSERT_FALSE(codec);
  EXPECT_EQ(codec.error().code, ErrorCode::unsupported);
}

// The frame limit must hold for the fullest block the log makes, or its readers never get it.
TEST(StoredBlock, HoldsAFullBlockOfRefusals) {
  StoredBlock block = a_stored_block(block_events_max);
  std::size_t canonical = 0;
  for (BlockEntry& entry : block.entries) {
    entry.canonical.resize(block_bytes_max / block_events_max);
    canonical += entry.canonical.size();
    entry.intake = {-100'000'000, 100'000, 31};
    entry.verdict = {VerdictCode::refused,  flag_id_number_doubtful,           HoldReason::none,
                     Rule::o_unknown_thing, {chain_number_max, 1'000'000'000}, RulesVersion{1}};
  }
  EXPECT_GT(canonical, block_bytes_max - block_events_max);
  EXPECT_LE(encode_stored_block(block).size(), encoded_block_bytes_max);
}

// A device rebuilds its own stored events from the receipt; one wrong field is a wrong leaf.
TEST(BlockReceipt, SaysWhatTheDeviceLacks) {
  const StoredBlock block = a_stored_block();
  const BlockReceipt receipt = receipt_of(block);
  EXPECT_EQ(receipt.last(), block.last());
  EXPECT_EQ(receipt.last_seq(), block.last_seq());
  EXPECT_EQ(receipt.run_first_seq, block.run->first_seq);
  EXPECT_EQ(receipt.root_after, block.root_after);
  ASSERT_EQ(receipt.entries.size(), block.entries.size());
  EXPECT_EQ(receipt.entries[1].verdict, block.entries[1].verdict);

  const Result<BlockReceipt> read = decode<BlockReceipt>(encode(receipt));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_hex(encode(*read)), to_hex(encode(receipt)));

  StoredBlock unsigned_block = block;
  unsigned_block.run.reset();
  EXPECT_EQ(receipt_of(unsigned_block).run_first_seq, 0U);
}

// A receipt without events would have a last seq before its first.
TEST(BlockReceipt, RefusesPlacesThatDoNotExist) {
  const auto refused = [](auto change) {
    BlockReceipt receipt = receipt_of(a_stored_block());
    change(receipt);
    return !decode<BlockReceipt>(encode(receipt));
  };
  EXPECT_FALSE(refused([](BlockReceipt&) {}));
  EXPECT_TRUE(refused([](BlockReceipt& receipt) { receipt.entries.clear(); }));
  EXPECT_TRUE(refused([](BlockReceipt& receipt) { receipt.first = Position{0}; }));
  EXPECT_TRUE(refused([](BlockReceipt& receipt) { receipt.first_seq = 0; }));
  EXPECT_TRUE(refused([](BlockReceipt& receipt) { receipt.scope = {}; }));
  EXPECT_TRUE(refused([](BlockReceipt& receipt) { receipt.run_first_seq = 1000; }));
}

}  // namespace
}  // namespace events
