#include "clients/core/log/awaited_signer.h"

#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

using events::Bytes;
using events::ErrorCode;

const Bytes a_message{1, 2, 3};

Bytes answered(const events::SigningKey& key, const Bytes& request) {
  const events::Signature signature = key.sign(events::ByteView(request).subspan(32));
  Bytes answer(signature.bytes.begin(), signature.bytes.end());
  events::append_bytes(answer, request);
  return answer;
}

struct AwaitedSignerTest : testing::Test {
  AwaitedSignatures signatures;
  events::SigningKey key = test_support::a_key(3);
  AwaitedSigner signer{signatures, key.public_key()};
};

// Contract of every signer: what it signs verifies under the key that it names.
TEST_F(AwaitedSignerTest, SignsAsASeedSignerDoesOnceTheBrowserHasSigned) {
  EXPECT_EQ(signer.public_key(), key.public_key());
  EXPECT_EQ(signer.sign(a_message).error().code, ErrorCode::needs_signature);
  ASSERT_EQ(signatures.requests().size(), 1U);
  signatures.give(answered(key, signatures.requests().front()));
  const auto signature = signer.sign(a_message);
  ASSERT_TRUE(signature);
  EXPECT_TRUE(events::verify(signer.public_key(), a_message, *signature));

  events::SecretSeed seed;
  seed.bytes.fill(5);
  const SeedSigner at_hand(seed);
  EXPECT_TRUE(events::verify(at_hand.public_key(), a_message, at_hand.sign(a_message).value()));
  EXPECT_TRUE(at_hand.is_repeatable());
  EXPECT_FALSE(signer.is_repeatable());
}

TEST_F(AwaitedSignerTest, AsksForTheSameMessageOnce) {
  for (int tries = 0; tries < 3; ++tries) EXPECT_FALSE(signer.sign(a_message));
  EXPECT_FALSE(signer.sign(Bytes{4}));
  EXPECT_EQ(signatures.requests().size(), 2U);
  signatures.clear();
  EXPECT_TRUE(signatures.requests().empty());
}

// A wrong signature in a block would stand on the disk for ever, and no server would take it.
TEST_F(AwaitedSignerTest, TakesNoSignatureThatDoesNotVerify) {
  EXPECT_FALSE(signer.sign(a_message));
  const Bytes request = signatures.requests().front();
  Bytes wrong = answered(key, request);
  wrong.front() ^= 1;
  signatures.give(wrong);
  signatures.give(answered(test_support::a_key(4), request));
  signatures.give(Bytes(95));
  signatures.give({});
  EXPECT_EQ(signer.sign(a_message).error().code, ErrorCode::needs_signature);
  EXPECT_EQ(signatures.requests().size(), 1U) << "it is still asked for";
}

TEST_F(AwaitedSignerTest, ASignatureCountsForItsKeyAndMessageAlone) {
  EXPECT_FALSE(signer.sign(a_message));
  signatures.give(answered(key, signatures.requests().front()));
  const AwaitedSigner other(signatures, test_support::a_key(4).public_key());
  EXPECT_FALSE(other.sign(a_message));
  EXPECT_FALSE(signer.sign(Bytes{1, 2}));
  EXPECT_TRUE(signer.sign(a_message));
}

}  // namespace
}  // namespace clients
