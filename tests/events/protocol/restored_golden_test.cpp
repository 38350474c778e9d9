#include "events/protocol/frame_codec.h"
#include "tests/support/event_builders.h"
#include "tests/support/example_session.h"
#include "tests/support/golden.h"
#include "tests/support/restored_builders.h"

#include <gtest/gtest.h>

namespace events::protocol {
namespace {

using test_support::a_new_chain_request;
using test_support::a_signed_receipt;
using test_support::expect_golden;

// A receipt is kept for ever: a device must be able to show it to a server built in ten years.
TEST(ReceiptGolden, FramesOfReceiptsRepairAndNewChainsKeepTheirBytes) {
  expect_golden("protocol/receipt.hex", encode_frame(a_signed_receipt()));
  expect_golden("protocol/reconcile.hex",
                encode_frame(Reconcile{Position{4},
                                       false,
                                       {a_signed_receipt()},
                                       {{Position{1}, 0x0102030405060708}, {Position{4}, 9}}}));
  const Recover recover{encode_stored_block(test_support::example_session().own)};
  expect_golden("protocol/recover.hex", encode_frame(recover));
  expect_golden("protocol/new_chain.hex", encode_frame(a_new_chain_request()));
}

// A receipt whose position can be changed afterwards proves nothing about a restored server.
TEST(SignedReceipt, EveryFieldIsSigned) {
  const PublicKey server = test_support::a_key(1).public_key();
  const SignedReceipt honest = a_signed_receipt();
  EXPECT_TRUE(is_authentic(honest, server));
  EXPECT_FALSE(is_authentic(honest, test_support::a_key(2).public_key()));
  const auto refuses = [&](auto change) {
    SignedReceipt altered = honest;
    change(altered);
    return !is_authentic(altered, server);
  };
  EXPECT_TRUE(refuses([](SignedReceipt& each) { each.log = LogId{9}; }));
  EXPECT_TRUE(refuses([](SignedReceipt& each) { each.epoch = Epoch{2}; }));
  EXPECT_TRUE(refuses([](SignedReceipt& each) { each.chain = ChainNumber{9}; }));
  EXPECT_TRUE(refuses([](SignedReceipt& each) { each.upto_seq = 4; }));
  EXPECT_TRUE(refuses([](SignedReceipt& each) { each.chain_hash.bytes[0] ^= 1U; }));
  EXPECT_TRUE(refuses([](SignedReceipt& each) { each.position = Position{5}; }));
  EXPECT_TRUE(refuses([](SignedReceipt& each) { each.root.bytes[31] ^= 1U; }));
}

}  // namespace
}  // namespace events::protocol
