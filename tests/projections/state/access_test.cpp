#include "projections/state/access.h"

#include "tests/projections/folded_log.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using events::ChainNumber;
using events::Day;
using events::EventId;

constexpr events::PersonId officer{EventId{ChainNumber{2}, 8}};
constexpr events::StreamId access_stream{events::StreamKind::access, {}};

struct World {
  FoldedLog log;

  const Access& access() const { return log.state().access(); }
  events::RoleGrantId grant(Day from, Day to) {
    return events::RoleGrantId{log.create(
        events::RoleGranted{officer, events::Role::branch_head, {}, from, to, "12/QĐ-HKH"})};
  }
  void revoke(events::RoleGrantId grant, Day effective) {
    log.append(events::RoleRevoked{grant, effective, ""},
               {events::StreamKind::access, grant.event});
  }
  events::OfferId offer(std::uint8_t code) {
    events::EnrolmentOffered offered;
    offered.persons = {officer};
    offered.code_digest.bytes.fill(code);
    return events::OfferId{log.create(offered)};
  }
  events::DeviceId enrol(std::uint32_t chain, events::OfferId offer = {}) {
    events::DeviceEnrolled enrolled;
    enrolled.offer = offer;
    enrolled.chain = ChainNumber{chain};
    enrolled.persons = {officer};
    enrolled.label = "Laptop Hội Khuyến học xã";
    return events::DeviceId{log.create(enrolled)};
  }
};

// A paper signed on the last day counts; one of the day after does not.
TEST(Access, GrantsHoldFromTheirFirstDayToTheDayBeforeTheirEnd) {
  World world;
  const events::RoleGrantId id = world.grant(Day{100}, Day{200});
  const Grant* const grant = world.access().grant(id);
  ASSERT_NE(grant, nullptr);
  EXPECT_FALSE(grant->is_valid_on(Day{99}));
  EXPECT_TRUE(grant->is_valid_on(Day{100}));
  EXPECT_TRUE(grant->is_valid_on(Day{199}));
  EXPECT_FALSE(grant->is_valid_on(Day{200}));
  const events::RoleGrantId endless = world.grant(Day{100}, Day{0});
  EXPECT_TRUE(world.access().grant(endless)->is_valid_on(Day{60'000}));
}

// Acts before the revocation keep their authority, and it is known that there once was some.
TEST(Access, RevocationEndsAGrantFromItsDayOn) {
  World world;
  const events::RoleGrantId id = world.grant(Day{100}, Day{0});
  world.revoke(id, Day{150});
  const Grant* const grant = world.access().grant(id);
  EXPECT_TRUE(grant->is_valid_on(Day{149}));
  EXPECT_FALSE(grant->is_valid_on(Day{150}));
  EXPECT_TRUE(grant->was_granted_on(Day{150}));
}

// Two revocations from two offices must mean the same in whatever order they arrive.
TEST(Access, EarliestRevocationCounts) {
  for (const bool earlier_first : {true, false}) {
    World world;
    const events::RoleGrantId id = world.grant(Day{100}, Day{0});
    world.revoke(id, Day{earlier_first ? 150U : 180U});
    world.revoke(id, Day{earlier_first ? 180U : 150U});
    EXPECT_EQ(world.access().grant(id)->revoked_from, Day{150});
  }
}

TEST(Access, RevokingAnUnknownGrantChangesNothing) {
  World world;
  world.grant(Day{100}, Day{0});
  const events::Bytes before = events::encode(world.access());
  world.revoke(events::RoleGrantId{EventId{ChainNumber{9}, 9}}, Day{150});
  EXPECT_EQ(events::encode(world.access()), before);
}

// A one-time code that could be spent twice would enrol a stranger's device.
TEST(Access, EnrolmentSpendsItsOffer) {
  World world;
  const events::OfferId offer = world.offer(0x44);
  events::Digest digest;
  digest.bytes.fill(0x44);
  ASSERT_NE(world.access().offer_of_code(digest), nullptr);
  EXPECT_TRUE(world.access().offer(offer)->device.is_none());
  const events::DeviceId device = world.enrol(2, offer);
  EXPECT_EQ(world.access().offer(offer)->device, device);
  EXPECT_EQ(world.access().offer_of_code(digest)->id, offer);
  digest.bytes.fill(0x45);
  EXPECT_EQ(world.access().offer_of_code(digest), nullptr);
}

TEST(Access, NumbersChainsUpwardFromTheSystemChain) {
  World world;
  EXPECT_EQ(world.access().next_chain(), ChainNumber{2});
  world.enrol(2);
  world.enrol(5);
  EXPECT_EQ(world.access().next_chain(), ChainNumber{6});
}

TEST(Access, FindsDevicesByChainAndById) {
  World world;
  const events::DeviceId device = world.enrol(2);
  ASSERT_NE(world.access().device_of(ChainNumber{2}), nullptr);
  EXPECT_EQ(world.access().device_of(ChainNumber{2})->id, device);
  EXPECT_EQ(world.access().device(device)->chain, ChainNumber{2});
  EXPECT_EQ(world.access().device_of(ChainNumber{3}), nullptr);
}

TEST(Access, RevokesOneDeviceAndKeepsItsChain) {
  World world;
  const events::DeviceId lost = world.enrol(2);
  world.enrol(3);
  world.log.append(events::DeviceRevoked{lost, "Mất máy"}, access_stream);
  EXPECT_TRUE(world.access().device_of(ChainNumber{2})->revoked);
  EXPECT_FALSE(world.access().device_of(ChainNumber{3})->revoked);
  EXPECT_EQ(world.access().next_chain(), ChainNumber{4});
}

TEST(Access, ComesBackFromItsBytes) {
  World world;
  world.log.create(events::LogFounded{events::LogId{3}, "titles.example/default", {}});
  world.revoke(world.grant(Day{100}, Day{200}), Day{150});
  world.enrol(2, world.offer(0x44));
  const events::Bytes bytes = events::encode(world.access());
  const auto loaded = events::decode<Access>(bytes);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(events::encode(*loaded), bytes);
  EXPECT_EQ(loaded->log(), events::LogId{3});
  EXPECT_EQ(loaded->devices().size(), 1U);
}

}  // namespace
}  // namespace projections
