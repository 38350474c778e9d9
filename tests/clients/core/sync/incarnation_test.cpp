#include "clients/core/sync/incarnation.h"

#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using namespace events;
namespace protocol = events::protocol;

struct IncarnationTest : testing::Test {
  ScriptedServer server;
  TestDevice device{server};

  IncarnationTest() {
    device.sync(server);
    record(1);
    record(2);
  }

  void record(std::uint8_t salt) {
    const auto requests = device.registration(server, salt);
    EXPECT_TRUE(device.workspace->record_together(requests, server.world.now()));
    device.sync(server);
  }

  protocol::NewChain ask() {
    SecretSeed fresh;
    fresh.bytes.fill(0x31);
    const auto request = clients::ask_for_new_chain(*device.replica, fresh);
    EXPECT_TRUE(request) << request.error().message;
    return request ? *request : protocol::NewChain{};
  }
};

// Answers to pushes are not signed, and one may be about events that the device had made before it
// was set back; a request that builds on them is refused for ever.
TEST_F(IncarnationTest, NamesAsCommonOnlyWhatTheServerSigned) {
  const clients::OfflineLog& own = device.replica->own();
  ASSERT_GT(own.verdicts_known(), 3U);
  const protocol::NewChain unproved = ask();
  EXPECT_EQ(unproved.common_seq, 0U);
  EXPECT_EQ(unproved.common_hash, own.hash_at(0));
  ASSERT_EQ(unproved.hashes.size(), own.head().seq) << "the server finds the place itself";
  EXPECT_EQ(unproved.hashes.front(), fingerprint_of(own.hash_at(1)));

  const BlockReceipt& block = own.receipts().begin()->second;
  protocol::SignedReceipt receipt{.log = device.replica->identity().log,
                                  .epoch = block.epoch,
                                  .chain = device.replica->identity().chain,
                                  .upto_seq = block.last_seq(),
                                  .chain_hash = own.hash_at(block.last_seq()),
                                  .position = block.last(),
                                  .root = block.root_after,
                                  .signature = {}};
  receipt.signature = test_support::key_of(system_chain).sign(protocol::receipt_statement(receipt));
  ASSERT_TRUE(device.replica->take_signed_receipt(receipt));
  const protocol::NewChain proved = ask();
  EXPECT_EQ(proved.common_seq, receipt.upto_seq);
  EXPECT_EQ(proved.hashes.size(), own.head().seq - receipt.upto_seq);
}

}  // namespace
}  // namespace clients_test
