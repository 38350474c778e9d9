#include "events/crypto/digest.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace events {
namespace {

std::string hex_of(const Digest& digest) { return to_hex(digest.bytes); }

// Every hash on disk would be one that no other program can compute again.
TEST(Digest, EqualsThePublishedAnswersOfSha256) {
  EXPECT_EQ(hex_of(sha256(bytes_of(""))),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_of(sha256(bytes_of("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_of(sha256(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

// A chain hash computed from two parts would differ from the one an auditor computes from one.
TEST(Digest, OfTwoPartsIsTheDigestOfTheirConcatenation) {
  const std::string text(200, 'x');
  const ByteView whole = bytes_of(text);
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    SCOPED_TRACE(cut);
    ASSERT_EQ(sha256(whole.first(cut), whole.subspan(cut)), sha256(whole));
  }
}

// A picture that is hashed chunk by chunk would get another address than the whole file.
TEST(Digest, OfPiecesIsTheDigestOfTheWhole) {
  Sha256 hasher;
  hasher.add(bytes_of("quyết "));
  hasher.add({});
  hasher.add(std::uint8_t{'1'});
  hasher.add(bytes_of("2/QĐ-UBND"));
  EXPECT_EQ(hasher.finish(), sha256(bytes_of("quyết 12/QĐ-UBND")));
}

// The second file hashed with one object would inherit bytes of the first.
TEST(Digest, StartsAfreshAfterFinish) {
  Sha256 hasher;
  hasher.add(bytes_of("first"));
  EXPECT_EQ(hasher.finish(), sha256(bytes_of("first")));
  hasher.add(bytes_of("second"));
  EXPECT_EQ(hasher.finish(), sha256(bytes_of("second")));
  EXPECT_EQ(hasher.finish(), sha256({}));
}

// A digest half fed would be lost when its owner, a transfer in progress, moves.
TEST(Digest, KeepsItsStateWhenMoved) {
  Sha256 hasher;
  hasher.add(bytes_of("ab"));
  Sha256 moved = std::move(hasher);
  moved.add(bytes_of("c"));
  EXPECT_EQ(moved.finish(), sha256(bytes_of("abc")));
}

// Two threads would mix their bytes and both write wrong hashes.
TEST(Digest, IsIndependentBetweenThreads) {
  const auto repeat = [](std::string_view text) {
    const Digest expected = sha256(bytes_of(text));
    for (int i = 0; i < 20'000; ++i) {
      if (sha256(bytes_of(text)) != expected) return false;
    }
    return true;
  };
  bool other_is_right = false;
  std::thread other([&] { other_is_right = repeat("other"); });
  const bool this_is_right = repeat("this");
  other.join();
  EXPECT_TRUE(this_is_right);
  EXPECT_TRUE(other_is_right);
}

// Rows keyed by digest would stand in another order in memory than on disk.
TEST(Digest, IsOrderedAsItsBytesAre) {
  Digest low;
  Digest high;
  low.bytes[31] = 0xff;
  high.bytes[0] = 0x80;
  EXPECT_LT(low, high);
  EXPECT_NE(low, high);
}

}  // namespace
}  // namespace events
