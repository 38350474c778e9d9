#include "events/log/block.h"
#include "events/log/event.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace events {
namespace {

using test_support::a_chain;
using test_support::a_device_block;
using test_support::a_key;
using test_support::a_log;
using test_support::some_events;

VerifyingKey the_key_of(const SigningKey& key) { return *VerifyingKey::load(key.public_key()); }

ErrorCode refusal_of(const DeviceBlock& block, const SigningKey& key = a_key()) {
  const Result<void> verified = verify_device_block(block, the_key_of(key));
  return verified ? ErrorCode{} : verified.error().code;
}

// A day's work of an officer must arrive as it was typed.
TEST(DeviceBlock, ReadsBackAndVerifies) {
  for (const std::size_t count : {std::size_t{1}, std::size_t{3}, block_events_max}) {
    const DeviceBlock block = a_device_block(count);
    const Bytes encoded = encode_device_block(block);
    EXPECT_LE(encoded.size(), encoded_block_bytes_max);
    const Result<DeviceBlock> read = decode_device_block(encoded);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->log, a_log);
    EXPECT_EQ(read->chain, a_chain);
    EXPECT_EQ(read->first_seq, 1U);
    EXPECT_EQ(read->last_seq(), count);
    EXPECT_EQ(read->previous, block.previous);
    EXPECT_EQ(read->events, block.events);
    EXPECT_EQ(encode_device_block(*read), encoded);
    EXPECT_TRUE(verify_device_block(*read, the_key_of(a_key())));
  }
}

// Somebody between device and server could change a score on its way.
TEST(DeviceBlock, DoesNotVerifyAfterAnyAlteration) {
  const Bytes whole = encode_device_block(a_device_block());
  for (std::size_t place = 0; place < whole.size(); ++place) {
    SCOPED_TRACE(place);
    Bytes altered = whole;
    altered[place] = static_cast<std::uint8_t>(altered[place] ^ 1U);
    const Result<DeviceBlock> read = decode_device_block(altered);
    ASSERT_TRUE(!read || refusal_of(*read) != ErrorCode{});
  }
}

// An event could be shown as that of another device, or at another place of its history.
TEST(DeviceBlock, DoesNotVerifyWithEventsOfAnotherPlace) {
  const SigningKey key = a_key();
  const Digest previous = chain_start(a_chain, key.public_key());
  // Signed correctly, but the headers say something else.
  EXPECT_EQ(refusal_of(sign_block(a_log, ChainNumber{8}, 1, previous, some_events(2), key)),
            ErrorCode::malformed);
  EXPECT_EQ(refusal_of(sign_block(a_log, a_chain, 2, previous, some_events(2), key)),
            ErrorCode::malformed);
  std::vector<Bytes> with_gap = some_events(2);
  with_gap.push_back(some_events(1, 4).front());
  EXPECT_EQ(refusal_of(sign_block(a_log, a_chain, 1, previous, with_gap, key)),
            ErrorCode::malformed);
  EXPECT_EQ(refusal_of(sign_block(a_log, a_chain, 1, previous, {Bytes{1, 2, 3}}, key)),
            ErrorCode::malformed);
}

// A thief with another key, or a block meant for another log, must not get in.
TEST(DeviceBlock, DoesNotVerifyForAnotherKeyLogOrPast) {
  EXPECT_EQ(refusal_of(a_device_block()), ErrorCode{});
  EXPECT_EQ(refusal_of(a_device_block(), a_key(8)), ErrorCode::bad_signature);
  DeviceBlock block = a_device_block();
  block.log = LogId{2};
  EXPECT_EQ(refusal_of(block), ErrorCode::bad_signature);
  block = a_device_block();
  block.previous = test_support::a_digest(1);
  EXPECT_EQ(refusal_of(block), ErrorCode::bad_signature);
  block = a_device_block();
  block.events.pop_back();
  EXPECT_EQ(refusal_of(block), ErrorCode::bad_signature);
}

// A connection cut at any byte must never pass for a shorter, valid block.
TEST(DeviceBlock, RefusesEveryTruncation) {
  const Bytes whole = encode_device_block(a_device_block());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    const Result<DeviceBlock> read = decode_device_block(ByteView(whole).first(size));
    ASSERT_FALSE(read);
    ASSERT_EQ(read.error().code, ErrorCode::malformed);
  }
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_FALSE(decode_device_block(longer));
}

// A later codec asks for a newer program; it must not read as damage.
TEST(DeviceBlock, TellsLaterFormsFromBrokenOnes) {
  Bytes block = encode_device_block(a_device_block());
  block[1] = 1;
  const Result<DeviceBlock> later_codec = decode_device_block(block);
  ASSERT_FALSE(later_codec);
  EXPECT_EQ(later_codec.error().code, ErrorCode::unsupported);
  block[0] = 2;
  const Result<DeviceBlock> later_form = decode_device_block(block);
  ASSERT_FALSE(later_form);
  EXPECT_EQ(later_form.error().code, ErrorCode::unsupported);
}

// A hostile peer could make the server hold more than its share for one block.
TEST(DeviceBlock, KeepsItsLimits) {
  const Result<DeviceBlock> larger = decode_device_block(Bytes(encoded_block_bytes_max + 1, 1));
  ASSERT_FALSE(larger);
  EXPECT_EQ(larger.error().code, ErrorCode::too_large);

  DeviceBlock block = a_device_block(block_events_max);
  block.events.push_back(some_events(1, block_events_max + 1).front());
  EXPECT_FALSE(decode_device_block(encode_device_block(block))) << "101 events";

  block = a_device_block(1);
  block.events.clear();
  EXPECT_FALSE(decode_device_block(encode_device_block(block))) << "no event";

  block.events = {Bytes(event_bytes_max), Bytes(block_bytes_max - event_bytes_max)};
  EXPECT_TRUE(decode_device_block(encode_device_block(block)));
  block.events.back().push_back(0);
  EXPECT_FALSE(decode_device_block(encode_device_block(block))) << "more than 12 KiB";
  block.events = {Bytes(event_bytes_max + 1)};
  EXPECT_FALSE(decode_device_block(encode_device_block(block))) << "an event above 8 KiB";

  block = a_device_block(1);
  block.first_seq = 0;
  EXPECT_FALSE(decode_device_block(encode_device_block(block)));
  block.first_seq = sequence_max;
  EXPECT_TRUE(decode_device_block(encode_device_block(block))) << "the last seq there is";
  block.first_seq = sequence_max + 1;
  EXPECT_FALSE(decode_device_block(encode_device_block(block)));
  block = a_device_block(1);
  block.chain = ChainNumber{0};
  EXPECT_FALSE(decode_device_block(encode_device_block(block)));
}

}  // namespace
}  // namespace events
