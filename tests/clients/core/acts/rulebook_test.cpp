#include "clients/core/acts/rulebook.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

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
