#include "clients/core/acts/units.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

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

}  // namespace
}  // namespace clients_test
