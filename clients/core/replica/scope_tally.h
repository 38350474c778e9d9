#pragma once

#include "events/base/check.h"
#include "events/base/ids.h"
#include "events/log/event_log.h"
#include "events/log/scope.h"
#include "events/log/scope_sum.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace clients {

/// Counts what a device has of its scope as the log counts it, so that a position that was kept
/// from it shows: see events/log/scope_sum.h.
///
/// State: the sums of the reader's units up to a position.
/// Thread: one at a time.
class ScopeTally {
 public:
  /// From the beginning of the log.
  explicit ScopeTally(const events::ReaderScope& scope)
      : scope_(scope), sums_(scope.whole_log ? 0 : scope.units.size()) {}
  /// From a snapshot at `position`, whose manifest has the sums.
  /// Expects: a sum for each unit of the scope.
  ScopeTally(const events::ReaderScope& scope, events::Position position,
             std::span<const events::ScopeSum> sums)
      : scope_(scope), upto_(position), sums_(sums.begin(), sums.end()) {
    CHECK(scope.whole_log || sums_.size() == scope.units.size(), "a sum for each unit");
  }

  /// Counts a block of others or of the device itself, if the reader's scope has it.  Blocks that
  /// overlap, as only a log that lies has them, make a sum that no honest log has.
  void add(const events::ScopeSet& scope, events::Position first, events::Position last,
           std::uint64_t fingerprint);
  /// The device has everything up to here that it will ever have.
  void advance(events::Position position) { upto_ = std::max(upto_, position); }

  events::Position upto() const { return upto_; }
  events::ReaderSum sum() const;

 private:
  events::ReaderScope scope_;
  events::Position upto_;
  std::vector<events::ScopeSum> sums_;  // One for each unit; none for the whole log.
  std::uint64_t events_ = 0;            // Of the whole log.
  std::uint64_t fingerprint_ = events::fingerprint_of(events::empty_root());
};

}  // namespace clients
