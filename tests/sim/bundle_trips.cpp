#include "tests/sim/bundle_trips.h"

#include "tests/sim/violation.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace sim {
namespace {

constexpr std::uint64_t own_stream = 0xC0'0B1E'0000'0001;
constexpr std::size_t loads_max = 12;
constexpr std::uint64_t hour = 3'600'000;

}  // namespace

BundleTrips::BundleTrips(World& world, std::uint64_t seed, Tally& tally, Trace trace)
    : world_(world),
      random_(seed ^ own_stream),
      tally_(tally),
      trace_(std::move(trace)),
      play_(random_.chance(50)) {
  if (play_) world_.host().publish_sealing_key(world_.now());
}

void BundleTrips::step() {
  if (!play_ || !random_.chance(8)) return;
  std::vector<std::size_t> due;
  for (std::size_t index = 0; index < loads_.size(); ++index) {
    if (loads_[index].due <= world_.now() || random_.chance(15)) due.push_back(index);
  }
  const bool leaves = loads_.size() < loads_max && random_.chance(50);
  if (leaves || due.empty()) return leave();
  const auto place = loads_.begin() + static_cast<std::ptrdiff_t>(random_.pick(due));
  Load load = std::move(*place);
  loads_.erase(place);
  arrive(std::move(load));
}

/// One without a connection, mostly: who has one needs no carrier.  One that has something to send,
/// if possible.
Device* BundleTrips::some_sender() {
  Device* idle = nullptr;
  for (int tries = 0; tries < 10; ++tries) {
    Device& device = *random_.pick(world_.devices());
    if (!device.is_enrolled() || (device.link() != nullptr && !random_.chance(10))) continue;
    const std::uint64_t head = device.replica().own().head().seq;
    const bool is_on_the_way = device.exported_to() > device.replica().own().verdicts_known();
    if (head > device.exported_to() && (is_on_the_way || random_.chance(50))) return &device;
    idle = &device;
  }
  return idle;
}

void BundleTrips::leave() {
  Device* const device = some_sender();
  if (device == nullptr) return;
  // Only what came behind the last bundle while that one is on the way, mostly; otherwise all that
  // has no answer yet.
  const bool is_on_the_way = device->exported_to() > device->replica().own().verdicts_known();
  const std::uint64_t since =
      random_.chance(is_on_the_way ? 85 : 10) ? device->exported_to() + 1 : 0;
  std::optional<events::Bytes> bundle = device->export_bundle(random_, since, world_.now());
  if (!bundle) return;
  trace_("a bundle leaves", device->name());
  tally_.count(Happening::bundle_exported);
  send_off({device, std::move(*bundle), false, Damage::none, {}});
}

void BundleTrips::send_off(Load load) {
  load.due =
      events::Timestamp{world_.now().value + random_.below(random_.chance(70) ? 4 : 100) * hour};
  if (random_.chance(10)) {
    tally_.count(Happening::bundle_lost);
    return;
  }
  if (random_.chance(25)) {
    tally_.count(Happening::bundle_twice);
    Load again = load;
    again.due.value += random_.below(20) * hour;
    loads_.push_back(std::move(again));
  }
  if (random_.chance(15)) damage(load);
  loads_.push_back(std::move(load));
}

void BundleTrips::damage(Load& load) {
  if (random_.chance(50)) {
    tally_.count(Happening::bundle_cut);
    load.damage = Damage::cut;
    load.bundle.resize(random_.below(load.bundle.size()));
    return;
  }
  tally_.count(Happening::bundle_changed);
  load.damage = Damage::changed;
  load.bundle[random_.below(load.bundle.size())] ^=
      static_cast<std::uint8_t>(1U << random_.below(8));
}

void BundleTrips::arrive(Load load) {
  if (!load.is_answer) return hand_over(std::move(load));
  if (random_.chance(5)) bring_to_the_wrong_door(load);
  bring_back(load);
}

void BundleTrips::hand_over(Load load) {
  trace_("a bundle arrives of", load.device->name());
  ServerHost& host = world_.host();
  const std::uint64_t appended = host.log().head().position.value;
  ServerHost::BundleReply reply =
      host.take_bundle(load.bundle, events::SealingSecret{random_.bytes<32>()}, world_.now());
  world_.note_names_of_bundles();
  using Kind = ServerHost::BundleReply::Kind;
  if (load.damage == Damage::changed) {
    // A length that was changed makes it end too early, and whole blocks before that count.
    const bool is_as_if_cut = reply.was_cut;
    const bool adds = host.log().head().position.value != appended;
    require((reply.kind == Kind::refused && !adds) || is_as_if_cut, Promise::verifiable, [&] {
      return "a bundle of " + load.device->name() + " was changed on the way, and taken";
    });
  }
  switch (reply.kind) {
    case Kind::refused:
      tally_.count(Happening::bundle_refused);
      return;
    case Kind::busy:
      load.due.value = world_.now().value + random_.below(4) * hour;
      loads_.push_back(std::move(load));
      return;
    case Kind::crashed:
      tally_.count(Happening::server_crash_in_bundle);
      // The carrier heard nothing and comes again, or goes home.
      if (random_.chance(50)) loads_.push_back(std::move(load));
      return;
    case Kind::answered:
      tally_.count(Happening::bundle_answered);
      return send_off(
          {load.device, std::move(reply.answer), true, Damage::none, {}, reply.session});
  }
}

void BundleTrips::bring_back(const Load& load) {
  trace_("an answer arrives at", load.device->name());
  const Device::Holdings before = load.device->holdings();
  load.device->import_bundle(load.bundle, load.damage == Damage::none, world_.now());
  load.device->check_losses(before, load.session, world_.now());
}

/// The answer for the neighbouring commune lies on the same stick.
void BundleTrips::bring_to_the_wrong_door(const Load& load) {
  Device& other = *random_.pick(world_.devices());
  if (!other.is_enrolled()) return;
  if (other.replica().identity().chain == load.device->replica().identity().chain) return;
  if (world_.has_copies()) return;
  trace_("an answer arrives at the wrong door:", other.name());
  tally_.count(Happening::bundle_at_the_wrong_door);
  require(!other.import_bundle(load.bundle, false, world_.now()), Promise::erasable,
          [&] { return other.name() + " took an answer that is for another device"; });
}

void BundleTrips::arrive_late() {
  const events::Position head = world_.host().log().head().position;
  while (!loads_.empty()) {
    Load load = std::move(loads_.front());
    loads_.pop_front();
    arrive(std::move(load));
  }
  // What a device had made before it was set back may be in a bundle, and come back with it.
  const bool adds = world_.host().log().head().position != head;
  require(!adds || world_.has_copies(), Promise::exactly_once,
          "a bundle that the network overtook adds to the log");
  world_.settle();
}

}  // namespace sim
