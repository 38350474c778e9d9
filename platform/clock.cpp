#include "platform/clock.h"

#include <chrono>

namespace platform {
namespace {

template <class Clock>
std::uint64_t milliseconds_of() {
  const auto since = Clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

}  // namespace

events::Timestamp now() { return events::Timestamp{milliseconds_of<std::chrono::system_clock>()}; }

std::uint64_t steady_milliseconds() { return milliseconds_of<std::chrono::steady_clock>(); }

}  // namespace platform
