#include "events/protocol/move_messages.h"

#include "events/protocol/frame_codec.h"
#include "tests/support/golden.h"
#include "tests/support/world.h"

#include <gtest/gtest.h>

namespace events::protocol {
namespace {

// Somebody at the old address could lead every device of a province to a server of their own.
TEST(Moved, IsBelievedOnlyAsItsServerSignedIt) {
  const SigningKey server = test_support::key_of(system_chain);
  const Moved moved = sign_moved(LogId{11}, "wss://new.example:8470", server);
  EXPECT_TRUE(is_authentic(moved, server.public_key()));
  Moved elsewhere = moved;
  elsewhere.address = "wss://evil.example:8470";
  EXPECT_FALSE(is_authentic(elsewhere, server.public_key()));
  Moved other_log = moved;
  other_log.log = LogId{12};
  EXPECT_FALSE(is_authentic(other_log, server.public_key()));
  EXPECT_FALSE(is_authentic(moved, test_support::key_of(ChainNumber{2}).public_key()));
}

TEST(Moved, KeepsItsBytes) {
  SecretSeed seed;
  seed.bytes.fill(1);
  const SigningKey server = SigningKey::from_seed(seed);
  test_support::expect_golden("protocol/moved.hex",
                              encode_frame(sign_moved(LogId{1}, "wss://new.example:8470", server)));
}

}  // namespace
}  // namespace events::protocol
