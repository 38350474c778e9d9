#pragma once

#include <cstdint>

namespace projections {

/// What an effective event does to other events on its stream whose authors had not seen it
/// (conflict classes of domain.md 4.8).
enum class Interference : std::uint8_t {
  none,      ///< It does not stand on a stream with guarded events.
  commutes,  ///< It only adds: a guarded event made meanwhile is accepted_rebased.
  changes,   ///< It changes the state: a guarded event made meanwhile is held(conflict).
};

}  // namespace projections
