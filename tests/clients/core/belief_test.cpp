#include "clients/core/replica/head_comparison.h"
#include "clients/core/replica/sync_status.h"
#include "events/packing/wire_block.h"
#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace clients_test {
namespace {

using namespace events;
namespace protocol = events::protocol;
using clients::AlarmKind;
using clients::EventStatus;
using clients::HeadComparison;
using clients::SyncEngine;
using clients::SyncState;

/// A device, its server, and a connection on which a test may say what the server does not.
struct Scene {
  ScriptedServer server;
  TestDevice device{server};
  std::optional<SyncEngine> engine;

  /// Greets and takes WELCOME; the rest of the answer is for the test to hand over.
  Frames greet(bool live = false) {
    engine.emplace(*device.replica, live);
    Frames rest = server.answer(engine->start(server.world.now(), {}).value());
    EXPECT_TRUE(hear(rest.front()));
    rest.erase(rest.begin());
    return rest;
  }
  Result<Frames> hear(const protocol::Message& message) {
    return engine->on_message(message, server.world.now());
  }
  /// What the log got since, of others and for this device.
  std::vector<StoredBlock> news() {
    std::vector<StoredBlock> blocks;
    for (const StoredBlock& block : server.blocks()) {
      const bool is_new = block.first > device.replica->pull().cursor.position;
      const bool is_foreign = block.chain != device.replica->identity().chain;
      if (is_new && is_foreign && server.scope.includes(block.scope)) blocks.push_back(block);
    }
    return blocks;
  }
};

/// A block of two parts of one run, as the log cuts it where the scope changes.
std::pair<StoredBlock, StoredBlock> cut(const StoredBlock& whole) {
  StoredBlock first = whole;
  first.entries.resize(1);
  first.run.reset();
  StoredBlock rest = whole;
  rest.entries.erase(rest.entries.begin());
  rest.first.value += 1;
  rest.first_seq += 1;
  rest.previous = hash_after(whole.previous, {whole.entries[0].canonical});
  return {first, rest};
}

/// The first of the news that has a run of several events; the ones before it are handed over.
StoredBlock hear_upto_a_long_run(Scene& scene) {
  for (const StoredBlock& block : scene.news()) {
    if (block.run && block.entries.size() > 1) return block;
    EXPECT_TRUE(scene.hear(protocol::Events{pack_block(block)}));
  }
  ADD_FAILURE() << "the world made no run of several events";
  return {};
}

// A server that signs nothing must not make somebody a registrar, or a title granted: T1.
TEST(Belief, EventsThatNoSignatureCoversDoNotCount) {
  Scene scene;
  scene.device.sync(scene.server);
  scene.server.world.register_citizen(0);
  scene.greet();
  const Bytes before = encode(scene.device.workspace->confirmed());
  StoredBlock forged = hear_upto_a_long_run(scene);
  forged.run.reset();
  ASSERT_TRUE(scene.hear(protocol::Events{pack_block(forged)}));
  // The head is not the log's: the forger has no key to sign one.
  const protocol::Mark mark{{Epoch{1}, forged.last(), fingerprint_of(forged.root_after)}, true, {}};
  const Result<Frames> asked = scene.hear(mark);
  ASSERT_TRUE(asked);
  ASSERT_EQ(asked->size(), 1U) << "the proof is asked for";
  EXPECT_EQ(std::get<protocol::Prove>(asked->front()).blocks.back(), forged.first);
  EXPECT_LT(scene.device.workspace->confirmed().applied(), forged.first);
  EXPECT_FALSE(scene.engine->progress().synced());
  EXPECT_TRUE(scene.device.replica->is_unproved(forged.first));

  EXPECT_FALSE(scene.hear(protocol::Proofs{})) << "no answer is not a proof";
  EXPECT_EQ(scene.engine->state(), SyncState::failed);
  scene.device.restart();
  EXPECT_EQ(scene.device.replica->open_count(), 1U) << "kept, and still not believed";
  EXPECT_LT(scene.device.workspace->confirmed().applied(), forged.first);
  EXPECT_NE(encode(scene.device.workspace->confirmed()), Bytes{});
  const clients::DeviceStatus stock =
      device_status_of(*scene.device.workspace, *scene.device.replica, {true, true});
  EXPECT_EQ(stock.sync, clients::SyncStatus::unproved);
}

// A sealing key in the server's name would give the names of a commune to whoever finds a bundle:
// T2.
TEST(Belief, TheServersOwnEventsComeWithItsSignatureOrNotAtAll) {
  Scene scene;
  scene.device.sync(scene.server);
  SealingKey attackers;
  attackers.bytes.fill(0x66);
  const SealingKey honest = scene.device.workspace->confirmed().access().sealing_key();
  scene.server.world.append_system(SealingKeyPublished{attackers});
  for (const bool live : {false, true}) {
    SCOPED_TRACE(live);
    scene.greet(live);
    StoredBlock forged = scene.news().back();
    ASSERT_EQ(forged.chain, system_chain);
    forged.run.reset();
    const Result<Frames> taken = live ? scene.hear(protocol::Live{true, *pack_live_block(forged)})
                                      : scene.hear(protocol::Events{pack_block(forged)});
    ASSERT_FALSE(taken);
    EXPECT_EQ(scene.device.workspace->confirmed().access().sealing_key(), honest);
  }
}

// One forged LIVE that says "caught up" must not end a synchronisation well: T3.
TEST(Belief, ALiveBlockThatNobodyAskedForIsRefused) {
  Scene scene;
  scene.device.sync(scene.server);
  scene.server.world.register_citizen(0);
  scene.greet(false);
  const StoredBlock block = scene.news().front();
  EXPECT_FALSE(scene.hear(protocol::Live{true, *pack_live_block(block)}));
  EXPECT_FALSE(scene.engine->progress().synced());
}

// The rest of a run may be for another commune; its digests are enough to see who signed it.
TEST(Belief, ARunThatGoesOnElsewhereIsProvedByItsRest) {
  Scene scene;
  scene.device.sync(scene.server);
  scene.server.world.register_citizen(0);
  scene.greet();
  const StoredBlock whole = hear_upto_a_long_run(scene);
  const auto [first, rest] = cut(whole);
  ASSERT_TRUE(scene.hear(protocol::Events{pack_block(first)}));
  EXPECT_EQ(scene.device.replica->open_count(), 1U);
  BlockProof proof = proof_of(first);
  proof.run = whole.run;
  for (const BlockEntry& entry : rest.entries) proof.tail.push_back(sha256(entry.canonical));

  BlockProof wrong = proof;
  wrong.tail.back().bytes[0] ^= 1U;
  EXPECT_FALSE(check_run(first, wrong, test_support::key_of(first.chain).public_key()));
  ASSERT_TRUE(scene.device.replica->take_proofs(std::vector{proof}));
  EXPECT_EQ(scene.device.replica->unproved_count(), 0U);
  scene.device.restart();
  EXPECT_EQ(scene.device.replica->unproved_count(), 0U) << "a proof is kept";
}

// When the rest comes, it covers what came before it.
TEST(Belief, TheEndOfARunCoversItsBeginning) {
  Scene scene;
  scene.device.sync(scene.server);
  scene.server.world.register_citizen(0);
  scene.greet();
  const auto [first, rest] = cut(hear_upto_a_long_run(scene));
  ASSERT_TRUE(scene.hear(protocol::Events{pack_block(first)}));
  EXPECT_EQ(scene.device.replica->open_count(), 1U);
  ASSERT_TRUE(scene.hear(protocol::Events{pack_block(rest)}));
  EXPECT_EQ(scene.device.replica->open_count(), 0U);
  scene.device.restart();
  EXPECT_EQ(scene.device.replica->open_count(), 0U);
}

// A revocation that is kept from one tablet for ever would leave a dismissed officer in office
// there: T5.
TEST(Belief, APositionThatIsWithheldIsAnAlarmAndComesWithTheNextHonestServer) {
  Scene scene;
  scene.device.sync(scene.server);
  scene.server.world.register_citizen(0);
  scene.server.world.register_citizen(0);
  Frames answer = scene.greet();
  const auto withheld = std::ranges::find_if(answer, [](const protocol::Message& message) {
    return std::holds_alternative<protocol::Events>(message);
  });
  ASSERT_NE(withheld, answer.end());
  answer.erase(withheld);
  Result<Frames> heard = Frames{};
  for (const protocol::Message& message : answer) {
    heard = scene.hear(message);
    if (!heard) break;
  }
  ASSERT_FALSE(heard);
  EXPECT_TRUE(heard.error().code == ErrorCode::log_alarm || heard.error().code == ErrorCode::fork);
  EXPECT_FALSE(scene.engine->progress().synced());
}

// The same where the block that is kept back is the last of its chain: nothing but the count shows
// it.
TEST(Belief, TheLastBlockThatIsWithheldIsAnAlarm) {
  Scene scene;
  scene.device.sync(scene.server);
  scene.server.world.register_citizen(0);
  Frames answer = scene.greet();
  ASSERT_GE(answer.size(), 2U);
  answer.erase(answer.end() - 2);
  ASSERT_TRUE(std::holds_alternative<protocol::Mark>(answer.back()));
  const protocol::Message mark = answer.back();
  answer.pop_back();
  for (const protocol::Message& message : answer) ASSERT_TRUE(scene.hear(message));
  const Result<Frames> heard = scene.hear(mark);
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().code, ErrorCode::log_alarm);

  scene.device.restart();
  const auto& alarms = scene.device.replica->head_store().alarms();
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].kind, AlarmKind::withheld);
  EXPECT_TRUE(protocol::check_evidence(alarms[0].now, scene.device.replica->identity().server_key));
  // The first greeting lets go of what is in doubt, the second gets everything.
  scene.engine.emplace(*scene.device.replica, false);
  const Frames again =
      scene.server.answer(scene.engine->start(scene.server.world.now(), {}).value());
  EXPECT_FALSE(scene.hear(again.front()));
  EXPECT_EQ(scene.engine->state(), SyncState::reconnect);
  EXPECT_TRUE(scene.device.sync(scene.server).synced());
  EXPECT_EQ(scene.device.replica->head_store().alarms().size(), 1U) << "an alarm stays";
}

// Yesterday's copy of the log, started in the place of today's, must not pass for the log: T6.
TEST(Belief, AHeadBelowOneThatWasSignedIsAnAlarmWithBothStatements) {
  Scene scene;
  scene.device.sync(scene.server);
  ScriptedServer yesterday = scene.server;
  const protocol::Mark old = yesterday.mark();
  scene.server.world.register_citizen(0);
  scene.device.sync(scene.server);
  const std::size_t received = scene.device.replica->foreign().size();

  scene.greet();
  const Result<Frames> heard = scene.hear(old);
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().code, ErrorCode::log_alarm);
  scene.device.restart();
  EXPECT_EQ(scene.device.replica->foreign().size(), received) << "the device keeps what it has";
  const auto& alarms = scene.device.replica->head_store().alarms();
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].kind, AlarmKind::rolled_back);
  const PublicKey& key = scene.device.replica->identity().server_key;
  const auto before = protocol::check_evidence(alarms[0].before, key);
  const auto now = protocol::check_evidence(alarms[0].now, key);
  ASSERT_TRUE(before && now);
  EXPECT_GT(before->position, now->position);
  EXPECT_EQ(before->epoch, now->epoch);
}

// What a line says twice or late is only older than what came since.
TEST(Belief, AHeadThatComesTwiceOnOneConnectionIsNoAlarm) {
  Scene scene;
  for (const protocol::Message& message : scene.greet(true)) ASSERT_TRUE(scene.hear(message));
  const protocol::Mark first = scene.server.mark();
  ASSERT_TRUE(scene.hear(first));
  scene.server.world.register_citizen(0);
  for (const StoredBlock& block : scene.news()) {
    ASSERT_TRUE(scene.hear(protocol::Events{pack_block(block)}));
  }
  ASSERT_TRUE(scene.hear(scene.server.mark()));
  const Result<Frames> again = scene.hear(first);
  EXPECT_TRUE(again) << again.error().message;
  EXPECT_TRUE(scene.device.replica->head_store().alarms().empty());
  EXPECT_TRUE(scene.engine->progress().synced());
}

// The log counted for the scope of the day on which it answered.  Since then the reader was given
// another and let go of what is not in it.
TEST(Belief, AnAnswerByBundleOfAnotherScopeIsNotCounted) {
  Scene scene;
  scene.server.world.register_citizen(1);
  scene.device.sync(scene.server);
  scene.engine.emplace(*scene.device.replica, false);
  scene.engine->speak_by_bundle();
  const Frames asked = scene.engine->start(scene.server.world.now(), {}).value();
  scene.server.scope = ReaderScope{.whole_log = true, .units = {}};
  for (const protocol::Message& message : scene.server.answer(asked)) {
    const Result<Frames> heard = scene.hear(message);
    ASSERT_TRUE(heard) << heard.error().message;
  }
  EXPECT_TRUE(scene.device.replica->head_store().alarms().empty());
}

// The older copy shows with its first word, before the device lets go of anything for it.
TEST(Belief, AWelcomeBelowASignedHeadIsAnAlarmAndNothingIsDropped) {
  for (const bool disowns : {false, true}) {
    SCOPED_TRACE(disowns);
    Scene scene;
    scene.device.sync(scene.server);
    ScriptedServer yesterday = scene.server;
    if (!disowns) {
      scene.server.world.register_citizen(0);
      scene.device.sync(scene.server);
    }
    const std::size_t received = scene.device.replica->foreign().size();
    scene.engine.emplace(*scene.device.replica, false);
    const Frames sent = scene.engine->start(scene.server.world.now(), {}).value();
    auto welcome = std::get<protocol::Welcome>(yesterday.answer(sent).front());
    if (disowns) {
      welcome.action = protocol::WelcomeAction::diverged;
      ScriptedServer::sign(welcome, std::get<protocol::Hello>(sent.front()));
    }
    const Result<Frames> heard = scene.hear(welcome);
    ASSERT_FALSE(heard);
    EXPECT_EQ(heard.error().code, ErrorCode::log_alarm);

    scene.device.restart();
    EXPECT_EQ(scene.device.replica->foreign().size(), received);
    const auto& alarms = scene.device.replica->head_store().alarms();
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms[0].kind, disowns ? AlarmKind::disowned : AlarmKind::rolled_back);
    const PublicKey& key = scene.device.replica->identity().server_key;
    EXPECT_TRUE(protocol::check_evidence(alarms[0].before, key));
    EXPECT_TRUE(verify(key, alarms[0].now.statement, alarms[0].now.signature));
  }
}

// Whoever raises the epoch by hand can hide what was lost; the log itself has to say so.
TEST(Belief, ALaterEpochThatTheLogDoesNotExplainIsAnAlarm) {
  for (const bool explained : {false, true}) {
    SCOPED_TRACE(explained);
    Scene scene;
    scene.device.sync(scene.server);
    scene.server.blocks();
    if (explained) {
      scene.server.restore();
    } else {
      scene.server.epoch = Epoch{2};
    }
    Result<Frames> heard = Frames{};
    for (const protocol::Message& message : scene.greet()) {
      if (heard) heard = scene.hear(message);
    }
    ASSERT_EQ(heard.has_value(), explained);
    if (!explained) {
      EXPECT_EQ(heard.error().code, ErrorCode::log_alarm);
    }
  }
}

// Two tablets side by side find out that the server told them different things: T8.
TEST(Belief, TwoDevicesCompareTheirCheckpoints) {
  Scene scene;
  scene.device.sync(scene.server);
  Scene other;  // The same world, on a log that goes another way from here.
  other.server = scene.server;
  other.device.sync(other.server);
  const protocol::HeadEvidence common = *other.device.replica->head_store().newest();
  const Timestamp now = scene.server.world.now();
  const auto same = clients::compare_head(*scene.device.replica, common, now);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->result, HeadComparison::same);

  scene.server.world.register_citizen(0);
  other.server.world.wait_seconds(60);
  other.server.world.register_citizen(0);
  scene.device.sync(scene.server);
  other.device.sync(other.server);
  const protocol::HeadEvidence theirs = *other.device.replica->head_store().newest();
  const std::string text = protocol::checkpoint_text(theirs);
  EXPECT_LE(text.size(), 260U) << "it has to fit on paper";
  const auto read = protocol::read_checkpoint_text(text.substr(0, 90) + "\n  " + text.substr(90));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, theirs);
  const auto compared = clients::compare_head(*scene.device.replica, *read, now);
  ASSERT_TRUE(compared);
  EXPECT_EQ(compared->result, HeadComparison::contradicts);
  EXPECT_EQ(scene.device.replica->head_store().alarms().size(), 1U);
  const auto earlier = clients::compare_head(*scene.device.replica, common, now);
  ASSERT_TRUE(earlier);
  EXPECT_EQ(earlier->result, HeadComparison::same) << "a block that is here ends there";

  scene.server.world.register_citizen(1);  // For others; no block of it is here.
  protocol::HeadEvidence forged = theirs;
  forged.signature.bytes[0] ^= 1U;
  EXPECT_FALSE(clients::compare_head(*scene.device.replica, forged, now));
}

// What was read on this device is told from what was proved.
TEST(Belief, TheStatusOfAnUnprovedEventSaysSo) {
  Scene scene;
  scene.device.sync(scene.server);
  const DossierId dossier = scene.server.world.register_citizen(0);
  scene.greet(true);
  for (const StoredBlock& block : scene.news()) {
    ASSERT_TRUE(scene.hear(protocol::Live{false, *pack_live_block(block)}));
  }
  const auto lines = scene.device.workspace->history(dossier);
  ASSERT_TRUE(lines && !lines->empty());
  for (const clients::HistoryLine& line : *lines) {
    EXPECT_EQ(line.progress.status, EventStatus::unproved);
  }
}

}  // namespace
}  // namespace clients_test
