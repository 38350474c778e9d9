#include "clients/core/sync/sync_engine.h"
#include "events/archive/compact.h"
#include "events/log/event.h"
#include "events/packing/live_block.h"
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
using clients::SyncEngine;
using clients::SyncState;

/// A device that waits at the head of the log, and what comes to it there.
class WaitingReader {
 public:
  WaitingReader() : device(server) { connect(true); }

  ScriptedServer server;
  TestDevice device;
  std::optional<SyncEngine> engine;

  /// What the engine sends first of all.
  Frames connect(bool live) {
    engine.emplace(*device.replica, live);
    const Frames sent = engine->start(server.world.now(), {}).value();
    Frames asked;
    for (const protocol::Message& message : server.answer(sent)) {
      const Result<Frames> answer = engine->on_message(message, server.world.now());
      EXPECT_TRUE(answer);
      if (answer) asked.insert(asked.end(), answer->begin(), answer->end());
    }
    return asked;
  }

  /// The blocks of the reader's scope that the log has since the last call.
  std::vector<StoredBlock> news() {
    std::vector<StoredBlock> blocks;
    for (const StoredBlock& block : server.blocks()) {
      const bool is_foreign = block.chain != device.replica->identity().chain;
      if (block.first > told_ && is_foreign && server.scope.includes(block.scope)) {
        blocks.push_back(block);
      }
    }
    told_ = server.world.head();
    return blocks;
  }

  Result<Frames> hand_over(const StoredBlock& block, bool caught_up = true) {
    return engine->on_message(protocol::Live{caught_up, *pack_live_block(block)},
                              server.world.now());
  }

 private:
  Position told_ = server.world.head();
};

projections::State restricted_to_scope(const ScriptedServer& server) {
  projections::State state = server.world.state();
  state.restrict_to(server.scope);
  return state;
}

// Commune and association see the same minute on the same facts, proof or not.
TEST(LivePull, WhatComesLiveIsOfficialAtOnce) {
  WaitingReader reader;
  reader.news();
  reader.server.world.register_citizen(0);
  const auto news = reader.news();
  ASSERT_FALSE(news.empty());
  for (const StoredBlock& block : news) {
    ASSERT_TRUE(reader.hand_over(block, &block == &news.back()));
  }
  EXPECT_TRUE(reader.engine->progress().synced());
  EXPECT_EQ(reader.device.replica->unproved_count(), news.size());
  EXPECT_EQ(encode(reader.device.workspace->confirmed()),
            encode(restricted_to_scope(reader.server)));
}

// A day on a line that comes and goes must not leave facts that nobody ever proves.
TEST(LivePull, TheNextConnectionAsksForTheProofs) {
  WaitingReader reader;
  reader.news();
  reader.server.world.register_citizen(0);
  const auto news = reader.news();
  for (const StoredBlock& block : news) ASSERT_TRUE(reader.hand_over(block));
  reader.device.restart();
  const Frames asked = reader.connect(false);
  ASSERT_EQ(asked.size(), 1U);
  const auto& prove = std::get<protocol::Prove>(asked[0]);
  EXPECT_EQ(prove.blocks.size(), news.size());
  EXPECT_FALSE(reader.engine->progress().finished());

  protocol::Proofs proofs;
  for (const StoredBlock& block : news) proofs.proofs.push_back(proof_of(block));
  ASSERT_TRUE(reader.engine->on_message(proofs, reader.server.world.now()));
  EXPECT_TRUE(reader.engine->progress().finished());
  EXPECT_EQ(reader.device.replica->unproved_count(), 0U);
  reader.device.restart();
  EXPECT_EQ(reader.device.replica->unproved_count(), 0U);
  EXPECT_TRUE(reader.connect(false).empty());
}

// Proofs one by one would cost what leaving them out has saved.
TEST(LivePull, ProofsAreAskedForTogether) {
  WaitingReader reader;
  reader.news();
  std::size_t taken = 0;
  while (taken < protocol::unproved_blocks_max) {
    reader.server.world.register_citizen(0);
    for (const StoredBlock& block : reader.news()) {
      const Result<Frames> asked = reader.hand_over(block);
      ASSERT_TRUE(asked);
      EXPECT_EQ(asked->empty(), ++taken != protocol::unproved_blocks_max) << taken;
    }
  }
}

// A server, or whoever speaks in its place, must not put words into an officer's mouth.
TEST(LivePull, AnEventThatItsAuthorNeverMadeIsFoundOut) {
  WaitingReader reader;
  reader.news();
  reader.server.world.register_citizen(0);
  const auto news = reader.news();
  const auto run = std::ranges::find_if(
      news, [](const StoredBlock& block) { return block.run && block.entries.size() > 1; });
  ASSERT_NE(run, news.end());
  for (auto before = news.begin(); before != run; ++before) ASSERT_TRUE(reader.hand_over(*before));
  StoredBlock forged = *run;
  const Event event = read_event(forged.entries[0].canonical).value();
  EventHeader header = event.header;
  header.recorded_at.value += 1;
  forged.entries[0].canonical = make_event(header, event.payload).canonical;
  ASSERT_TRUE(reader.hand_over(forged));

  reader.connect(false);
  protocol::Proofs proofs;
  for (auto block = news.begin(); block <= run; ++block) proofs.proofs.push_back(proof_of(*block));
  const Result<Frames> taken = reader.engine->on_message(proofs, reader.server.world.now());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::bad_signature);
  EXPECT_EQ(reader.engine->state(), SyncState::failed);
  EXPECT_EQ(reader.device.replica->unproved_count(), 0U) << "what is in doubt is not kept";
}

// The log cuts a signed run where its scope changes: the first part has no signature, and only what
// follows shows that its author made it.
TEST(LivePull, AForgedPartOfARunIsFoundOutByWhatFollows) {
  WaitingReader reader;
  reader.server.world.register_citizen(0);  // Not for this reader: the chain's hash is unknown.
  reader.news();
  reader.server.world.register_citizen(0);
  const auto news = reader.news();
  const auto run = std::ranges::find_if(
      news, [](const StoredBlock& block) { return block.run && block.entries.size() > 1; });
  ASSERT_NE(run, news.end());
  StoredBlock first = *run;
  first.entries.resize(1);
  first.run.reset();
  StoredBlock rest = *run;
  rest.entries.erase(rest.entries.begin());
  rest.first.value += 1;
  rest.first_seq += 1;
  rest.previous = hash_after(run->previous, {run->entries[0].canonical});
  StoredBlock forged = first;
  const Event event = read_event(first.entries[0].canonical).value();
  EventHeader header = event.header;
  header.recorded_at.value += 1;
  forged.entries[0].canonical = make_event(header, event.payload).canonical;
  for (const bool honest : {false, true}) {
    SCOPED_TRACE(honest);
    WaitingReader again;
    const auto hear = [&](const protocol::Message& message) {
      return again.engine->on_message(message, reader.server.world.now());
    };
    ASSERT_TRUE(hear(protocol::Live{false, *pack_live_block(honest ? first : forged)}));
    ASSERT_TRUE(hear(protocol::Events{pack_block(rest)}));
    const Result<Frames> taken = hear(protocol::Proofs{{proof_of(first)}});
    ASSERT_EQ(taken.has_value(), honest);
    if (!honest) {
      EXPECT_EQ(taken.error().code, ErrorCode::fork);
    }
  }
}

// Repeated by a line that stutters, a live block is one block.
TEST(LivePull, ARepeatedLiveBlockChangesNothing) {
  WaitingReader reader;
  reader.news();
  reader.server.world.register_citizen(0);
  const auto news = reader.news();
  for (const StoredBlock& block : news) ASSERT_TRUE(reader.hand_over(block));
  const Bytes before = encode(reader.device.workspace->confirmed());
  for (const StoredBlock& block : news) ASSERT_TRUE(reader.hand_over(block));
  EXPECT_EQ(encode(reader.device.workspace->confirmed()), before);
  EXPECT_EQ(reader.device.replica->unproved_count(), news.size());
}

// A carrier's answer begins where the device was when it asked, before it met the server again.
TEST(LivePull, ABlockThatComesWholeAfterItCameLiveIsKnown) {
  WaitingReader reader;
  reader.news();
  reader.server.world.register_citizen(0);
  const auto news = reader.news();
  for (const StoredBlock& block : news) ASSERT_TRUE(reader.hand_over(block));
  for (StoredBlock block : news) {
    ASSERT_TRUE(reader.engine->on_message(protocol::Events{pack_block_uncompressed(block)},
                                          reader.server.world.now()));
    block.root_after.bytes[0] ^= 1U;
    EXPECT_FALSE(reader.device.replica->check_foreign(block));
  }
}

// Otherwise a live reader would skip what was appended while nobody looked.
TEST(LivePull, ALiveBlockBelowTheCursorIsRefused) {
  WaitingReader reader;
  reader.news();
  reader.server.world.register_citizen(0);
  const StoredBlock earlier = reader.news().front();
  reader.server.world.register_citizen(0);
  ASSERT_TRUE(reader.hand_over(reader.news().back()));
  EXPECT_FALSE(reader.hand_over(earlier));
}

}  // namespace
}  // namespace clients_test
