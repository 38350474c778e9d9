#pragma once

#include "events/archive/compact.h"
#include "events/log/scope.h"
#include "events/log/stored_event.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace projections {

/// Days after which an event that waits for a person is refused when nobody decided.
inline constexpr std::uint32_t hold_days_max = 90;

/// An event that waits, with its present verdict.
struct HeldEvent {
  events::Position position;
  events::Timestamp received_at;
  events::ScopeSet scope;
  events::Intake intake;
  events::Event event;
  events::Verdict verdict;  ///< Held; the latest one.
  events::Timestamp since;  ///< When the latest verdict was given.

  template <class Archive>
  void save(Archive& archive) const {
    archive(position, received_at, scope, intake,
            events::bounded<events::event_bytes_max>(event.canonical), verdict, since);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(position, received_at, scope, intake,
            events::bounded<events::event_bytes_max>(event.canonical), verdict, since);
    events::Result<events::Event> read = events::read_event(event.canonical);
    archive.expect(read.has_value(), "a held event that cannot be read");
    event = std::move(*read);
  }
};

/// When the log has to speak about a held event because a day came: its paper is not dated ahead
/// any more, or nobody decided about it in time.  Nothing for what waits for another event or for a
/// newer build.
std::optional<events::Timestamp> deadline_of(const HeldEvent& held);

/// Null: there is none.
using HeldEventPtr = std::unique_ptr<const HeldEvent>;

/// A held event as its bytes, which copies share: thousands wait for weeks, and are looked at one
/// at a time.  Taken apart, one takes more than a thousand bytes.
class PackedHeldEvent {
 public:
  PackedHeldEvent() = default;
  explicit PackedHeldEvent(const HeldEvent& held);

  /// Cost:   reads the event.
  HeldEvent unpack() const;

 private:
  std::shared_ptr<const std::uint8_t[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace projections
