#include "clients/core/sync/backoff.h"

#include <algorithm>

namespace clients {

Backoff::Time Backoff::next(std::uint64_t random, Time asked) {
  const auto lowest = static_cast<std::uint64_t>(limits_.shortest.count());
  const auto highest = static_cast<std::uint64_t>(std::min(limits_.longest, 3 * last_).count());
  last_ = Time(static_cast<std::int64_t>(lowest + random % (highest - lowest + 1)));
  return asked + last_;
}

}  // namespace clients
