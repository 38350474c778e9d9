#include "events/crypto/sealing.h"

#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace events {
namespace {

using test_support::from_hex;

template <class T>
T from(std::string_view hex) {
  T value;
  std::ranges::copy(from_hex(hex), value.bytes.begin());
  return value;
}

template <std::size_t Size>
std::array<std::uint8_t, Size> array_from(std::string_view hex) {
  std::array<std::uint8_t, Size> bytes{};
  std::ranges::copy(from_hex(hex), bytes.begin());
  return bytes;
}

constexpr std::string_view alice_secret =
    "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
constexpr std::string_view alice_key =
    "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
constexpr std::string_view bob_secret =
    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
constexpr std::string_view bob_key =
    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";

// A bundle sealed by this build could not be opened by a stranger's program.  RFC 7748, 6.1.
TEST(Sealing, AgreesAsTheStandardDoes) {
  EXPECT_EQ(to_hex(sealing_key_of(from<SealingSecret>(alice_secret)).bytes), alice_key);
  EXPECT_EQ(to_hex(sealing_key_of(from<SealingSecret>(bob_secret)).bytes), bob_key);
  const std::string_view shared =
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
  const auto ours = agree(from<SealingSecret>(alice_secret), from<SealingKey>(bob_key));
  const auto theirs = agree(from<SealingSecret>(bob_secret), from<SealingKey>(alice_key));
  ASSERT_TRUE(ours && theirs);
  EXPECT_EQ(to_hex(*ours), shared);
  EXPECT_EQ(to_hex(*theirs), shared);
}

// Whoever plants a key of small order as the server's would read every bundle.
TEST(Sealing, RefusesKeysWithWhichEverybodyAgrees) {
  const SealingSecret secret = from<SealingSecret>(alice_secret);
  SealingKey unsound;
  EXPECT_FALSE(agree(secret, unsound)) << "zero";
  unsound.bytes[0] = 1;
  ASSERT_FALSE(agree(secret, unsound)) << "one";
  EXPECT_EQ(agree(secret, unsound).error().code, ErrorCode::malformed);
}

// RFC 5869, A.1 and A.3.
TEST(Sealing, DerivesAsTheStandardDoes) {
  const Bytes secret(22, 0x0b);
  EXPECT_EQ(to_hex(hkdf_sha256(secret, from_hex("000102030405060708090a0b0c"),
                               from_hex("f0f1f2f3f4f5f6f7f8f9"), 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(to_hex(hkdf_sha256(secret, {}, {}, 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

// RFC 8439, 2.8.2.
TEST(Sealing, SealsAsTheStandardDoes) {
  const auto key =
      array_from<32>("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const auto nonce = array_from<12>("070000004041424344454647");
  const Bytes associated = from_hex("50515253c0c1c2c3c4c5c6c7");
  const ByteView plain = bytes_of(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
      "sunscreen would be it.");
  const Bytes sealed = aead_seal(key, nonce, associated, plain);
  EXPECT_EQ(to_hex(sealed),
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
            "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
            "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
            "3ff4def08e4b7a9de576d26586cec64b6116"
            "1ae10b594f09e26a7e902ecbd0600691");
  const auto opened = aead_open(key, nonce, associated, sealed);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(std::ranges::equal(*opened, plain));
}

// A carrier who changes one bit must not bring anything in, not even part of it.
TEST(Sealing, OpensNothingThatWasChanged) {
  const SharedSecret key{1, 2, 3};
  const AeadNonce nonce{4};
  const Bytes associated{5, 6};
  const Bytes sealed = aead_seal(key, nonce, associated, bytes_of("Lò Thị Ánh"));
  for (std::size_t index = 0; index < sealed.size(); ++index) {
    SCOPED_TRACE(index);
    Bytes changed = sealed;
    changed[index] ^= 1U;
    EXPECT_FALSE(aead_open(key, nonce, associated, changed));
    EXPECT_FALSE(aead_open(key, nonce, associated, ByteView(sealed).first(index))) << "cut";
  }
  EXPECT_FALSE(aead_open(key, AeadNonce{7}, associated, sealed)) << "another place";
  EXPECT_FALSE(aead_open(key, nonce, Bytes{5}, sealed)) << "behind another header";
  EXPECT_TRUE(aead_open(key, nonce, associated, sealed));
}

// An empty bundle is a bundle, too: it asks for news.
TEST(Sealing, SealsNothingAtAll) {
  const Bytes sealed = aead_seal({}, {}, {}, {});
  EXPECT_EQ(sealed.size(), aead_tag_bytes);
  const auto opened = aead_open({}, {}, {}, sealed);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->empty());
}

}  // namespace
}  // namespace events
