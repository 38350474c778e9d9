#include "tests/sim/report.h"

#include <algorithm>
#include <cstdio>

namespace sim {
namespace {

/// Fewer seeds need not have met what is rare, and what is rarer still.
constexpr std::size_t seeds_that_meet_the_rare = 200;
constexpr std::size_t seeds_that_meet_everything = 20'000;

/// One seed of two thousand meets it.
bool is_rarest(Happening happening) { return happening == Happening::file_said_and_lost; }

template <class T>
T median_of(std::vector<T> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

void Report::add(const Outcome& outcome) {
  steps_.push_back(outcome.steps);
  tally_.add(outcome.tally);
  for (std::size_t index = 0; index < happenings; ++index) {
    const std::uint64_t count = outcome.tally.of(static_cast<Happening>(index));
    least_[index] = steps_.size() == 1 ? count : std::min(least_[index], count);
    if (count > 0) ++seeds_with_[index];
  }
  if (!outcome.broken) {
    events_.push_back(outcome.events);
    devices_min_ = devices_min_ == 0 ? outcome.devices : std::min(devices_min_, outcome.devices);
    return;
  }
  ++failures_;
  const auto seed = static_cast<unsigned long long>(outcome.seed);
  std::printf(
      "seed %llu breaks promise %d after %d steps: %s\n  replay: khuyenhoc-sim --seed %llu\n", seed,
      static_cast<int>(outcome.broken->promise()), outcome.steps, outcome.broken->what(), seed);
}

bool Report::passes() const {
  if (failures_ > 0) return false;
  if (steps_.size() < seeds_that_meet_the_rare) return true;
  for (std::size_t index = 0; index < happenings; ++index) {
    const auto happening = static_cast<Happening>(index);
    if (is_rarest(happening) && steps_.size() < seeds_that_meet_everything) continue;
    if (tally_.of(happening) == 0) return false;
  }
  return true;
}

void Report::print() const {
  if (steps_.empty()) return;
  const auto [least, greatest] = std::ranges::minmax(steps_);
  std::printf(
      "%zu seeds, %llu failed; steps a seed: %d / %d / %d (min, median, max); "
      "events, median: %llu; devices: at least %zu\n",
      steps_.size(), static_cast<unsigned long long>(failures_), least, median_of(steps_), greatest,
      static_cast<unsigned long long>(median_of(events_)), devices_min_);
  std::printf("  %-34s %10s %14s %10s\n", "", "total", "least a seed", "seeds");
  for (std::size_t index = 0; index < happenings; ++index) {
    const auto happening = static_cast<Happening>(index);
    const std::uint64_t count = tally_.of(happening);
    std::printf("  %-34s %10llu %14llu %10llu%s\n", name_of(happening).data(),
                static_cast<unsigned long long>(count),
                static_cast<unsigned long long>(least_[index]),
                static_cast<unsigned long long>(seeds_with_[index]), count == 0 ? "  NEVER" : "");
  }
}

}  // namespace sim
