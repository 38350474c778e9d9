#include "events/protocol/snapshot_messages.h"

#include "events/protocol/frame_codec.h"
#include "tests/support/event_builders.h"
#include "tests/support/golden.h"

#include <gtest/gtest.h>

#include <vector>

namespace events_test {
namespace {

using namespace events;
using namespace events::protocol;
using test_support::a_digest;
using test_support::a_key;
using test_support::a_log;
using test_support::commune;

SnapshotManifest a_manifest() {
  SnapshotManifest manifest;
  manifest.revision = 0x12345678;
  manifest.log = a_log;
  manifest.epoch = Epoch{1};
  manifest.position = Position{5'129};
  manifest.root = a_digest(0x51);
  manifest.scope = {false, {reference_scope, commune}};
  manifest.private_access = {false, {commune}};
  manifest.dictionary = 1;
  manifest.raw_size = 34'544;
  manifest.size = 9'885;
  manifest.chunks = {a_digest(1), a_digest(2), a_digest(3)};
  manifest.records = 450;
  manifest.sums = {{300, a_digest(0x61)}, {42, a_digest(0x62)}};
  manifest.signature = a_key(1).sign(snapshot_statement(manifest));
  return manifest;
}

SnapWant a_want() {
  SnapWant want;
  want.name = snapshot_name(a_manifest());
  want.position = a_manifest().position;
  want.missing = {0b110};
  want.records_from = 0;
  return want;
}

// A device of another maker must take a snapshot, and go on with one that was cut.
TEST(SnapshotMessages, KeepTheirBytes) {
  test_support::expect_golden("protocol/snap_offer.hex",
                              encode_frame(SnapOffer{encode(a_manifest())}));
  test_support::expect_golden("protocol/snap_want.hex", encode_frame(a_want()));
  test_support::expect_golden("protocol/snap.hex", encode_frame(Snap{2, {0xDE, 0xAD}}));
}

// Whoever changes on the way what a snapshot stands for must be found out: every field is signed.
TEST(SnapshotMessages, TheSignatureAndTheNameCoverEveryField) {
  const SnapshotManifest manifest = a_manifest();
  std::vector<SnapshotManifest> changes(15, manifest);
  changes[0].format += 1;
  changes[1].revision += 1;
  changes[2].log.value += 1;
  changes[3].epoch.value += 1;
  changes[4].position.value += 1;
  changes[5].root.bytes[0] ^= 1U;
  changes[6].scope.whole_log = true;
  changes[7].private_access.everywhere = true;
  changes[8].dictionary += 1;
  changes[9].raw_size += 1;
  changes[10].size += 1;
  changes[11].chunk_bytes += 1;
  changes[12].chunks[1].bytes[31] ^= 1U;
  changes[13].records += 1;
  changes[14].sums[1].events += 1;
  EXPECT_TRUE(verify(a_key(1).public_key(), snapshot_statement(manifest), manifest.signature));
  for (const SnapshotManifest& changed : changes) {
    EXPECT_FALSE(verify(a_key(1).public_key(), snapshot_statement(changed), manifest.signature));
    EXPECT_NE(snapshot_name(changed), snapshot_name(manifest));
  }
}

// A manifest that promises other chunks than it names would make a device wait, or reserve memory.
TEST(SnapshotMessages, AManifestWhoseNumbersDoNotFitIsNotRead) {
  const auto is_read = [](auto change) {
    SnapshotManifest manifest = a_manifest();
    change(manifest);
    return decode<SnapshotManifest>(encode(manifest)).has_value();
  };
  EXPECT_TRUE(is_read([](SnapshotManifest&) {}));
  EXPECT_FALSE(is_read([](SnapshotManifest& m) { m.format = 2; }));
  EXPECT_FALSE(is_read([](SnapshotManifest& m) { m.chunks.pop_back(); }));
  EXPECT_FALSE(is_read([](SnapshotManifest& m) { m.sums.pop_back(); }));
  EXPECT_FALSE(is_read([](SnapshotManifest& m) { m.scope.whole_log = true; }));
  EXPECT_FALSE(is_read([](SnapshotManifest& m) { m.size = 3 * m.chunk_bytes + 1; }));
  EXPECT_FALSE(is_read([](SnapshotManifest& m) { m.size = 0, m.chunks.clear(); }));
  EXPECT_FALSE(is_read([](SnapshotManifest& m) { m.size = ~std::uint64_t{0}; }));
  EXPECT_FALSE(is_read([](SnapshotManifest& m) { m.chunk_bytes = 0; }));
  EXPECT_FALSE(is_read([](SnapshotManifest& m) { m.chunk_bytes = snapshot_chunk_bytes_max + 1; }));
  EXPECT_FALSE(is_read([](SnapshotManifest& m) {
    for (std::uint64_t seq = 1; m.scope.units.size() <= snapshot_units_max; ++seq) {
      m.scope.units.emplace_back(EventId{ChainNumber{9}, seq});
    }
  }));
}

// The longest manifest must still fit into a frame, or a large commune would get none at all.
TEST(SnapshotMessages, TheLongestOfAllFitIntoFrames) {
  SnapshotManifest manifest = a_manifest();
  manifest.chunk_bytes = snapshot_chunk_bytes_max;
  manifest.size = snapshot_size_max;
  manifest.chunks.assign(snapshot_chunks_max, a_digest(7));
  for (std::uint64_t seq = 1; manifest.scope.units.size() < snapshot_units_max; ++seq) {
    manifest.scope.units.emplace_back(
        EventId{ChainNumber{chain_number_max}, sequence_max - 99 + seq});
  }
  manifest.private_access.communes = manifest.scope.units;
  manifest.sums.assign(snapshot_units_max, {sequence_max, a_digest(9)});
  EXPECT_LE(encode_frame(SnapOffer{encode(manifest)}).size(), frame_bytes_max);
  const Snap snap{snapshot_chunks_max, Bytes(snapshot_chunk_bytes_max)};
  EXPECT_LE(encode_frame(snap).size(), frame_bytes_max);
}

// Which chunks are sent again is the device's word; a bit beside its place repeats or loses one.
TEST(SnapshotMessages, ABitOfTheWantIsAChunk) {
  const SnapWant want = a_want();
  EXPECT_FALSE(want.wants(0));
  EXPECT_TRUE(want.wants(1));
  EXPECT_TRUE(want.wants(2));
  EXPECT_FALSE(want.wants(8));
  EXPECT_FALSE(want.declines());
  EXPECT_TRUE(SnapWant{}.declines());
  EXPECT_EQ(a_manifest().size_of_chunk(0), snapshot_chunk_bytes);
  EXPECT_EQ(a_manifest().size_of_chunk(2), 9'885 - 2 * snapshot_chunk_bytes);
}

}  // namespace
}  // namespace events_test
