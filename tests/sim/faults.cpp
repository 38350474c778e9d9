#include "tests/sim/faults.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sim {
namespace {

constexpr std::int64_t hour = 3'600'000;

}  // namespace

void Faults::strike() {
  switch (random_.below(22)) {
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
    case 15:
      trace("units are rearranged");
      return acts_.rearrange_units();
    case 16:
      // Of two copies with one key nobody can say which one is revoked.
      if (has_copies_ || !random_.chance(10)) return;
      has_revoked_ = true;
      trace("a device is revoked");
      return acts_.revoke_a_device();
    case 17:
    case 18:
      return server_disaster();
    case 19:
    case 20:
      return copy_a_device();
    default:
      return late_enrolment();
  }
}

LinkPtr Faults::some_link() {
  const auto& links = world_.host().links();
  return links.empty() ? nullptr : links[random_.below(links.size())];
}

void Faults::network_fault() {
  LinkPtr link = some_link();
  for (int tries = 0; tries < 3 && link != nullptr && link->up.size() < 2; ++tries) {
    link = some_link();  // A busy one is worth more.
  }
  if (link == nullptr) return;
  if (random_.chance(33)) return cut(*link);
  repeat_or_reorder(*link);
}

void Faults::cut(Link& link) {
  trace("the connection is cut");
  tally_.count(Happening::connection_cut);
  const bool up = Link::shorten(link.up, random_);
  const bool down = Link::shorten(link.down, random_);
  if (up || down) tally_.count(Happening::message_cut);
  for (const auto& device : world_.devices()) {
    if (device->link() != &link) continue;
    if (!link.up.empty()) tally_.count(Happening::old_connection_lives_on);
    // Either side may notice first.
    if (random_.chance(50)) {
      device->disconnect();
    } else {
      link.leave_server();
    }
  }
}

/// On one connection order is kept by TCP; but the same frames also travel by other ways (a stick,
/// a relay, a retried request), so what goes up may come twice and in any order.  What comes down
/// may come twice.
void Faults::repeat_or_reorder(Link& link) {
  const bool up = !link.up.empty() && random_.chance(80);
  auto& messages = up ? link.up : link.down;
  if (messages.empty()) return;
  const std::size_t place = random_.below(messages.size());
  if (up && messages.size() > 1 && random_.chance(50)) {
    trace("messages are reordered");
    tally_.count(Happening::messages_reordered);
    std::swap(messages[place], messages[random_.below(messages.size())]);
    return;
  }
  trace("a message is repeated");
  tally_.count(Happening::message_repeated);
  messages.push_back(messages[place]);
}

/// Loses the end of what comes down, from an answer on that the device waits for.
void Faults::lose_acknowledgement() {
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
  tally_.count(is_ack ? Happening::acknowledgement_lost : Happening::enrolment_answer_lost);
  link.down.erase(lost, link.down.end());
  link.leave_server();
}

void Faults::device_crash() {
  Device& device = some_device();
  switch (random_.below(4)) {
    case 0:
      trace("crashes:", device.name());
      tally_.count(Happening::device_crash_idle);
      return device.crash();
    case 1:
      return device.arm(WriteCrash::before_write);
    case 2:
      return device.arm(WriteCrash::before_sync);
    default:
      return device.arm(WriteCrash::after_write);
  }
}

void Faults::server_crash() {
  switch (random_.below(4)) {
    case 0:
      trace("the server crashes");
      tally_.count(Happening::server_crash_idle);
      return world_.host().restart();
    case 1:
      return world_.host().arm(AppendCrash::before_batch);
    case 2:
      return world_.host().arm(AppendCrash::before_sync);
    default:
      return world_.host().arm(AppendCrash::before_answers);
  }
}

/// A tablet is cloned, or its image of some time ago comes back.  Only one of them in a seed, and
/// no server is restored then: what a copy knows of its chain may be less than what another one
/// does.
void Faults::copy_a_device() {
  Device& device = some_device();
  const bool is_above = &device == &world_.administrator() || &device == &world_.association();
  if (is_above || has_copies_ || has_revoked_ || !device.is_enrolled()) return;
  if (world_.host().restores() > 0) return;
  if (!image_) {
    image_.emplace(Image{&device, device.image()});
    return;
  }
  if (!random_.chance(20)) return;
  has_copies_ = true;
  if (random_.chance(50)) {
    trace("is cloned:", device.name());
    tally_.count(Happening::device_cloned);
    world_.clone(device);
    return;
  }
  trace("is set back:", image_->device->name());
  tally_.count(Happening::device_set_back);
  image_->device->start_from(image_->disk);
}

/// Now and then a backup is made, and seldom it is needed.
void Faults::server_disaster() {
  ServerHost& host = world_.host();
  if (has_copies_ || !host.can_restore() || !random_.chance(25)) {
    trace("a backup is made");
    return host.back_up();
  }
  trace("the server is restored from its backup");
  for (const auto& device : world_.devices()) device->check_promises();
  host.restore_backup();
}

void Faults::clock_jump() {
  Device& device = some_device();
  if (&device == &world_.administrator()) return;
  constexpr auto day = static_cast<std::int64_t>(events::milliseconds_per_day);
  const std::int64_t sign = random_.chance(50) ? 1 : -1;
  const auto amount = static_cast<std::int64_t>(random_.between(1, 20));
  switch (random_.below(5)) {
    case 0:
      tally_.count(Happening::clock_jump_hours);
      device.set_clock_offset(sign * amount * hour);
      break;
    case 1:
      tally_.count(Happening::clock_jump_days);
      device.set_clock_offset(sign * amount * day);
      break;
    case 2:
      tally_.count(Happening::clock_jump_years);
      device.set_clock_offset(sign * amount * 365 * day);
      break;
    default:
      device.set_clock_offset(0);
      break;
  }
  trace("the clock jumps:", device.name());
}

void Faults::late_enrolment() {
  if (enrolled_late_) return;
  enrolled_late_ = true;
  trace("a device is offered");
  world_.administrator().arm(WriteCrash::none);
  // The people of another device: the same officers, two chains.
  auto officers = world_.devices().back()->officers();
  if (world_.offer_device("late", std::move(officers)) == nullptr) return;
  tally_.count(Happening::late_enrolment);
}

}  // namespace sim
