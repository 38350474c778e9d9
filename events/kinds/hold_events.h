#pragma once

#include "events/base/ids.h"
#include "events/base/verdict.h"
#include "events/kinds/event_type.h"

#include <cstdint>
#include <string_view>

namespace events {

/// A held event takes effect now, at the position of this event.  By the system chain when its
/// cause disappeared, by a person of a named role otherwise.  Its stream is that of the held event.
struct HoldReleased {
  static constexpr EventType type = EventType::hold_released;
  static constexpr std::string_view kind_name = "HoldReleased";
  static constexpr std::uint32_t schema = 1;
  static constexpr bool creates = false;
  Position held;
  Verdict verdict;  ///< Accepted or accepted_rebased.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(held), CEREAL_NVP(verdict));
  }
};

/// A held event is refused for good.
struct HoldRefused {
  static constexpr EventType type = EventType::hold_refused;
  static constexpr std::string_view kind_name = "HoldRefused";
  static constexpr std::uint32_t schema = 1;
  static constexpr bool creates = false;
  Position held;
  Verdict verdict;  ///< Refused.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(held), CEREAL_NVP(verdict));
  }
};

/// A held event waits for another reason now.  Only by the system chain.
struct HoldChanged {
  static constexpr EventType type = EventType::hold_changed;
  static constexpr std::string_view kind_name = "HoldChanged";
  static constexpr std::uint32_t schema = 1;
  static constexpr bool creates = false;
  Position held;
  Verdict verdict;  ///< Held.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(held), CEREAL_NVP(verdict));
  }
};

}  // namespace events
