#include "clients/core/sync/eta_estimator.h"

namespace clients {

void EtaEstimator::note(events::Timestamp now, std::uint64_t done) {
  // A clock that jumps back or work that starts anew makes what was measured worthless.
  if (!samples_.empty() && (now < samples_.back().at || done < samples_.back().done)) {
    samples_.clear();
  }
  if (!samples_.empty() && samples_.back().at == now) {
    samples_.back().done = done;
    return;
  }
  samples_.push_back({now, done});
  while (samples_.size() > 1 && samples_.front().at.value + window_milliseconds < now.value) {
    samples_.pop_front();
  }
}

std::optional<std::uint64_t> EtaEstimator::seconds_left(std::uint64_t total) const {
  if (samples_.empty()) return std::nullopt;
  const Sample& first = samples_.front();
  const Sample& last = samples_.back();
  if (last.done >= total) return 0;
  const std::uint64_t moved = last.done - first.done;
  const std::uint64_t spent = last.at.value - first.at.value;
  if (moved == 0 || spent == 0) return std::nullopt;
  const double left = static_cast<double>(total - last.done) * static_cast<double>(spent) /
                      static_cast<double>(moved);
  return static_cast<std::uint64_t>(left / 1000) + 1;
}

}  // namespace clients
