#include "clients/cli/authority_file.h"
#include "clients/core/acts/invitation.h"
#include "platform/new_file.h"
#include "projections/reports/reports.h"
#include "projections/texts/texts.h"
#include "projections/views/all_projections.h"
#include "tools/pilot/field_work.h"
#include "tools/pilot/provision.h"
#include "tools/pilot/watcher.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace {

using pilot::need;
using pilot::PlayError;

struct Options {
  std::string server;
  std::string authorities;  // PEM.
  std::filesystem::path home;
  std::filesystem::path founding_code_file;
  std::filesystem::path criteria;
  std::uint64_t seed = 2020;
};

/// Lines of two threads, whole.
void say(const std::string& who, const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  fmt::print("{:<22} {}\n", who, line);
  std::fflush(stdout);
}

/// Written last: without it the play was interrupted.
std::filesystem::path finished_mark(const Options& options) { return options.home / "finished"; }

std::string read_code(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string code;
  if (!(file >> code)) {
    throw PlayError("cannot read the founding code " + path.string() + " [io_failed]");
  }
  return need(clients::read_invitation(code), path.string()).spelled();
}

/// How the scores lie, as the pilot was reported: 70–100, 50–69, and exactly 50.
std::string score_bands(const projections::Statistics& statistics, events::CycleId cycle) {
  std::string lines;
  for (const auto group : {events::GroupCode::pilot_college_plus, events::GroupCode::farmer_rural,
                           events::GroupCode::pilot_trader}) {
    const projections::Counters counters = statistics.sum(
        {.title = events::TitleKind::learning_citizen, .cycle = cycle, .group = group});
    const projections::ScoreTotals& totals = counters.totals;
    lines +=
        fmt::format("{}: 70–100 điểm {}, 50–69 điểm {}, trong đó đúng 50 điểm {}\n",
                    projections::name_vi(group), totals.between(projections::upper_band_from, 1000),
                    totals.between(projections::middle_band_from, projections::upper_band_from - 1),
                    totals.exactly(projections::middle_band_from));
  }
  return lines;
}

void print_report(clients::Device& city) {
  projections::State state;
  projections::Views views;
  const projections::State::OnEffect follow = views.on_effect();
  const events::Position upto = city.workspace().confirmed().applied();
  need(city.replica().replay({}, upto,
                             [&](const events::StoredEvent& stored, const events::ScopeSet& scope) {
                               state.apply(stored, scope, follow);
                             }),
       "reading the city association's device");
  projections::ReportRequest citizens;
  projections::ReportRequest collectives;
  for (const projections::Unit& unit : state.units().all()) {
    const events::UnitKind kind = unit.kind_on(unit.latest().valid_from);
    if (kind == events::UnitKind::city_provincial) citizens.area = unit.id;
  }
  collectives.area = citizens.area;
  citizens.as_of = collectives.as_of = pilot::calendar().decision.last;
  for (const projections::Cycle& cycle : state.rulebook().cycles()) {
    const bool citizen = cycle.content.title == events::TitleKind::learning_citizen;
    (citizen ? citizens : collectives).cycles.push_back(cycle.id);
  }
  fmt::print("\n{}\n{}\n{}\n", projections::render_b01(state, views.statistics, citizens),
             score_bands(views.statistics, citizens.cycles.front()),
             projections::render_b02(state, views.statistics, collectives));
  std::fflush(stdout);
}

/// Opens the commune's device online, lets it see its reference data, and leaves it offline.
std::unique_ptr<clients::Device> enrol(const Options& options, const std::string& folder,
                                       const std::string& code, const std::string& label) {
  auto device = need(clients::Device::enrol(options.home / folder, options.server, code, label,
                                            options.authorities),
                     "enrolling " + label);
  need(device->sync("", {}), "first synchronisation of " + label);
  return device;
}

/// What the play needs from files: all of it is read before the founding code is spent.
struct Inputs {
  std::vector<pilot::PilotCriteria> criteria;
  std::string founding_code;
};

Inputs read_inputs(const Options& options) {
  const std::filesystem::path folder =
      options.criteria.empty() ? pilot::find_criteria() : options.criteria;
  if (folder.empty()) {
    throw PlayError("cannot find projections/criteria/sets above " +
                    std::filesystem::current_path().string() +
                    " or above this program; name the folder: --criteria [not_found]");
  }
  return {pilot::read_criteria(folder), read_code(options.founding_code_file)};
}

void play(const Options& options, const Inputs& inputs) {
  say("quản trị", "founds the log with the one-time founding code");
  const events::PersonRecord administrator{"Nguyễn Thị Minh Khai", {1979, 0, 0}, 1, "", ""};
  auto admin = need(clients::Device::found(options.home / "administrator", options.server,
                                           inputs.founding_code, "titles.example/vn-dien-bien",
                                           administrator, "Máy quản trị", options.authorities),
                    "founding the log");
  need(admin->sync("", {}), "synchronising the administrator's device");
  const pilot::Setup setup = pilot::provision(*admin, inputs.criteria, options.seed);
  say("quản trị", fmt::format("units, criteria, cycles, officers and codes for {} communes",
                              setup.communes.size()));

  auto city = enrol(options, "city", setup.city_code, "Hội Khuyến học TP Điện Biên Phủ");
  std::vector<std::unique_ptr<clients::Device>> devices;
  for (const pilot::CommuneSetup& commune : setup.communes) {
    const std::string label = "Máy " + std::string(commune.plan->name);
    devices.push_back(enrol(options, std::string(commune.plan->key), commune.code, label));
  }
  say("Hội KH thành phố", "subscribes and stays connected");
  pilot::Watcher watcher(std::move(city),
                         [](const std::string& line) { say("Hội KH thành phố", line); });

  for (std::size_t index = 0; index < devices.size(); ++index) {
    const pilot::CommuneSetup& commune = setup.communes[index];
    const pilot::FieldWork work =
        pilot::record_offline(*devices[index], commune, setup, options.seed);
    say(std::string(commune.plan->name),
        fmt::format("offline: {} citizens, {} collectives, {} events, {} of them held",
                    work.citizens, work.collectives, work.events, work.held));
  }
  events::Position head;
  for (std::size_t index = 0; index < devices.size(); ++index) {
    const std::string name(setup.communes[index].plan->name);
    const clients::SyncReport report = need(devices[index]->sync("", {}), "synchronising " + name);
    if (!report.progress.synced()) throw PlayError(name + " is not in step after its sync");
    head = std::max(head, devices[index]->workspace().confirmed().applied());
    const clients::PendingCounts counts = devices[index]->workspace().pending_counts();
    say(name, fmt::format("synced: {} events, {} bytes up, {} down; waiting {}, refused {}",
                          report.progress.own_events, report.bytes_sent, report.bytes_received,
                          counts.waiting, counts.refused));
  }
  city = watcher.stop(head);
  print_report(*city);
  constexpr std::string_view mark = "The pilot was played to its end.\n";
  need(platform::write_new_file(finished_mark(options), {.replaces = true, .source = {}},
                                events::bytes_of(mark)),
       "noting that the pilot was played");
}

int run(const Options& options) {
  if (std::filesystem::exists(finished_mark(options))) {
    auto city = need(clients::Device::open(options.home / "city"), "opening the city's device");
    if (!options.authorities.empty()) {
      need(city->trust(options.authorities), "noting whom the device trusts");
    }
    need(city->sync(options.server, {}), "synchronising the city association's device");
    fmt::print("The log is not empty: nothing is played again.\n");
    print_report(*city);
    return 0;
  }
  if (!std::filesystem::exists(options.founding_code_file)) {
    throw PlayError("the log is founded, but the pilot in " + options.home.string() +
                    " was not played to its end: stop the server, remove its data and " +
                    options.home.string() + ", and start again");
  }
  const Inputs inputs = read_inputs(options);
  std::filesystem::remove_all(options.home);  // Left over from a log that is gone.
  std::filesystem::create_directories(options.home);
  play(options, inputs);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Plays the pilot of Điện Biên Phủ city 2020–2021 on a running server: 603 synthetic "
      "citizens\n"
      "in three communes, recorded offline, synchronised, decided and reported.\n\nExample:\n"
      "  khuyenhoc-pilot --server wss://127.0.0.1:8470 --ca var/tls/ca.crt --home var/pilot \\\n"
      "                  --founding-code-file var/server/founding-code"};
  Options options;
  app.add_option("--server", options.server, "Address, e.g. wss://127.0.0.1:8470")->required();
  std::string authority_file;
  app.add_option("--ca", authority_file, "Root certificate of the server, PEM")
      ->check(CLI::ExistingFile);
  app.add_option("--home", options.home, "Folder for the devices")->required();
  app.add_option("--founding-code-file", options.founding_code_file,
                 "The server's file with the founding code")
      ->required();
  app.add_option("--criteria", options.criteria,
                 "Folder of the criteria files; else it is looked for above this program")
      ->check(CLI::ExistingDirectory);
  app.add_option("--seed", options.seed, "Other people, the same totals");
  CLI11_PARSE(app, argc, argv);
  try {
    if (!authority_file.empty()) {
      options.authorities = need(clients::read_authorities(authority_file), "--ca");
    }
    return run(options);
  } catch (const std::exception& exception) {
    fmt::print(stderr, "khuyenhoc-pilot: {}\n", exception.what());
    return 1;
  }
}
