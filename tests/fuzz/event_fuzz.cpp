// Whatever bytes arrive as an event: they are refused, or they are the only bytes of what they say.

#include "events/base/check.h"
#include "events/log/event.h"

#include <cstddef>
#include <cstdint>
#include <variant>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace events;
  const ByteView bytes(data, size);
  const Result<Event> event = read_event(bytes);
  const Result<EventHeader> header = read_event_header(bytes);
  if (!event) return 0;

  CHECK(header.has_value(), "an event that reads has a header that reads");
  CHECK(event->canonical == Bytes(bytes.begin(), bytes.end()), "the bytes are kept as they came");
  if (std::holds_alternative<UnknownPayload>(event->payload)) return 0;
  if (event->header.schema != 1) return 0;
  const Result<Event> again = try_make_event(event->header, event->payload);
  CHECK(again.has_value(), "what was read is within its limits");
  CHECK(again->canonical == event->canonical, "a value has one encoding");
  return 0;
}
