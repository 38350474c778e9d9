#include "server/session/receipt_issuer.h"

#include "tests/server/session/tablet.h"

#include <gtest/gtest.h>

#include <vector>

namespace server::test {
namespace {

/// Three signed blocks of one event each.
std::vector<events::DeviceBlock> three_blocks(FoundedLog& founded) {
  std::vector<events::DeviceBlock> blocks;
  for (const char* const name : {"Xã Nà Tấu", "Xã Nà Nhạn", "Xã Thanh Minh"}) {
    founded.add_commune(name);
    blocks.push_back(founded.admin.sign());
  }
  return blocks;
}

// Without a signature a device could only claim that a restored server had taken its events.
TEST(ReceiptIssuer, SignsWhatTheLogHoldsOnceAllThatWasAnnouncedIsIn) {
  FoundedLog founded;
  const std::vector<events::DeviceBlock> blocks = three_blocks(founded);
  Wire wire(founded);
  wire.send(signed_by(founded.admin, a_hello(founded.admin)));
  std::vector<protocol::Message> received = wire.receive();
  for (const events::DeviceBlock& block : blocks) {
    EXPECT_TRUE(all_of<protocol::SignedReceipt>(received).empty()) << "one is enough for all";
    wire.send(a_push(block));
    const auto more = wire.receive();
    received.insert(received.end(), more.begin(), more.end());
  }
  const auto receipts = all_of<protocol::SignedReceipt>(received);
  ASSERT_EQ(receipts.size(), 1U);
  const auto acknowledgements = all_of<protocol::PushAck>(received);
  const events::BlockReceipt& last = acknowledgements.back().receipts.back();
  EXPECT_TRUE(is_authentic(receipts[0], founded.pipeline.server_key()));
  EXPECT_EQ(receipts[0].upto_seq, 3U);
  EXPECT_EQ(receipts[0].chain_hash, founded.admin.head());
  EXPECT_EQ(receipts[0].position, last.last());
  EXPECT_EQ(receipts[0].root, last.root_after);
  EXPECT_TRUE(std::holds_alternative<protocol::Mark>(received.back()))
      << "a device that leaves at the mark must have its receipt";
}

// The line was cut between the acknowledgement and the receipt.
TEST(ReceiptIssuer, SignsAgainForADeviceThatAsksForItsLastVerdictAgain) {
  FoundedLog founded;
  for (const events::DeviceBlock& block : three_blocks(founded)) {
    founded.commit(block, founded.admin);
  }
  protocol::Hello hello = a_hello(founded.admin);
  hello.verdicts_known = 2;
  Wire wire(founded);
  wire.send(signed_by(founded.admin, hello));
  EXPECT_EQ(all_of<protocol::SignedReceipt>(wire.receive()).size(), 1U);

  hello.verdicts_known = 3;
  Wire content(founded, 2);
  content.send(signed_by(founded.admin, hello));
  EXPECT_TRUE(all_of<protocol::SignedReceipt>(content.receive()).empty());
}

// A clerk who lost the role does not pull her own blocks any more; that she asks for old answers
// and brings something new at once must not keep the signature back, or her tablet would never be
// sure enough to destroy what it must.
TEST(ReceiptIssuer, SignsForADeviceWithoutScopeThatAsksAgainAndPushesMore) {
  TwoCommunes world;
  const projections::Access& access = world.pipeline.state().access();
  const events::PersonId clerk = access.device_of(world.clerk.chain())->persons.front();
  events::RoleGrantId role;
  for (const projections::Grant& grant : access.grants()) {
    if (grant.person == clerk) role = grant.id;
  }
  const auto add_person = [&](std::uint8_t salt) {
    const auto record = test_support::a_private_record(test_support::a_person_record(), salt);
    events::PersonIntroduced person;
    person.home_unit = world.first;
    person.gender = events::Gender::female;
    person.private_digest = record.digest();
    world.clerk.create(person, clerk, role);
    return record;
  };
  const auto known = add_person(41);
  ack_of(world.commit(world.clerk.sign(), world.clerk, {known}));
  revoke_role(world);

  const auto record = add_person(42);
  const events::DeviceBlock block = world.clerk.sign();
  protocol::Hello hello = a_hello(world.clerk);
  hello.verdicts_known = 0;
  Wire wire(world);
  wire.send(signed_by(world.clerk, hello));
  wire.send(protocol::PrivateRecords{{record}});
  wire.send(a_push(block));
  const auto receipts = all_of<protocol::SignedReceipt>(wire.receive());
  ASSERT_EQ(receipts.size(), 1U);
  EXPECT_EQ(receipts[0].upto_seq, world.clerk.seq());
}

}  // namespace
}  // namespace server::test
