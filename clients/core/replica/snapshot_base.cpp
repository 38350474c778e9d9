#include "clients/core/replica/replica.h"
#include "events/packing/compression.h"
#include "projections/state/snapshot.h"

#include <algorithm>
#include <utility>

// What a replica goes on from when it has not the log from the beginning: a snapshot.

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;

namespace {

/// The digests that were named by events which are not here, as far as their records came.
std::unordered_map<events::EventId, events::Digest> by_event(const std::vector<RecordName>& names) {
  std::unordered_map<events::EventId, events::Digest> digests;
  for (const RecordName& name : names) digests.emplace(name.event, name.digest);
  return digests;
}

}  // namespace

Result<projections::Snapshot> read_snapshot(const SnapshotBase& base) {
  if (base.manifest.raw_size > projections::snapshot_bytes_max) {
    return Error{ErrorCode::too_large, "a snapshot that is too long"};
  }
  const Result<events::Bytes> raw = events::decompress(
      base.content, base.manifest.dictionary, static_cast<std::size_t>(base.manifest.raw_size));
  if (!raw) return raw.error();
  Result<projections::Snapshot> snapshot = projections::decode_snapshot(*raw);
  if (!snapshot) return snapshot;
  const bool fits = snapshot->state.applied() == base.manifest.position &&
                    snapshot->records.size() == base.manifest.records;
  if (!fits) return Error{ErrorCode::malformed, "a snapshot that is not its manifest's"};
  return snapshot;
}

Result<void> Replica::begin_overlay() {
  overlay_ = Overlay(overlay_.own_events(), overlay_.newest_rules());
  first_pending_seq_ = 1;
  if (!base_) return {};
  const Result<std::optional<SnapshotBase>> base = store_->base();
  if (!base) return base.error();
  if (!*base) return Error{ErrorCode::storage_corrupt, "the snapshot is missing"};
  Result<projections::Snapshot> snapshot = read_snapshot(**base);
  if (!snapshot) return Error{ErrorCode::storage_corrupt, snapshot.error().message};
  const Result<std::vector<RecordName>> names = store_->record_names();
  if (!names) return names.error();
  auto digests = by_event(*names);
  for (const auto& [first_seq, receipt] : own_.receipts()) {
    if (receipt.first > *base_) break;
    first_pending_seq_ = receipt.last_seq() + 1;
    for (std::uint64_t seq = first_seq; seq <= receipt.last_seq(); ++seq) {
      const events::Event& event = own_.entry(seq).event;
      if (const auto digest = events::private_digest_of(event.payload)) {
        digests.insert_or_assign(event.id(), *digest);
      }
    }
  }
  for (const projections::Device& device : snapshot->state.access().devices()) {
    chain_keys_.insert_or_assign(device.chain, device.public_key);
  }
  overlay_.begin(std::move(snapshot->state), std::move(snapshot->later_verdicts),
                 std::move(digests));
  return {};
}

Result<projections::State> Replica::state_at(Position position) const {
  if (position > overlay_.confirmed().applied()) {
    return Error{ErrorCode::not_found, "a position that this device has not reached yet"};
  }
  if (position < base_.value_or(Position{})) {
    return Error{ErrorCode::not_found, "a position before the snapshot of this device"};
  }
  if (position == overlay_.confirmed().applied()) return overlay_.confirmed();
  projections::State state;
  state.hold_by(newest_rules());
  if (base_) {
    const Result<std::optional<SnapshotBase>> base = store_->base();
    if (!base) return base.error();
    if (!*base) return Error{ErrorCode::storage_corrupt, "the snapshot is missing"};
    Result<projections::Snapshot> snapshot = read_snapshot(**base);
    if (!snapshot) return Error{ErrorCode::storage_corrupt, snapshot.error().message};
    state = std::move(snapshot->state);
    state.hold_by(newest_rules());
  }
  const auto apply = [&](const events::StoredEvent& stored, const events::ScopeSet& scope) {
    if (stored.position > position) return;  // The rest of a block.
    const bool is_own = stored.event.header.chain == identity_.chain;
    if (is_own && !pull_.scope.includes(scope)) return;
    state.apply(stored, scope);
  };
  if (Result<void> read = replay(state.applied(), position, apply); !read) return read.error();
  state.advance(position);
  return state;
}

Result<void> Replica::load_base() {
  const Result<std::optional<SnapshotBase>> base = store_->base();
  if (!base) return base.error();
  if (!*base) return {};
  if ((*base)->manifest.revision != projections::snapshot_revision()) {
    // This build folds otherwise: the log comes again, or another snapshot.
    return restart_pull(pull_.scope, false);
  }
  base_ = (*base)->manifest.position;
  base_sums_ = (*base)->manifest.sums;
  return begin_overlay();
}

Result<void> Replica::take_base(const SnapshotBase& base) {
  if (base.manifest.position < pull_.cursor.position) {
    return Error{ErrorCode::malformed, "a snapshot below what was received"};
  }
  PullState pull = pull_;
  pull.cursor = {base.manifest.epoch, base.manifest.position,
                 events::fingerprint_of(base.manifest.root)};
  pull.synced_upto = base.manifest.position;
  StoreChange change;
  change.base = base;
  change.pull = pull;
  change.drop_snapshot_part = true;
  if (Result<void> written = store_->commit(change); !written) return written;
  pull_ = std::move(pull);
  base_ = base.manifest.position;
  base_sums_ = base.manifest.sums;
  tally_.reset();
  if (Result<void> begun = begin_overlay(); !begun) return begun;
  return fold();
}

}  // namespace clients
