#include "projections/state/held_event.h"

#include "events/base/check.h"
#include "events/base/ranges.h"

#include <algorithm>

namespace projections {

std::optional<events::Timestamp> deadline_of(const HeldEvent& held) {
  using enum events::HoldReason;
  const events::Timestamp undecided{held.since.value +
                                    hold_days_max * events::milliseconds_per_day};
  switch (held.verdict.hold) {
    case none:
    case depends_on:
    case schema_unknown:
      return std::nullopt;
    case date_ahead: {
      // V03 takes a paper that is dated on the day after.
      const std::uint32_t day = held.event.header.business_day.value;
      return std::min(undecided, events::midnight_in_vietnam(events::Day{day > 0 ? day - 1 : 0}));
    }
    case conflict:
    case no_authority:
    case clock:
    case device_revoked:
    case unit_closed:
    case superseded_criteria:
    case cycle_closed:
    case revoked_late:
      return undecided;
  }
  return undecided;
}

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
