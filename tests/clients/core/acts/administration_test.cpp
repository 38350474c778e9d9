#include "clients/core/acts/access.h"
#include "clients/core/acts/rulebook.h"
#include "clients/core/acts/unit_import.h"
#include "clients/core/acts/units.h"
#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

clients::UnitLine a_line(std::string code, std::string name, UnitKind kind, std::string parent) {
  return {2,    std::move(code), std::move(name), kind, std::move(parent), AreaType::rural, Day{1},
          false};
}

// ---- units ----

TEST(Units, AreCreatedChangedAndClosed) {
  ActWorld scene;
  const test_support::Officer registrar = scene.world.administrator();
  const auto unit = scene.perform(registrar, [&](auto& draft, const auto& now) {
    return acts::create_unit(draft, now,
                             {UnitKind::hamlet, scene.commune().unit, "Bản Mới", "",
                              AreaType::rural, scene.world.today(), ""});
  });
  scene.perform(registrar, [&](auto& draft, const auto& now) {
    return acts::change_unit(
        draft, now, {*unit, "Bản Cũ", "", scene.commune().unit, scene.world.today(), "12/NQ-HĐND"});
  });
  EXPECT_EQ(scene.world.state().units().find(*unit)->latest().name, "Bản Cũ");
  scene.perform(registrar, [&](auto& draft, const auto& now) {
    return acts::close_unit(
        draft, now,
        {*unit, Day{scene.world.today().value + 1}, {scene.commune().hamlets[0]}, "17/NQ-HĐND"});
  });
  EXPECT_TRUE(scene.world.state().units().find(*unit)->closed_from);
  const auto branch = scene.perform(registrar, [&](auto& draft, const auto& now) {
    return acts::establish(
        draft, now,
        {OrganisationKind::branch, scene.commune().hamlets[0], "Chi hội", scene.world.today()});
  });
  EXPECT_EQ(scene.world.state().units().find(*branch)->name, "Chi hội");
}

TEST(Units, AddNothingForATextThatIsNone) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(test_support::World::administration);
  const acts::Occasion now = scene.today(scene.world.administrator());
  acts::NewUnit unit;
  unit.name = not_utf8;
  EXPECT_TRUE(fails(acts::create_unit(draft, now, unit), ErrorCode::invalid_argument, "UTF-8"));
  acts::UnitChange change;
  change.basis = not_utf8;
  EXPECT_TRUE(fails(acts::change_unit(draft, now, change), ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_TRUE(fails(acts::close_unit(draft, now, {{}, {}, {}, not_utf8}),
                    ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_TRUE(fails(acts::establish(draft, now, {{}, {}, not_utf8, {}}),
                    ErrorCode::invalid_argument, "UTF-8"));
  EXPECT_EQ(draft.size(), 0U);
}

TEST(UnitImport, FindsParentsInTheLogAndFurtherUp) {
  ActWorld scene;
  acts::Draft draft = scene.draft(test_support::World::administration);
  const acts::Occasion now = scene.today(scene.world.administrator());
  acts::UnitImport import(scene.world.state().units(), "NQ 1661");
  const std::string parent =
      scene.world.state().units().find(scene.world.city())->latest().official_code;
  std::string_view column;
  const auto commune =
      import.add(draft, now, a_line("09999", "Xã Mới", UnitKind::commune, parent), column);
  ASSERT_TRUE(commune) << commune.error().message;
  const auto hamlet =
      import.add(draft, now, a_line("-bm", "Bản Mới", UnitKind::hamlet, "09999"), column);
  ASSERT_TRUE(hamlet);
  EXPECT_EQ(payload_at<UnitCreated>(draft, 0).parent, scene.world.city());
  EXPECT_EQ(payload_at<UnitCreated>(draft, 1).parent, *commune);
  EXPECT_EQ(payload_at<UnitCreated>(draft, 1).official_code, "") << "a code of the file only";
  EXPECT_EQ(payload_at<UnitCreated>(draft, 1).basis, "NQ 1661");
  EXPECT_FALSE(import.has_name_of_another());
  ASSERT_TRUE(import.add(draft, now, a_line("-b2", "Bản Mới", UnitKind::hamlet, "09999"), column));
  EXPECT_TRUE(import.has_name_of_another());
  scene.append(draft, scene.world.administrator());
}

TEST(UnitImport, NamesTheColumnThatIsWrongAndForgetsTheLine) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(test_support::World::administration);
  const acts::Occasion now = scene.today(scene.world.administrator());
  acts::UnitImport import(scene.world.state().units(), "");
  const std::string city =
      scene.world.state().units().find(scene.world.city())->latest().official_code;
  std::string_view column;
  EXPECT_TRUE(fails(import.add(draft, now, a_line(city, "Trùng", UnitKind::commune, ""), column),
                    ErrorCode::invalid_argument, "đã có đơn vị đang mở"));
  EXPECT_EQ(column, "code");
  EXPECT_TRUE(
      fails(import.add(draft, now, a_line("09999", "Xã", UnitKind::commune, "77777"), column),
            ErrorCode::invalid_argument, "77777"));
  EXPECT_EQ(column, "parent_code");
  EXPECT_TRUE(fails(import.add(draft, now, a_line("99", "Tỉnh", UnitKind::province, city), column),
                    ErrorCode::invalid_argument, "không thể nằm dưới"));
  const std::string too_long(300, 'x');
  EXPECT_FALSE(import.add(draft, now, a_line("09999", too_long, UnitKind::commune, city), column));
  ASSERT_TRUE(import.bad_text());
  EXPECT_EQ(import.bad_text()->field, "name");
  EXPECT_EQ(draft.size(), 0U);
  // The code of the line that was not added is still free.
  EXPECT_TRUE(import.add(draft, now, a_line("09999", "Xã", UnitKind::commune, city), column));
  EXPECT_FALSE(import.bad_text());
}

// ---- access ----

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

// ---- rulebook ----

TEST(Rulebook, PublishesCriteriaAndOpensACycleOfThem) {
  ActWorld scene;
  const test_support::Officer registrar = scene.world.administrator();
  CriteriaPublished content =
      scene.world.state().rulebook().find(scene.world.citizen_criteria())->content;
  ++content.version;
  acts::NewCycle cycle;
  cycle.title = content.title;
  cycle.label = " 2022 ";
  cycle.kind = CycleKind::annual;
  const Phase year{day_of({2022, 1, 1}), day_of({2022, 12, 31})};
  cycle.registration = cycle.self_assessment = cycle.review = cycle.appraisal = cycle.decision =
      year;
  cycle.late_policy = LatePolicy::refuse;
  cycle.deadline_basis = DeadlineBasis::received;
  cycle.reference_day = year.first;
  const auto opened = scene.perform(registrar, [&](auto& draft, const auto& now) {
    cycle.criteria = acts::publish_criteria(draft, now, content);
    return acts::open_cycle(draft, now, cycle);
  });
  EXPECT_EQ(scene.world.state().rulebook().find(*opened)->content.label, "2022");
  acts::Draft draft = scene.draft(test_support::World::administration);
  cycle.label = not_utf8;
  EXPECT_TRUE(fails(acts::open_cycle(draft, scene.today(registrar), cycle),
                    ErrorCode::invalid_argument, "UTF-8"));
}

}  // namespace
}  // namespace clients_test
