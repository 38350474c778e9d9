#pragma once

#include "events/base/rule_cause.h"

#include <cstdint>

namespace projections {

/// A cause as it stands among the parameters of a finding.
constexpr std::int64_t parameter(events::RuleCause cause) {
  return static_cast<std::int64_t>(cause);
}

}  // namespace projections
