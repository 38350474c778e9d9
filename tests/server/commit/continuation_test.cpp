#include "server/commit/batch.h"
#include "server/commit/enrolment.h"
#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace server::test {
namespace {

using events::ErrorCode;
using events::protocol::NewChain;

/// A log that holds two runs of the administrator's device, and a copy of the device that made
/// other events after the first run.
struct ClonedDevice {
  FoundedLog founded;
  TestDevice clone{admin_chain, 2};
  events::SigningKey fresh = test_support::a_key(9);

  ClonedDevice() {
    founded.add_commune("Xã Nà Tấu");
    const events::DeviceBlock common = founded.admin.sign();
    events::Payload same = events::read_event(common.events[0])->payload;
    clone.create(std::move(same), founded.administrator, founded.registrar);
    clone.sign();
    EXPECT_EQ(clone.head(), founded.admin.head());
    founded.add_commune("Xã Nà Nhạn");
    const events::DeviceBlock accepted = founded.admin.sign();
    founded.commit(common, founded.admin);
    founded.commit(accepted, founded.admin);
    branch("Xã Thanh Minh");
  }

  void branch(const std::string& name) {
    clone.create(a_commune(name), founded.administrator, founded.registrar);
    clone.sign();
    hashes.push_back(events::fingerprint_of(clone.head()));
  }

  NewChain request() const {
    NewChain request;
    request.log = the_log;
    request.chain = admin_chain;
    request.common_seq = 0;
    request.common_hash = events::chain_start(admin_chain, clone.key().public_key());
    request.hashes = {events::fingerprint_of(common_hash())};
    request.hashes.insert(request.hashes.end(), hashes.begin(), hashes.end());
    request.public_key = fresh.public_key();
    request.label = "Laptop";
    return signed_with(clone.key(), std::move(request));
  }
  NewChain signed_with(const events::SigningKey& old_key, NewChain request) const {
    const events::Bytes statement = events::protocol::new_chain_statement(
        request.log, request.chain, request.public_key, request.label);
    request.old_proof = old_key.sign(statement);
    request.new_proof = fresh.sign(statement);
    return request;
  }
  events::Digest common_hash() const { return *stored_hash_at(founded.log, admin_chain, 1); }
  ErrorCode refusal(const NewChain& asked) {
    const auto answer = founded.enrolment.continue_chain(asked, founded.now);
    return answer ? ErrorCode{} : answer.error().code;
  }
  const projections::Device* continued() const {
    return founded.pipeline.state().access().device_of(events::ChainNumber{3});
  }

  std::vector<std::uint64_t> hashes;
};

// Two tablets with one chain: the second one must not come to a dead end.
TEST(Continuation, GivesANewChainAndSaysWhereTheOldOneBranched) {
  ClonedDevice world;
  const auto answer = world.founded.enrolment.continue_chain(world.request(), world.founded.now);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->chain, events::ChainNumber{3});
  EXPECT_EQ(answer->persons, std::vector<events::PersonId>{world.founded.administrator});
  const projections::Device* const device = world.continued();
  ASSERT_NE(device, nullptr);
  EXPECT_EQ(device->continues, admin_chain);
  EXPECT_EQ(device->common_seq, 1U) << "the first event is on both copies, the second is not";
}

// The answer was lost with the line; a second chain for it would stay without a device.
TEST(Continuation, AnswersTheSameRequestWithTheSameChain) {
  ClonedDevice world;
  ASSERT_EQ(world.refusal(world.request()), ErrorCode{});
  const events::Position head = world.founded.log.head().position;
  const auto again = world.founded.enrolment.continue_chain(world.request(), world.founded.now);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->chain, events::ChainNumber{3});
  EXPECT_EQ(world.founded.log.head().position, head);
}

// A tablet set back to last week's image has made nothing that the log lacks.
TEST(Continuation, OfADeviceThatIsMerelyBehindSharesAllItsEvents) {
  ClonedDevice world;
  NewChain request = world.request();
  request.hashes.resize(1);
  ASSERT_EQ(world.refusal(world.signed_with(world.clone.key(), request)), ErrorCode{});
  EXPECT_EQ(world.continued()->common_seq, 1U);
}

// Whoever has no key of the chain must not speak for its people.
TEST(Continuation, IsRefusedWithoutTheOldKeyAndForARevokedDevice) {
  ClonedDevice world;
  const NewChain stolen = world.signed_with(test_support::a_key(77), world.request());
  EXPECT_EQ(world.refusal(stolen), ErrorCode::bad_signature);
  NewChain unknown = world.request();
  unknown.chain = events::ChainNumber{99};
  EXPECT_EQ(world.refusal(unknown), ErrorCode::not_enrolled);
  NewChain diverged = world.request();
  diverged.common_seq = 1;
  diverged.common_hash = test_support::a_digest(1);
  EXPECT_EQ(world.refusal(diverged), ErrorCode::log_diverged);
  EXPECT_EQ(world.continued(), nullptr) << "nothing of this is in the log";
}

// A thief with an old key could fill the log of a province with chains.
TEST(Continuation, EndsAfterSixteenOfOneFamily) {
  ClonedDevice world;
  for (std::uint8_t count = 0; count < events::protocol::continuations_max; ++count) {
    world.fresh = test_support::a_key(static_cast<std::uint8_t>(100 + count));
    ASSERT_EQ(world.refusal(world.request()), ErrorCode{}) << int{count};
    world.founded.now.value += events::milliseconds_per_day / 3;
  }
  world.fresh = test_support::a_key(200);
  EXPECT_EQ(world.refusal(world.request()), ErrorCode::enrolment_refused);
  const projections::Access& access = world.founded.pipeline.state().access();
  const events::ChainNumber youngest{access.next_chain().value - 1};
  EXPECT_EQ(access.family_of(youngest), admin_chain);
  EXPECT_EQ(access.continuation_fault(youngest, world.founded.now),
            projections::ContinuationFault::in_all)
      << "the limit is the family's, not each chain's";
}

// Three hundred chains in half a second, each of which goes to every device.
TEST(Continuation, IsPossibleOnlyAFewTimesADay) {
  ClonedDevice world;
  for (std::uint8_t count = 0; count < projections::family_continuations_a_day; ++count) {
    world.fresh = test_support::a_key(static_cast<std::uint8_t>(100 + count));
    ASSERT_EQ(world.refusal(world.request()), ErrorCode{}) << int{count};
  }
  world.fresh = test_support::a_key(200);
  EXPECT_EQ(world.refusal(world.request()), ErrorCode::enrolment_refused);
  world.founded.now.value += events::milliseconds_per_day;
  EXPECT_EQ(world.refusal(world.request()), ErrorCode{}) << "tomorrow there is a day more";
}

// Nobody else speaks on the chain: there is nothing to leave it for.
TEST(Continuation, NeedsAForkOrAGap) {
  ClonedDevice world;
  NewChain exact = world.request();
  const events::ChainHead head = *world.founded.log.chain_head(admin_chain);
  exact.common_seq = head.seq;
  exact.common_hash = head.hash;
  exact.hashes.clear();
  EXPECT_EQ(world.refusal(world.signed_with(world.clone.key(), exact)),
            ErrorCode::enrolment_refused);
  exact.hashes = {1, 2};
  EXPECT_EQ(world.refusal(world.signed_with(world.clone.key(), exact)),
            ErrorCode::enrolment_refused)
      << "what it made since is no fork: it can push it";
  EXPECT_EQ(world.continued(), nullptr);
}

// The stolen tablet has a chain of its own by now, and its rights.
TEST(Continuation, OfADeviceEndsWithItsRevocation) {
  ClonedDevice world;
  FoundedLog& founded = world.founded;
  FoundedLog::Deputy deputy = founded.add_deputy();
  ASSERT_EQ(world.refusal(world.request()), ErrorCode{});
  const projections::Access& access = founded.pipeline.state().access();
  const events::ChainNumber continued{access.next_chain().value - 1};

  events::DeviceRevoked revoked;
  revoked.device = access.device_of(admin_chain)->id;
  events::EventHeader header =
      deputy.device.header(events::StreamKind::access, deputy.person, deputy.grant);
  header.stream.id = revoked.device.event;
  deputy.device.add(header, revoked);
  const events::protocol::PushAck ack = ack_of(founded.commit(deputy.device.sign(), deputy.device));
  ASSERT_TRUE(ack.receipts.at(0).entries.at(0).verdict.takes_effect());
  EXPECT_TRUE(access.device_of(admin_chain)->revoked);
  EXPECT_TRUE(access.device_of(continued)->revoked);
  EXPECT_TRUE(founded.pipeline.admit(continued, founded.now)->revoked);
  world.fresh = test_support::a_key(99);
  EXPECT_EQ(world.refusal(world.request()), ErrorCode::revoked);
}

}  // namespace
}  // namespace server::test
