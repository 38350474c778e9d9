#include "tests/sim/simulation.h"

#include "events/archive/compact.h"
#include "tests/sim/bundle_trips.h"
#include "tests/sim/clock_steps.h"
#include "tests/sim/device_audit.h"
#include "tests/sim/faults.h"
#include "tests/sim/impostor.h"
#include "tests/sim/leases.h"
#include "tests/sim/log_audit.h"
#include "tests/sim/mixed_builds.h"
#include "tests/sim/photos.h"
#include "tests/sim/signature_book.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

namespace sim {
namespace {

constexpr std::uint64_t second = 1000;
constexpr std::uint64_t hour = 3600 * second;

/// One seed being played.
class Simulation {
 public:
  Simulation(std::uint64_t seed, const Options& options, Outcome& outcome)
      : options_(options),
        outcome_(outcome),
        random_(seed),
        world_(random_, outcome.tally, options.plant,
               {Leases::days_in(seed), ClockSteps::play_in(seed)}),
        acts_(world_, random_, outcome.tally),
        rogues_(world_, random_, outcome.tally),
        faults_(world_, acts_, random_, outcome.tally,
                [this](const char* what, const std::string& who) { trace(what, who); }),
        bundle_trips_(world_, seed, outcome.tally,
                      [this](const char* what, const std::string& who) { trace(what, who); }),
        leases_(world_, seed, outcome.tally, options.plant,
                [this](const char* what, const std::string& who) { trace(what, who); }),
        photos_(world_, seed, outcome.tally,
                [this](const char* what, const std::string& who) { trace(what, who); }),
        impostor_(world_, seed, outcome.tally),
        clock_steps_(world_, seed, outcome.tally,
                     [this](const char* what, const std::string& who) { trace(what, who); }),
        mixed_builds_(world_, seed, options.mixed_builds_percent, outcome.tally,
                      [this](const char* what, const std::string& who) { trace(what, who); }) {}

  void run();

 private:
  void step();
  void deliver_some();
  void pass_time();
  void check_restart();
  void finish();
  Device& some_device() { return *random_.pick(world_.devices()); }
  /// One without a connection, mostly.
  Device& some_device_to_connect() {
    std::vector<Device*> offline;
    for (const auto& device : world_.devices()) {
      if (device->link() == nullptr) offline.push_back(device.get());
    }
    return offline.empty() || random_.chance(10) ? some_device() : *random_.pick(offline);
  }
  /// One of a commune, mostly.
  Device& some_busy_device() {
    const std::size_t above_communes = random_.chance(90) ? 2 : 0;
    const std::size_t count = world_.devices().size() - above_communes;
    return *world_.devices()[above_communes + random_.below(count)];
  }
  LinkPtr some_link() {
    const auto& links = world_.host().links();
    return links.empty() ? nullptr : links[random_.below(links.size())];
  }
  void trace(const char* what, const std::string& who = "") const;

  const Options& options_;
  Outcome& outcome_;
  Random random_;
  World world_;
  Acts acts_;
  RogueActs rogues_;
  Faults faults_;
  BundleTrips bundle_trips_;
  Leases leases_;
  Photos photos_;
  Impostor impostor_;
  ClockSteps clock_steps_;
  MixedBuilds mixed_builds_;
  std::uint64_t seen_restarts_ = 0;
};

void Simulation::trace(const char* what, const std::string& who) const {
  if (!options_.trace) return;
  std::printf("%4d  %s  position %llu  %s %s\n", outcome_.steps,
              events::to_iso(world_.now()).c_str(),
              static_cast<unsigned long long>(world_.host().log().head().position.value), what,
              who.c_str());
}

void Simulation::run() {
  const int steps = options_.steps_max - static_cast<int>(random_.below(60));
  while (outcome_.steps < steps) {
    ++outcome_.steps;
    step();
    bundle_trips_.step();
    leases_.step();
    photos_.step();
    impostor_.step();
    clock_steps_.step();
    mixed_builds_.step();
    check_restart();
  }
  finish();
}

void Simulation::check_restart() {
  if (world_.host().restarts() == seen_restarts_) return;
  seen_restarts_ = world_.host().restarts();
  trace("the server starts again");
  for (const auto& device : world_.devices()) device->check_promises();
  world_.host().check_parked(!world_.has_copies());
  world_.host().check_files(false);
}

void Simulation::step() {
  world_.pass(random_.between(1, 3 * second));
  if (random_.chance(60)) deliver_some();
  const std::uint64_t drawn = random_.below(100);
  if (drawn < 28) {
    Device& device = some_busy_device();
    trace("an act on", device.name());
    if (leases_.refuses(device)) return;
    acts_.act_on(device);
  } else if (drawn < 31) {
    Device& device = some_device();
    trace("a rogue act on", device.name());
    rogues_.act_on(device);
  } else if (drawn < 42) {
    Device& device = some_device_to_connect();
    trace("connects:", device.name());
    device.connect(world_.now(), random_.chance(60));
  } else if (drawn < 44) {
    Device& device = some_device();
    trace("disconnects:", device.name());
    device.disconnect();
  } else if (drawn < 82) {
    deliver_some();
  } else if (drawn < 85) {
    Device& device = some_device();
    trace("pushes:", device.name());
    device.push_new(world_.now());
  } else if (drawn < 88) {
    pass_time();
  } else if (drawn < 90) {
    Device& device = some_device();
    if (!device.is_enrolled()) return;
    // A device that has not met the restored log yet knows another one.
    const events::Epoch epoch = world_.host().log().head().epoch;
    if (world_.host().is_repairing() || device.replica().pull().cursor.epoch != epoch) return;
    outcome_.tally.count(Happening::prefixes_compared);
    if (audit_prefix(device, world_.host().log())) {
      outcome_.tally.count(Happening::left_out_of_a_fold);
    }
  } else {
    faults_.strike();
  }
}

/// The network and the server do a few things, as they do all the time.
void Simulation::deliver_some() {
  ServerHost& host = world_.host();
  for (std::uint64_t count = random_.between(1, 4); count > 0; --count) {
    const LinkPtr link = some_link();
    if (link == nullptr) return;
    for (std::uint64_t messages = random_.below(4); messages > 0; --messages) {
      host.deliver(*link, world_.now());
    }
    if (random_.chance(80)) host.work(world_.now(), random_.between(1, 6));
    if (random_.chance(80)) {
      host.pump(*link, random_.chance(30) ? 64 * 1024 : random_.between(1, 3000));
    }
    for (const auto& device : world_.devices()) {
      if (device->link() != link.get()) continue;
      for (std::uint64_t messages = random_.below(4); messages > 0; --messages) {
        device->deliver(world_.now());
      }
    }
  }
}

/// Hours or a day.  No message is under way for so long: what waits in the server is done, what is
/// on a line is lost with it.
void Simulation::pass_time() {
  ServerHost& host = world_.host();
  while (host.work(world_.now(), 100)) {
  }
  for (const LinkPtr& link : host.links()) {
    if (!link->up.empty() || !link->down.empty()) link->lose();
  }
  const std::uint64_t span = random_.chance(70) ? hour : events::milliseconds_per_day;
  world_.pass(random_.below(span));
  trace("time passes");
  host.look_at_clock(world_.now());
}

// ---- the end ----

void Simulation::finish() {
  trace("the faults stop");
  world_.host().check_quotas();
  for (const auto& device : world_.devices()) device->calm();
  world_.host().calm();
  clock_steps_.mend();
  // A scope learnt on the last day may be another one today.
  for (const auto& device : world_.devices()) device->disconnect();
  world_.settle();
  check_restart();
  world_.host().check_parked(!world_.has_copies());
  require(world_.host().parked().size() == 0 || world_.has_copies(), Promise::recorded,
          "runs are parked though nothing is missing");
  bundle_trips_.arrive_late();
  photos_.rest();
  leases_.check_at_rest();

  mixed_builds_.update_all();
  const ServerHost& host = world_.host();
  // A server that was restored lost records that all devices had destroyed.
  const auto is_erased = [&](const events::Digest& digest) {
    return host.restores() > 0 && std::ranges::none_of(world_.devices(), [&](const auto& device) {
             return device->is_enrolled() &&
                    device->replica().store().private_record(digest)->has_value();
           });
  };
  LogAudit audit(host.log(), host.privates(), outcome_.tally, is_erased);
  audit.run();
  outcome_.events = host.log().head().position.value;
  outcome_.devices = world_.devices().size();
  const events::Bytes bytes = events::encode(audit.state());
  require(bytes == events::encode(host.state()), Promise::same_meaning,
          "the server's state is not the fold of its log");
  for (const auto& device : world_.devices()) {
    device->check_promises();
    device->check_clock_holds();
    if (world_.is_twin(*device)) continue;
    if (!device->is_enrolled() && world_.is_uninvited(*device)) continue;
    if (world_.is_revoked(*device)) {
      audit_revoked(*device, audit);
    } else {
      audit_device(*device, audit, world_.now(), world_.names_come_late());
    }
  }
  world_.host().restart();
  require(bytes == events::encode(host.state()), Promise::same_meaning,
          "a server that starts from the log has another state");
}

}  // namespace

Outcome play(std::uint64_t seed, const Options& options) {
  Outcome outcome;
  outcome.seed = seed;
  forget_signatures();
  try {
    Simulation(seed, options, outcome).run();
  } catch (const Violation& violation) {
    outcome.broken = violation;
  }
  return outcome;
}

}  // namespace sim
