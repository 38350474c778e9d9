#include "tests/sim/simulation.h"

#include "events/archive/compact.h"
#include "tests/sim/device_audit.h"
#include "tests/sim/log_audit.h"
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
        world_(random_, outcome.tally, options.plant),
        acts_(world_, random_, outcome.tally),
        rogues_(world_, random_, outcome.tally) {}

  void run();

 private:
  void step();
  void fault();
  void network_fault();
  void device_crash();
  void server_crash();
  void clock_jump();
  void repeat_or_reorder(Link& link);
  void lose_acknowledgement();
  void late_enrolment();
  void deliver_some();
  void pass_time();
  void check_restart();
  void finish();
  Device& some_device() { return *random_.pick(world_.devices()); }
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
  std::uint64_t seen_restarts_ = 0;
  bool enrolled_late_ = false;
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
    check_restart();
  }
  finish();
}

void Simulation::check_restart() {
  if (world_.host().restarts() == seen_restarts_) return;
  seen_restarts_ = world_.host().restarts();
  trace("the server starts again");
  for (const auto& device : world_.devices()) device->check_promises();
}

void Simulation::step() {
  world_.pass(random_.between(1, 3 * second));
  const std::uint64_t drawn = random_.below(100);
  if (drawn < 28) {
    Device& device = some_busy_device();
    trace("an act on", device.name());
    acts_.act_on(device);
  } else if (drawn < 31) {
    Device& device = some_device();
    trace("a rogue act on", device.name());
    rogues_.act_on(device);
  } else if (drawn < 42) {
    Device& device = some_device();
    if (device.link() != nullptr && !random_.chance(10)) return;
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
    outcome_.tally.count(Happening::prefixes_compared);
    audit_prefix(device, world_.host().log());
  } else {
    fault();
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
}

// ---- faults ----

void Simulation::fault() {
  switch (random_.below(16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return network_fault();
    case 5:
    case 6:
      return lose_acknowledgement();
    case 7:
    case 8:
    case 9:
      return device_crash();
    case 10:
    case 11:
    case 12:
      return server_crash();
    case 13:
      return clock_jump();
    case 14:
      trace("a role is revoked");
      return acts_.revoke_a_role();
    default:
      return late_enrolment();
  }
}

void Simulation::network_fault() {
  LinkPtr link = some_link();
  for (int tries = 0; tries < 3 && link != nullptr && link->up.size() < 2; ++tries) {
    link = some_link();  // A busy one is worth more.
  }
  if (link == nullptr) return;
  switch (random_.below(3)) {
    case 0: {
      trace("the connection is cut");
      outcome_.tally.count(Happening::connection_cut);
      const bool up = Link::shorten(link->up, random_);
      const bool down = Link::shorten(link->down, random_);
      if (up || down) outcome_.tally.count(Happening::message_cut);
      for (const auto& device : world_.devices()) {
        if (device->link() != link.get()) continue;
        if (!link->up.empty()) outcome_.tally.count(Happening::old_connection_lives_on);
        // Either side may notice first.
        if (random_.chance(50)) {
          device->disconnect();
        } else {
          link->leave_server();
        }
      }
      return;
    }
    default:
      return repeat_or_reorder(*link);
  }
}

/// On one connection order is kept by TCP; but the same frames also travel by other ways (a stick,
/// a relay, a retried request), so what goes up may come twice and in any order.  What comes down
/// may come twice.
void Simulation::repeat_or_reorder(Link& link) {
  const bool up = !link.up.empty() && random_.chance(80);
  auto& messages = up ? link.up : link.down;
  if (messages.empty()) return;
  const std::size_t place = random_.below(messages.size());
  if (up && messages.size() > 1 && random_.chance(50)) {
    trace("messages are reordered");
    outcome_.tally.count(Happening::messages_reordered);
    std::swap(messages[place], messages[random_.below(messages.size())]);
    return;
  }
  trace("a message is repeated");
  outcome_.tally.count(Happening::message_repeated);
  messages.push_back(messages[place]);
}

/// Loses the end of what comes down, from an answer on that the device waits for.
void Simulation::lose_acknowledgement() {
  using events::protocol::FrameKind;
  std::vector<LinkPtr> candidates;
  const auto kind_of = [](const events::Bytes& message) {
    return static_cast<FrameKind>(message.front());
  };
  const auto is_answer = [&](const events::Bytes& message) {
    return kind_of(message) == FrameKind::push_ack || kind_of(message) == FrameKind::enrolled;
  };
  for (const LinkPtr& link : world_.host().links()) {
    if (std::ranges::any_of(link->down, is_answer)) candidates.push_back(link);
  }
  if (candidates.empty()) return;
  Link& link = *random_.pick(candidates);
  const auto lost = std::ranges::find_if(link.down, is_answer);
  const bool is_ack = kind_of(*lost) == FrameKind::push_ack;
  trace(is_ack ? "an acknowledgement is lost" : "an enrolment answer is lost");
  outcome_.tally.count(is_ack ? Happening::acknowledgement_lost : Happening::enrolment_answer_lost);
  link.down.erase(lost, link.down.end());
  link.leave_server();
}

void Simulation::device_crash() {
  Device& device = some_device();
  switch (random_.below(4)) {
    case 0:
      trace("crashes:", device.name());
      outcome_.tally.count(Happening::device_crash_idle);
      return device.crash();
    case 1:
      return device.arm(WriteCrash::before_write);
    case 2:
      return device.arm(WriteCrash::before_sync);
    default:
      return device.arm(WriteCrash::after_write);
  }
}

void Simulation::server_crash() {
  switch (random_.below(4)) {
    case 0:
      trace("the server crashes");
      outcome_.tally.count(Happening::server_crash_idle);
      return world_.host().restart();
    case 1:
      return world_.host().arm(AppendCrash::before_batch);
    case 2:
      return world_.host().arm(AppendCrash::before_sync);
    default:
      return world_.host().arm(AppendCrash::before_answers);
  }
}

void Simulation::clock_jump() {
  Device& device = some_device();
  if (&device == &world_.administrator()) return;
  constexpr auto day = static_cast<std::int64_t>(events::milliseconds_per_day);
  const std::int64_t sign = random_.chance(50) ? 1 : -1;
  const auto amount = static_cast<std::int64_t>(random_.between(1, 20));
  switch (random_.below(5)) {
    case 0:
      outcome_.tally.count(Happening::clock_jump_hours);
      device.set_clock_offset(sign * amount * static_cast<std::int64_t>(hour));
      break;
    case 1:
      outcome_.tally.count(Happening::clock_jump_days);
      device.set_clock_offset(sign * amount * day);
      break;
    case 2:
      outcome_.tally.count(Happening::clock_jump_years);
      device.set_clock_offset(sign * amount * 365 * day);
      break;
    default:
      device.set_clock_offset(0);
      break;
  }
  trace("the clock jumps:", device.name());
}

void Simulation::late_enrolment() {
  if (enrolled_late_) return;
  enrolled_late_ = true;
  trace("a device is offered");
  world_.administrator().arm(WriteCrash::none);
  // The people of another device: the same officers, two chains.
  auto officers = world_.devices().back()->officers();
  if (world_.offer_device("late", std::move(officers)) == nullptr) return;
  outcome_.tally.count(Happening::late_enrolment);
}

// ---- the end ----

void Simulation::finish() {
  trace("the faults stop");
  for (const auto& device : world_.devices()) device->calm();
  world_.host().calm();
  // A scope learnt on the last day may be another one today.
  for (const auto& device : world_.devices()) device->disconnect();
  world_.settle();
  check_restart();

  const ServerHost& host = world_.host();
  LogAudit audit(host.log(), host.privates(), outcome_.tally);
  audit.run();
  outcome_.events = host.log().head().position.value;
  outcome_.devices = world_.devices().size();
  const events::Bytes bytes = events::encode(audit.state());
  require(bytes == events::encode(host.state()), Promise::same_meaning,
          "the server's state is not the fold of its log");
  for (const auto& device : world_.devices()) {
    device->check_promises();
    audit_device(*device, audit, world_.now());
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
