#include "events/check.h"
#include "tools/bench/field_devices.h"
#include "tools/bench/measure.h"
#include "tools/link/relay_thread.h"

#include <string>

namespace bench {
namespace {

using link_emulator::RelayThread;
using pilot::need;

/// Citizens whose registrations make about 500 events.
constexpr std::size_t day_of_work = 125;
/// A line of the first connection may be down already: somebody keeps trying.
constexpr int retries = 30;

link_emulator::Profile bad_line(std::uint64_t seed) {
  link_emulator::Profile profile = link_emulator::read_profile(link_emulator::design_line).value();
  profile.stall_chance = 0.03;
  profile.up = std::chrono::seconds(20);
  profile.down = std::chrono::seconds(10);
  profile.seed = seed;
  return profile;
}

double seconds_of_sync(clients::Device& device, const FieldDevices& field, std::uint64_t seed) {
  RelayThread line(field.server().port(), bad_line(seed));
  clients::SyncOptions options;
  options.retries = retries;
  const double start = wall_seconds();
  const clients::SyncReport report =
      need(device.sync(field.server().through(line.port()).url, options), "a day of work");
  CHECK(report.progress.synced(), "a synchronisation ends when everything has its answer");
  return wall_seconds() - start;
}

}  // namespace

std::vector<Figure> measure_cuts(const Effort& effort) {
  FieldDevices field(effort.directory / "cuts");
  std::vector<double> pushes;
  std::vector<double> pulls;
  std::size_t recorded = 0;
  for (std::uint64_t round = 0; round < effort.cut_rounds; ++round) {
    recorded += field.register_citizens(0, round, day_of_work).citizens;
    pushes.push_back(seconds_of_sync(field.commune(0), field, 2 * round + 1));
    pulls.push_back(seconds_of_sync(field.city(), field, 2 * round + 2));
  }
  const auto here =
      static_cast<double>(field.city().workspace().confirmed().dossiers().all().size());
  const auto made = static_cast<double>(recorded);
  const std::string line =
      "about 500 events, 3 % of packets lost, line up 20 s and down 10 s on average; of " +
      std::to_string(effort.cut_rounds);
  return {
      ceiling("cuts_push_p50", median(pushes), "s", 1.5 * 5.5, line),
      ceiling("cuts_push_p95", percentile(pushes, 0.95), "s", 4 * 5.5, "the same"),
      ceiling("cuts_pull_p50", median(pulls), "s", 1.5 * 5, line),
      ceiling("cuts_pull_p95", percentile(pulls, 0.95), "s", 4 * 5, "the same"),
      ceiling("cuts_lost", made > here ? made - here : 0, "", 0, "dossiers that the city lacks"),
      ceiling("cuts_doubled", here > made ? here - made : 0, "", 0, "dossiers more than were made"),
  };
}

}  // namespace bench
