#pragma once

#include "tests/e2e/corpus_device.h"
#include "tests/e2e/raw_web_socket.h"
#include "tests/e2e/server_child.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace e2e {

/// A server that is attacked, and a well-behaved device that works on it at the same time.  All
/// tests of a suite share both, so that each attack also meets what the ones before left behind.
class HostilePeer : public testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  /// After each attack the good device pushes one more block and the server says that it is ready.
  void TearDown() override;

  static CorpusDevice& device() { return *device_; }
  static RawWebSocket& good_connection() { return *good_connection_; }
  static std::uint16_t port() { return server_->port(); }

  /// A greeting of the administrator's device, whose key the attacker has.
  static events::protocol::Hello stolen_hello();
  /// Of the corpus's administrator.
  static events::SigningKey stolen_key();
  static events::protocol::Hello sign_stolen(events::protocol::Hello hello);
  /// A connection that has greeted with the stolen key and was let in.
  static std::unique_ptr<RawWebSocket> let_in();
  /// Pushes the good device's last block and waits for its acknowledgement.
  static void push_last();
  /// The same with a new block.
  static void push_one_more();

  /// Expects that the server ends the connection with this ERROR, and with nothing else.
  static void expect_error(RawWebSocket& socket, events::ErrorCode code, std::uint8_t about);
  /// Expects that a push on an open connection is answered with PUSH_NAK.
  static void expect_nak(RawWebSocket& socket, const events::protocol::Message& push,
                         events::ErrorCode reason);

 private:
  static std::unique_ptr<ScratchDirectory> scratch_;
  static std::unique_ptr<CorpusDevice> device_;
  static std::unique_ptr<ServerChild> server_;
  static std::unique_ptr<RawWebSocket> good_connection_;
};

}  // namespace e2e
