#include "server/session/work_budget.h"

#include <algorithm>
#include <utility>

namespace server {
namespace {

/// So many parts are one: each millisecond brings `a_minute` parts.
constexpr std::int64_t parts = 60'000;
constexpr std::uint64_t longest_milliseconds = 3'600'000;
constexpr std::size_t devices_min = 1'024;

}  // namespace

TokenBucket::TokenBucket(Rate rate, events::Timestamp now)
    : rate_(rate), left_(rate.at_once * parts), told_(now) {}

void TokenBucket::refill(events::Timestamp now) {
  if (now > told_) {
    // An hour fills every bucket; a clock may leap by more than fits.
    const std::uint64_t passed = std::min(now.value - told_.value, longest_milliseconds);
    left_ += static_cast<std::int64_t>(passed) * rate_.a_minute;
  }
  left_ = std::min(left_, rate_.at_once * parts);
  told_ = now;
}

std::optional<events::Timestamp> TokenBucket::take(std::size_t count, events::Timestamp now) {
  refill(now);
  const std::int64_t most = std::int64_t{rate_.at_once} + rate_.a_minute;
  const std::int64_t taken = std::min<std::int64_t>(static_cast<std::int64_t>(count), most) * parts;
  const std::int64_t a_minute = rate_.a_minute * parts;
  left_ = std::max(left_ - taken, -a_minute);
  if (left_ >= 0) return std::nullopt;
  const std::int64_t wait = (-left_ + rate_.a_minute - 1) / rate_.a_minute;
  return events::Timestamp{now.value + static_cast<std::uint64_t>(wait)};
}

bool TokenBucket::is_full(events::Timestamp now) const {
  TokenBucket then = *this;
  then.refill(now);
  return then.left_ == rate_.at_once * parts;
}

std::optional<events::Timestamp> WorkBudgets::charge(events::ChainNumber chain, Work work,
                                                     std::size_t count, events::Timestamp now) {
  const std::scoped_lock lock(mutex_);
  if (devices_.size() >= forget_at_) forget_idle(now);
  const auto fresh = [&](std::size_t index) { return TokenBucket(limits_[index], now); };
  Buckets& buckets =
      devices_.try_emplace(chain.value, Buckets{fresh(0), fresh(1), fresh(2), fresh(3)})
          .first->second;
  return buckets[static_cast<std::size_t>(work)].take(count, now);
}

std::size_t WorkBudgets::size() const {
  const std::scoped_lock lock(mutex_);
  return devices_.size();
}

void WorkBudgets::forget_idle(events::Timestamp now) {
  std::erase_if(devices_, [now](const auto& device) {
    return std::ranges::all_of(device.second,
                               [now](const TokenBucket& bucket) { return bucket.is_full(now); });
  });
  forget_at_ = std::max(devices_min, 2 * devices_.size());
}

}  // namespace server
