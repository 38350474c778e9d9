#include "clients/core/acts/access.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

TEST(Access, GivesAndEndsARole) {
  ActWorld scene;
  const test_support::Officer registrar = scene.world.administrator();
  const auto grant = scene.perform(registrar, [&](auto& draft, const auto& now) {
    return acts::grant_role(draft, now,
                            {scene.commune().entrant.person,
                             Role::commune_clerk,
                             scene.commune().unit,
                             scene.world.today(),
                             {},
                             "QĐ 05"});
  });
  ASSERT_TRUE(acts::grant_of(scene.world.state(), *grant));
  scene.perform(registrar, [&](auto& draft, const auto& now) {
    return acts::revoke_role(draft, now, {*grant, scene.world.today(), "QĐ 60"});
  });
  EXPECT_EQ((*acts::grant_of(scene.world.state(), *grant))->revoked_from, scene.world.today());
  EXPECT_TRUE(fails(acts::grant_of(scene.world.state(), RoleGrantId{EventId{ChainNumber{9}, 9}}),
                    ErrorCode::not_found, "9.9"));
  acts::Draft draft = scene.draft(test_support::World::administration);
  const acts::Occasion now = scene.today(registrar);
  EXPECT_TRUE(fails(acts::grant_role(draft, now, {{}, {}, {}, {}, {}, not_utf8}),
                    ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_TRUE(fails(acts::revoke_role(draft, now, {*grant, {}, not_utf8}),
                    ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 0U);
}

TEST(Access, OffersAChainForOneToSixtyDays) {
  ActWorld scene;
  constexpr Timestamp now{1'000};
  EXPECT_EQ(acts::offer_end(1, now)->value, 1'000 + milliseconds_per_day);
  EXPECT_TRUE(acts::offer_end(60, now));
  for (const std::uint32_t days : {0U, 61U}) {
    EXPECT_TRUE(fails(acts::offer_end(days, now), ErrorCode::invalid_argument, "60 ngày"));
  }
  const auto end = acts::offer_end(7, scene.world.now());
  scene.perform(scene.world.administrator(), [&](auto& draft, const auto& occasion) {
    acts::offer_enrolment(draft, occasion,
                          {{scene.commune().clerk.person}, sha256(bytes_of("code")), *end});
    EXPECT_EQ(payload_at<EnrolmentOffered>(draft, 0).expires, *end);
    return true;
  });
}

TEST(Access, ShutsOutADeviceAndRaisesAQuota) {
  ActWorld scene;
  const test_support::Officer registrar = scene.world.administrator();
  const DeviceId device = scene.world.state().access().device_of(scene.hamlet())->id;
  acts::Draft draft = scene.draft(test_support::World::administration);
  for (const std::uint16_t factor : {std::uint16_t{1}, std::uint16_t{21}}) {
    EXPECT_TRUE(
        fails(acts::raise_quota(draft, scene.today(registrar), device, scene.world.today(), factor),
              ErrorCode::invalid_argument, "từ 2 đến 20 lần"));
  }
  EXPECT_EQ(draft.size(), 0U);
  scene.perform(registrar, [&](auto& quota, const auto& now) {
    return acts::raise_quota(quota, now, device, scene.world.today(), 5);
  });
  scene.perform(registrar, [&](auto& loss, const auto& now) {
    return acts::revoke_device(loss, now, device, "mất máy");
  });
  EXPECT_TRUE((*acts::device_of(scene.world.state(), device))->revoked);
  EXPECT_TRUE(fails(acts::device_of(scene.world.state(), DeviceId{EventId{ChainNumber{9}, 9}}),
                    ErrorCode::not_found, "9.9"));
  EXPECT_TRUE(fails(acts::revoke_device(draft, scene.today(registrar), device, not_utf8),
                    ErrorCode::invalid_argument, "UTF-8"));
}

}  // namespace
}  // namespace clients_test
