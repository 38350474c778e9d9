#include "clients/core/sync/snapshot_receiver.h"

#include "clients/core/log/settings.h"
#include "events/archive/compact.h"
#include "events/crypto/digest.h"

#include <algorithm>
#include <string>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

Result<void> SnapshotReceiver::check(const protocol::SnapshotManifest& manifest,
                                     const Greeted& greeted) const {
  const Identity& identity = replica_->identity();
  if (manifest.log != identity.log) return Error{ErrorCode::wrong_log, "of another log"};
  if (!events::verify(identity.server_key, protocol::snapshot_statement(manifest),
                      manifest.signature)) {
    return Error{ErrorCode::bad_signature, "not signed by the server"};
  }
  if (manifest.revision != projections::snapshot_revision()) {
    return Error{ErrorCode::unsupported, "made by another build"};
  }
  const bool fits = manifest.epoch == greeted.epoch && manifest.position <= greeted.head &&
                    manifest.position >= replica_->pull().cursor.position &&
                    manifest.scope == replica_->pull().scope &&
                    manifest.raw_size <= projections::snapshot_bytes_max;
  if (!fits) return Error{ErrorCode::malformed, "not for this device"};
  const Result<std::optional<events::Digest>> refused =
      read_setting(replica_->store(), settings::snapshot_refused);
  if (!refused) return refused.error();
  if (*refused == protocol::snapshot_name(manifest)) {
    return Error{ErrorCode::malformed, "did not fit its manifest before"};
  }
  return {};
}

Result<protocol::SnapWant> SnapshotReceiver::take(const protocol::SnapOffer& offer,
                                                  const Greeted& greeted) {
  const auto manifest = events::decode<protocol::SnapshotManifest>(offer.manifest);
  // Also where it cannot be read: the log has it all.
  if (!manifest || !check(*manifest, greeted)) return protocol::SnapWant{};
  if (!part_) {
    Result<std::optional<SnapshotPart>> part = replica_->store().snapshot_part();
    if (!part) return part.error();
    part_ = std::move(*part);
  }
  // What is here in part is gone on with, once, though there may be a newer one.
  const bool goes_on =
      part_ && (part_->manifest == *manifest ||
                (!std::exchange(asked_for_older_, true) && check(part_->manifest, greeted)));
  if (!goes_on) {
    StoreChange change;
    change.begun_snapshot = *manifest;
    if (Result<void> begun = replica_->store().commit(change); !begun) return begun.error();
    part_ = SnapshotPart{*manifest, {}, 0};
    content_.reset();  // Of the one before, whose records and end must not count for this one.
    awaited_.clear();
  }
  progress_.bytes_total = part_->manifest.size;
  progress_.bytes = 0;
  for (const auto& [index, chunk] : part_->chunks) progress_.bytes += chunk.size();
  if (part_->chunks.size() == part_->manifest.chunks.size()) {
    // A cut came between the chunks and the private records.
    if (Result<void> whole = assemble(); !whole) return protocol::SnapWant{};
  }
  return want();
}

protocol::SnapWant SnapshotReceiver::want() const {
  const protocol::SnapshotManifest& manifest = part_->manifest;
  protocol::SnapWant want;
  want.name = protocol::snapshot_name(manifest);
  want.position = manifest.position;
  want.missing.assign((manifest.chunks.size() + 7) / 8, 0);
  for (std::uint32_t index = 0; index < manifest.chunks.size(); ++index) {
    if (part_->chunks.contains(index)) continue;
    want.missing[index / 8] |= static_cast<std::uint8_t>(1U << (index % 8));
  }
  want.records_from = part_->records;
  return want;
}

Result<void> SnapshotReceiver::take(const protocol::Snap& snap) {
  if (!part_) return Error{ErrorCode::malformed, "a part of a snapshot that nobody wants"};
  const protocol::SnapshotManifest& manifest = part_->manifest;
  if (snap.index == manifest.chunks.size() && snap.bytes.empty()) return load();
  if (snap.index >= manifest.chunks.size() ||
      snap.bytes.size() != manifest.size_of_chunk(snap.index) ||
      events::sha256(snap.bytes) != manifest.chunks[snap.index]) {
    return refuse({ErrorCode::malformed, "a chunk is not the one that was signed"});
  }
  if (part_->chunks.contains(snap.index)) return {};
  StoreChange change;
  change.snapshot_chunk = snap;
  if (Result<void> kept = replica_->store().commit(change); !kept) return kept;
  part_->chunks.emplace(snap.index, snap.bytes);
  progress_.bytes += snap.bytes.size();
  return part_->chunks.size() == manifest.chunks.size() ? assemble() : Result<void>();
}

Result<void> SnapshotReceiver::assemble() {
  SnapshotBase base{part_->manifest, {}};
  for (const auto& [index, chunk] : part_->chunks) events::append_bytes(base.content, chunk);
  const Result<projections::Snapshot> snapshot = read_snapshot(base);
  if (!snapshot) return refuse(snapshot.error());
  awaited_.clear();
  for (std::uint64_t index = 0; index < snapshot->records.size(); ++index) {
    const projections::NamedRecord& record = snapshot->records[index];
    awaited_.emplace(record.digest_begin, Awaited{index, record});
  }
  content_ = std::move(base);
  return {};
}

Result<void> SnapshotReceiver::take(const protocol::PrivateRecords& frame) {
  StoreChange change;
  std::uint64_t records = part_->records;
  for (const events::PrivateRecord& record : frame.records) {
    const events::Digest digest = record.digest();
    const auto [begin, end] = awaited_.equal_range(events::fingerprint_of(digest));
    if (begin == end) {
      return refuse({ErrorCode::malformed, "a private record that the snapshot does not name"});
    }
    change.privates.push_back({begin->second.record.home, record});
    for (auto awaited = begin; awaited != end; ++awaited) {
      change.record_names.push_back({awaited->second.record.event, digest});
      records = std::max(records, awaited->second.index + 1);
    }
  }
  change.snapshot_records = records;
  if (Result<void> kept = replica_->store().commit(change); !kept) return kept;
  part_->records = records;
  return {};
}

Result<void> SnapshotReceiver::load() {
  if (!content_) return refuse({ErrorCode::malformed, "the end before the last chunk"});
  if (Result<void> taken = replica_->take_base(*content_); !taken) return taken;
  part_.reset();
  content_.reset();
  awaited_.clear();
  progress_.loaded = true;
  return {};
}

Error SnapshotReceiver::refuse(const Error& why) {
  StoreChange change;
  write_setting(change, settings::snapshot_refused, protocol::snapshot_name(part_->manifest));
  change.drop_snapshot_part = true;
  const Result<void> dropped = replica_->store().commit(change);
  part_.reset();
  content_.reset();
  awaited_.clear();
  progress_ = {};
  return dropped ? why : dropped.error();
}

SnapshotProgress SnapshotReceiver::progress() const {
  SnapshotProgress progress = progress_;
  if (part_) progress.parts = part_->chunks.size() + part_->records;
  return progress;
}

}  // namespace clients
