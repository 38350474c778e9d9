#include "clients/core/replica/workspace.h"

#include "events/archive/compact.h"
#include "tests/clients/core/scripted_server.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using namespace events;
using clients::EventStatus;
using clients::RecordRequest;

/// A device that holds everything of its commune, and a citizen registered on it.
struct Registered {
  ScriptedServer server;
  TestDevice device{server};
  DossierId dossier;

  Registered() {
    device.sync(server);
    dossier = DossierId{device.workspace->next_id(1)};
    const auto requests = device.registration(server, 1);
    const auto done = device.workspace->record_together(requests, server.world.now());
    EXPECT_TRUE(done && !done->refused);
  }
};

// Officers work for weeks without a line; what they enter must be there and judged at once.
TEST(Workspace, RegistersACitizenOffline) {
  Registered scene;
  const projections::Dossier* const dossier =
      scene.device.workspace->pending().dossiers().find(scene.dossier);
  ASSERT_NE(dossier, nullptr);
  EXPECT_EQ(dossier->state, DossierState::registered);
  EXPECT_EQ(scene.device.workspace->confirmed().dossiers().find(scene.dossier), nullptr);
  EXPECT_EQ(scene.device.workspace->progress_of(scene.dossier).status, EventStatus::device_only);
  EXPECT_EQ(scene.device.workspace->name_of(dossier->subject.id), "Lò Thị Ánh");
  EXPECT_EQ(scene.device.workspace->pending_counts().device_only, 3U);
}

TEST(Workspace, WhatTheLogWouldRefuseIsRefusedOnTheSpotAndNotStored) {
  Registered scene;
  RecordRequest twice = scene.device.request(scene.server, scene.server.commune().entrant,
                                             test_support::World::a_registration(),
                                             test_support::stream_of(scene.dossier));
  twice.fields = ProxyRecord{"Chi hội trưởng", "05", "", ""};
  const auto recorded = scene.device.workspace->record(twice, scene.server.world.now());
  ASSERT_TRUE(recorded);
  EXPECT_EQ(recorded->verdict.code, VerdictCode::refused);
  EXPECT_EQ(recorded->verdict.rule, Rule::t_step);
  EXPECT_EQ(scene.device.store.own_events()->size(), 3U);
  EXPECT_EQ(scene.device.replica->own().head().seq, 3U);
}

// A text that cannot be read back locks in all that the device records after it; one with marks
// that turn lines around is refused by the log after weeks.
TEST(Workspace, NoCallerRecordsATextThatMayNotBe) {
  Registered scene;
  const auto withdraw_with = [&](std::string note) {
    RecordRequest request =
        scene.device.request(scene.server, scene.server.commune().entrant, DossierWithdrawn{},
                             test_support::stream_of(scene.dossier));
    request.fields = NoteRecord{std::move(note)};
    return scene.device.workspace->record(request, scene.server.world.now());
  };
  for (const std::size_t bytes : {std::size_t{2'001}, std::size_t{4'200}, std::size_t{9'000}}) {
    const auto recorded = withdraw_with(std::string(bytes, 'a'));
    ASSERT_FALSE(recorded) << bytes;
    EXPECT_EQ(recorded.error().code, ErrorCode::too_large);
    EXPECT_EQ(recorded.error().message, "text: " + std::to_string(bytes) + " bytes, at most 2000");
  }
  EXPECT_EQ(withdraw_with("a\u202eb").error().code, ErrorCode::invalid_argument);
  RecordRequest revocation =
      scene.device.request(scene.server, scene.server.commune().entrant,
                           DeviceRevoked{DeviceId{scene.dossier.event}, std::string(601, 'a')},
                           StreamId{StreamKind::access, scene.dossier.event});
  EXPECT_EQ(scene.device.workspace->record(revocation, scene.server.world.now()).error().message,
            "reason: 601 bytes, at most 600");
  EXPECT_EQ(scene.device.replica->own().head().seq, 3U);
  ASSERT_TRUE(withdraw_with(std::string(2'000, 'a')));
  EXPECT_EQ(scene.device.replica->own().head().seq, 4U);
}

// Half a registration is a person without a dossier that nobody looks for.
TEST(Workspace, RecordsAllThatBelongsTogetherOrNothing) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  const Bytes before = encode(device.workspace->pending());
  std::vector<RecordRequest> requests = device.registration(server, 1);
  std::get<DossierRegistered>(requests[2].payload).basis = LawfulBasis::none;
  const auto done = device.workspace->record_together(requests, server.world.now());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->refused, 2U);
  EXPECT_EQ(done->recorded.back().verdict.rule, Rule::v30_consent);
  EXPECT_TRUE(device.store.own_events()->empty());
  EXPECT_EQ(encode(device.workspace->pending()), before);
}

TEST(Workspace, AFullDiskLeavesNothingBehind) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  const Bytes before = encode(device.workspace->pending());
  device.store.set_failing(true);
  const auto done =
      device.workspace->record_together(device.registration(server, 1), server.world.now());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::device_storage);
  EXPECT_EQ(encode(device.workspace->pending()), before);
  EXPECT_EQ(device.replica->own().head().seq, 0U);
}

// After a crash the officer must see the same work, with the same ids.
TEST(Workspace, ARestartShowsTheSamePendingState) {
  Registered scene;
  const Bytes before = encode(scene.device.workspace->pending());
  scene.device.restart();
  EXPECT_EQ(encode(scene.device.workspace->pending()), before);
  EXPECT_EQ(scene.device.workspace->next_id().seq(), 4U);
}

TEST(Workspace, FindsAGrantThatFits) {
  Registered scene;
  RecordRequest acceptance =
      scene.device.request(scene.server, scene.server.commune().branch_head, RegistrationAccepted{},
                           test_support::stream_of(scene.dossier));
  acceptance.role_grant = {};
  const auto recorded = scene.device.workspace->record(acceptance, scene.server.world.now());
  ASSERT_TRUE(recorded);
  EXPECT_EQ(recorded->verdict.code, VerdictCode::accepted);
  EXPECT_EQ(scene.device.replica->own().entry(4).event.header.role_grant,
            scene.server.commune().branch_head.grant);
  EXPECT_EQ(scene.device.workspace->choose_grant(
                scene.server.commune().branch_head.person, EventType::registration_accepted,
                scene.server.commune().hamlets[0], scene.server.world.today()),
            scene.server.commune().branch_head.grant);
  EXPECT_TRUE(scene.device.workspace
                  ->choose_grant(scene.server.commune().branch_head.person,
                                 EventType::title_granted, scene.server.commune().hamlets[0],
                                 scene.server.world.today())
                  .is_none());
}

// Without saying what an event happens to, it would land on a stream of its own.
TEST(Workspace, AnEventThatCreatesNothingNeedsToSayWhatItIsAbout) {
  Registered scene;
  const RecordRequest lost = scene.device.request(scene.server, scene.server.commune().branch_head,
                                                  RegistrationAccepted{});
  const auto recorded = scene.device.workspace->record(lost, scene.server.world.now());
  ASSERT_FALSE(recorded);
  EXPECT_EQ(recorded.error().code, ErrorCode::invalid_argument);
}

// The server would ask for the record for ever, and nothing behind it would arrive.
TEST(Workspace, AnEventMayNotNameAPrivateRecordThatIsNotHere) {
  Registered scene;
  DossierReturned returned;
  returned.reason = ReturnReason::other;
  returned.return_to = DossierState::registered;
  returned.private_digest = test_support::a_digest(1);
  const auto recorded = scene.device.workspace->record(
      scene.device.request(scene.server, scene.server.commune().branch_head, returned,
                           test_support::stream_of(scene.dossier)),
      scene.server.world.now());
  ASSERT_FALSE(recorded);
  EXPECT_EQ(recorded.error().code, ErrorCode::invalid_argument);
}

// Somebody else was faster: the log's word replaces what the device expected.
TEST(Workspace, ShowsTheLogsVerdictWhereItDiffersFromTheExpectedOne) {
  ScriptedServer server;
  const DossierId dossier = server.world.open_dossier(0);
  server.world.register_dossier(0, dossier);
  TestDevice device(server);
  device.sync(server);
  const RecordRequest acceptance =
      device.request(server, server.commune().branch_head, RegistrationAccepted{},
                     test_support::stream_of(dossier));
  const auto recorded = device.workspace->record(acceptance, server.world.now());
  ASSERT_TRUE(recorded);
  EXPECT_EQ(recorded->verdict.code, VerdictCode::accepted);

  server.world.accept_registration(0, dossier);
  device.sync(server);
  const clients::EventProgress progress = device.workspace->progress_of_own(1);
  EXPECT_NE(progress.status, EventStatus::official);
  EXPECT_NE(progress.verdict.code, VerdictCode::accepted);
  EXPECT_EQ(device.workspace->pending().dossiers().find(dossier)->state, DossierState::accepted);
}

TEST(Workspace, HistoryNamesEveryStepInOrder) {
  Registered scene;
  scene.device.sync(scene.server);
  const auto lines = scene.device.workspace->history(scene.dossier);
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 2U);
  EXPECT_EQ(lines->front().event.header.type,
            static_cast<std::uint16_t>(EventType::dossier_opened));
  EXPECT_EQ(lines->front().role, Role::proxy_entrant);
  EXPECT_EQ(lines->front().device_label, "Máy tính thử");
  EXPECT_EQ(lines->back().progress.status, EventStatus::official);
}

}  // namespace
}  // namespace clients_test
