#include "tests/e2e/corpus_device.h"
#include "tests/e2e/raw_web_socket.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/stored_log.h"

#include <gtest/gtest.h>

#include <functional>

namespace e2e {
namespace {

namespace protocol = events::protocol;

constexpr std::size_t block_count = 24;
constexpr std::size_t events_a_block = 40;

/// Reads until the device's last event is acknowledged.
void read_acknowledgements(CorpusDevice& device, RawWebSocket& socket) {
  while (device.acknowledged_upto() < device.last_seq()) {
    const auto frame = socket.next();
    ASSERT_TRUE(frame) << "no acknowledgement of event " << device.last_seq();
    if (const auto* const ack = std::get_if<protocol::PushAck>(&*frame)) device.take(*ack);
    ASSERT_FALSE(std::holds_alternative<protocol::ErrorFrame>(*frame));
  }
}

enum class Cut { after_sending, after_a_moment, after_the_answer };

/// Greets, sends one block and is gone: whatever the server answers is lost.
void push_and_vanish(CorpusDevice& device, std::uint16_t port, const events::DeviceBlock& block,
                     Cut cut) {
  RawWebSocket socket(port);
  socket.answer_with(device.key());
  ASSERT_TRUE(socket.send(device.hello(device.acknowledged_upto())));
  ASSERT_TRUE(socket.next_of<protocol::Welcome>());
  ASSERT_TRUE(socket.send(device.frames_of(block)));
  if (cut == Cut::after_a_moment) socket.next(std::chrono::milliseconds{5});
  if (cut == Cut::after_the_answer) {
    ASSERT_TRUE(socket.next_of<protocol::PushAck>());
  }
  socket.cut();
}

using Delivery = std::function<void(CorpusDevice&, std::uint16_t)>;

StoredLog log_after(const Delivery& deliver) {
  const ScratchDirectory scratch;
  CorpusDevice device(scratch / "server");
  for (std::size_t made = 0; made < block_count; ++made) device.make_block(events_a_block);
  ServerChild server(scratch / "server");
  EXPECT_TRUE(server.listens()) << server.errors();
  deliver(device, server.port());
  EXPECT_EQ(device.acknowledged().size(), device.last_seq());
  EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
  expect_audited(server.data());
  StoredLog log = StoredLog::read(server.data(), device.chain());
  EXPECT_EQ(log.of_device.size(), device.last_seq());
  return log;
}

void deliver_undisturbed(CorpusDevice& device, std::uint16_t port) {
  RawWebSocket socket(port);
  socket.answer_with(device.key());
  ASSERT_TRUE(socket.send(device.hello()));
  ASSERT_TRUE(socket.next_of<protocol::Welcome>());
  for (const events::DeviceBlock& block : device.blocks()) {
    ASSERT_TRUE(socket.send(device.frames_of(block)));
  }
  read_acknowledgements(device, socket);
}

void deliver_disturbed(CorpusDevice& device, std::uint16_t port) {
  for (const events::DeviceBlock& block : device.blocks()) {
    push_and_vanish(device, port, block, Cut::after_sending);
    push_and_vanish(device, port, block, Cut::after_the_answer);
    push_and_vanish(device, port, block, Cut::after_a_moment);
  }
  deliver_undisturbed(device, port);
}

// Lines break at any moment and devices then send again.  If a repeated push made a second event,
// a citizen would be counted twice; if a lost acknowledgement lost the event, not at all.
TEST(ExactlyOnce, LostAcknowledgementsAndRepeatedPushesLeaveTheSameLogAndReport) {
  const StoredLog calm = log_after(deliver_undisturbed);
  const StoredLog torn = log_after(deliver_disturbed);
  expect_each_once(calm);
  expect_each_once(torn);
  ASSERT_EQ(calm.of_device.size(), torn.of_device.size());
  for (std::size_t index = 0; index < calm.of_device.size(); ++index) {
    ASSERT_EQ(calm.of_device[index].canonical, torn.of_device[index].canonical) << index + 1;
    ASSERT_EQ(calm.of_device[index].verdict, torn.of_device[index].verdict) << index + 1;
  }
  EXPECT_FALSE(calm.b01.empty());
  EXPECT_EQ(calm.b01, torn.b01);
}

}  // namespace
}  // namespace e2e
