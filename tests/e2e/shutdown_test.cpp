#include "tests/e2e/pushing.h"
#include "tests/e2e/raw_web_socket.h"
#include "tests/e2e/stored_log.h"

#include <gtest/gtest.h>

namespace e2e {
namespace {

namespace protocol = events::protocol;

/// Pushes in a row without end until the server says goodbye; SIGTERM comes after `before` blocks.
void push_through_shutdown(CorpusDevice& device, ServerChild& server, std::size_t before) {
  RawWebSocket socket(server.port());
  socket.answer_with(device.key());
  ASSERT_TRUE(socket.send(device.hello(device.acknowledged_upto())));
  ASSERT_TRUE(socket.next_of<protocol::Welcome>());
  std::size_t next = device.block_after(device.acknowledged_upto());
  bool said_goodbye = false;
  for (std::size_t sent = 0;; ++sent) {
    if (next < device.blocks().size()) socket.send(device.frames_of(device.blocks()[next++]));
    if (sent == before) server.terminate();
    const auto frame = socket.next();
    if (!frame) break;
    ASSERT_FALSE(said_goodbye && !std::holds_alternative<protocol::PushAck>(*frame));
    if (const auto* const ack = std::get_if<protocol::PushAck>(&*frame)) device.take(*ack);
    if (const auto* const goodbye = std::get_if<protocol::Goaway>(&*frame)) {
      EXPECT_EQ(goodbye->reason, protocol::GoawayReason::shutting_down);
      EXPECT_GT(goodbye->retry_after_milliseconds, 0U);
      said_goodbye = true;
    }
  }
  EXPECT_TRUE(said_goodbye);
  EXPECT_TRUE(socket.is_closed());
}

// Servers are restarted for updates in the middle of a working day.  Nobody may lose an event by
// it, wait for a server that is gone, or be told that an orderly stop was a failure.
TEST(Shutdown, SaysGoodbyeFinishesWhatItTookAndEndsWithCodeZero) {
  const ScratchDirectory scratch;
  CorpusDevice device(scratch / "server");
  for (const std::size_t before : {std::size_t{0}, std::size_t{3}, std::size_t{7}}) {
    SCOPED_TRACE(before);
    for (int made = 0; made < 30; ++made) device.make_block(30);
    ServerChild server(scratch / "server");
    ASSERT_TRUE(server.listens()) << server.errors();
    push_through_shutdown(device, server, before);
    ASSERT_EQ(server.wait(std::chrono::seconds{20}), (Ending{0, 0})) << server.errors();

    const StoredLog log = StoredLog::read(scratch / "server", device.chain());
    expect_each_once(log);
    ASSERT_GE(log.of_device.size(), device.durable_upto());
    for (const auto& [seq, verdict] : device.acknowledged()) {
      ASSERT_EQ(log.of_device[seq - 1].verdict, verdict) << "event " << seq;
    }
  }
  ServerChild server(scratch / "server");
  ASSERT_TRUE(server.listens()) << server.errors();
  push_blocks(device, server, 1);
  EXPECT_EQ(server.stop(), (Ending{0, 0}));
  expect_audited(scratch / "server");
}

// An idle server that nobody uses must stop as well, and at once.
TEST(Shutdown, IdleServerStopsAtOnce) {
  const ScratchDirectory scratch;
  ServerChild server(scratch / "server");
  ASSERT_TRUE(server.listens()) << server.errors();
  EXPECT_FALSE(server.founding_code().empty());
  EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
}

// A phone that lost its signal says nothing any more, and neither does one that hangs.  It must not
// keep the server; that the server frees what it held for it shows under AddressSanitizer.
TEST(Shutdown, DoesNotWaitForPeersThatAreSilent) {
  const ScratchDirectory scratch;
  CorpusDevice device(scratch / "server");
  ServerChild server(scratch / "server");
  ASSERT_TRUE(server.listens()) << server.errors();
  RawWebSocket silent(server.port());
  silent.answer_with(device.key());
  ASSERT_TRUE(silent.send(device.hello(device.acknowledged_upto())));
  ASSERT_TRUE(silent.next_of<protocol::Welcome>());
  const RawWebSocket never_greeted(server.port());
  EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
}

// Two servers on one log would number events twice; the second must not start, and must say why.
TEST(Shutdown, SecondServerOnTheSameDataRefusesAndTheFirstGoesOn) {
  const ScratchDirectory scratch;
  CorpusDevice device(scratch / "server");
  ServerChild first(scratch / "server");
  ASSERT_TRUE(first.listens()) << first.errors();
  push_blocks(device, first, 1);

  ServerChild second(scratch / "server");
  EXPECT_FALSE(second.listens());
  EXPECT_EQ(second.wait(std::chrono::seconds{20}), (Ending{1, 0}));
  EXPECT_NE(second.errors().find("busy"), std::string::npos) << second.errors();
  EXPECT_NE(second.errors().find((scratch / "server").string()), std::string::npos)
      << "it names the directory: " << second.errors();

  push_blocks(device, first, 1);
  EXPECT_EQ(first.stop(), (Ending{0, 0})) << first.errors();
}

}  // namespace
}  // namespace e2e
