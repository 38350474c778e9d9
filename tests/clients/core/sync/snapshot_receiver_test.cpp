#include "clients/core/sync/snapshot_receiver.h"

#include "clients/core/log/settings.h"
#include "events/archive/compact.h"
#include "events/packing/compression.h"
#include "tests/clients/core/scripted_server.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace clients_test {
namespace {

using namespace events;
namespace protocol = events::protocol;
using clients::SnapshotReceiver;

/// A snapshot as a server makes it, in many short chunks, with two private records behind it.
struct MadeSnapshot {
  protocol::SnapshotManifest manifest;
  Bytes content;
  std::vector<PrivateRecord> records;

  protocol::SnapOffer offer() const { return {encode(manifest)}; }
  std::uint32_t chunk_count() const { return static_cast<std::uint32_t>(manifest.chunks.size()); }
  protocol::Snap chunk(std::uint32_t index) const {
    const auto start = content.begin() + static_cast<std::ptrdiff_t>(index) * chunk_bytes;
    const auto size = static_cast<std::ptrdiff_t>(manifest.size_of_chunk(index));
    return {index, Bytes(start, start + size)};
  }
  protocol::Snap end() const { return {chunk_count(), {}}; }

  static constexpr std::ptrdiff_t chunk_bytes = 256;
};

void sign_snapshot(protocol::SnapshotManifest& manifest, ChainNumber by = system_chain) {
  manifest.signature = test_support::key_of(by).sign(protocol::snapshot_statement(manifest));
}

/// A new device, and a server that offers it a snapshot.
struct SnapshotScene {
  ScriptedServer server;
  TestDevice device{server};
  /// The scope is known from the greeting before an offer comes.
  const bool knows_scope = device.replica->take_scope(server.scope).has_value();
  SnapshotReceiver receiver{*device.replica};
  MadeSnapshot made = make();

  MadeSnapshot make() {
    projections::Snapshot snapshot;
    snapshot.state = server.world.state();
    snapshot.state.restrict_to(server.scope);
    MadeSnapshot snap;
    snap.records = {test_support::a_private_record(test_support::a_person_record(), 1),
                    test_support::a_private_record(test_support::a_person_record(), 2)};
    for (std::size_t index = 0; index < snap.records.size(); ++index) {
      snapshot.records.push_back(
          {named(index), server.commune().unit, fingerprint_of(snap.records[index].digest())});
    }
    const Bytes raw = projections::encode_snapshot(snapshot);
    snap.content = compress(raw, newest_dictionary);
    protocol::SnapshotManifest& manifest = snap.manifest;
    manifest.revision = projections::snapshot_revision();
    manifest.log = device.replica->identity().log;
    manifest.epoch = server.epoch;
    manifest.position = server.world.head();
    manifest.root = server.mark().head->root;
    manifest.scope = device.replica->pull().scope;
    manifest.dictionary = newest_dictionary;
    manifest.raw_size = raw.size();
    manifest.size = snap.content.size();
    manifest.chunk_bytes = MadeSnapshot::chunk_bytes;
    const ByteView content = snap.content;
    for (std::size_t start = 0; start < content.size(); start += MadeSnapshot::chunk_bytes) {
      const auto chunk = content.subspan(start);
      manifest.chunks.push_back(
          sha256(chunk.first(std::min<std::size_t>(MadeSnapshot::chunk_bytes, chunk.size()))));
    }
    manifest.records = snap.records.size();
    manifest.sums.resize(manifest.scope.units.size());
    sign_snapshot(manifest);
    return snap;
  }

  static EventId named(std::size_t index) { return {ChainNumber{2}, 1'000 + index}; }

  SnapshotReceiver::Greeted greeted() const { return {server.epoch, server.world.head()}; }
  protocol::SnapWant take_offer(const MadeSnapshot& offered) {
    const auto want = receiver.take(offered.offer(), greeted());
    EXPECT_TRUE(want) << want.error().message;
    return want ? *want : protocol::SnapWant{};
  }
  void take_chunks(std::uint32_t first, std::uint32_t end) {
    for (std::uint32_t index = first; index < end; ++index) {
      const Result<void> taken = receiver.take(made.chunk(index));
      ASSERT_TRUE(taken) << index << ": " << taken.error().message;
    }
  }
  /// The device goes on after a cut or a restart.
  void reconnect() {
    device.restart();
    receiver = SnapshotReceiver(*device.replica);
  }
  SnapshotScene() {
    EXPECT_TRUE(knows_scope);
    EXPECT_GT(made.chunk_count(), 8U) << "more than one byte of bits";
  }
};

std::size_t wanted_count(const protocol::SnapWant& want) {
  std::size_t count = 0;
  for (std::size_t chunk = 0; chunk < want.missing.size() * 8; ++chunk) count += want.wants(chunk);
  return count;
}

// A new tablet in the mountains: nothing is shown before all of it is here, and then everything.
TEST(SnapshotReceiver, CountsForNothingUntilTheEndAndThenForAll) {
  SnapshotScene scene;
  const protocol::SnapWant want = scene.take_offer(scene.made);
  EXPECT_EQ(want.name, protocol::snapshot_name(scene.made.manifest));
  EXPECT_EQ(want.position, scene.made.manifest.position);
  EXPECT_EQ(wanted_count(want), scene.made.chunk_count());
  EXPECT_EQ(want.records_from, 0U);

  scene.take_chunks(0, scene.made.chunk_count() - 1);
  EXPECT_FALSE(scene.receiver.awaits_records());
  scene.take_chunks(scene.made.chunk_count() - 1, scene.made.chunk_count());
  EXPECT_TRUE(scene.receiver.awaits_records());
  ASSERT_TRUE(scene.receiver.take(protocol::PrivateRecords{scene.made.records}));
  EXPECT_EQ(scene.receiver.progress().parts, scene.made.chunk_count() + 2U);
  EXPECT_FALSE(scene.receiver.progress().loaded);
  EXPECT_FALSE(scene.device.replica->base_position());

  ASSERT_TRUE(scene.receiver.take(scene.made.end()));
  EXPECT_TRUE(scene.receiver.progress().loaded);
  EXPECT_FALSE(scene.receiver.awaits_records());
  EXPECT_EQ(scene.device.replica->base_position(), scene.made.manifest.position);
  EXPECT_FALSE(scene.device.store.snapshot_part()->has_value());
  const auto record = scene.device.replica->private_record_of(SnapshotScene::named(1));
  ASSERT_TRUE(record && *record);
  EXPECT_EQ(**record, scene.made.records[1]);
  EXPECT_EQ(*scene.device.store.private_homes(), std::vector{scene.server.commune().unit});
}

// A line that breaks every few seconds must still bring a long snapshot to its end.
TEST(SnapshotReceiver, AfterACutAsksForWhatIsMissingOnly) {
  SnapshotScene scene;
  scene.take_offer(scene.made);
  scene.take_chunks(0, 2);
  scene.reconnect();
  const protocol::SnapWant rest = scene.take_offer(scene.made);
  EXPECT_EQ(wanted_count(rest), scene.made.chunk_count() - 2U);
  EXPECT_FALSE(rest.wants(0));
  EXPECT_FALSE(rest.wants(1));
  EXPECT_TRUE(rest.wants(2));
  EXPECT_EQ(scene.receiver.progress().bytes, 2U * MadeSnapshot::chunk_bytes);
  EXPECT_EQ(scene.receiver.progress().bytes_total, scene.made.content.size());

  scene.take_chunks(2, scene.made.chunk_count());
  ASSERT_TRUE(scene.receiver.take(protocol::PrivateRecords{{scene.made.records[0]}}));
  scene.reconnect();
  const protocol::SnapWant records = scene.take_offer(scene.made);
  EXPECT_EQ(wanted_count(records), 0U);
  EXPECT_EQ(records.records_from, 1U);
  EXPECT_TRUE(scene.receiver.awaits_records()) << "the chunks are all here";
  ASSERT_TRUE(scene.receiver.take(protocol::PrivateRecords{{scene.made.records[1]}}));
  ASSERT_TRUE(scene.receiver.take(scene.made.end()));
  EXPECT_TRUE(scene.device.replica->base_position());
}

// A snapshot of a log before it was restored, of another log, or of a time that the server has not
// reached would show titles that do not exist.
TEST(SnapshotReceiver, DeclinesWhatIsSignedAndDoesNotFit) {
  using Edit = std::function<void(protocol::SnapshotManifest&)>;
  const Edit edits[] = {
      [](auto& manifest) { manifest.log = LogId{99}; },
      [](auto& manifest) { manifest.epoch = Epoch{2}; },
      [](auto& manifest) { manifest.position.value += 1; },
      [](auto& manifest) { manifest.revision += 1; },
      [](auto& manifest) {
        manifest.scope.units.back() = UnitId{{ChainNumber{900}, 9}};
      },
      [](auto& manifest) { manifest.raw_size = projections::snapshot_bytes_max + 1; },
  };
  for (const Edit& edit : edits) {
    SnapshotScene scene;
    MadeSnapshot other = scene.made;
    edit(other.manifest);
    sign_snapshot(other.manifest);
    EXPECT_TRUE(scene.take_offer(other).declines());
    EXPECT_FALSE(scene.device.store.snapshot_part()->has_value());
    EXPECT_FALSE(scene.take_offer(scene.made).declines()) << "the fitting one is taken";
  }
  SnapshotScene scene;
  MadeSnapshot forged = scene.made;
  sign_snapshot(forged.manifest, ChainNumber{99});
  EXPECT_TRUE(scene.take_offer(forged).declines());
  EXPECT_TRUE(scene.receiver.take(protocol::SnapOffer{{1, 2, 3}}, scene.greeted())->declines())
      << "who cannot read it, declines it";
}

// What the device has read is not read again from a snapshot that is older.
TEST(SnapshotReceiver, DeclinesWhatIsBelowTheCursor) {
  SnapshotScene scene;
  scene.server.world.register_citizen(0);
  ASSERT_TRUE(scene.device.sync(scene.server).synced());
  EXPECT_TRUE(scene.take_offer(scene.made).declines());
}

// A chunk that was changed on the way must not be asked for again and again: the log comes instead.
TEST(SnapshotReceiver, AWrongChunkEndsThisSnapshotForGood) {
  using Edit = std::function<void(protocol::Snap&)>;
  const Edit edits[] = {
      [](auto& snap) { snap.bytes.front() ^= 1U; },
      [](auto& snap) { snap.bytes.pop_back(); },
      [](auto& snap) { snap.index += 1; },
      [](auto& snap) { snap.index = 1'000; },
  };
  for (const Edit& edit : edits) {
    SnapshotScene scene;
    scene.take_offer(scene.made);
    scene.take_chunks(0, 1);
    protocol::Snap wrong = scene.made.chunk(1);
    edit(wrong);
    EXPECT_EQ(scene.receiver.take(wrong).error().code, ErrorCode::malformed);
    EXPECT_FALSE(scene.device.store.snapshot_part()->has_value());
    EXPECT_EQ(scene.receiver.progress().bytes_total, 0U) << "none is coming";
    EXPECT_TRUE(scene.take_offer(scene.made).declines());
    scene.reconnect();
    EXPECT_TRUE(scene.take_offer(scene.made).declines()) << "also the next day";

    scene.server.world.register_citizen(0);
    scene.made = scene.make();
    EXPECT_FALSE(scene.take_offer(scene.made).declines()) << "a newer one may be whole";
  }
}

// The names of another commune must not come in with a snapshot.
TEST(SnapshotReceiver, ARecordThatNobodyNamedEndsIt) {
  SnapshotScene scene;
  scene.take_offer(scene.made);
  scene.take_chunks(0, scene.made.chunk_count());
  const PrivateRecord other = test_support::a_private_record(test_support::a_person_record(), 99);
  const protocol::PrivateRecords frame{{scene.made.records[0], other}};
  EXPECT_EQ(scene.receiver.take(frame).error().code, ErrorCode::malformed);
  EXPECT_TRUE(scene.device.store.private_digests()->empty()) << "not the one before it either";
  EXPECT_FALSE(scene.receiver.awaits_records());
  EXPECT_TRUE(scene.take_offer(scene.made).declines());
}

TEST(SnapshotReceiver, AnEndBeforeTheLastChunkLoadsNothing) {
  SnapshotScene scene;
  EXPECT_EQ(scene.receiver.take(scene.made.end()).error().code, ErrorCode::malformed)
      << "nobody wants it";
  scene.take_offer(scene.made);
  scene.take_chunks(0, scene.made.chunk_count() - 1);
  EXPECT_EQ(scene.receiver.take(scene.made.end()).error().code, ErrorCode::malformed);
  EXPECT_FALSE(scene.device.replica->base_position());
}

// Chunks may be signed one by one and still be no state: the manifest's own numbers decide.
TEST(SnapshotReceiver, WholeChunksThatAreNoSnapshotAreDropped) {
  SnapshotScene scene;
  scene.made.manifest.records = 3;  // The snapshot names two.
  sign_snapshot(scene.made.manifest);
  scene.take_offer(scene.made);
  scene.take_chunks(0, scene.made.chunk_count() - 1);
  EXPECT_EQ(scene.receiver.take(scene.made.chunk(scene.made.chunk_count() - 1)).error().code,
            ErrorCode::malformed);
  EXPECT_TRUE(scene.take_offer(scene.made).declines());
}

TEST(SnapshotReceiver, AChunkThatComesTwiceCountsOnce) {
  SnapshotScene scene;
  scene.take_offer(scene.made);
  scene.take_chunks(0, 1);
  scene.take_chunks(0, 1);
  EXPECT_EQ(scene.receiver.progress().bytes, std::uint64_t{MadeSnapshot::chunk_bytes});
  EXPECT_EQ(scene.receiver.progress().parts, 1U);
}

// What is here in part is worth more than what is newer, unless the server has it no more.
TEST(SnapshotReceiver, GoesOnWithAnOlderOneOnceAndThenBeginsTheNewer) {
  SnapshotScene scene;
  scene.take_offer(scene.made);
  scene.take_chunks(0, scene.made.chunk_count());
  ASSERT_TRUE(scene.receiver.awaits_records());
  const Digest older = protocol::snapshot_name(scene.made.manifest);
  scene.reconnect();
  scene.server.world.register_citizen(0);
  const MadeSnapshot newer = scene.make();
  EXPECT_EQ(scene.take_offer(newer).name, older);

  const protocol::SnapWant want = scene.take_offer(newer);
  EXPECT_EQ(want.name, protocol::snapshot_name(newer.manifest));
  EXPECT_EQ(wanted_count(want), newer.chunk_count());
  EXPECT_FALSE(scene.receiver.awaits_records()) << "nothing of the older one counts any more";
  EXPECT_EQ(scene.receiver.take(newer.end()).error().code, ErrorCode::malformed);
  EXPECT_FALSE(scene.device.replica->base_position());
}

// A full disk must not leave the device believing that it has what it has not.
TEST(SnapshotReceiver, WhatCannotBeKeptIsAskedForAgain) {
  SnapshotScene scene;
  scene.device.store.set_failing(true);
  EXPECT_EQ(scene.receiver.take(scene.made.offer(), scene.greeted()).error().code,
            ErrorCode::device_storage);
  scene.device.store.set_failing(false);
  scene.take_offer(scene.made);
  scene.device.store.set_failing(true);
  EXPECT_EQ(scene.receiver.take(scene.made.chunk(0)).error().code, ErrorCode::device_storage);
  EXPECT_EQ(scene.receiver.progress().parts, 0U);
  scene.device.store.set_failing(false);
  EXPECT_TRUE(scene.take_offer(scene.made).wants(0));
  scene.take_chunks(0, scene.made.chunk_count());
  scene.device.store.set_failing(true);
  EXPECT_EQ(scene.receiver.take(protocol::PrivateRecords{scene.made.records}).error().code,
            ErrorCode::device_storage);
  EXPECT_EQ(scene.receiver.take(scene.made.end()).error().code, ErrorCode::device_storage);
  EXPECT_FALSE(scene.device.replica->base_position());
  scene.device.store.set_failing(false);
  ASSERT_TRUE(scene.receiver.take(scene.made.end()));
  EXPECT_TRUE(scene.device.replica->base_position());
}

}  // namespace
}  // namespace clients_test
