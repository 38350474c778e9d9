#include "clients/core/log/keyring_content.h"

#include "events/archive/compact.h"
#include "tests/support/golden.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using namespace clients;
using events::Bytes;

KeyringContent a_locked_keyring() {
  KeyringContent content;
  content.lock = LockKind::pin;
  content.cost.salt.fill(0x73);
  content.cost.passes = 5;
  content.cost.kibibytes = 64 * 1024;
  content.master = Bytes(60, 0xA1);
  content.public_key.bytes.fill(0xB2);
  content.failures = 2;
  content.retry_at = events::Timestamp{1'800'000'000'000};
  content.next_number = 4;
  content.keys = {{3, events::UnitId{events::EventId{events::ChainNumber{2}, 2}}, Bytes(60, 0xC3)}};
  return content;
}

// A device that is updated must still open what an older build locked.
TEST(KeyringContent, StandsOnDiskAsItAlwaysDid) {
  const Bytes encoded = events::encode(a_locked_keyring());
  test_support::expect_golden("keyring/locked.hex", encoded);
  EXPECT_EQ(*events::decode<KeyringContent>(encoded), a_locked_keyring());
}

}  // namespace
}  // namespace clients_test
