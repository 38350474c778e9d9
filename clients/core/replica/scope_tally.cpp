#include "clients/core/replica/scope_tally.h"

#include "events/base/ranges.h"

namespace clients {

void ScopeTally::add(const events::ScopeSet& scope, events::Position first, events::Position last,
                     std::uint64_t fingerprint) {
  upto_ = std::max(upto_, last);
  if (scope_.whole_log) {
    events_ += last.value - first.value + 1;
    fingerprint_ = fingerprint;
    return;
  }
  for (const events::UnitId unit : scope.units()) {
    const auto place = events::ranges::lower_bound(scope_.units, unit);
    if (place == scope_.units.end() || *place != unit) continue;
    sums_[static_cast<std::size_t>(place - scope_.units.begin())].add(first, last, fingerprint);
  }
}

events::ReaderSum ScopeTally::sum() const {
  if (scope_.whole_log) return events::whole_log_sum(events_, fingerprint_);
  return events::reader_sum_of(scope_.units, sums_);
}

}  // namespace clients
