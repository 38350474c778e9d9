#include "tests/e2e/hostile_peer.h"

#include <limits>

namespace e2e {
namespace {

namespace protocol = events::protocol;
using events::ErrorCode;

class HostilePush : public HostilePeer {
 protected:
  static protocol::Push push_of(const events::DeviceBlock& block) {
    return {now(), events::encode_device_block(block)};
  }
  /// The good device's first block under other bytes, signed by its own key: a cloned device.
  static events::DeviceBlock rewritten(events::LogId log) {
    const events::DeviceBlock& first = device().blocks().front();
    events::Event event = *events::read_event(first.events.front());
    event.header.recorded_at = events::Timestamp{event.header.recorded_at.value + 1};
    std::vector<events::Bytes> changed{events::make_event(event.header, event.payload).canonical};
    return events::sign_block(log, first.chain, 1, first.previous, std::move(changed),
                              device().key());
  }
};

// A line that stutters must not count anybody twice.
TEST_F(HostilePush, RepeatedBlockIsAnsweredWithItsFirstReceipts) {
  const events::DeviceBlock& first = device().blocks().front();
  for (int time = 0; time < 20; ++time) {
    ASSERT_TRUE(good_connection().send(device().frames_of(first)));
    const auto ack = good_connection().next_of<protocol::PushAck>();
    ASSERT_TRUE(ack);
    ASSERT_FALSE(ack->receipts.empty());
    EXPECT_EQ(ack->receipts.front().first_seq, first.first_seq);
    device().take(*ack);
  }
}

// With one stolen key nobody may write into another device's chain.
TEST_F(HostilePush, BlockOfAnotherChainIsRefusedAndTheConnectionStays) {
  const auto socket = let_in();
  expect_nak(*socket, push_of(device().blocks().back()), ErrorCode::not_permitted);
  expect_nak(*socket, push_of(device().blocks().back()), ErrorCode::not_permitted);
}

// A bit that flips on the way, or that somebody flips, must not become part of a decision.
TEST_F(HostilePush, BlockThatWasChangedIsABadSignature) {
  events::DeviceBlock block = device().blocks().front();
  block.events.front().back() ^= 1;
  expect_nak(good_connection(), push_of(block), ErrorCode::bad_signature);
  block = device().blocks().front();
  block.signature.bytes[0] ^= 1;
  expect_nak(good_connection(), push_of(block), ErrorCode::bad_signature);
}

TEST_F(HostilePush, BlockForAnotherLogIsRefused) {
  expect_nak(good_connection(), push_of(rewritten(events::LogId{9})), ErrorCode::wrong_log);
}

// Of a cloned device only one copy can be right; the other must be told, not merged.
TEST_F(HostilePush, OtherEventAtATakenPlaceIsAFork) {
  expect_nak(good_connection(), push_of(rewritten(events::LogId{1})), ErrorCode::fork);
}

// Events between what the log has and a block must not be lost silently.
TEST_F(HostilePush, BlockAfterMissingEventsIsAGap) {
  device().make_block(5);
  const events::DeviceBlock missing = device().blocks().back();
  device().make_block(5);
  expect_nak(good_connection(), push_of(device().blocks().back()), ErrorCode::gap);
  ASSERT_TRUE(good_connection().send(device().frames_of(missing)));
  ASSERT_TRUE(good_connection().send(device().frames_of(device().blocks().back())));
}

// A person without a name in the private store could never be written on a certificate.
TEST_F(HostilePush, BlockWithoutItsPrivateRecordsIsRefusedUntilTheyCome) {
  device().make_block(20);
  while (device().frames_of(device().blocks().back()).size() == 1) {
    push_last();
    device().make_block(20);
  }
  expect_nak(good_connection(), push_of(device().blocks().back()), ErrorCode::private_missing);
  push_last();
}

// What cannot be read must be refused as such and must not end the work of the connection.
TEST_F(HostilePush, UnreadableBlocksAreRefusedAndTheConnectionStays) {
  const events::Bytes whole = events::encode_device_block(device().blocks().front());
  expect_nak(good_connection(), protocol::Push{now(), {}}, ErrorCode::malformed);
  const auto half = static_cast<std::ptrdiff_t>(whole.size() / 2);
  const events::Bytes cut(whole.begin(), whole.begin() + half);
  expect_nak(good_connection(), protocol::Push{now(), cut}, ErrorCode::malformed);
  events::Bytes other_form = whole;
  other_form.front() = 0x7F;
  expect_nak(good_connection(), protocol::Push{now(), other_form}, ErrorCode::unsupported);
}

// Clocks of devices are wrong; a clock must never stop the server.
TEST_F(HostilePush, AbsurdDeviceClockIsOnlyNoted) {
  for (const std::uint64_t moment : {std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()}) {
    SCOPED_TRACE(moment);
    protocol::Push push = push_of(device().blocks().front());
    push.device_time = events::Timestamp{moment};
    good_connection().send(push);
    EXPECT_TRUE(good_connection().next_of<protocol::PushAck>());
  }
}

}  // namespace
}  // namespace e2e
