#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/log/event.h"
#include "events/log/scope.h"
#include "events/log/stored_event.h"
#include "projections/state/access.h"
#include "server/commit/pushed_run.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace server {

/// What a device put in, or may put in, on one day.
struct QuotaUse {
  std::uint64_t events = 0;
  std::uint64_t event_bytes = 0;
  std::uint64_t held_events = 0;
  std::uint64_t unknown_events = 0;    ///< Of kinds or versions that this build does not know.
  std::uint64_t reference_events = 0;  ///< In everybody's scope.
  std::uint64_t private_bytes = 0;
  std::uint64_t parked_runs = 0;

  bool operator==(const QuotaUse&) const = default;
};

/// What one device may put in on one day, see docs/decisions/0026-quotas.md.
struct QuotaLimits {
  QuotaUse of_device{.events = 40'000,
                     .event_bytes = std::uint64_t{16} << 20U,
                     .held_events = 2'000,
                     .unknown_events = 100,
                     .reference_events = 500,
                     .private_bytes = std::uint64_t{16} << 20U,
                     .parked_runs = 500};
  /// Of a device on which a registrar works, who imports the units of a province.
  std::uint64_t registrar_reference_events = 10'000;
};

/// So many times as much of everything.
QuotaLimits times(std::uint64_t factor, QuotaLimits limits);

/// Counts what each device put into the log on the present day of Viet Nam, by the server's clock.
/// A device is a family of chains: one that continues another shares its quota.
///
/// State: the day and what was used on it; forgotten on the next day, and rebuilt from the log
///        after a start, but for private bytes and parked runs, which begin again.
/// Thread: one at a time.
class QuotaLedger {
 public:
  explicit QuotaLedger(QuotaLimits limits = {}) : limits_(limits) {}

  /// Forgets everything that was counted.
  void clear() { used_.clear(); }
  void set_limits(const QuotaLimits& limits) { limits_ = limits; }

  /// Whether the device of `chain` may put in `more`.  What is known only when events were judged,
  /// those that are held and those in reference scope, counts from the next run on.
  /// Errors:  quota, with the rule.
  events::Result<void> check(const projections::Access& access, events::ChainNumber chain,
                             const QuotaUse& more, events::Timestamp now) const;
  /// Counts it, checked or not.
  void charge(const projections::Access& access, events::ChainNumber chain, const QuotaUse& more,
              events::Timestamp now);
  /// Takes back a charge of the same day for what was not put in after all.
  void refund(const projections::Access& access, events::ChainNumber chain, const QuotaUse& less,
              events::Timestamp now);

  QuotaUse used(const projections::Access& access, events::ChainNumber chain,
                events::Timestamp now) const;

 private:
  QuotaUse limits_of(const projections::Access& access, events::ChainNumber chain, events::Day day,
                     const QuotaUse& used) const;

  QuotaLimits limits_;
  events::Day day_;
  std::unordered_map<std::uint32_t, QuotaUse> used_;  ///< By the family's first chain.
};

/// By how much the quota of the chain's device was raised for that day; 1: not at all.
std::uint64_t quota_factor_of(const projections::Access& access, events::ChainNumber chain,
                              events::Day day);

/// Adds what an event costs before it is judged.
void add_event(QuotaUse& cost, const events::Event& event);
/// What a run costs before it is judged, from `run.events[first]` on, with all records that came
/// with it.
QuotaUse cost_of(const PushedRun& run, std::size_t first);
/// What the private records that came with a run take.
std::uint64_t record_bytes_of(const PushedRun& run);
/// What became known of an event when it was judged: `held_events` and `reference_events`.
QuotaUse cost_of_verdict(const events::StoredEvent& stored, const events::ScopeSet& scope);

}  // namespace server
