#include "events/archive/compact.h"
#include "events/packing/compression.h"
#include "events/packing/wire_block.h"
#include "tests/clients/core/scripted_server.h"
#include "tests/support/world_random.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using namespace events;

/// What a reader of the device's scope has folded up to `position`.
projections::State fold_of(const ScriptedServer& server, Position position) {
  projections::State state;
  for (const test_support::StoredAct& act : server.world.stored()) {
    if (act.position() > position) break;
    if (server.scope.includes(act.scope)) state.apply(act.stored, act.scope);
  }
  state.advance(position);
  return state;
}

/// A device goes on from a snapshot of the log as it is now.
void give_snapshot(TestDevice& device, ScriptedServer& server) {
  const projections::Snapshot snapshot{fold_of(server, server.world.head()), {}, {}};
  const Bytes raw = projections::encode_snapshot(snapshot);
  clients::SnapshotBase base;
  base.manifest.revision = projections::snapshot_revision();
  base.manifest.log = server.world.state().access().log();
  base.manifest.epoch = server.epoch;
  base.manifest.position = server.world.head();
  base.manifest.root = server.blocks().back().root_after;
  base.manifest.scope = server.scope;
  base.manifest.dictionary = newest_dictionary;
  base.manifest.raw_size = raw.size();
  base.content = compress(raw, newest_dictionary);
  base.manifest.size = base.content.size();
  ASSERT_TRUE(device.replica->take_base(base));
}

/// What came since, in blocks, and that nothing is missing.
void give_blocks(TestDevice& device, ScriptedServer& server) {
  const Position base = *device.replica->base_position();
  for (const StoredBlock& block : server.blocks()) {
    if (block.first <= base || !server.scope.includes(block.scope)) continue;
    ASSERT_TRUE(device.replica->take_foreign(block, pack_block(block), server.epoch));
  }
  ASSERT_TRUE(device.replica->take_mark(server.mark().upto));
}

// "?at=position" has to give the same bytes for ever, whatever came since.
TEST(StateAt, IsTheFoldOfThePrefix) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    ScriptedServer server;
    test_support::RandomActs acts(server.world, seed);
    TestDevice device(server);
    device.sync(server);
    ASSERT_TRUE(
        device.workspace->record_together(device.registration(server, 1), server.world.now()));
    for (int act = 0; act < 75; ++act) acts.act();
    device.sync(server);
    ASSERT_EQ(device.replica->own().verdicts_known(), 3U);
    for (int act = 0; act < 75; ++act) acts.act();
    device.sync(server);
    const Position head = device.replica->overlay().confirmed().applied();
    ASSERT_EQ(head, server.world.head());
    for (const std::uint64_t at : {std::uint64_t{0}, std::uint64_t{1}, head.value / 3,
                                   head.value / 2, head.value - 1, head.value}) {
      const auto state = device.replica->state_at(Position{at});
      ASSERT_TRUE(state);
      EXPECT_EQ(encode(*state), encode(fold_of(server, Position{at})))
          << "seed " << seed << ", position " << at;
    }
  }
}

TEST(StateAt, GoesOnFromASnapshotAndNotBehindIt) {
  ScriptedServer server;
  test_support::RandomActs acts(server.world, 4);
  for (int act = 0; act < 80; ++act) acts.act();
  TestDevice device(server);
  give_snapshot(device, server);
  const Position base = server.world.head();
  for (int act = 0; act < 80; ++act) acts.act();
  give_blocks(device, server);
  const Position head = device.replica->overlay().confirmed().applied();
  ASSERT_EQ(head, server.world.head());
  ASSERT_EQ(device.replica->base_position(), base);
  for (const std::uint64_t at :
       {base.value, base.value + 1, (base.value + head.value) / 2, head.value}) {
    const auto state = device.replica->state_at(Position{at});
    ASSERT_TRUE(state);
    EXPECT_EQ(encode(*state), encode(fold_of(server, Position{at}))) << "position " << at;
  }
  const auto before = device.replica->state_at(Position{base.value - 1});
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().code, ErrorCode::not_found);
}

TEST(StateAt, IsNotToldOfWhatHasNotArrived) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  const auto beyond = device.replica->state_at(Position{server.world.head().value + 1});
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace clients_test
