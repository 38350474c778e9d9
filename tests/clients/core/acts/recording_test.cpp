#include "clients/core/acts/recording.h"

#include "clients/core/acts/accept_or_return.h"
#include "clients/core/acts/register.h"
#include "clients/core/acts/typed_text.h"
#include "tests/clients/core/acts/act_world.h"
#include "tests/clients/core/scripted_server.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

/// A device of a commune, and an act of its branch head.
struct Recording {
  ScriptedServer server;
  TestDevice device{server};
  DossierId dossier = server.world.open_dossier(0);

  Recording() {
    server.world.register_dossier(0, dossier);
    device.sync(server);
  }
  acts::Draft acceptance(PersonId actor, Day day) const {
    acts::Draft draft(*device.workspace);
    acts::accept(draft, {actor, [day] { return acts::Stamp{day, {}}; }}, {&dossier, 1});
    return draft;
  }
  clients::RecordedTogether record(const acts::Draft& draft, const acts::RecordingLimits& limits) {
    const auto done = acts::record(*device.workspace, draft.requests(), limits, server.world.now());
    EXPECT_TRUE(done);
    return *done;
  }
};

TEST(RecordingLimits, LetPassWhatAnOfficerMayDoToday) {
  Recording scene;
  const PersonId head = scene.server.commune().branch_head.person;
  const auto done = scene.record(scene.acceptance(head, scene.server.world.today()), {});
  EXPECT_FALSE(done.refused);
  EXPECT_EQ(scene.device.replica->own().head().seq, 1U);
}

TEST(RecordingLimits, StopAClockThatIsBehindItsLastContact) {
  Recording scene;
  const PersonId head = scene.server.commune().branch_head.person;
  acts::RecordingLimits limits;
  limits.seconds_behind = -600;
  const auto done = scene.record(scene.acceptance(head, scene.server.world.today()), limits);
  ASSERT_TRUE(done.refused);
  EXPECT_EQ(done.recorded.front().verdict.rule, Rule::c_clock);
  EXPECT_EQ(done.recorded.front().verdict.parameters, (std::vector<std::int64_t>{-600}));
  EXPECT_EQ(scene.device.replica->own().head().seq, 0U);
}

TEST(RecordingLimits, StopADateInTheFutureButForTomorrow) {
  Recording scene;
  const PersonId head = scene.server.commune().branch_head.person;
  const std::uint32_t today = scene.server.world.today().value;
  const auto later = scene.record(scene.acceptance(head, Day{today + 2}), {});
  ASSERT_TRUE(later.refused);
  EXPECT_EQ(later.recorded.front().verdict.rule, Rule::v03_business_day);
  const auto tomorrow = scene.record(scene.acceptance(head, Day{today + 1}), {});
  EXPECT_TRUE(!tomorrow.refused ||
              tomorrow.recorded.front().verdict.rule != Rule::v03_business_day);
}

TEST(RecordingLimits, StopSomebodyWithoutARoleUnlessItIsOnItsWay) {
  Recording scene;
  const acts::Draft draft =
      scene.acceptance(scene.server.commune().entrant.person, scene.server.world.today());
  const auto done = scene.record(draft, {});
  ASSERT_TRUE(done.refused);
  EXPECT_EQ(done.recorded.front().verdict.rule, Rule::a_grant);
  acts::RecordingLimits limits;
  limits.without_role = true;
  const auto held = scene.record(draft, limits);
  ASSERT_FALSE(held.refused);
  EXPECT_EQ(held.recorded.front().verdict.code, VerdictCode::held);
}

TEST(Draft, TellsTheFirstTextThatMustNotBeRecorded) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().entrant);
  acts::NewPerson person;
  person.record.full_name = "Lò Thị Ánh";
  ASSERT_TRUE(acts::introduce(draft, now, person));
  EXPECT_FALSE(draft.first_bad_text());
  person.record.full_name = std::string(500, 'x');
  ASSERT_TRUE(acts::introduce(draft, now, person));
  ASSERT_TRUE(draft.first_bad_text());
  EXPECT_EQ(draft.first_bad_text()->field, "full_name");
  EXPECT_EQ(draft.first_bad_text()->fault, TextFault::too_long);
}

TEST(TypedText, IsReadInWordsForThePerson) {
  EXPECT_EQ(*clients::parse_event_id("7.12"), (EventId{ChainNumber{7}, 12}));
  EXPECT_TRUE(fails(clients::parse_event_id("bảy"), ErrorCode::invalid_argument, "“bảy”"));
  EXPECT_EQ(*clients::parse_business_day("30/11/2025"), day_of({2025, 11, 30}));
  EXPECT_TRUE(fails(clients::parse_business_day("mai"), ErrorCode::invalid_argument, "“mai”"));
  EXPECT_TRUE(fails(clients::typed_text(not_utf8), ErrorCode::invalid_argument, "UTF-8"));
}

}  // namespace
}  // namespace clients_test
