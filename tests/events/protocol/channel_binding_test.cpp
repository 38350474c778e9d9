#include "events/protocol/channel_binding.h"

#include <gtest/gtest.h>

namespace events::protocol {
namespace {

SigningKey a_key() {
  SecretSeed seed;
  seed.bytes.fill(7);
  return SigningKey::from_seed(seed);
}

ChannelBinding a_binding(std::uint8_t byte) {
  ChannelBinding binding;
  binding.bytes.fill(byte);
  return binding;
}

// A greeting that a proxy wrote into its log must open no other connection.
TEST(ChannelBinding, GreetingIsGoodForItsOwnConnectionOnly) {
  Hello hello;
  hello.chain = ChainNumber{7};
  sign(hello, a_key(), a_binding(1));
  EXPECT_EQ(hello.features, feature_bound);
  const PublicKey key = a_key().public_key();
  EXPECT_TRUE(verify(key, bound_hello_statement(hello, a_binding(1)), hello.signature));
  EXPECT_FALSE(verify(key, bound_hello_statement(hello, a_binding(2)), hello.signature));
  Hello stripped = hello;
  stripped.features = 0;
  EXPECT_FALSE(verify(key, bound_hello_statement(stripped, std::nullopt), stripped.signature));
}

TEST(ChannelBinding, EnrolmentIsGoodForItsOwnConnectionOnly) {
  Enrol enrol;
  enrol.code = "A1B2C3D4E5F6G7H8";
  enrol.public_key = a_key().public_key();
  sign(enrol, a_key(), a_binding(1));
  const PublicKey key = a_key().public_key();
  EXPECT_TRUE(verify(key, bound_enrol_statement(enrol, a_binding(1)), enrol.proof));
  EXPECT_FALSE(verify(key, bound_enrol_statement(enrol, a_binding(2)), enrol.proof));
  EXPECT_FALSE(verify(key, bound_enrol_statement(enrol, std::nullopt), enrol.proof));
}

// Devices of the first version sign what they always signed.
TEST(ChannelBinding, WithoutTlsTheStatementsAreTheOldOnes) {
  Hello hello;
  sign(hello, a_key(), std::nullopt);
  EXPECT_EQ(hello.features, 0U);
  EXPECT_TRUE(verify(a_key().public_key(), hello_statement(hello), hello.signature));
  Enrol enrol;
  sign(enrol, a_key(), std::nullopt);
  EXPECT_TRUE(verify(a_key().public_key(), enrol_statement(enrol), enrol.proof));
}

// If a server that ends TLS took greetings without a binding, whoever has one could replay it.
TEST(ChannelBinding, IsDemandedWhereTlsEndsAndRefusedWhereItDoesNot) {
  EXPECT_TRUE(check_bound(feature_bound, a_binding(1)));
  EXPECT_TRUE(check_bound(0, std::nullopt));
  EXPECT_EQ(check_bound(0, a_binding(1)).error().code, ErrorCode::bad_signature);
  EXPECT_EQ(check_bound(feature_bound, std::nullopt).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace events::protocol
