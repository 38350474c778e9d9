#include "server/session/greeting_proofs.h"

#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace server::test {
namespace {

using events::ChainNumber;
using events::ErrorCode;
using events::Result;
using events::Timestamp;
using events::protocol::Challenge;

constexpr ChainNumber chain{7};
constexpr Timestamp now{1'000'000'000};
constexpr auto lifetime = static_cast<std::uint64_t>(challenge_lifetime.count());

/// A server that runs since a while.
struct ChallengingServer : testing::Test {
  events::SigningKey key = test_support::a_key(1);
  GreetingProofs proofs{key, {3}};

  /// Whether the challenge counts; one that does not is refused as not permitted.
  bool spend(const Challenge& challenge, Timestamp at = now, ChainNumber of = chain) {
    const Result<void> spent = proofs.spend(of, challenge, at);
    if (!spent) {
      EXPECT_EQ(spent.error().code, ErrorCode::not_permitted);
    }
    return spent.has_value();
  }
};

TEST(GreetingProofs, AChallengeCountsOnceForTwoMinutesAndForItsChain) {
  const events::SigningKey key = test_support::a_key(1);
  GreetingProofs proofs(key, {3});
  const Timestamp later{now.value + 121'000};
  const Challenge old = proofs.issue(chain, now);
  const Challenge used = proofs.issue(chain, now);
  EXPECT_FALSE(proofs.spend(ChainNumber{8}, used, now));
  EXPECT_TRUE(proofs.spend(chain, used, now));
  EXPECT_FALSE(proofs.spend(chain, used, now));
  EXPECT_FALSE(proofs.spend(chain, old, now)) << "each is later than the one before";
  const Challenge kept = proofs.issue(chain, now);
  EXPECT_FALSE(proofs.spend(chain, kept, later));

  GreetingProofs restarted(key, {4});
  EXPECT_FALSE(restarted.spend(chain, kept, now));
}

// The server's clock is put right while devices greet: no device may be locked out by that.
TEST(GreetingProofs, AClockThatIsSetBackNeitherRepeatsChallengesNorRefusesThem) {
  const events::SigningKey key = test_support::a_key(1);
  GreetingProofs proofs(key, {3});
  std::set<Challenge> seen;
  for (const std::uint64_t clock : {2'000'000'000ULL, 1'000ULL, 1'000ULL, 3'000'000'000ULL}) {
    const Challenge challenge = proofs.issue(chain, Timestamp{clock});
    EXPECT_TRUE(seen.insert(challenge).second);
    EXPECT_TRUE(proofs.spend(chain, challenge, Timestamp{clock}));
  }
}

// A captured greeting of yesterday would count today, with a time written over its own.
TEST_F(ChallengingServer, TakesNoChallengeThatItDidNotGive) {
  const Challenge given = proofs.issue(chain, now);
  for (std::size_t byte = 0; byte < given.size(); ++byte) {
    SCOPED_TRACE(byte);
    Challenge changed = given;
    changed[byte] ^= 1U;
    EXPECT_FALSE(spend(changed));
  }
  EXPECT_FALSE(spend(Challenge{}));
  EXPECT_FALSE(spend(given, now, ChainNumber{8}));
  GreetingProofs elsewhere(key, {4});
  EXPECT_FALSE(spend(elsewhere.issue(chain, now)));
  EXPECT_TRUE(spend(given)) << "what was refused has not used it up";
}

TEST_F(ChallengingServer, TakesAChallengeUntilItsTimeIsUp) {
  const Challenge first = proofs.issue(chain, now);
  const Challenge second = proofs.issue(ChainNumber{8}, now);
  EXPECT_TRUE(spend(first, Timestamp{now.value + lifetime}));
  EXPECT_FALSE(spend(second, Timestamp{now.value + lifetime + 2}, ChainNumber{8}));
  EXPECT_TRUE(spend(second, Timestamp{now.value + lifetime + 1}, ChainNumber{8}))
      << "it was given a millisecond after the first";
}

// Two hundred communes greet at the same time: none uses up another's challenge.
TEST_F(ChallengingServer, EachChainSpendsItsOwnChallenges) {
  std::vector<Challenge> given;
  for (std::uint32_t each = 1; each <= 200; ++each) {
    given.push_back(proofs.issue(ChainNumber{each}, now));
  }
  for (std::uint32_t each = 200; each >= 1; --each) {
    EXPECT_TRUE(spend(given[each - 1], now, ChainNumber{each})) << each;
    EXPECT_FALSE(spend(given[each - 1], now, ChainNumber{each})) << each;
  }
}

TEST_F(ChallengingServer, GivesEachChallengeOnceHoweverManyGreetAtATime) {
  constexpr std::size_t greeters = 4;
  constexpr std::size_t greetings = 2'000;
  std::vector<std::vector<Challenge>> given(greeters);
  std::vector<std::thread> threads;
  for (std::vector<Challenge>& mine : given) {
    threads.emplace_back([&] {
      for (std::size_t count = 0; count < greetings; ++count) {
        mine.push_back(proofs.issue(chain, now));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<Challenge> all;
  for (const std::vector<Challenge>& mine : given) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), greeters * greetings);
}

}  // namespace
}  // namespace server::test
