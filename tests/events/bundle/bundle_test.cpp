#include "events/bundle/bundle_reader.h"
#include "tests/events/bundle/bundle_builder.h"
#include "tests/support/golden.h"

#include <gtest/gtest.h>

#include <set>

namespace events::bundle::test {
namespace {

/// Two blocks: the second is the last one.
const std::vector<Bytes> two_blocks{Bytes(block_plain_bytes_max, 7), Bytes(100, 8)};

Bytes joined(const std::vector<Bytes>& blocks) {
  Bytes all;
  for (const Bytes& block : blocks) append_bytes(all, block);
  return all;
}

/// Where a block's part begins in a bundle of two_blocks.
constexpr std::size_t first_part_bytes = 1 + 3 + block_sealed_bytes_max;
std::size_t begin_of_blocks(ByteView bundle) {
  // Behind the trailer's 1 + 1 + 1 + 32 + 64 bytes stands nothing.
  return bundle.size() - 99 - (1 + 1 + 100 + aead_tag_bytes) - first_part_bytes;
}

// What an officer carries on a stick must come out as it went in, whatever its size.
TEST(Bundle, OpensAsItWasSealed) {
  const std::vector<std::vector<Bytes>> contents{
      {}, {Bytes(1, 9)}, {Bytes(block_plain_bytes_max, 7)}, two_blocks};
  for (const std::vector<Bytes>& blocks : contents) {
    SCOPED_TRACE(joined(blocks).size());
    const Opened opened = open_all(make_bundle(blocks));
    ASSERT_TRUE(opened.bundle) << opened.bundle.error().message;
    EXPECT_EQ(opened.bundle->ending, Ending::complete);
    EXPECT_EQ(opened.bundle->blocks, std::max<std::size_t>(1, blocks.size()));
    EXPECT_EQ(opened.frames, joined(blocks));
    EXPECT_EQ(opened.bundle->header.last_seq, 3U);
  }
}

// A stick pulled out too early holds the beginning: its whole blocks are an officer's work, and
// half a block must never pass for one.
TEST(Bundle, GivesTheWholeBlocksOfABundleThatWasCut) {
  const Bytes bundle = make_bundle(two_blocks);
  const std::size_t blocks = begin_of_blocks(bundle);
  const std::size_t second = blocks + first_part_bytes;
  const std::size_t trailer = bundle.size() - 99;
  for (std::size_t size = 0; size < bundle.size();
       size += size < blocks || size + 300 > bundle.size() ? 1 : 997) {
    SCOPED_TRACE(size);
    const Opened opened = open_all(ByteView(bundle).first(size));
    if (size < blocks) {
      ASSERT_FALSE(opened.bundle) << "the header is not whole";
      continue;
    }
    ASSERT_TRUE(opened.bundle) << opened.bundle.error().message;
    EXPECT_EQ(opened.bundle->ending, Ending::truncated);
    EXPECT_EQ(opened.bundle->blocks, size < second ? 0U : size < trailer ? 1U : 2U);
  }
}

// A changed byte anywhere is no accident of a stick: nothing of such a bundle may be used.
TEST(Bundle, RefusesEveryChangedByte) {
  const Bytes bundle = make_bundle({Bytes(300, 7)});
  for (std::size_t index = 0; index < bundle.size(); ++index) {
    SCOPED_TRACE(index);
    Bytes changed = bundle;
    changed[index] ^= 0x10U;
    const Opened opened = open_all(changed);
    // A greater length says that the file goes on: then it was cut, and no block came of it.
    const bool refused = !opened.bundle ||
                         (opened.bundle->ending == Ending::truncated && opened.bundle->blocks <= 1);
    EXPECT_TRUE(refused);
    if (opened.bundle) {
      EXPECT_TRUE(opened.frames.empty() || opened.frames == Bytes(300, 7));
    }
  }
}

// Blocks of one bundle, mixed with care, would be events that nobody sent in that order.
TEST(Bundle, RefusesBlocksOutOfTheirPlaces) {
  const std::vector<Bytes> blocks{Bytes(block_plain_bytes_max, 1), Bytes(block_plain_bytes_max, 2),
                                  Bytes(10, 3)};
  const Bytes bundle = make_bundle(blocks);
  const std::size_t begin =
      bundle.size() - 99 - (1 + 1 + 10 + aead_tag_bytes) - 2 * first_part_bytes;
  const auto part = [&](std::size_t index) {
    return ByteView(bundle).subspan(begin + index * first_part_bytes, first_part_bytes);
  };
  const ByteView rest = ByteView(bundle).subspan(begin + 2 * first_part_bytes);
  const auto with = [&](std::vector<ByteView> parts) {
    Bytes made(bundle.begin(), bundle.begin() + static_cast<std::ptrdiff_t>(begin));
    for (const ByteView each : parts) append_bytes(made, each);
    return made;
  };
  EXPECT_TRUE(open_all(with({part(0), part(1), rest})).bundle);
  EXPECT_FALSE(open_all(with({part(1), part(0), rest})).bundle) << "swapped";
  EXPECT_FALSE(open_all(with({part(0), part(0), part(1), rest})).bundle) << "repeated";
  EXPECT_FALSE(open_all(with({part(1), rest})).bundle) << "left out";
  Bytes longer = bundle;
  longer.push_back(0);
  EXPECT_FALSE(open_all(longer).bundle) << "bytes behind the end";
}

// The carrier carries the bundles of many communes and must not read them; another device of the
// same commune must not, either.
TEST(Bundle, OpensForNobodyElse) {
  const Bytes bundle = make_bundle(two_blocks);
  const Opened opened = open_all(bundle, device_secret);
  ASSERT_FALSE(opened.bundle);
  EXPECT_EQ(opened.bundle.error().code, ErrorCode::not_permitted);
  const std::string name = "Lò Thị Ánh";
  const Bytes with_name = make_bundle({Bytes(name.begin(), name.end())});
  EXPECT_EQ(std::ranges::search(with_name, name).size(), 0U);
}

// What a carrier may check without any key: that it is whole and whose it is.
TEST(Bundle, IsCheckedWithoutAKey) {
  const Bytes bundle = make_bundle(two_blocks);
  MemorySource source(bundle);
  auto reader = BundleReader::open(source);
  ASSERT_TRUE(reader);
  while (reader->ending() == Ending::open) ASSERT_TRUE(reader->next());
  EXPECT_EQ(reader->ending(), Ending::complete);
  EXPECT_EQ(reader->header().signer, test_support::a_key().public_key());
  EXPECT_EQ(reader->blocks(), 2U);
  EXPECT_EQ(reader->bytes_read(), bundle.size());
}

// A header that names another chain would have a stranger's bundle answered as the device's.
TEST(Bundle, RefusesAHeaderItsSignerDidNotSign) {
  BundleHeader header = a_header();
  header.signer = test_support::a_key().public_key();
  header.signature = test_support::a_key().sign(header_statement(header));
  EXPECT_TRUE(read_header(encode(header)));
  header.chain = ChainNumber{8};
  const auto moved = read_header(encode(header));
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, ErrorCode::bad_signature);
  header.version = 2;
  const auto newer = read_header(encode(header));
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::unsupported);
}

// A file of a few bytes that announces gigabytes must cost a few bytes.
TEST(Bundle, RefusesLengthsAboveTheLimits) {
  const Bytes bundle = make_bundle({Bytes(10, 1)});
  const std::size_t begin = bundle.size() - 99 - (1 + 1 + 10 + aead_tag_bytes);
  Bytes huge(bundle.begin(), bundle.begin() + static_cast<std::ptrdiff_t>(begin));
  append_bytes(huge, Bytes{1, 0xFF, 0xFF, 0xFF, 0x7F});
  const Opened opened = open_all(huge);
  ASSERT_FALSE(opened.bundle);
  EXPECT_EQ(opened.bundle.error().code, ErrorCode::too_large);
}

// The bytes of docs/offline_bundle_format.md, for ever.
TEST(Bundle, IsTheGoldenOne) {
  Bytes frames;
  for (const char* const name :
       {"protocol/3_hello.hex", "protocol/5_private.hex", "protocol/6_push.hex"}) {
    append_bytes(frames, test_support::golden_bytes(name));
  }
  const Bytes bundle = make_bundle({frames});
  test_support::expect_golden("bundle/bundle.hex", bundle);
  const Opened opened = open_all(test_support::golden_bytes("bundle/bundle.hex"));
  ASSERT_TRUE(opened.bundle);
  EXPECT_EQ(opened.frames, frames);
}

}  // namespace
}  // namespace events::bundle::test
