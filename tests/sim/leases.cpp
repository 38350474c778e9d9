#include "tests/sim/leases.h"

#include "clients/core/sync/scope_state.h"
#include "server/commit/scope_lease.h"
#include "tests/sim/violation.h"

#include <optional>
#include <utility>

namespace sim {
namespace {

constexpr std::uint64_t own_stream = 0x1EA5'E000'0000'0002;
constexpr unsigned seeds_percent = 25;
constexpr std::uint32_t short_lease_days = 1;
constexpr const char* hidden_name = "(locked)";

/// Whether the device has the private record, readable or not.
bool holds_record(const Device& device, events::EventId id) {
  const auto digest = device.replica().overlay().private_digest(id);
  return digest && device.replica().store().private_record(*digest)->has_value();
}

}  // namespace

std::uint32_t Leases::days_in(std::uint64_t seed) {
  Random random(seed ^ own_stream);
  return random.chance(seeds_percent) ? short_lease_days : server::lease_days_default;
}

Leases::Leases(World& world, std::uint64_t seed, Tally& tally, Plant plant, Trace trace)
    : world_(world),
      random_(seed ^ own_stream),
      tally_(tally),
      plant_(plant),
      trace_(std::move(trace)),
      play_(random_.chance(seeds_percent)) {}

void Leases::heed(Device& device) {
  if (!device.is_enrolled() || plant_ == Plant::lease_ignored) return;
  const auto scope_state = clients::ScopeState::load(device.replica());
  require(scope_state.has_value(), Promise::live, "a device cannot read its grant");
  const bool is_over =
      scope_state->lease_is_over(device.clock(world_.now()), device.contact().server_time);
  device.replica().hide_privates(is_over);
  device.workspace().set_hidden_name(hidden_name);
  if (is_over && locked_.insert(&device).second) {
    trace_("the lease is over:", device.name());
    tally_.count(Happening::lease_ended);
  }
  if (!is_over && locked_.erase(&device) != 0) {
    trace_("the lease is renewed:", device.name());
    tally_.count(Happening::lease_renewed);
  }
}

void Leases::check(Device& device) const {
  if (!device.is_enrolled()) return;
  const auto scope_state = clients::ScopeState::load(device.replica());
  require(scope_state.has_value(), Promise::live, "a device cannot read its grant");
  if (!scope_state->grant()) return;
  const bool must_lock = device.clock(world_.now()) > scope_state->grant()->valid_until;
  for (const Officer& officer : device.officers()) {
    const events::EventId id = officer.person.event;
    if (!holds_record(device, id)) continue;
    const std::string name = device.workspace().name_of(id);
    const auto record = device.replica().private_record_of(id);
    const bool is_readable = (name != hidden_name && !name.empty()) || (record && *record);
    require(!(must_lock && is_readable), Promise::erasable,
            [&] { return device.name() + " shows a name though its lease is over"; });
    require(is_readable || device.replica().hides_privates(), Promise::erasable,
            [&] { return device.name() + " hides a name though its lease is not over"; });
  }
}

void Leases::step() {
  if (!play_ || !random_.chance(5)) return;
  Device& device = *random_.pick(world_.devices());
  heed(device);
  check(device);
}

bool Leases::refuses(Device& device) {
  if (!play_ || !device.is_enrolled()) return false;
  heed(device);
  check(device);
  if (!device.replica().hides_privates()) return false;
  tally_.count(Happening::act_refused_while_locked);
  return true;
}

void Leases::check_at_rest() {
  if (!play_) return;
  for (const auto& device : world_.devices()) {
    if (!device->is_enrolled() || world_.is_revoked(*device)) continue;
    heed(*device);
    check(*device);
    // Who believes that it is next year does not believe a lease of this one.
    require(!device->replica().hides_privates() || !device->clock_is_sane(), Promise::live,
            [&] { return device->name() + " has met the server and is still locked"; });
  }
}

}  // namespace sim
