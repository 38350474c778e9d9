#include "server/feed/snapshot_builder.h"

#include "events/log/stored_event.h"
#include "events/packing/compression.h"
#include "events/packing/wire_block.h"

#include <algorithm>
#include <utility>

namespace server {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;

namespace {

/// Every so many blocks one is packed, to know what blocks weigh on the wire.
constexpr std::size_t sample_distance = 64;
constexpr std::uint64_t whole = 256;
/// What is longer is compressed with little effort: a reader waits for it, and so do others.
constexpr std::size_t great_effort_bytes_max = std::size_t{1} << 20U;

/// Folds the blocks of a scope into what a snapshot holds.
class Fold {
 public:
  Fold(const SnapshotReader& reader, MadeSnapshot& made) : made_(made) {
    rights_.scope = reader.scope;
    rights_.private_everywhere = reader.private_access.everywhere;
    rights_.private_communes = reader.private_access.communes;
  }

  /// Goes on from where an earlier snapshot ends.
  Result<void> begin(const MadeSnapshot& before) {
    const Result<events::Bytes> raw =
        events::decompress(before.content, before.manifest.dictionary,
                           static_cast<std::size_t>(before.manifest.raw_size));
    if (!raw) return raw.error();
    Result<projections::Snapshot> snapshot = projections::decode_snapshot(*raw);
    if (!snapshot) return snapshot.error();
    state_ = std::move(snapshot->state);
    made_.gatherer = before.gatherer;
    made_.blocks = before.blocks;
    made_.wire_part = before.wire_part;
    return {};
  }

  Result<void> run(const events::EventLog& log, Position upto, const SnapshotBounds& bounds,
                   const std::atomic<bool>* stop) {
    std::uint64_t folded = 0;
    for (const MadeSnapshot::Block& block : made_.blocks) folded += block.bytes;
    for (Position after = state_.applied();;) {
      Position scanned_to;
      const Result<std::optional<events::Bytes>> encoded =
          log.next_block(rights_.scope, after, &scanned_to);
      if (!encoded) return encoded.error();
      if (!*encoded) break;
      const Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
      if (!block) return block.error();
      if (block->first > upto) break;
      after = block->last();
      if (stop != nullptr && stop->load()) return Error{ErrorCode::closed, "nobody waits any more"};
      folded += (*encoded)->size();
      if (folded > bounds.folded_bytes) {
        return Error{ErrorCode::too_large, "the log of that scope is too long for a snapshot"};
      }
      if (Result<void> taken = take(*block, (*encoded)->size()); !taken) return taken;
    }
    state_.advance(upto);
    return {};
  }

  projections::State& state() { return state_; }

 private:
  Result<void> take(const events::StoredBlock& block, std::size_t bytes) {
    const Result<std::vector<events::StoredEvent>> stored = events::stored_events(block);
    if (!stored) return stored.error();
    const bool with_records = rights_.may_read_private(block.scope);
    for (const events::StoredEvent& event : *stored) {
      state_.apply(event, block.scope);
      made_.gatherer.take(event, block.scope, with_records);
    }
    if (made_.blocks.size() % sample_distance == 0) {
      const std::uint64_t packed = events::pack_block(block).size();
      made_.wire_part = static_cast<std::uint32_t>(std::min(packed * whole / bytes, whole));
    }
    made_.blocks.push_back({block.last(), block.chain, static_cast<std::uint32_t>(bytes)});
    return {};
  }

  MadeSnapshot& made_;
  ReaderRights rights_;
  projections::State state_;
};

void cut(MadeSnapshot& made) {
  protocol::SnapshotManifest& manifest = made.manifest;
  manifest.size = made.content.size();
  const bool is_short =
      made.content.size() <= protocol::snapshot_chunks_max * protocol::snapshot_chunk_bytes;
  const std::size_t step =
      is_short ? protocol::snapshot_chunk_bytes : protocol::snapshot_chunk_bytes_max;
  manifest.chunk_bytes = static_cast<std::uint32_t>(step);
  const events::ByteView content = made.content;
  for (std::size_t start = 0; start < content.size(); start += step) {
    manifest.chunks.push_back(
        events::sha256(content.subspan(start, std::min(step, content.size() - start))));
  }
}

}  // namespace

bool has_snapshots(const SnapshotReader& reader) {
  return !reader.scope.whole_log && reader.scope.units.size() > 1 &&
         reader.scope.units.size() <= protocol::snapshot_units_max &&
         reader.private_access.communes.size() <= protocol::snapshot_communes_max;
}

std::uint64_t MadeSnapshot::log_bytes(Position after, events::ChainNumber chain) const {
  std::uint64_t stored = 0;
  const auto first = std::ranges::upper_bound(blocks, after, {}, &Block::last);
  for (auto block = first; block != blocks.end(); ++block) {
    if (block->chain != chain) stored += block->bytes;
  }
  return stored * wire_part / whole;
}

Result<SnapshotPtr> make_snapshot(const events::EventLog& log, const SnapshotReader& reader,
                                  Position position, const SnapshotPtr& before,
                                  const SnapshotBounds& bounds, const std::atomic<bool>* stop) {
  const Result<events::Digest> root = events::root_at(log, position);
  if (!root) return root.error();
  auto made = std::make_shared<MadeSnapshot>();
  Fold fold(reader, *made);
  if (before && before->manifest.position <= position) {
    if (Result<void> begun = fold.begin(*before); !begun) return begun.error();
  }
  if (Result<void> done = fold.run(log, position, bounds, stop); !done) return done.error();

  projections::Snapshot snapshot;
  snapshot.state = std::move(fold.state());
  snapshot.later_verdicts = made->gatherer.later_verdicts();
  made->records = made->gatherer.needed_at(snapshot.state);
  for (const auto& named : made->records) {
    snapshot.records.push_back({named.event, named.home, events::fingerprint_of(named.digest)});
  }
  const events::Bytes raw = projections::encode_snapshot(snapshot);
  if (raw.size() > bounds.raw_bytes) {
    return Error{ErrorCode::too_large, "the state of that scope is too long for a snapshot"};
  }
  const auto effort =
      raw.size() <= great_effort_bytes_max ? events::Effort::great : events::Effort::little;
  made->content = events::compress(raw, events::newest_dictionary, effort);
  if (made->content.size() > protocol::snapshot_size_max) {
    return Error{ErrorCode::too_large, "the snapshot of that scope is too long"};
  }
  protocol::SnapshotManifest& manifest = made->manifest;
  manifest.revision = projections::snapshot_revision();
  manifest.log = log.head().log;
  manifest.epoch = log.head().epoch;
  manifest.position = position;
  manifest.root = *root;
  manifest.scope = reader.scope;
  manifest.private_access = reader.private_access;
  manifest.dictionary = events::newest_dictionary;
  manifest.raw_size = raw.size();
  manifest.records = made->records.size();
  for (const events::UnitId unit : reader.scope.units) {
    const Result<events::ScopeSum> sum = log.scope_sum_at(unit, position);
    if (!sum) return sum.error();
    manifest.sums.push_back(*sum);
  }
  cut(*made);
  made->name = protocol::snapshot_name(manifest);
  return SnapshotPtr(std::move(made));
}

}  // namespace server
