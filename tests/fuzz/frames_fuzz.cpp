// Whatever a peer sends: it is refused with a reason, or its frames read back as they were sent.

#include "events/base/check.h"
#include "events/protocol/frame_codec.h"

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace events;
  using namespace events::protocol;
  std::vector<Message> before_error;
  const Result<std::vector<Message>> read = read_frames(ByteView(data, size), &before_error);
  if (!read) {
    CHECK(read.error().code == ErrorCode::malformed || read.error().code == ErrorCode::too_large ||
              read.error().code == ErrorCode::unsupported,
          "these are the only ways to refuse a frame");
  }
  const std::vector<Message>& messages = read ? *read : before_error;
  for (const Message& message : messages) {
    const Bytes frame = encode_frame(message);
    const Result<std::vector<Message>> again = read_frames(frame);
    CHECK(again.has_value() && again->size() == 1, "what was read can be said again");
    CHECK(encode_frame(again->front()) == frame, "a message has one encoding");
    if (const auto* hello = std::get_if<Hello>(&message)) hello_statement(*hello);
    if (const auto* enrol = std::get_if<Enrol>(&message)) enrol_statement(*enrol);
  }
  return 0;
}
