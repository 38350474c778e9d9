#include "clients/core/acts/only_reading.h"

#include "clients/core/acts/access.h"
#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

/// A person who holds nothing but these roles, at the commune.
PersonId person_with(ActWorld& scene, std::initializer_list<Role> roles) {
  const PersonId person = scene.world.introduce(scene.commune().hamlets[0]);
  for (const Role role : roles) {
    scene.perform(scene.world.administrator(), [&](auto& draft, const auto& now) {
      return acts::grant_role(
          draft, now, {person, role, scene.commune().unit, scene.world.today(), {}, "QĐ 05"});
    });
  }
  return person;
}

bool only_read(const ActWorld& scene, std::vector<PersonId> persons) {
  return acts::only_read(scene.world.state(), persons);
}

TEST(OnlyReading, IsWhatAnAuditorDoes) {
  ActWorld scene;
  const PersonId auditor = person_with(scene, {Role::auditor});
  EXPECT_TRUE(only_read(scene, {auditor}));
  EXPECT_FALSE(only_read(scene, {auditor, scene.commune().entrant.person})) << "of all together";
}

TEST(OnlyReading, WhoTakesAStepWithADossierRecords) {
  ActWorld scene;
  EXPECT_FALSE(only_read(scene, {person_with(scene, {Role::auditor, Role::appraiser})}));
  EXPECT_FALSE(only_read(scene, {scene.commune().clerk.person}));
}

TEST(OnlyReading, WhoHoldsNoRoleIsNotKnownToReadOnly) {
  ActWorld scene;
  EXPECT_FALSE(only_read(scene, {scene.world.introduce(scene.commune().hamlets[0])}));
  EXPECT_FALSE(only_read(scene, {}));
}

TEST(OnlyReading, ARoleThatWasRevokedDoesNotCount) {
  ActWorld scene;
  const PersonId person = person_with(scene, {Role::auditor});
  const auto grant = scene.perform(scene.world.administrator(), [&](auto& draft, const auto& now) {
    return acts::grant_role(
        draft, now,
        {person, Role::commune_clerk, scene.commune().unit, scene.world.today(), {}, "QĐ 06"});
  });
  EXPECT_FALSE(only_read(scene, {person}));
  scene.perform(scene.world.administrator(), [&](auto& draft, const auto& now) {
    return acts::revoke_role(draft, now, {*grant, scene.world.today(), "QĐ 60"});
  });
  EXPECT_TRUE(only_read(scene, {person}));
}

}  // namespace
}  // namespace clients_test
