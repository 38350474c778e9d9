#include "events/archive/compact.h"
#include "tests/server/session/tablet.h"

#include <gtest/gtest.h>

#include <algorithm>

// Events that a restored server lost, pushed again by a device that has destroyed their private
// records since: without a way to say so they would be refused for ever, and with them everything
// that the device records later.

namespace server::test {
namespace {

using clients::SyncState;
using events::ErrorCode;

/// A clerk's push of one person, without the record that it names.
class ErasedRecord : public ::testing::Test {
 protected:
  ErasedRecord() {
    const projections::Access& access = world.pipeline.state().access();
    const events::PersonId clerk = access.device_of(world.clerk.chain())->persons.front();
    const auto grant = std::ranges::find(access.grants(), clerk, &projections::Grant::person);
    events::PersonIntroduced person;
    person.home_unit = world.first;
    person.gender = events::Gender::female;
    person.private_digest =
        test_support::a_private_record(test_support::a_person_record(), 97).digest();
    world.clerk.create(person, clerk, grant->id);
    block = world.clerk.sign();
    shown = {.log = the_log,
             .epoch = events::Epoch{1},
             .chain = world.clerk.chain(),
             .upto_seq = world.clerk.seq(),
             .chain_hash = world.clerk.head(),
             .position = events::Position{90},
             .root = {},
             .signature = {}};
    protocol::Hello hello = a_hello(world.clerk);
    wire.send(signed_by(world.clerk, hello));
    wire.receive();
  }

  std::vector<protocol::Message> push_after(const protocol::SignedReceipt& receipt) {
    wire.send(receipt);
    wire.send(a_push(block));
    return wire.receive();
  }
  protocol::SignedReceipt signed_by_server(protocol::SignedReceipt receipt, int key = 1) const {
    receipt.signature = test_support::a_key(static_cast<std::uint8_t>(key))
                            .sign(protocol::receipt_statement(receipt));
    return receipt;
  }

  TwoCommunes world;
  Wire wire{world};
  events::DeviceBlock block;
  protocol::SignedReceipt shown;
};

TEST_F(ErasedRecord, WithoutAReceiptTheRecordIsAskedFor) {
  wire.send(a_push(block));
  const auto naks = all_of<protocol::PushNak>(wire.receive());
  ASSERT_EQ(naks.size(), 1U);
  EXPECT_EQ(naks[0].reason, ErrorCode::private_missing);
}

TEST_F(ErasedRecord, AReceiptOfTheLostLogLetsTheEventPassUnchecked) {
  const auto received = push_after(signed_by_server(shown));
  ASSERT_EQ(all_of<protocol::PushAck>(received).size(), 1U);
  EXPECT_EQ(error_of(received), ErrorCode{});
  const auto stored =
      *events::decode_stored_block(**world.log.block_of(world.clerk.chain(), world.clerk.seq()));
  EXPECT_EQ(stored.entries.back().intake.content, 0) << "nobody has seen the name";
}

TEST_F(ErasedRecord, AReceiptThatTheServerDidNotSignEndsTheConnection) {
  EXPECT_EQ(error_of(push_after(signed_by_server(shown, 9))), ErrorCode::bad_signature);
}

TEST_F(ErasedRecord, AReceiptOfAnotherDeviceEndsTheConnection) {
  shown.chain = world.association.chain();
  EXPECT_EQ(error_of(push_after(signed_by_server(shown))), ErrorCode::wrong_log);
}

// A receipt for other events under the same numbers says nothing about these.
TEST_F(ErasedRecord, AReceiptForAnotherPastIsNotEnough) {
  shown.chain_hash.bytes[0] ^= 1;
  const auto naks = all_of<protocol::PushNak>(push_after(signed_by_server(shown)));
  ASSERT_EQ(naks.size(), 1U);
  EXPECT_EQ(naks[0].reason, ErrorCode::private_missing);
}

// The whole way with the product's client: typed, acknowledged, destroyed; the server is set up
// again from before it, and takes the events all the same, with what comes behind them.
TEST(ErasedRecords, ADevicePushesAgainWhatItHasDestroyedTheNamesOf) {
  TwoCommunes lost;
  Tablet before(lost);
  ASSERT_EQ(before.sync(), SyncState::running);
  before.introduce("Lò Thị Ánh", 1);
  ASSERT_EQ(before.sync(), SyncState::running);
  ASSERT_EQ(before.replica->own().verdicts_known(), 1U);
  clients::StoreChange destroyed;
  destroyed.erased = *before.store.private_digests();
  ASSERT_FALSE(destroyed.erased.empty());
  // Nor is there a head that the lost log signed: the other one is of the same epoch.
  destroyed.settings = {{"signed_heads", ""}};
  ASSERT_TRUE(before.store.commit(destroyed));

  TwoCommunes restored;
  Tablet tablet(restored);
  tablet.store = before.store;
  tablet.restart();
  tablet.introduce("Cà Văn Bình", 2);
  EXPECT_EQ(tablet.sync(), SyncState::reconnect) << "the log was rewritten";
  ASSERT_EQ(tablet.sync(), SyncState::running);
  EXPECT_EQ(tablet.replica->own().verdicts_known(), 2U);
  EXPECT_EQ(restored.log.chain_head(restored.clerk.chain())->seq, 2U);
}

// The name belongs to whoever may read the event; in the log that came back that is not this
// device any more.
TEST(ErasedRecords, ARewrittenLogLeavesNoRecordThatNoEventHereNames) {
  TwoCommunes world;
  Tablet tablet(world);
  ASSERT_EQ(tablet.sync(), SyncState::running);
  tablet.introduce("Lò Thị Ánh", 1);
  ASSERT_EQ(tablet.sync(), SyncState::running);
  const std::size_t held = tablet.store.private_digests()->size();
  const events::PrivateRecord stray =
      test_support::a_private_record(test_support::a_person_record(), 99);
  clients::StoreChange change;
  change.privates.push_back({world.first, stray});
  ASSERT_TRUE(tablet.store.commit(change));
  ASSERT_EQ(tablet.sync(), SyncState::running);
  EXPECT_TRUE(tablet.store.private_record(stray.digest())->has_value()) << "nothing was rewritten";

  ASSERT_TRUE(tablet.replica->restart_pull(tablet.replica->pull().scope, true));
  tablet.sync();
  ASSERT_EQ(tablet.sync(), SyncState::running);
  EXPECT_FALSE(tablet.store.private_record(stray.digest())->has_value());
  EXPECT_EQ(tablet.store.private_digests()->size(), held);
}

}  // namespace
}  // namespace server::test
