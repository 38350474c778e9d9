#include "tests/sim/impostor.h"

#include "events/protocol/frame_codec.h"
#include "tests/sim/violation.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sim {

namespace protocol = events::protocol;
using events::Bytes;

namespace {

constexpr std::size_t captured_max = 16;

/// What a greeting may get before it is answered: nothing of the log, and nothing private.
bool may_come_unanswered(const protocol::Message& frame) {
  return std::holds_alternative<protocol::Welcome>(frame) ||
         std::holds_alternative<protocol::ErrorFrame>(frame) ||
         std::holds_alternative<protocol::Goaway>(frame);
}

}  // namespace

Impostor::Impostor(World& world, std::uint64_t seed, Tally& tally)
    : world_(world), random_(seed ^ 0x1A9057E3), tally_(tally) {}

void Impostor::step() {
  const std::uint64_t drawn = random_.below(100);
  if (drawn < 4) {
    Device& device = *random_.pick(world_.devices());
    if (device.is_enrolled()) receive(device);
  } else if (drawn < 6) {
    replay();
  }
}

void Impostor::receive(Device& device) {
  const auto link = std::make_shared<Link>();
  device.connect_over(link, world_.now(), random_.chance(60));
  if (device.link() != link.get() || link->up.empty()) return;  // Its store crashed.
  std::vector<protocol::Message> sent;
  for (const Bytes& message : link->up) {
    const auto frames = protocol::read_frames(message);
    require(frames.has_value(), Promise::live, "a device sends what nobody can read");
    sent.insert(sent.end(), frames->begin(), frames->end());
  }
  const auto* const hello = std::get_if<protocol::Hello>(&sent.front());
  if (hello == nullptr)
    return device.disconnect();  // It asks for a chain, which is another matter.
  require(sent.size() == 1, Promise::proved,
          [&] { return device.name() + " sends more than a greeting to whoever answers"; });
  captured_.push_back(link->up.front());
  if (captured_.size() > captured_max) captured_.pop_front();
  link->up.clear();

  const std::uint64_t known = device.replica().own().verdicts_known();
  const events::Position cursor = device.replica().pull().cursor.position;
  for (int lies = 0; lies < 3 && device.link() == link.get(); ++lies) {
    link->send_down(protocol::encode_frame(lie(*hello)));
    while (device.link() == link.get() && device.deliver(world_.now())) {
    }
    device.push_new(world_.now());
    require(link->up.empty(), Promise::proved,
            [&] { return device.name() + " answers a server that has proved nothing"; });
  }
  require(device.replica().own().verdicts_known() >= known &&
              device.replica().pull().cursor.position >= cursor,
          Promise::proved,
          [&] { return device.name() + " drops what it holds on the word of an impostor"; });
  device.disconnect();
  tally_.count(Happening::impostor_met);
}

protocol::Message Impostor::lie(const protocol::Hello& hello) {
  switch (random_.below(8)) {
    case 0:
      return protocol::ErrorFrame{events::ErrorCode::log_diverged, 0, "begin anew"};
    case 1:
      return protocol::PushAck{hello.head_seq, {}};
    case 2:
      return protocol::Goaway{protocol::GoawayReason::revoked, 1};
    case 3:
      return protocol::BlobState{{events::EventId{hello.chain, 1}, events::FilePart::original},
                                 protocol::FileStatus::stored,
                                 {},
                                 {},
                                 0};
    default:
      break;
  }
  protocol::Welcome welcome;
  welcome.session = 1;
  welcome.server_time = world_.now();
  welcome.log = hello.log;
  welcome.epoch = hello.cursor.epoch;
  welcome.head = hello.cursor.position;
  welcome.accepted_hash = hello.head_hash;
  welcome.accepted_seq = hello.head_seq;
  welcome.action = static_cast<protocol::WelcomeAction>(random_.below(5));
  welcome.rules = hello.rules;
  std::ranges::copy(random_.bytes<32>(), welcome.signature.bytes.begin());
  return welcome;
}

void Impostor::replay() {
  if (captured_.empty()) return;
  ServerHost& host = world_.host();
  const LinkPtr link = host.accept();
  link->send_up(captured_[random_.below(captured_.size())]);
  for (int turns = 0; turns < 4; ++turns) {
    host.deliver(*link, world_.now());
    host.work(world_.now(), 20);
    while (host.pump(*link, 64 * 1024)) {
    }
  }
  for (const Bytes& message : link->down) {
    const auto frames = protocol::read_frames(message);
    const bool gives_nothing = frames && std::ranges::all_of(*frames, may_come_unanswered);
    require(gives_nothing, Promise::proved, "a captured greeting is served");
  }
  link->leave_device();
  tally_.count(Happening::greeting_replayed);
}

}  // namespace sim
