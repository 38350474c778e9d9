#include "tests/server/session/session_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace server::test {
namespace {

using events::ErrorCode;

/// A device, and the same device from an older image: up to its first event they are one.
struct SetBackDevice : FoundedLog {
  TestDevice older{admin_chain, 2};
  events::DeviceBlock common = next(admin, "Xã Nà Tấu");

  SetBackDevice() { next(older, "Xã Nà Tấu"); }

  /// What the device does next.
  events::DeviceBlock next(TestDevice& device, const std::string& commune) {
    device.create(a_commune(commune), administrator, registrar);
    return device.sign();
  }

  PushOutcome bring_by_bundle(const events::DeviceBlock& block) {
    PushedRun run = checked(block, admin);
    run.transit = BundleTransit{admin.key().public_key(), {now, now}, now};
    std::vector<PushedRun> runs;
    runs.push_back(std::move(run));
    return commit(std::move(runs)).at(0);
  }

  /// What the older device is told when it has done `before_it_greets` and the stick of the other
  /// arrives while it is connected.
  std::vector<protocol::Message> hears_of_the_bundle(
      const std::function<void()>& before_it_greets) {
    ack_of(commit(common, admin));
    const events::DeviceBlock sent = next(admin, "Xã Nà Nhạn");
    before_it_greets();
    Wire wire(*this);
    wire.send(live_hello(older));
    wire.receive();
    ack_of(bring_by_bundle(sent));
    return wire.receive();
  }

  static protocol::Hello live_hello(const TestDevice& device) {
    protocol::Hello hello = a_hello(device);
    hello.live = true;
    return signed_by(device, hello);
  }
};

/// Up to which own event the device was told anything.
std::uint64_t told_upto(const std::vector<protocol::Message>& received) {
  std::uint64_t upto = 0;
  for (const protocol::PushAck& ack : all_of<protocol::PushAck>(received)) {
    upto = std::max(upto, ack.upto_seq);
    for (const auto& receipt : ack.receipts) upto = std::max(upto, receipt.last_seq());
  }
  return upto;
}

// The verdicts of what it had done before it was set back would be taken for those of other acts;
// then the device is in the log with events it never made, and nobody gives it a new chain.
TEST(SetBackDevice, IsNotToldOfWhatItsOlderSelfHadSentByBundle) {
  SetBackDevice world;
  const events::DeviceBlock sent = world.next(world.admin, "Xã Nà Nhạn");
  ASSERT_TRUE(std::holds_alternative<protocol::Parked>(world.bring_by_bundle(sent)));

  const events::DeviceBlock made_again = world.next(world.older, "Xã Thanh Minh");
  const events::DeviceBlock another = world.next(world.older, "Xã Thanh Nưa");
  Wire wire(world);
  wire.send(SetBackDevice::live_hello(world.older));
  wire.send(a_push(world.common));
  const auto answered = wire.receive();
  EXPECT_EQ(world.log.chain_head(admin_chain)->seq, 2U) << "what waited was judged";
  EXPECT_EQ(told_upto(answered), 1U);
  EXPECT_EQ(error_of(answered), ErrorCode{});

  wire.send(a_push(made_again));
  const auto refused = wire.receive();
  ASSERT_EQ(all_of<protocol::PushNak>(refused).size(), 1U);
  EXPECT_EQ(all_of<protocol::PushNak>(refused)[0].reason, ErrorCode::fork);
  EXPECT_EQ(told_upto(refused), 0U);
}

// Most devices whose earlier work comes by network while the later one waits were never set back:
// they must not wait for their verdicts.
TEST(SetBackDevice, OneThatWasNotIsToldAtOnce) {
  SetBackDevice world;
  const events::DeviceBlock sent = world.next(world.admin, "Xã Nà Nhạn");
  ASSERT_TRUE(std::holds_alternative<protocol::Parked>(world.bring_by_bundle(sent)));
  Wire wire(world);
  wire.send(SetBackDevice::live_hello(world.admin));
  wire.send(a_push(world.common));
  EXPECT_EQ(told_upto(wire.receive()), 2U);
}

// The stick arrives while the device stays connected.
TEST(SetBackDevice, HearsOfAForkAsSoonAsTheOtherEventsAreInTheLog) {
  SetBackDevice world;
  const auto received =
      world.hears_of_the_bundle([&] { world.next(world.older, "Xã Thanh Minh"); });
  EXPECT_EQ(told_upto(received), 0U);
  EXPECT_EQ(error_of(received), ErrorCode::fork);
}

// It may have done something else since it greeted: nobody can tell before it greets again.
TEST(SetBackDevice, IsToGreetAgainWhenTheLogHasMoreThanItSpokeOf) {
  SetBackDevice world;
  const auto received = world.hears_of_the_bundle([] {});
  EXPECT_EQ(told_upto(received), 0U);
  ASSERT_EQ(all_of<protocol::Goaway>(received).size(), 1U);
  EXPECT_EQ(all_of<protocol::Goaway>(received)[0].reason, protocol::GoawayReason::replaced);
}

// What the device itself pushes on the connection is no surprise.
TEST(SetBackDevice, GoesOnWithWhatItMadeSinceItGreeted) {
  SetBackDevice world;
  Wire wire(world);
  wire.send(SetBackDevice::live_hello(world.older));
  wire.send(a_push(world.common));
  wire.send(a_push(world.next(world.older, "Xã Thanh Minh")));
  const auto received = wire.receive();
  EXPECT_EQ(told_upto(received), 2U);
  EXPECT_TRUE(all_of<protocol::Goaway>(received).empty());
  EXPECT_FALSE(all_of<protocol::Mark>(received).empty()) << "the pull goes on";
}

}  // namespace
}  // namespace server::test
