#include "tests/e2e/corpus_device.h"
#include "tests/e2e/raw_web_socket.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/stored_log.h"

#include <gtest/gtest.h>

namespace e2e {
namespace {

namespace protocol = events::protocol;

// Case 10: the device takes its line for dead and comes back; what it had sent on the old line
// arrives after all, behind what it sends on the new one.
TEST(TwoConnections, BlockThatArrivesOnBothCountsOnceAndTheOlderEnds) {
  const ScratchDirectory scratch;
  CorpusDevice device(scratch / "server");
  ServerChild server(scratch / "server");
  ASSERT_TRUE(server.listens()) << server.errors();
  for (int block = 0; block < 5; ++block) {
    device.make_block(20);
    const auto frames = device.frames_of(device.blocks().back());
    RawWebSocket older(server.port());
    older.answer_with(device.key());
    ASSERT_TRUE(older.send(device.hello(device.acknowledged_upto())));
    ASSERT_TRUE(older.next_of<protocol::Welcome>());
    RawWebSocket newer(server.port());
    newer.answer_with(device.key());
    ASSERT_TRUE(newer.send(device.hello(device.acknowledged_upto())));
    ASSERT_TRUE(newer.next_of<protocol::Welcome>());
    ASSERT_TRUE(newer.send(frames));
    older.send(frames);  // Taken or not, as the race between them goes.

    while (device.acknowledged_upto() < device.last_seq()) {
      const auto ack = newer.next_of<protocol::PushAck>();
      ASSERT_TRUE(ack) << "the newer connection is served";
      device.take(*ack);
    }
    bool told = false;
    for (const protocol::Message& frame : older.rest()) {
      const auto* const goodbye = std::get_if<protocol::Goaway>(&frame);
      told = told || (goodbye != nullptr && goodbye->reason == protocol::GoawayReason::replaced);
    }
    EXPECT_TRUE(told);
    EXPECT_TRUE(older.is_closed());
    EXPECT_FALSE(newer.is_closed());
  }
  EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
  const StoredLog log = StoredLog::read(scratch / "server", device.chain());
  EXPECT_EQ(log.of_device.size(), device.last_seq());
  expect_each_once(log);
  expect_audited(scratch / "server");
}

}  // namespace
}  // namespace e2e
