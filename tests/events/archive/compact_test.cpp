#include "events/archive/compact.h"

#include "events/crypto/serialize.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace events {
namespace {

using test_support::from_hex;

enum class Colour : std::uint8_t { red = 1, blue = 2 };

/// One field of every shape that events and messages use.
struct Everything {
  std::uint8_t small{};
  std::uint16_t medium{};
  std::uint32_t large{};
  std::uint64_t huge{};
  std::int64_t change{};
  bool yes = false;
  Colour colour{};
  std::string text;
  Bytes bytes;
  std::vector<std::uint16_t> list;
  std::optional<std::uint64_t> perhaps;
  std::array<std::uint8_t, 4> fixed{};
  Digest digest;

  bool operator==(const Everything&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(small, medium, large, huge, change, yes, colour, bounded<20>(text), bounded<20>(bytes),
            bounded<20>(list), perhaps, fixed, digest);
  }
};

/// A text of at most four bytes.
struct ShortText {
  std::string text;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<4>(text));
  }
};

/// A list whose elements are large in memory and one byte on the wire.
struct Crowd {
  struct Member {
    std::array<std::uint64_t, 128> unused{};
    std::uint8_t name{};
    template <class Archive>
    void serialize(Archive& archive) {
      archive(name);
    }
  };
  std::vector<Member> members;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<std::size_t{1} << 40U>(members));
  }
};

template <class T>
std::string hex_of(const T& value) {
  return to_hex(encode(value));
}

template <class T>
void expect_refused(const std::string& hex) {
  SCOPED_TRACE(hex);
  const Result<T> decoded = decode<T>(from_hex(hex));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::malformed);
}

/// Numbers of every length in bits.
std::uint64_t any_number(std::mt19937_64& random) {
  const std::uint64_t drawn = random();
  return drawn >> (random() % 64U);
}

Everything anything(std::mt19937_64& random) {
  Everything value;
  value.small = static_cast<std::uint8_t>(random());
  value.medium = static_cast<std::uint16_t>(any_number(random));
  value.large = static_cast<std::uint32_t>(any_number(random));
  value.huge = any_number(random);
  value.change = static_cast<std::int64_t>(any_number(random)) * (random() % 2U == 0 ? 1 : -1);
  value.yes = random() % 2U == 0;
  value.colour = random() % 2U == 0 ? Colour::red : Colour::blue;
  value.text.resize(random() % 21U, 'x');
  value.bytes.resize(random() % 21U, 0x80);
  value.list.resize(random() % 21U, static_cast<std::uint16_t>(any_number(random)));
  if (random() % 2U == 0) value.perhaps = any_number(random);
  for (std::uint8_t& byte : value.fixed) byte = static_cast<std::uint8_t>(random());
  value.digest.bytes[31] = static_cast<std::uint8_t>(random());
  return value;
}

// Whatever an officer enters must be there after it was stored.
TEST(CompactArchive, GivesBackEveryValue) {
  std::mt19937_64 random(20251122);
  for (int round = 0; round < 5000; ++round) {
    SCOPED_TRACE(round);
    const Everything value = anything(random);
    const Result<Everything> decoded = decode<Everything>(encode(value));
    ASSERT_TRUE(decoded) << decoded.error().message;
    ASSERT_EQ(*decoded, value);
  }
}

// A connection cut at any byte must never pass for a shorter, valid value.
TEST(CompactArchive, RefusesEveryTruncation) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 50; ++round) {
    const Bytes whole = encode(anything(random));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      SCOPED_TRACE(size);
      ASSERT_FALSE(decode<Everything>(ByteView(whole).first(size)));
    }
  }
}

// Two encodings of one value would have two hashes, and a copy would break its chain.
TEST(CompactArchive, HasOneEncodingPerValue) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes = encode(anything(random));
    bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    const Result<Everything> decoded = decode<Everything>(bytes);
    if (!decoded) continue;
    ASSERT_EQ(to_hex(encode(*decoded)), to_hex(bytes));
  }
}

// Bytes behind a value could carry something that nobody judged.
TEST(CompactArchive, RefusesBytesLeftOver) {
  expect_refused<std::uint8_t>("0100");
  expect_refused<ShortText>("0161ff");
}

// The documented grammar and the code would drift apart.
TEST(CompactArchive, WritesTheDocumentedBytes) {
  EXPECT_EQ(hex_of(std::uint8_t{200}), "c8");
  EXPECT_EQ(hex_of(std::uint16_t{200}), "c801");
  EXPECT_EQ(hex_of(std::uint32_t{20'000}), "a09c01");
  EXPECT_EQ(hex_of(std::numeric_limits<std::uint64_t>::max()), "ffffffffffffffffff01");
  EXPECT_EQ(hex_of(std::int64_t{0}), "00");
  EXPECT_EQ(hex_of(std::int64_t{-1}), "01");
  EXPECT_EQ(hex_of(std::int64_t{1}), "02");
  EXPECT_EQ(hex_of(std::int64_t{-64}), "7f");
  EXPECT_EQ(hex_of(std::numeric_limits<std::int64_t>::min()), "ffffffffffffffffff01");
  EXPECT_EQ(hex_of(true), "01");
  EXPECT_EQ(hex_of(Colour::blue), "02");
  EXPECT_EQ(hex_of(std::optional<std::uint16_t>{}), "00");
  EXPECT_EQ(hex_of(std::optional<std::uint16_t>{300}), "01ac02");
  EXPECT_EQ(hex_of(ShortText{"QĐ"}), "0351c490");
}

// A longer form of a number would pass the signature of one device and fail at another.
TEST(CompactArchive, RefusesVarintsThatAreNotMinimal) {
  for (const char* hex : {"8000", "8100", "808000", "ff00", "80808080808080808000"}) {
    expect_refused<std::uint64_t>(hex);
    expect_refused<std::int64_t>(hex);
  }
}

// An overflow would turn a huge number into a small, plausible one.
TEST(CompactArchive, RefusesNumbersOutOfRange) {
  expect_refused<std::uint16_t>("808004");                  // 65,536
  expect_refused<std::uint32_t>("8080808010");              // 2^32
  expect_refused<std::uint64_t>("ffffffffffffffffff02");    // 2^64
  expect_refused<std::uint64_t>("ffffffffffffffffffff01");  // 11 bytes
  expect_refused<std::int16_t>("808004");                   // 32,768
  expect_refused<std::int16_t>("818004");                   // -32,769
  EXPECT_EQ(*decode<std::uint16_t>(from_hex("ffff03")), 65'535);
  EXPECT_EQ(*decode<std::int16_t>(from_hex("ffff03")), -32'768);
}

// A second spelling of "yes" or "present" would be a second encoding of one event.
TEST(CompactArchive, RefusesOtherBytesForYesAndNoAndPresent) {
  for (const char* hex : {"02", "80", "ff"}) {
    expect_refused<bool>(hex);
    expect_refused<std::optional<std::uint8_t>>(std::string(hex) + "00");
  }
  expect_refused<std::optional<std::uint8_t>>("01");
}

// One message of a hostile peer would cost the server gigabytes.
TEST(CompactArchive, ChecksLengthsBeforeItReservesMemory) {
  expect_refused<ShortText>("056162636465");  // longer than its limit, all bytes there
  expect_refused<ShortText>("0461");          // within its limit, bytes missing
  expect_refused<ShortText>("ffffffffffffffffff01");
  // 2^39 members are within the limit of the list but not within the message.
  expect_refused<Crowd>(
      "8080808080"
      "10"
      "00");
  const Result<Crowd> three = decode<Crowd>(from_hex("03010203"));
  ASSERT_TRUE(three);
  EXPECT_EQ(three->members.size(), 3U);
}

}  // namespace
}  // namespace events
