#include "events/check.h"
#include "tools/bench/field_devices.h"
#include "tools/bench/measure.h"
#include "tools/link/relay_thread.h"

#include <string>
#include <utility>

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
double seconds_of_sync(clients::Device& device, const FieldDevices& field, const RelayThread& line,
                       int* connections) {
  clients::SyncOptions options;
  options.retries = retries;
  const double start = wall_seconds();
  const clients::SyncReport report =
      need(device.sync(field.server().through(line.port()).url, options), "a day of work");
  CHECK(report.progress.synced(), "a synchronisation ends when everything has its answer");
  *connections += report.connections;
  return wall_seconds() - start;
}

}  // namespace

std::vector<Figure> measure_cuts(const Effort& effort) {
  FieldDevices field(effort.directory / "cuts");
  std::size_t recorded = 0;
  int connections = 0;
  const auto push_and_pull = [&](std::uint64_t round, const RelayThread& line) {
    recorded += field.register_citizens(0, round, day_of_work).citizens;
    const double push = seconds_of_sync(field.commune(0), field, line, &connections);
    return std::pair{push, seconds_of_sync(field.city(), field, line, &connections)};
  };
  const RelayThread calm_line(field.server().port(), design_line());
  const auto [calm_push, calm_pull] = push_and_pull(0, calm_line);
  const RelayThread line(field.server().port(), bad_line(1));
  connections = 0;
  std::vector<double> pushes;
  std::vector<double> pulls;
  for (std::uint64_t round = 1; round <= effort.cut_rounds; ++round) {
    const auto [push, pull] = push_and_pull(round, line);
    pushes.push_back(push);
    pulls.push_back(pull);
  }
  const auto here =
      static_cast<double>(field.city().workspace().confirmed().dossiers().all().size());
  const auto made = static_cast<double>(recorded);
  const std::string rounds =
      "about 500 events, 3 % of packets lost, line up 20 s and down 10 s, "
      "means of each; a calm line; of " +
      std::to_string(effort.cut_rounds);
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
