#include "clients/core/log/receipt_store.h"

#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using namespace events;
using events::protocol::SignedReceipt;

/// A device whose registration the server has acknowledged, and the receipt for it.
struct Acknowledged {
  ScriptedServer server;
  TestDevice device{server};

  Acknowledged() {
    device.sync(server);
    register_one(1);
  }
  void register_one(std::uint8_t salt) {
    const auto requests = device.registration(server, salt);
    EXPECT_TRUE(device.workspace->record_together(requests, server.world.now()));
    EXPECT_TRUE(device.sync(server).synced());
  }
  SignedReceipt receipt() const {
    const clients::OfflineLog& own = device.replica->own();
    const BlockReceipt& last = own.receipts().rbegin()->second;
    return signed_with(system_chain, {.log = device.replica->identity().log,
                                      .epoch = last.epoch,
                                      .chain = device.replica->identity().chain,
                                      .upto_seq = last.last_seq(),
                                      .chain_hash = own.hash_at(last.last_seq()),
                                      .position = last.last(),
                                      .root = last.root_after,
                                      .signature = {}});
  }
  static SignedReceipt signed_with(ChainNumber chain, SignedReceipt receipt) {
    receipt.signature = test_support::key_of(chain).sign(protocol::receipt_statement(receipt));
    return receipt;
  }
  ErrorCode refusal(const SignedReceipt& receipt) {
    const Result<void> taken = device.replica->take_signed_receipt(receipt);
    return taken ? ErrorCode{} : taken.error().code;
  }
};

// After a server was restored the receipt is the only proof that a title's registration was in.
TEST(ReceiptStore, KeepsTheNewestReceiptAcrossRestarts) {
  Acknowledged world;
  const SignedReceipt first = world.receipt();
  EXPECT_EQ(world.refusal(first), ErrorCode{});
  world.register_one(2);
  const SignedReceipt second = world.receipt();
  EXPECT_EQ(world.refusal(second), ErrorCode{});
  EXPECT_EQ(world.refusal(first), ErrorCode{}) << "a late one changes nothing";
  world.device.restart();
  EXPECT_EQ(world.device.replica->receipt_store().all(), std::vector<SignedReceipt>{second});
  EXPECT_EQ(world.device.replica->receipt_store().covers(second.chain), second.upto_seq);
}

// A receipt of an earlier epoch is what a restored log is measured by; a newer one must not
// displace it.
TEST(ReceiptStore, KeepsOneReceiptForEachEpoch) {
  Acknowledged world;
  const SignedReceipt before = world.receipt();
  ASSERT_EQ(world.refusal(before), ErrorCode{});
  SignedReceipt after = before;
  after.epoch = Epoch{2};
  after = Acknowledged::signed_with(system_chain, after);
  EXPECT_EQ(world.refusal(after), ErrorCode{});
  EXPECT_EQ(world.device.replica->receipt_store().all().size(), 2U);
}

// A receipt that is kept and does not hold is worse than none.
TEST(ReceiptStore, RefusesWhatTheServerDidNotSignOrTheDeviceDidNotMake) {
  Acknowledged world;
  const SignedReceipt honest = world.receipt();
  EXPECT_EQ(world.refusal(Acknowledged::signed_with(honest.chain, honest)),
            ErrorCode::bad_signature);
  const auto altered = [&](auto change) {
    SignedReceipt receipt = honest;
    change(receipt);
    return world.refusal(Acknowledged::signed_with(system_chain, receipt));
  };
  EXPECT_EQ(altered([](SignedReceipt& each) { each.log = LogId{99}; }), ErrorCode::wrong_log);
  EXPECT_EQ(altered([](SignedReceipt& each) { each.chain = ChainNumber{99}; }),
            ErrorCode::wrong_log);
  EXPECT_EQ(altered([](SignedReceipt& each) { each.upto_seq += 1; }), ErrorCode::log_diverged);
  EXPECT_EQ(altered([](SignedReceipt& each) { each.chain_hash.bytes[0] ^= 1U; }),
            ErrorCode::log_diverged);
  EXPECT_EQ(altered([](SignedReceipt& each) { ++each.position.value; }), ErrorCode::log_diverged);
  EXPECT_EQ(altered([](SignedReceipt& each) { each.root.bytes[0] ^= 1U; }),
            ErrorCode::log_diverged);
  EXPECT_TRUE(world.device.replica->receipt_store().all().empty());
}

}  // namespace
}  // namespace clients_test
