#include "tests/e2e/pushing.h"

#include "tests/e2e/raw_web_socket.h"

#include <gtest/gtest.h>

namespace e2e {

namespace protocol = events::protocol;

void push_blocks(CorpusDevice& device, const ServerChild& server, std::size_t blocks) {
  constexpr std::size_t events_a_block = 30;
  for (std::size_t made = 0; made < blocks; ++made) device.make_block(events_a_block);
  RawWebSocket socket(server.port());
  socket.answer_with(device.key());
  ASSERT_TRUE(socket.send(device.hello(device.acknowledged_upto())));
  const auto welcome = socket.next_of<protocol::Welcome>();
  ASSERT_TRUE(welcome) << server.errors();
  std::size_t next = device.block_after(welcome->accepted_seq);
  for (; next < device.blocks().size(); ++next) {
    ASSERT_TRUE(socket.send(device.frames_of(device.blocks()[next])));
  }
  while (device.acknowledged_upto() < device.last_seq()) {
    const auto ack = socket.next_of<protocol::PushAck>();
    ASSERT_TRUE(ack) << server.errors();
    device.take(*ack);
  }
}

}  // namespace e2e
