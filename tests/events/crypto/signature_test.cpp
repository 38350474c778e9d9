#include "events/crypto/signature.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace events {
namespace {

template <std::size_t size>
void fill_from_hex(std::string_view hex, std::array<std::uint8_t, size>& bytes) {
  ASSERT_EQ(hex.size(), 2 * size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(2 * i, 2)), nullptr, 16));
  }
}

template <class Value>
Value from_hex(std::string_view hex) {
  Value value;
  fill_from_hex(hex, value.bytes);
  return value;
}

SecretSeed a_seed(std::uint8_t byte) {
  SecretSeed seed;
  seed.bytes.fill(byte);
  return seed;
}

// Browsers, witnesses and auditors use other libraries; none could check our signatures.
TEST(Signature, EqualsThePublishedAnswersOfEd25519) {
  struct Answer {
    std::string_view seed, key, message, signature;
  };
  const std::vector<Answer> answers = {
      // RFC 8032, section 7.1, tests 1 to 3.
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf"
       "9"
       "b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f"
       "1"
       "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "\xaf\x82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984"
       "d"
       "c6594a7c15e9716ed28dc027beceea1ec40a"},
  };
  for (const Answer& answer : answers) {
    SCOPED_TRACE(answer.key);
    const SigningKey key = SigningKey::from_seed(from_hex<SecretSeed>(answer.seed));
    const ByteView message = bytes_of(answer.message);
    EXPECT_EQ(to_hex(key.public_key().bytes), answer.key);
    EXPECT_EQ(to_hex(key.sign(message).bytes), answer.signature);
    EXPECT_TRUE(verify(key.public_key(), message, from_hex<Signature>(answer.signature)));
  }
}

// The keys of the worked examples in the audit formats would not be reproducible.
TEST(Signature, DerivesTheKeysOfTheAuditFormats) {
  EXPECT_EQ(to_hex(SigningKey::from_seed(a_seed(7)).public_key().bytes),
            "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c");
  EXPECT_EQ(to_hex(SigningKey::from_seed(a_seed(9)).public_key().bytes),
            "fd1724385aa0c75b64fb78cd602fa1d991fdebf76b13c58ed702eac835e9f618");
}

// Somebody could alter a signed block, its signature or its author, and nobody would notice.
TEST(Signature, RefusesEveryAlteredBit) {
  const SigningKey key = SigningKey::from_seed(a_seed(1));
  const ByteView text = bytes_of("log, chain, first, last, h_last");
  const Bytes message(text.begin(), text.end());
  const Signature signature = key.sign(message);
  const Result<VerifyingKey> verifying = VerifyingKey::load(key.public_key());
  ASSERT_TRUE(verifying);
  ASSERT_TRUE(verifying->verify(message, signature));

  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    SCOPED_TRACE(bit);
    Bytes altered = message;
    altered[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    ASSERT_FALSE(verifying->verify(altered, signature));
  }
  for (std::size_t bit = 0; bit < signature.bytes.size() * 8; ++bit) {
    SCOPED_TRACE(bit);
    Signature altered = signature;
    altered.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    ASSERT_FALSE(verifying->verify(message, altered));
  }
  for (std::size_t bit = 0; bit < 256; ++bit) {
    SCOPED_TRACE(bit);
    PublicKey altered = key.public_key();
    altered.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    ASSERT_FALSE(verify(altered, message, signature));
  }
}

// One block could circulate with two valid signatures, and retries would not look the same.
TEST(Signature, RefusesASecondFormOfTheSameSignature) {
  const SigningKey key = SigningKey::from_seed(a_seed(1));
  const Signature signature = key.sign(bytes_of("block"));
  const auto order =
      from_hex<SecretSeed>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

  Signature second = signature;  // S + L instead of S.
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned>(second.bytes[32 + i]) + order.bytes[i];
    second.bytes[32 + i] = static_cast<std::uint8_t>(carry & 0xffU);
    carry >>= 8U;
  }
  ASSERT_EQ(carry, 0U);
  EXPECT_FALSE(verify(key.public_key(), bytes_of("block"), second));
}

// A device could enrol with a key under which anybody's signature verifies, and later deny all.
TEST(Signature, RefusesKeysOfSmallOrderAndKeysWrittenTwoWays) {
  for (const char* hex : {
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0000000000000000000000000000000000000000000000000000000000000080",
           "0100000000000000000000000000000000000000000000000000000000000000",
           "0100000000000000000000000000000000000000000000000000000000000080",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
       }) {
    SCOPED_TRACE(hex);
    const Result<VerifyingKey> loaded = VerifyingKey::load(from_hex<PublicKey>(hex));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::malformed);
    EXPECT_FALSE(verify(from_hex<PublicKey>(hex), bytes_of(""), Signature{}));
  }
}

// Honest devices would be turned away at enrolment, one in so many.
TEST(Signature, AcceptsTheKeyOfEverySeed) {
  for (int byte = 0; byte < 256; ++byte) {
    SCOPED_TRACE(byte);
    const SigningKey key = SigningKey::from_seed(a_seed(static_cast<std::uint8_t>(byte)));
    ASSERT_TRUE(VerifyingKey::load(key.public_key()));
  }
}

// A device's key that moves into its session would sign as somebody else, or crash.
TEST(Signature, KeepsItsKeyWhenMoved) {
  SigningKey key = SigningKey::from_seed(a_seed(3));
  const PublicKey before = key.public_key();
  const SigningKey moved = std::move(key);
  EXPECT_EQ(moved.public_key(), before);

  Result<VerifyingKey> loaded = VerifyingKey::load(before);
  ASSERT_TRUE(loaded);
  const VerifyingKey verifying = std::move(*loaded);
  EXPECT_TRUE(verifying.verify(bytes_of("block"), moved.sign(bytes_of("block"))));
}

// Sessions on several threads would refuse honest blocks, or accept forged ones, now and then.
TEST(Signature, OneKeyServesSeveralThreads) {
  const SigningKey key = SigningKey::from_seed(a_seed(4));
  const Result<VerifyingKey> verifying = VerifyingKey::load(key.public_key());
  ASSERT_TRUE(verifying);
  const Signature signature = key.sign(bytes_of("block"));

  const auto repeat = [&] {
    for (int i = 0; i < 100; ++i) {
      if (key.sign(bytes_of("block")) != signature) return false;
      if (!verifying->verify(bytes_of("block"), signature)) return false;
      if (verifying->verify(bytes_of("other"), signature)) return false;
    }
    return true;
  };
  bool other_is_right = false;
  std::thread other([&] { other_is_right = repeat(); });
  const bool this_is_right = repeat();
  other.join();
  EXPECT_TRUE(this_is_right);
  EXPECT_TRUE(other_is_right);
}

}  // namespace
}  // namespace events
