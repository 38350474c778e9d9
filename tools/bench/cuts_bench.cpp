#include "events/base/check.h"
#include "tools/bench/field_devices.h"
#include "tools/bench/measure.h"
#include "tools/link/relay_thread.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bench {
namespace {

using link_emulator::RelayThread;
using pilot::need;

/// Citizens whose registrations make about 500 events.
constexpr std::size_t day_of_work = 125;
/// A line of the first connection may be down already: somebody keeps trying.
constexpr int retries = 300;

link_emulator::Profile design_line() {
  return link_emulator::read_profile(link_emulator::design_line).value();
}

link_emulator::Profile bad_line(std::uint64_t seed) {
  link_emulator::Profile profile = design_line();
  profile.stall_chance = 0.03;
  profile.up = std::chrono::seconds(20);
  profile.down = std::chrono::seconds(10);
  profile.seed = seed;
  return profile;
}

/// Syncs over the line, whose cuts go on whether somebody syncs or not.
double seconds_of_sync(clients::Device& device, const FieldDevices& field,
                       const RelayThread& line) {
  clients::SyncOptions options;
  options.retries = retries;
  const double start = wall_seconds();
  const clients::SyncReport report =
      need(device.sync(field.server().through(line.port()).url, options), "a day of work");
  CHECK(report.progress.synced(), "a synchronisation ends when everything has its answer");
  return wall_seconds() - start;
}

/// One commune's days of work over a line of its own.
class Lane {
 public:
  explicit Lane(const std::filesystem::path& directory) : field_(directory) {}

  void work(std::uint64_t first_round, std::uint64_t rounds,
            const link_emulator::Profile& profile) {
    const RelayThread line(field_.server().port(), profile);
    for (std::uint64_t round = first_round; round < first_round + rounds; ++round) {
      recorded_ += field_.register_citizens(0, round, day_of_work).citizens;
      pushes.push_back(seconds_of_sync(field_.commune(0), field_, line));
      pulls.push_back(seconds_of_sync(field_.city(), field_, line));
    }
  }

  std::size_t recorded() const { return recorded_; }
  /// Dossiers that the reader has.
  std::size_t here() { return field_.city().workspace().confirmed().dossiers().all().size(); }

  std::vector<double> pushes;  ///< Seconds.
  std::vector<double> pulls;

 private:
  FieldDevices field_;
  std::size_t recorded_ = 0;
};

/// A chance that is met once in twenty needs many rounds, and lines that are down need no
/// processor: so many work at once.
constexpr std::uint64_t lanes_at_once = 4;

}  // namespace

std::vector<Figure> measure_cuts(const Effort& effort) {
  std::vector<std::unique_ptr<Lane>> lanes;
  for (std::uint64_t lane = 0; lane < lanes_at_once; ++lane) {
    lanes.push_back(std::make_unique<Lane>(effort.directory / ("cuts-" + std::to_string(lane))));
  }
  lanes.front()->work(0, 1, design_line());
  const double calm_push = std::exchange(lanes.front()->pushes, {}).front();
  const double calm_pull = std::exchange(lanes.front()->pulls, {}).front();
  std::vector<std::jthread> threads;
  for (std::uint64_t lane = 0; lane < lanes_at_once; ++lane) {
    threads.emplace_back([&effort, lane, each = lanes[lane].get()] {
      each->work(1, effort.cut_rounds / lanes_at_once, bad_line(lane + 1));
    });
  }
  threads.clear();

  std::vector<double> pushes;
  std::vector<double> pulls;
  std::size_t recorded = 0;
  double here = 0;
  for (const auto& lane : lanes) {
    pushes.insert(pushes.end(), lane->pushes.begin(), lane->pushes.end());
    pulls.insert(pulls.end(), lane->pulls.begin(), lane->pulls.end());
    recorded += lane->recorded();
    here += static_cast<double>(lane->here());
  }
  const auto made = static_cast<double>(recorded);
  const std::string rounds =
      "about 500 events, 3 % of packets lost, line up 20 s and down 10 s, "
      "means of each; a calm line; of " +
      std::to_string(pushes.size());
  const auto under_cuts = [](std::string name, double value, double calm, double target,
                             std::string note) {
    Figure figure = ceiling(std::move(name), value, "s", target, std::move(note));
    figure.baseline = calm;
    figure.ratio = value / calm;
    return figure;
  };
  return {
      ceiling("device_push_500_seconds", calm_push, "s", 5.5, "by a whole device, calm line"),
      ceiling("device_pull_500_seconds", calm_pull, "s", 5, "by a whole device, calm line"),
      under_cuts("cuts_push_p50", median(pushes), calm_push, 1.5 * 5.5, rounds),
      under_cuts("cuts_push_p95", percentile(pushes, 0.95), calm_push, 4 * 5.5, "the same"),
      under_cuts("cuts_pull_p50", median(pulls), calm_pull, 1.5 * 5, rounds),
      under_cuts("cuts_pull_p95", percentile(pulls, 0.95), calm_pull, 4 * 5, "the same"),
      ceiling("cuts_lost", made > here ? made - here : 0, "", 0, "dossiers that the city lacks"),
      ceiling("cuts_doubled", here > made ? here - made : 0, "", 0, "dossiers more than were made"),
  };
}

}  // namespace bench
