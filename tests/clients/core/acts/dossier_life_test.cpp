#include "clients/core/acts/accept_or_return.h"
#include "clients/core/acts/appraise.h"
#include "clients/core/acts/decide.h"
#include "clients/core/acts/evidence.h"
#include "clients/core/acts/register.h"
#include "clients/core/acts/review.h"
#include "clients/core/acts/score.h"
#include "clients/core/acts/submit.h"
#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

// What the acts make is what the log accepts, from the first day to the title.
TEST(DossierLife, GoesFromRegistrationToTheTitle) {
  ActWorld scene;
  const auto& commune = scene.commune();
  const DossierId dossier = register_and_accept(scene);
  EXPECT_EQ(scene.state_of(dossier), DossierState::accepted);

  scene.perform(commune.branch_head, [&](auto& draft, const auto& now) {
    return acts::sight_evidence(
        draft, now,
        {dossier, EvidenceKind::certificate, 1, day_of({2021, 1, 15}), {"Giấy", "", ""}});
  });
  scene.perform(commune.entrant, [&](auto& draft, const auto& now) {
    acts::record_scores(draft, now, dossier, full_marks(scene, dossier));
    return true;
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::self_assessed);
  scene.perform(commune.branch_head, [&](auto& draft, const auto& now) {
    acts::Meeting meeting;
    meeting.unit = commune.hamlets[0];
    meeting.present = 32;
    meeting.entries.push_back({dossier, ReviewConclusion::proposed, 30, 2});
    return acts::hold_meeting(draft, now, meeting);
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::reviewed);
  scene.perform(commune.chair, [&](auto& draft, const auto& now) {
    return acts::submit(draft, now, {commune.association, "05/TTr-HKH", {dossier}});
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::submitted);
  scene.perform(commune.appraiser, [&](auto& draft, const auto& now) {
    return acts::appraise(draft, now, std::span(&dossier, 1));
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::appraised);
  scene.perform(commune.signer, [&](auto& draft, const auto& now) {
    return acts::recognise(draft, now,
                           {commune.committee, 12, "QĐ-UBND", SigningCapacity::tm, {dossier}});
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::recognized);
}

TEST(DossierLife, GoesBackAndComesAgainAndEndsWithoutATitle) {
  ActWorld scene;
  const auto& commune = scene.commune();
  const DossierId dossier = register_and_accept(scene);
  scene.perform(commune.entrant, [&](auto& draft, const auto& now) {
    return acts::withdraw(draft, now, dossier, "chuyển nơi ở");
  });
  EXPECT_EQ(scene.state_of(dossier), DossierState::withdrawn);

  const DossierId other = scene.world.open_dossier(0);
  scene.world.register_dossier(0, other);
  scene.perform(commune.branch_head, [&](auto& draft, const auto& now) {
    return acts::return_dossier(
        draft, now,
        {other, ReturnReason::missing_evidence, DossierState::registered, "thiếu chứng chỉ"});
  });
  EXPECT_EQ(scene.state_of(other), DossierState::returned);
  scene.perform(commune.entrant, [&](auto& draft, const auto& now) {
    return acts::resubmit(draft, now, other, "");
  });
  EXPECT_EQ(scene.state_of(other), DossierState::registered);
}

}  // namespace
}  // namespace clients_test
