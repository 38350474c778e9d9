#include "clients/core/log/server_proof.h"

#include "events/protocol/greeting_proof.h"
#include "tests/support/world.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

using events::ErrorCode;
using test_support::key_of;
namespace protocol = events::protocol;

const std::optional<protocol::ChannelBinding> unbound;

/// A greeting, and what the log's own server answers to it.
struct Greeting {
  protocol::Hello hello;
  protocol::Welcome welcome;

  explicit Greeting(std::uint8_t nonce) {
    hello.chain = events::ChainNumber{2};
    hello.nonce.fill(nonce);
    welcome.challenge.assign(protocol::challenge_size, nonce);
    sign(events::system_chain, unbound);
  }
  void sign(events::ChainNumber by, const std::optional<protocol::ChannelBinding>& binding) {
    protocol::sign(welcome, key_of(by), protocol::greeting_digest(hello), binding);
  }
};

events::PublicKey log_key() { return key_of(events::system_chain).public_key(); }

ErrorCode taken(ServerProof& proof, const protocol::Welcome& welcome) {
  const events::Result<void> result = proof.take(welcome, log_key());
  return result ? ErrorCode{} : result.error().code;
}

TEST(ServerProof, TheLogsKeyProvesIt) {
  const Greeting greeting(1);
  ServerProof proof;
  proof.greet(greeting.hello, unbound);
  EXPECT_FALSE(proof.is_given());
  EXPECT_EQ(taken(proof, greeting.welcome), ErrorCode{});
  EXPECT_TRUE(proof.is_given());
  EXPECT_EQ(proof.challenge(), protocol::challenge_of(greeting.welcome));
}

// Whoever stands between the commune and its server may answer anything; an answer that was heard
// on another connection, or was made for another channel, must be worth nothing.
TEST(ServerProof, AnotherKeyAnotherGreetingOrAnotherChannelProvesNothing) {
  const Greeting heard_before(2);
  Greeting by_another_key(1);
  by_another_key.sign(events::ChainNumber{2}, unbound);
  Greeting on_another_channel(1);
  protocol::ChannelBinding binding{};
  binding.bytes.fill(9);
  on_another_channel.sign(events::system_chain, binding);
  Greeting altered(1);
  altered.welcome.accepted_seq = 5;
  for (const Greeting& each : {heard_before, by_another_key, on_another_channel, altered}) {
    ServerProof proof;
    proof.greet(Greeting(1).hello, unbound);
    EXPECT_EQ(taken(proof, each.welcome), ErrorCode::unproved_server);
    EXPECT_FALSE(proof.is_given());
    EXPECT_FALSE(proof.challenge()) << "a stranger's challenge is not signed";
  }
}

// Over HTTP the challenge of one answer is met behind the next greeting, and by it alone.
TEST(ServerProof, AnswersTheLastChallengeOnly) {
  const Greeting greeting(1);
  ServerProof proof;
  proof.greet(greeting.hello, unbound);
  std::vector<protocol::Message> frames;
  const SeedSigner signer(events::SecretSeed{});
  ASSERT_TRUE(proof.append_answer(frames, signer));
  EXPECT_TRUE(frames.empty()) << "nothing was asked";

  proof.expect(protocol::challenge_of(Greeting(7).welcome));
  ASSERT_EQ(taken(proof, greeting.welcome), ErrorCode{});
  ASSERT_TRUE(proof.append_answer(frames, signer));
  ASSERT_EQ(frames.size(), 1U);
  const auto& answer = std::get<protocol::Answer>(frames.front());
  EXPECT_EQ(answer.challenge, *protocol::challenge_of(greeting.welcome));
  EXPECT_TRUE(protocol::is_authentic(answer, greeting.hello, signer.public_key()));
}

}  // namespace
}  // namespace clients
