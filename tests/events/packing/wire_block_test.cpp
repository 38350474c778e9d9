#include "events/packing/wire_block.h"

#include "events/base/calendar_end.h"
#include "events/log/block_head.h"
#include "events/log/event.h"
#include "events/packing/block_body.h"
#include "events/packing/compression.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace events {
namespace {

/// Numbers of every size, the ends of the range among them.
std::uint64_t any_number(std::mt19937_64& random, std::uint64_t limit) {
  switch (random() % 4) {
    case 0:
      return 0;
    case 1:
      return limit;
    default:
      return std::min(limit, random() >> (random() % 64));
  }
}

EventId any_id(std::mt19937_64& random, ChainNumber own_chain) {
  if (random() % 4 == 0) return {};
  const std::uint64_t seq = 1 + any_number(random, sequence_max - 1);
  if (random() % 2 == 0) return {own_chain, seq};
  return {ChainNumber{static_cast<std::uint32_t>(1 + any_number(random, chain_number_max - 1))},
          seq};
}

/// Events that agree in nothing but their chain, so that every column differs.
std::vector<Bytes> any_events(std::mt19937_64& random, ChainNumber chain, std::uint64_t first_seq,
                              std::size_t count) {
  static const std::vector<Payload> kinds = test_support::one_of_each_kind();
  std::vector<Bytes> events;
  std::size_t total = 0;
  StreamId stream;
  for (std::size_t index = 0; index < count; ++index) {
    EventHeader header;
    header.chain = chain;
    header.seq = first_seq + index;
    const auto kind = static_cast<StreamKind>(random() % 256);
    if (random() % 3 != 0) stream = {kind, random() % 2 == 0 ? header.id() : any_id(random, chain)};
    header.stream = stream;
    header.seen = Position{any_number(random, ~std::uint64_t{0})};
    header.rules = RulesVersion{static_cast<std::uint32_t>(any_number(random, 0xFFFF'FFFF))};
    header.actor = PersonId{any_id(random, chain)};
    header.role_grant = RoleGrantId{any_id(random, chain)};
    header.recorded_at = Timestamp{any_number(random, calendar_end.value - 1)};
    header.business_day = Day{static_cast<std::uint32_t>(any_number(random, last_day.value))};
    events.push_back(make_event(header, kinds[random() % kinds.size()]).canonical);
    total += events.back().size();
    if (total > block_bytes_max) {
      events.pop_back();
      break;
    }
  }
  return events;
}

/// The server that knows the hash before a block.
HashBefore knows(const DeviceBlock& block) {
  return [previous = block.previous](const DeviceBlock&) -> Result<Digest> { return previous; };
}

DeviceBlock device_block_of(std::vector<Bytes> events, ChainNumber chain, std::uint64_t first_seq) {
  DeviceBlock block;
  block.log = LogId{7};
  block.chain = chain;
  block.first_seq = first_seq;
  block.previous.bytes.fill(3);
  block.signature.bytes.fill(4);
  block.events = std::move(events);
  return block;
}

/// What a device signed must come out byte for byte, whatever it is, or no signature verifies.
TEST(WireBlock, GivesBackEveryCanonicalByteOfWhateverEvents) {
  std::mt19937_64 random(20'261'122);
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE(round);
    const ChainNumber chain{
        static_cast<std::uint32_t>(1 + any_number(random, chain_number_max - 1))};
    const std::uint64_t first_seq = 1 + any_number(random, sequence_max - 200);
    const DeviceBlock block = device_block_of(
        any_events(random, chain, first_seq, 1 + random() % block_events_max), chain, first_seq);
    const Bytes packed = pack_block(block);
    ASSERT_LE(packed.size(), encode_device_block(block).size());
    const Result<DeviceBlock> read = unpack_device_block(packed, knows(block));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(encode_device_block(*read), encode_device_block(block));
  }
}

/// The reader computes the same leaves, hence the same tree, as the server.
TEST(WireBlock, GivesBackStoredBlocksWithTheirAnswers) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    StoredBlock block = test_support::a_stored_block();
    const std::vector<Bytes> events =
        any_events(random, block.chain, block.first_seq, 1 + random() % block_events_max);
    block.run.reset();
    block.entries.clear();
    for (const Bytes& canonical : events) {
      BlockEntry entry{{}, canonical, {}};
      entry.intake.clock_offset_seconds = random() % 3 == 0 ? -2 : 0;
      entry.verdict.code = random() % 5 == 0 ? VerdictCode::held : VerdictCode::accepted;
      if (random() % 4 == 0) entry.verdict.parameters = {1, -5};
      block.entries.push_back(std::move(entry));
    }
    const Result<StoredBlock> read = unpack_stored_block(pack_block(block));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(encode_stored_block(*read), encode_stored_block(block));
  }
}

/// A day's work of an officer; the numbers of the line are in khuyenhoc-bench --only wire.
TEST(WireBlock, IsMuchShorterThanThePlainForm) {
  const DeviceBlock block = test_support::a_device_block(100);
  const Bytes packed = pack_block(block);
  EXPECT_EQ(packed[1], codec_compressed);
  EXPECT_LT(packed.size(), encode_device_block(block).size() / 2);
}

/// An afternoon at the commune: people, each with a private record, and their dossiers.
struct Afternoon {
  DeviceBlock block;
  std::vector<Digest> beside;  ///< Of the records.
};

Afternoon an_afternoon(std::mt19937_64& random, std::size_t people) {
  Afternoon made;
  std::vector<Bytes> events;
  const auto add = [&](Payload payload) {
    events.push_back(test_support::an_event(std::move(payload), events.size() + 1).canonical);
  };
  for (std::size_t person = 0; person < people; ++person) {
    PersonIntroduced introduced;
    introduced.home_unit = test_support::hamlet;
    for (std::uint8_t& byte : introduced.private_digest.emplace().bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    made.beside.push_back(*introduced.private_digest);
    add(introduced);
    add(test_support::a_dossier());
  }
  made.block = device_block_of(std::move(events), test_support::a_chain, 1);
  return made;
}

/// Whoever has the record can compute its digest: on a slow line each costs half a millisecond
/// instead of four.
TEST(WireBlock, CutsDigestsWhoseRecordsTravelBesideIt) {
  std::mt19937_64 random(77);
  for (std::size_t people = 1; people <= 50; ++people) {
    SCOPED_TRACE(people);
    auto [block, beside] = an_afternoon(random, people);
    // A record that was destroyed, and records of the block behind it, in whatever order.
    std::ranges::shuffle(beside, random);
    if (people % 3 == 0) beside.pop_back();
    const Bytes packed = pack_block(block, beside);
    ASSERT_LE(packed.size() + 26 * beside.size(), pack_block(block).size());
    beside.push_back(sha256(Bytes{1}));
    std::ranges::shuffle(beside, random);
    const Result<DeviceBlock> read = unpack_device_block(packed, knows(block), beside);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(encode_device_block(*read), encode_device_block(block));
  }
}

/// A record that did not come must be asked for; it is no reason to doubt the device.
TEST(WireBlock, AsksForARecordThatDidNotComeBesideIt) {
  std::mt19937_64 random(78);
  auto [block, beside] = an_afternoon(random, 10);
  const Bytes packed = pack_block(block, beside);
  beside.pop_back();
  EXPECT_EQ(unpack_device_block(packed, knows(block), beside).error().code,
            ErrorCode::private_missing);
  EXPECT_EQ(unpack_device_block(packed, knows(block)).error().code, ErrorCode::private_missing);
}

/// Two records whose digests begin alike are rare, not impossible: then they are said in full.
TEST(WireBlock, SaysDigestsInFullThatBeginAlike) {
  std::mt19937_64 random(79);
  auto [block, beside] = an_afternoon(random, 10);
  Digest alike = beside.front();
  alike.bytes.back() ^= 1;
  beside.insert(beside.begin(), alike);
  const Bytes packed = pack_block(block, beside);
  const Result<DeviceBlock> read = unpack_device_block(packed, knows(block), beside);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(encode_device_block(*read), encode_device_block(block));
}

/// Readers take what older and simpler clients send.
TEST(WireBlock, ReadsThePlainForm) {
  const DeviceBlock device = test_support::a_device_block(3);
  const StoredBlock stored = test_support::a_stored_block();
  EXPECT_EQ(unpack_device_block(encode_device_block(device), nullptr)->events, device.events);
  EXPECT_EQ(encode_stored_block(*unpack_stored_block(encode_stored_block(stored))),
            encode_stored_block(stored));
}

/// An event that names another chain than its block is refused by the judge, not lost on its way.
TEST(WireBlock, SendsWhatItCannotPackInThePlainForm) {
  DeviceBlock block = test_support::a_device_block(3);
  block.events[1] = block.events[0];
  const Bytes packed = pack_block(block);
  EXPECT_EQ(packed[1], codec_plain);
  EXPECT_EQ(unpack_device_block(packed, knows(block))->events, block.events);
}

/// The log's own form has one encoding; the packed ones do not get into it.
TEST(WireBlock, IsNotReadAsTheFormOfTheLog) {
  const Result<StoredBlock> stored =
      decode_stored_block(pack_block(test_support::a_stored_block()));
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, ErrorCode::unsupported);
  const Result<DeviceBlock> device =
      decode_device_block(pack_block(test_support::a_device_block(100)));
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().code, ErrorCode::unsupported);
}

TEST(WireBlock, RefusesWhatIsCutOrLengthened) {
  const DeviceBlock block = test_support::a_device_block(20);
  const Bytes whole = pack_block(block);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_FALSE(unpack_device_block(ByteView(whole).first(size), knows(block))) << size;
  }
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_FALSE(unpack_device_block(longer, knows(block)));
}

/// A block that says it is small and unpacks to gigabytes must not be believed.
TEST(WireBlock, RefusesMoreThanABlockHolds) {
  const auto with_body = [](std::uint64_t says, const Bytes& body) {
    Bytes bytes;
    CompactOutput archive(bytes);
    write_block_form(archive, codec_compressed);
    write_head(archive, test_support::a_stored_block());
    archive(newest_dictionary);
    archive.write_varint(says);
    archive.write_bytes(body);
    return unpack_stored_block(bytes);
  };
  const Bytes zeros(1 << 20, 0);
  const Bytes bomb = compress(zeros, newest_dictionary);
  EXPECT_LT(bomb.size(), 1'000U);
  for (const std::size_t says : {zeros.size(), std::size_t{100}, unpacked_bytes_max}) {
    const Result<StoredBlock> read = with_body(says, bomb);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::malformed);
  }
}

/// A tablet that was copied has other events behind it than the server.
TEST(WireBlock, SeesThatAnotherHistoryIsMeant) {
  const DeviceBlock block = test_support::a_device_block(20);
  const Result<DeviceBlock> forked = unpack_device_block(
      pack_block(block), [](const DeviceBlock&) -> Result<Digest> { return Digest{}; });
  ASSERT_FALSE(forked);
  EXPECT_EQ(forked.error().code, ErrorCode::fork);
  const Result<DeviceBlock> early =
      unpack_device_block(pack_block(block), [](const DeviceBlock& head) -> Result<Digest> {
        EXPECT_EQ(head.first_seq, 1U);
        return Error{ErrorCode::gap, "not yet"};
      });
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, ErrorCode::gap);
}

TEST(WireBlock, NamesADictionaryItDoesNotHave) {
  Bytes bytes;
  CompactOutput archive(bytes);
  write_block_form(archive, codec_compressed);
  const StoredBlock block = test_support::a_stored_block();
  write_head(archive, block);
  archive(DictionaryNumber{99});
  archive.write_varint(1);
  const Result<StoredBlock> read = unpack_stored_block(bytes);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::unsupported);
  EXPECT_NE(read.error().message.find("99"), std::string::npos);
}

}  // namespace
}  // namespace events
