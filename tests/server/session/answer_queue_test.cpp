#include "server/session/answer_queue.h"

#include "events/protocol/frame_codec.h"
#include "events/protocol/limits.h"

#include <gtest/gtest.h>

namespace server {
namespace {

namespace protocol = events::protocol;

protocol::Message goaway(std::uint32_t retry) {
  return protocol::Goaway{protocol::GoawayReason::shutting_down, retry};
}

protocol::PushAck acknowledgement(std::size_t receipts, std::size_t entries) {
  protocol::PushAck ack;
  for (std::size_t index = 0; index < receipts; ++index) {
    events::BlockReceipt receipt;
    receipt.epoch = events::Epoch{1};
    receipt.first = events::Position{1 + index * entries};
    receipt.first_seq = 1 + index * entries;
    receipt.scope = events::ScopeSet{events::reference_scope};
    receipt.entries.resize(entries);
    ack.receipts.push_back(std::move(receipt));
  }
  ack.upto_seq = receipts * entries;
  return ack;
}

/// Everything in the queue, as the peer reads it.
std::vector<protocol::PushAck> acknowledgements_in(AnswerQueue& queue) {
  std::vector<protocol::PushAck> all;
  while (!queue.empty()) {
    const events::Bytes bytes = queue.take(1);
    EXPECT_LE(bytes.size(), protocol::frame_bytes_max + 4);
    const auto frames = protocol::read_frames(bytes);
    EXPECT_TRUE(frames);
    for (const protocol::Message& frame : *frames)
      all.push_back(std::get<protocol::PushAck>(frame));
  }
  return all;
}

TEST(AnswerQueue, GivesWholeFramesInTheirOrder) {
  AnswerQueue queue;
  for (std::uint32_t retry = 1; retry <= 3; ++retry) queue.push(goaway(retry));
  const std::size_t of_one = protocol::encode_frame(goaway(1)).size();
  EXPECT_EQ(queue.bytes(), 3 * of_one);
  const events::Bytes two = queue.take(3 * of_one - 1);
  EXPECT_EQ(two.size(), 2 * of_one) << "no part of the third";
  EXPECT_EQ(queue.bytes(), of_one);
  const auto frames = protocol::read_frames(two);
  ASSERT_TRUE(frames && frames->size() == 2);
  EXPECT_EQ(std::get<protocol::Goaway>((*frames)[1]).retry_after_milliseconds, 2U);
}

// A line that takes only a few bytes at a time must not stand still for ever.
TEST(AnswerQueue, GivesAFrameThatIsLongerThanAskedFor) {
  AnswerQueue queue;
  queue.push(goaway(1));
  EXPECT_FALSE(queue.take(1).empty());
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0U);
  EXPECT_TRUE(queue.take(100).empty());
}

// A frame that is too long ends the connection, each time again, and the events never become
// official on the device.
TEST(AnswerQueue, SplitsReceiptsIntoFramesThatFit) {
  for (const std::size_t entries : {std::size_t{1}, std::size_t{40}, events::block_events_max}) {
    SCOPED_TRACE(entries);
    constexpr std::size_t receipts = 200;
    AnswerQueue queue;
    const protocol::PushAck whole = acknowledgement(receipts, entries);
    queue.push_receipts(whole);
    std::uint64_t next = 1;
    for (const protocol::PushAck& part : acknowledgements_in(queue)) {
      EXPECT_LE(part.receipts.size(), protocol::receipts_max);
      ASSERT_FALSE(part.receipts.empty());
      EXPECT_EQ(part.receipts.front().first_seq, next);
      next = part.receipts.back().last_seq() + 1;
      EXPECT_EQ(part.upto_seq, part.receipts.back().last_seq()) << "no more than it says";
    }
    EXPECT_EQ(next, whole.upto_seq + 1) << "none is left out";
  }
}

TEST(AnswerQueue, TheLastPartAcknowledgesAllThatWasAcknowledged) {
  AnswerQueue queue;
  protocol::PushAck ack = acknowledgement(1, 2);
  ack.upto_seq = 9;  // Of events whose receipts the device has.
  queue.push_receipts(ack);
  queue.push_receipts({.upto_seq = 11, .receipts = {}});
  const auto parts = acknowledgements_in(queue);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].upto_seq, 9U);
  EXPECT_EQ(parts[1].upto_seq, 11U);
}

}  // namespace
}  // namespace server
