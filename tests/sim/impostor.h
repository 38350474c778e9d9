#pragma once

#include "events/base/bytes.h"
#include "tests/sim/random.h"
#include "tests/sim/tally.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <deque>

namespace sim {

/// A server in the middle that has a certificate and not the log's key: devices come to it, and it
/// says whatever might make them give away names or drop what they hold.  The greetings it captures
/// it sends to the real server, which must give nothing for them.
///
/// State: the last captured greetings.
class Impostor {
 public:
  /// Lifetime: the references outlive this object.
  Impostor(World& world, std::uint64_t seed, Tally& tally);

  /// Now and then a device comes to it, or it tries a captured greeting.
  void step();

 private:
  void receive(Device& device);
  void replay();
  /// One frame that would do harm if it were believed.
  events::protocol::Message lie(const events::protocol::Hello& hello);

  World& world_;
  Random random_;
  Tally& tally_;
  std::deque<events::Bytes> captured_;
};

}  // namespace sim
