#include "clients/core/replica/undo.h"

#include "clients/core/bundle/offline_bundle.h"
#include "clients/core/replica/sync_status.h"
#include "clients/core/replica/workspace.h"
#include "events/archive/compact.h"
#include "tests/clients/core/scripted_server.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace clients_test {
namespace {

using namespace events;
using clients::MemoryFileStore;
using clients::OwnAct;

/// A device with what its commune has, on which an officer types.
struct Typing {
  ScriptedServer server;
  TestDevice device{server};
  MemoryFileStore files;
  std::uint64_t moment = 0;

  Typing() { device.sync(server); }

  Timestamp next_moment() { return Timestamp{server.world.now().value + ++moment}; }
  /// One registration of three events.
  void type(std::uint8_t salt) {
    const auto done =
        device.workspace->record_together(device.registration(server, salt), next_moment());
    ASSERT_TRUE(done && !done->refused);
  }
  std::vector<OwnAct> acts() { return *clients::acts_to_undo(*device.replica); }
  /// All that a store says of the work of its people.
  Bytes stored() {
    Bytes all;
    for (const clients::OwnEvent& own : *device.store.own_events()) {
      all.insert(all.end(), own.canonical.begin(), own.canonical.end());
    }
    for (const Digest& digest : *device.store.private_digests()) {
      all.insert(all.end(), digest.bytes.begin(), digest.bytes.end());
    }
    for (const std::uint64_t cut : *device.store.cuts()) {
      all.push_back(static_cast<std::uint8_t>(cut));
    }
    return all;
  }
};

// A slip of the keyboard would be another citizen for ever.
TEST(Undo, LeavesTheDeviceAsItWasBeforeTheAct) {
  Typing scene;
  scene.type(1);
  const Bytes store_before = scene.stored();
  const Bytes pending_before = encode(scene.device.workspace->pending());
  scene.type(2);
  ASSERT_NE(scene.stored(), store_before);
  ASSERT_EQ(scene.acts().size(), 2U);
  EXPECT_EQ(scene.acts().front().first_seq, 4U);
  EXPECT_EQ(scene.acts().front().last_seq, 6U);

  ASSERT_TRUE(clients::undo(*scene.device.replica, scene.files, scene.acts().front()));
  EXPECT_EQ(scene.stored(), store_before);
  EXPECT_EQ(encode(scene.device.workspace->pending()), pending_before);
  scene.device.restart();
  EXPECT_EQ(scene.stored(), store_before);
  EXPECT_EQ(encode(scene.device.workspace->pending()), pending_before);

  // What is typed next takes its place, and the server takes it.
  scene.type(3);
  EXPECT_EQ(scene.device.workspace->next_id().seq(), 7U);
  EXPECT_EQ(scene.device.sync(scene.server).verdicts_known, 6U);
}

// Any number of acts, in any order of doing and undoing, comes back to the same store.
TEST(Undo, GoesBackActByAct) {
  Typing scene;
  std::vector<Bytes> stores;
  for (std::uint8_t salt = 1; salt <= 5; ++salt) {
    stores.push_back(scene.stored());
    scene.type(salt);
  }
  while (!stores.empty()) {
    ASSERT_TRUE(clients::undo(*scene.device.replica, scene.files, scene.acts().front()));
    EXPECT_EQ(scene.stored(), stores.back());
    stores.pop_back();
  }
  EXPECT_TRUE(scene.acts().empty());
}

// The answer was lost, the push was not: the log has what the device would forget, and goes on
// with a chain that the device no longer knows.
TEST(Undo, NeverTakesBackWhatMayHaveLeftTheDevice) {
  Typing scene;
  scene.type(1);
  {
    clients::SyncEngine engine(*scene.device.replica, false);
    engine.go_on(std::nullopt);  // The server has proved itself: the events go behind the greeting.
    ASSERT_TRUE(engine.start(scene.server.world.now(), {}));
    // The line is cut here: nobody knows how much of it arrived.
  }
  EXPECT_TRUE(scene.acts().empty());
  scene.device.restart();
  EXPECT_TRUE(scene.acts().empty()) << "the mark is as durable as the events";
  scene.type(2);
  ASSERT_EQ(scene.acts().size(), 1U);
  EXPECT_EQ(scene.acts().front().first_seq, 4U) << "only what was typed since";
}

TEST(Undo, TakesBackNothingThatTheLogHas) {
  Typing scene;
  scene.type(1);
  scene.device.sync(scene.server);
  EXPECT_TRUE(scene.acts().empty());
}

// A folder that was put back from a copy has no mark of what went out since; the log's answers say
// it.
TEST(Undo, TakesBackNothingThatOnlyTheLogsAnswersName) {
  Typing scene;
  scene.type(1);
  const clients::MemoryStore copy = scene.device.store;
  scene.device.sync(scene.server);
  scene.device.store = copy;
  scene.device.restart();
  ASSERT_EQ(scene.acts().size(), 1U);
  scene.device.sync(scene.server);
  ASSERT_EQ(scene.device.replica->own().verdicts_known(), 3U);
  ASSERT_EQ(scene.device.replica->own().sent_upto(), 0U);
  EXPECT_TRUE(scene.acts().empty());
  scene.type(2);
  ASSERT_EQ(scene.acts().size(), 1U);
  EXPECT_EQ(scene.acts().front().first_seq, 4U);
}

// Half an act is out; the other half without it would be another act.
TEST(Undo, NeverTakesBackTheRestOfAnAct) {
  Typing scene;
  scene.type(1);
  scene.type(2);
  clients::StoreChange change;
  change.cuts = {4};
  ASSERT_TRUE(scene.device.store.commit(change));
  scene.device.restart();
  EXPECT_TRUE(scene.acts().empty());
}

// What was recorded again from a chain that was left was typed long ago, and others count on it.
TEST(Undo, LeavesWhatWasRecordedAgain) {
  Typing scene;
  scene.type(1);
  const Event& last = scene.device.replica->own().entry(3).event;
  EventHeader header = last.header;
  header.seq = 4;
  header.stream = {StreamKind::access, header.id()};
  header.recorded_at.value += 1;
  const Event again = make_event(header, BranchContinued{ChainNumber{9}, 1, 2, Digest{}});
  clients::StoreChange change;
  change.own_first_seq = 4;
  change.own = {{again.canonical, scene.device.replica->own().entry(3).scope, content_checked}};
  ASSERT_TRUE(scene.device.store.commit(change));
  scene.device.restart();
  EXPECT_TRUE(scene.acts().empty());
}

// Whose lease is over sees no names, also behind an undo.
TEST(Undo, LeavesNamesHidden) {
  Typing scene;
  scene.type(1);
  scene.device.replica->hide_privates(true);
  ASSERT_TRUE(clients::undo(*scene.device.replica, scene.files, scene.acts().front()));
  EXPECT_TRUE(scene.device.replica->hides_privates());
}
/// The record of own event `seq`, one of the second registration, is damaged: what is before that
/// registration goes, others' work comes, and the registration can be taken back.
void expect_way_out_of_damage(std::uint64_t seq) {
  Typing scene;
  scene.type(1);
  scene.type(2);
  const clients::OfflineLog& own = scene.device.replica->own();
  const auto digest = private_digest_of(own.entry(seq).event.payload);
  ASSERT_TRUE(digest);
  scene.device.store.damage_record(*digest);

  // Others' work arrives all the same, and what came before the event goes.
  scene.server.world.register_citizen(0);
  clients::SyncEngine engine(*scene.device.replica, false);
  const Timestamp now = scene.server.world.now();
  Result<Frames> sent = engine.start(now, {});
  std::optional<Error> end;
  for (int rounds = 0; rounds < 20 && !end; ++rounds) {
    ASSERT_TRUE(sent);
    Frames replies;
    for (const protocol::Message& frame : scene.server.answer(std::exchange(*sent, {}))) {
      Result<Frames> more = engine.on_message(frame, now);
      if (!more) {
        end = more.error();
        break;
      }
      std::ranges::move(*more, std::back_inserter(replies));
    }
    if (!end && replies.empty()) replies.push_back(scene.server.mark());
    sent = std::move(replies);
  }
  ASSERT_TRUE(end);
  EXPECT_EQ(end->code, ErrorCode::storage_corrupt);
  const EventId damaged{scene.device.replica->identity().chain, seq};
  EXPECT_NE(end->message.find(to_string(damaged)), std::string::npos) << end->message;
  EXPECT_EQ(engine.state(), clients::SyncState::stopped);
  EXPECT_EQ(own.verdicts_known(), 3U) << "what is before it is in the log";
  EXPECT_EQ(scene.device.replica->pull().synced_upto, scene.server.mark().upto.position);
  const clients::DeviceStatus status =
      clients::device_status_of(*scene.device.workspace, *scene.device.replica, {});
  EXPECT_EQ(status.unreadable, damaged);

  // The way out: it was never sent, so it can be taken back and typed again.
  ASSERT_EQ(scene.acts().size(), 1U);
  ASSERT_TRUE(clients::undo(*scene.device.replica, scene.files, scene.acts().front()));
  scene.type(3);
  EXPECT_EQ(scene.device.sync(scene.server).verdicts_known, 6U);
}

// One bad sector under the name of one citizen would keep the work of a whole month here.
TEST(Undo, TakesBackTheEventWhoseRecordIsDamagedAndTheRestGoes) { expect_way_out_of_damage(4); }

// Half a registration that has left could be neither finished nor taken back.
TEST(Undo, NothingOfAnActLeavesWhenOneOfItsRecordsIsDamaged) { expect_way_out_of_damage(6); }

// A new chain is asked for by what is on the old one; the answer must still fit.
TEST(Undo, WaitsWhileANewChainIsAskedFor) {
  Typing scene;
  scene.type(1);
  clients::StoreChange change;
  change.next_key = clients::DeviceKey{};
  change.next_key->seed.bytes.fill(9);
  ASSERT_TRUE(scene.device.store.commit(change));
  EXPECT_TRUE(scene.acts().empty());
}

// The photo of the wrong paper would stay on the tablet and travel.
TEST(Undo, ForgetsAPhotoThatNothingElseNames) {
  Typing scene;
  scene.type(1);
  const auto attach = [&](const Digest& photo) {
    EvidenceAttached attached;
    attached.kind = EvidenceKind::photo;
    attached.original = {photo, 3, MediaType::jpeg};
    clients::RecordRequest request = scene.device.request(
        scene.server, scene.server.commune().entrant, attached,
        StreamId{StreamKind::dossier, EventId{scene.device.replica->identity().chain, 2}});
    request.fields = EvidenceRecord{"Giấy khen", "", ""};
    request.salt.fill(static_cast<std::uint8_t>(200 + scene.moment));
    const auto done = scene.device.workspace->record(request, scene.next_moment());
    EXPECT_TRUE(done && done->verdict.code != VerdictCode::refused);
  };
  const Bytes bytes{1, 2, 3};
  const Digest photo = sha256(bytes);
  ASSERT_TRUE(scene.files.put(photo, bytes));
  attach(photo);
  attach(photo);
  ASSERT_TRUE(clients::undo(*scene.device.replica, scene.files, scene.acts().front()));
  EXPECT_TRUE(*scene.files.contains(photo)) << "the first piece of evidence still names it";
  ASSERT_TRUE(clients::undo(*scene.device.replica, scene.files, scene.acts().front()));
  EXPECT_FALSE(*scene.files.contains(photo));
}

// A disk that fails in the middle must not leave half an act.
TEST(Undo, AFailingDiskChangesNothing) {
  Typing scene;
  scene.type(1);
  const Bytes before = scene.stored();
  scene.device.store.set_failing(true);
  EXPECT_FALSE(clients::undo(*scene.device.replica, scene.files, scene.acts().front()));
  scene.device.store.set_failing(false);
  EXPECT_EQ(scene.stored(), before);
}

}  // namespace
}  // namespace clients_test
