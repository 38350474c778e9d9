#pragma once

#include "events/base/ids.h"

#include <cstdint>

namespace events {

/// Bits of Intake::content: what the server found in the private record of the event.
inline constexpr std::uint8_t content_checked = 1;
inline constexpr std::uint8_t content_name_invalid = 2;        ///< V01
inline constexpr std::uint8_t content_birth_invalid = 4;       ///< V02
inline constexpr std::uint8_t content_id_number_doubtful = 8;  ///< V20
inline constexpr std::uint8_t content_unreadable = 16;         ///< Not a record of that kind.

/// Everything the judge may use that is not in the log, kept with the event so that judging can be
/// repeated for ever, also after the private record was erased.
struct Intake {
  std::int64_t clock_offset_seconds{};  ///< Device clock − server clock when it was pushed.
  std::uint32_t clock_error_seconds{};  ///< Half width of what the offset may be off.
  std::uint8_t content{};

  bool operator==(const Intake&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(clock_offset_seconds), CEREAL_NVP(clock_error_seconds), CEREAL_NVP(content));
  }
};

}  // namespace events
