#include "clients/core/sync/enrolment.h"

#include "events/protocol/greeting_proof.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

namespace clients_test {
namespace {

using namespace events;
namespace protocol = events::protocol;

protocol::Enrol a_request() {
  SecretSeed seed;
  seed.bytes.fill(9);
  return clients::make_enrol("ABCDEFGH23456789", clients::SeedSigner(seed), "Máy tính thử",
                             std::nullopt)
      .value();
}

TEST(ClientEnrolment, IsSignedByTheNewKey) {
  SecretSeed seed;
  seed.bytes.fill(9);
  const protocol::Enrol enrol = a_request();
  EXPECT_TRUE(verify(enrol.public_key, protocol::enrol_statement(enrol), enrol.proof));
  protocol::Enrolled enrolled;
  EXPECT_FALSE(clients::identity_from(enrolled, seed, "x"));
  enrolled.log = LogId{1};
  enrolled.chain = ChainNumber{7};
  const auto identity = clients::identity_from(enrolled, seed, "x");
  ASSERT_TRUE(identity);
  EXPECT_TRUE(identity->is_enrolled());
}

// Whoever answers first could name its own key as that of the log, and everything after would be
// believed.
TEST(ClientEnrolment, IsAnsweredByTheOwnerOfTheKeyThatTheAnswerNames) {
  const protocol::Enrol request = a_request();
  protocol::ChannelBinding binding;
  binding.bytes.fill(3);
  protocol::Enrolled enrolled;
  enrolled.log = LogId{1};
  enrolled.chain = ChainNumber{7};
  enrolled.server_key = test_support::a_key(1).public_key();
  protocol::sign(enrolled, test_support::a_key(1), protocol::greeting_digest(request), binding);
  EXPECT_TRUE(clients::check_enrolled(enrolled, request, binding));

  const auto refused = [&](const protocol::Enrolled& answer, const protocol::Enrol& asked,
                           const std::optional<protocol::ChannelBinding>& over) {
    const Result<void> checked = clients::check_enrolled(answer, asked, over);
    return !checked && checked.error().code == ErrorCode::unproved_server;
  };
  protocol::Enrolled other_key = enrolled;
  other_key.server_key = test_support::a_key(2).public_key();
  EXPECT_TRUE(refused(other_key, request, binding));
  protocol::Enrolled other_chain = enrolled;
  other_chain.chain = ChainNumber{8};
  EXPECT_TRUE(refused(other_chain, request, binding));
  EXPECT_TRUE(refused(enrolled, request, std::nullopt)) << "of another connection";
  protocol::Enrol other_request = request;
  other_request.label = "Máy khác";
  EXPECT_TRUE(refused(enrolled, other_request, binding));
}

}  // namespace
}  // namespace clients_test
