#include "tests/sim/clock_steps.h"

#include "clients/core/sync/scope_state.h"
#include "tests/sim/violation.h"

#include <utility>

namespace sim {
namespace {

constexpr std::uint64_t own_stream = 0xC10C'57E9'0000'0005;
constexpr std::uint64_t stream_of_drifts = 0xC10C'57E9'0000'0006;
constexpr unsigned seeds_percent = 33;
constexpr std::int64_t hour = 3'600'000;
constexpr auto day = static_cast<std::int64_t>(events::milliseconds_per_day);

}  // namespace

bool ClockSteps::play_in(std::uint64_t seed) {
  Random random(seed ^ own_stream);
  return random.chance(seeds_percent);
}

ClockSteps::ClockSteps(World& world, std::uint64_t seed, Tally& tally, Trace trace)
    : world_(world),
      random_(seed ^ own_stream),
      drifts_(seed ^ stream_of_drifts),
      tally_(tally),
      trace_(std::move(trace)),
      play_(random_.chance(seeds_percent)) {
  if (play_) world_.host().clock().play();
}

void ClockSteps::step() {
  if (play_) drift();
  if (!play_ || !random_.chance(4)) return;
  const ServerClock& clock = world_.host().clock();
  if (clock.is_right()) {
    // Whoever set it right confirms it sooner or later, and so does whoever is asked to.
    const bool is_refused = clock.fault() != server::ClockFault::none;
    return is_refused && random_.chance(70) ? confirm() : go_wrong();
  }
  const std::uint64_t drawn = random_.below(100);
  if (drawn < 45) return go_right();
  if (drawn < 65) return confirm();
  if (drawn < 85) return mislead_a_device();
  go_wrong();
}

/// No step, but many of them come to minutes, in one direction for a while.
void ClockSteps::drift() {
  if (!drifts_.chance(30)) return;
  const auto amount = static_cast<std::int64_t>(drifts_.between(1, 8)) * 1'000;
  world_.host().clock().drift(drifts_.chance(70) ? amount : -amount);
  tally_.count(Happening::server_clock_drifted);
}

std::int64_t ClockSteps::draw_offset() {
  const std::int64_t sign = random_.chance(50) ? 1 : -1;
  const auto amount = static_cast<std::int64_t>(random_.between(1, 20));
  switch (random_.below(7)) {
    case 0:
    case 1:
      tally_.count(Happening::server_clock_hours);
      return sign * amount * hour;
    case 2:
    case 3:
      tally_.count(Happening::server_clock_days);
      return sign * amount * day;
    case 4:
    case 5:
      tally_.count(Happening::server_clock_years);
      return sign * amount * 365 * day;
    default:
      tally_.count(Happening::server_clock_1970);
      return -static_cast<std::int64_t>(world_.now().value) + amount * hour;
  }
}

/// The machine's clock is set, while the server runs or before it starts again.
void ClockSteps::set(std::int64_t offset) {
  world_.host().clock().set_offset(offset);
  if (random_.chance(50)) {
    tally_.count(Happening::server_clock_set_while_running);
    return;
  }
  tally_.count(Happening::server_clock_set_while_off);
  world_.host().restart();
}

void ClockSteps::go_wrong() {
  const std::int64_t offset = draw_offset();
  trace("the server's clock goes wrong:", std::to_string(offset / hour) + " h");
  set(offset);
}

void ClockSteps::go_right() {
  trace("the server's clock is set right");
  set(0);
  if (random_.chance(50)) confirm();
}

void ClockSteps::confirm() {
  const bool is_right = world_.host().clock().is_right();
  if (!world_.host().confirm_clock(world_.now())) return;
  trace(is_right ? "the operator confirms the clock" : "the operator confirms a wrong clock");
  tally_.count(is_right ? Happening::server_clock_confirmed
                        : Happening::server_clock_confirmed_wrongly);
}

/// A device gets the same wrong time, and the server starts again: nobody needs to vouch for the
/// time of one that went on.
void ClockSteps::mislead_a_device() {
  Device& device = *random_.pick(world_.devices());
  const ServerClock& clock = world_.host().clock();
  // Of a clock that was never set nobody is asked.
  if (&device == &world_.administrator() || !clock.was_ever_set(world_.now())) return;
  trace("a device has the server's wrong time:", device.name());
  device.set_clock_offset(clock.offset());
  if (random_.chance(70)) world_.host().restart();
}

void ClockSteps::mend() {
  if (!play_) return;
  trace("the server's clock is right and confirmed");
  ServerHost& host = world_.host();
  host.clock().set_offset(0);
  host.confirm_clock(world_.now());
  for (const auto& device : world_.devices()) {
    if (!device->is_enrolled()) continue;
    const auto scope_state = clients::ScopeState::load(device->replica());
    require(scope_state.has_value(), Promise::live, "a device cannot read its grant");
    if (!scope_state->grant() || scope_state->grant()->granted_at <= world_.now()) continue;
    // It was told a later time than it is, and believes the earlier one only if its own clock shows
    // it, too.
    if (!device->clock_is_sane()) tally_.count(Happening::device_clock_set_for_server);
    device->set_clock_offset(0);
  }
}

}  // namespace sim
