#include "events/protocol/liveness.h"

#include <algorithm>

namespace events::protocol {

Liveness::Step Liveness::step(Time now, Time heard) {
  heard_ = std::max(heard_, heard);
  if (pinged_ && heard_ >= *pinged_) {
    round_trip_ = std::max(round_trip_, heard_ - *pinged_);
    interval_ = std::min(limits_.longest, interval_ * 3 / 2);
    pinged_.reset();
  }
  if (pinged_) return now - *pinged_ >= patience() ? Step::dead : Step::wait;
  if (now - heard_ < interval_) return Step::wait;
  pinged_ = now;
  return Step::ping;
}

Liveness::Time Liveness::due() const {
  return pinged_ ? *pinged_ + patience() : heard_ + interval_;
}

Liveness::Time Liveness::patience() const { return std::max(limits_.answer, 3 * round_trip_); }

Liveness::Time interval_after_death(Liveness::Time interval) {
  return std::max(Liveness::shortest, interval / 2);
}

}  // namespace events::protocol
