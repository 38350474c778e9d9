#pragma once

#include "events/base/ids.h"
#include "events/base/time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace server {

/// A measure that is told the time: so much at once, then so much a minute.
///
/// State: what is left; below zero while more was taken than there was, never by more than a minute
///        brings.
/// Thread: one at a time.
class TokenBucket {
 public:
  struct Rate {
    std::uint32_t a_minute;
    std::uint32_t at_once;
  };

  TokenBucket(Rate rate, events::Timestamp now);

  /// Takes `count`, whether there is so much or not; when nothing will be owed any more, if
  /// something is now.  A clock that was set back brings nothing, and takes nothing away.
  std::optional<events::Timestamp> take(std::size_t count, events::Timestamp now);
  /// Whether it is as one that nobody has taken from.
  bool is_full(events::Timestamp now) const;

 private:
  void refill(events::Timestamp now);

  Rate rate_;
  std::int64_t left_;  // In parts, see work_budget.cpp.
  events::Timestamp told_;
};

/// What a device may ask of the server that costs the server more than the device.
enum class Work : std::uint8_t {
  proofs,         ///< Blocks that a PROVE names.
  subscriptions,  ///< SUBSCRIBE.
  file_lookups,   ///< BLOB_OFFER and BLOB_WANT.
  whole_pulls,    ///< Greetings, once proved, that pull from the beginning.
};
inline constexpr std::size_t work_count = 4;

/// For each kind of work; far above what an honest device asks.
/// Format: docs/protocol.md 7.
using WorkLimits = std::array<TokenBucket::Rate, work_count>;
inline constexpr WorkLimits work_limits{{{3'000, 6'000}, {120, 240}, {6'000, 12'000}, {60, 120}}};

/// What each device has asked lately, on all its connections.
///
/// State: the devices that asked in the last minutes; the others are as if they had never asked.
/// Thread: any.
class WorkBudgets {
 public:
  explicit WorkBudgets(const WorkLimits& limits = work_limits) : limits_(limits) {}

  /// Until when nothing more is to be taken from the device; nothing: go on.
  std::optional<events::Timestamp> charge(events::ChainNumber chain, Work work, std::size_t count,
                                          events::Timestamp now);
  /// Devices that are remembered.
  std::size_t size() const;

 private:
  using Buckets = std::array<TokenBucket, work_count>;

  void forget_idle(events::Timestamp now);

  const WorkLimits limits_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint32_t, Buckets> devices_;
  std::size_t forget_at_ = 1'024;
};

}  // namespace server
