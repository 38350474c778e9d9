#include "tests/sim/report.h"
#include "tests/sim/simulation.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

/// For the message of a CHECK that fails: the seed must be known even then.
std::uint64_t seed_being_played = 0;

void on_abort(int /*signal*/) {
  std::fprintf(stderr, "aborted at seed %llu; replay: khuyenhoc-sim --seed %llu\n",
               static_cast<unsigned long long>(seed_being_played),
               static_cast<unsigned long long>(seed_being_played));
}

int play_many(std::uint64_t first, std::uint64_t count, const sim::Options& options) {
  sim::Report report;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    seed_being_played = seed;
    report.add(sim::play(seed, options));
    if (report.failures() >= 10) break;
  }
  report.print();
  return report.passes() ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// Each planted bug must be found within so many seeds.
int self_test(std::uint64_t first, sim::Options options) {
  constexpr std::uint64_t seeds_max = 200;
  int missed = 0;
  for (const sim::PlantInfo& plant : sim::all_plants()) {
    options.plant = plant.plant;
    std::uint64_t tried = 0;
    bool found = false;
    while (!found && tried < seeds_max) {
      seed_being_played = first + tried++;
      const sim::Outcome outcome = sim::play(seed_being_played, options);
      if (!outcome.broken) continue;
      found = true;
      std::printf("%-22s found by seed %llu (%llu tried): promise %d, %s\n", plant.name.data(),
                  static_cast<unsigned long long>(outcome.seed),
                  static_cast<unsigned long long>(tried),
                  static_cast<int>(outcome.broken->promise()), outcome.broken->what());
    }
    if (!found) {
      ++missed;
      std::printf("%-22s NOT FOUND in %llu seeds\n", plant.name.data(),
                  static_cast<unsigned long long>(seeds_max));
    }
  }
  return missed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Plays server, devices, network and power cuts from one seed; see docs/simulator.md"};
  std::uint64_t seeds = 0;
  std::uint64_t first = 1;
  std::uint64_t seed = 0;
  std::string plant;
  sim::Options options;
  bool list_plants = false;
  bool tests_itself = false;
  app.add_option("--seeds", seeds, "how many seeds to play");
  app.add_option("--first-seed", first, "the first of them")->capture_default_str();
  auto* const replay = app.add_option("--seed", seed, "play one seed and print its steps");
  app.add_option("--steps", options.steps_max, "steps a seed, at most")->capture_default_str();
  app.add_option("--mixed-builds", options.mixed_builds_percent,
                 "percent of the seeds in which two builds live together")
      ->capture_default_str();
  app.add_option("--plant", plant, "put a bug in on purpose");
  app.add_flag("--list-plants", list_plants, "print the bugs that can be planted");
  app.add_flag("--self-test", tests_itself, "each planted bug must be found");
  CLI11_PARSE(app, argc, argv);

  std::signal(SIGABRT, on_abort);
  if (list_plants) {
    for (const sim::PlantInfo& each : sim::all_plants()) {
      std::printf("%-22s %s\n", each.name.data(), each.what.data());
    }
    return EXIT_SUCCESS;
  }
  if (!plant.empty()) {
    const auto known = sim::plant_named(plant);
    if (!known) {
      std::fprintf(stderr, "no bug is called %s; see --list-plants\n", plant.c_str());
      return EXIT_FAILURE;
    }
    options.plant = *known;
  }
  if (*replay) {
    options.trace = true;
    return play_many(seed, 1, options);
  }
  int result = EXIT_SUCCESS;
  if (tests_itself) result = self_test(first, options);
  if (result == EXIT_SUCCESS && seeds > 0) result = play_many(first, seeds, options);
  return result;
}
