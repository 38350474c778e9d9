#pragma once

#include "events/base/ranges.h"
#include "events/log/scope.h"

#include <utility>
#include <vector>

namespace projections {

/// The communes whose facts one event is judged by, besides reference scope: where it stands, and
/// the lineage of the commune in which its author acts (UnitsOnDay::lineage_of).  A device that
/// holds these reaches the verdict of the server.
class Sight {
 public:
  /// One commune, or reference scope alone.
  Sight(events::UnitId scope) : scope_(scope) {}  // NOLINT: a commune is the usual sight.
  /// `lineage`: ascending, each once.
  Sight(events::UnitId scope, std::vector<events::UnitId> lineage)
      : scope_(scope), lineage_(std::move(lineage)) {}

  /// Where the event stands.
  events::UnitId scope() const { return scope_; }
  bool contains(events::UnitId scope) const {
    return scope == scope_ || scope == events::reference_scope ||
           events::ranges::binary_search(lineage_, scope);
  }
  /// Whether something of these scopes is seen.
  bool meets(const events::ScopeSet& scopes) const {
    return events::ranges::any_of(scopes.units(),
                                  [&](events::UnitId unit) { return contains(unit); });
  }

 private:
  events::UnitId scope_;
  std::vector<events::UnitId> lineage_;
};

}  // namespace projections
