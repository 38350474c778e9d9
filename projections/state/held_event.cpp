#include "projections/state/held_event.h"

#include "events/base/check.h"
#include "events/base/ranges.h"

#include <algorithm>

namespace projections {

PackedHeldEvent::PackedHeldEvent(const HeldEvent& held) {
  const events::Bytes bytes = events::encode(held);
  // Not make_shared: the browser's library has it for single objects only.
  std::shared_ptr<std::uint8_t[]> copy(new std::uint8_t[bytes.size()]);
  events::ranges::copy(bytes, copy.get());
  bytes_ = std::move(copy);
  size_ = bytes.size();
}

HeldEvent PackedHeldEvent::unpack() const {
  events::Result<HeldEvent> held = events::decode<HeldEvent>({bytes_.get(), size_});
  CHECK(held.has_value(), "what was packed here is read by the same build");
  return std::move(*held);
}

}  // namespace projections
