#include "clients/core/acts/holds.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

/// A score sheet waits: the role of its author has ended.
struct Waiting {
  ActWorld scene;
  DossierId dossier = scene.world.register_citizen(0);
  Position position;

  Waiting() {
    scene.world.revoke(scene.commune().entrant, scene.world.today());
    const test_support::StoredAct& held = scene.world.append({.chain = scene.hamlet(),
                                                              .by = scene.commune().entrant,
                                                              .payload = scene.world.a_sheet(),
                                                              .stream = acts::stream_of(dossier)});
    EXPECT_EQ(held.verdict().code, VerdictCode::held);
    position = held.position();
  }
  projections::HeldEventPtr held() const { return scene.world.state().inbox().find(position); }
};

TEST(Holds, AreFoundByPositionAndById) {
  const Waiting waiting;
  const projections::Inbox& inbox = waiting.scene.world.state().inbox();
  const Position head = waiting.scene.world.head();
  const std::string at = std::to_string(waiting.position.value);
  ASSERT_TRUE(acts::waiting_at(at, inbox, head));
  const std::string id = to_string(waiting.held()->event.id());
  EXPECT_EQ((*acts::waiting_at(id, inbox, head))->position, waiting.position);
  EXPECT_TRUE(fails(acts::waiting_at("1", inbox, head), ErrorCode::not_found, "vị trí 1"));
  EXPECT_TRUE(fails(acts::waiting_at("9.9", inbox, head), ErrorCode::not_found, "mã việc 9.9"));
  EXPECT_TRUE(fails(acts::waiting_at("mai", inbox, head), ErrorCode::invalid_argument, "“mai”"));
  // What is on this device only has no position in the log yet.
  const Position before{waiting.position.value - 1};
  EXPECT_TRUE(fails(acts::waiting_at(at, inbox, before), ErrorCode::not_found, at));
}

TEST(Holds, AreReleasedOnTheStreamOfWhatWaited) {
  const Waiting waiting;
  const acts::HoldDecision release = acts::release_of(*waiting.held(), waiting.scene.world.state());
  ASSERT_TRUE(release.verdict.takes_effect());
  acts::Draft draft = waiting.scene.draft(waiting.scene.office());
  acts::decide_hold(draft, waiting.scene.today(waiting.scene.commune().clerk), release);
  EXPECT_EQ(payload_at<HoldReleased>(draft, 0).held, waiting.position);
  EXPECT_EQ(draft.requests().at(0).about, acts::stream_of(waiting.dossier));
}

TEST(Holds, AreRefusedForTheReasonForWhichTheyWaited) {
  const Waiting waiting;
  const acts::HoldDecision refusal = acts::refusal_of(*waiting.held());
  EXPECT_EQ(refusal.verdict.code, VerdictCode::refused);
  EXPECT_EQ(refusal.verdict.rule, waiting.held()->verdict.rule);
  acts::Draft draft = waiting.scene.draft(waiting.scene.office());
  acts::decide_hold(draft, waiting.scene.today(waiting.scene.commune().clerk), refusal);
  EXPECT_EQ(payload_at<HoldRefused>(draft, 0).held, waiting.position);
}

}  // namespace
}  // namespace clients_test
