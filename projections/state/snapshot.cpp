#include "projections/state/snapshot.h"

#include "events/archive/compact.h"
#include "events/base/ranges.h"
#include "events/crypto/digest.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace projections {
namespace {

using events::DossierState;

struct NamedPart {
  std::string_view name;
  std::uint32_t revision = 0;
};

template <class... T>
constexpr std::array<NamedPart, sizeof...(T)> parts_of(const std::tuple<T&...>*) {
  return {NamedPart{std::remove_cvref_t<T>::name, std::remove_cvref_t<T>::revision}...};
}

/// What a snapshot is made of, each with the number that says how it folds.
using Parts = decltype(std::tuple_cat(std::declval<std::tuple<const State&>>(),
                                      std::declval<const State&>().members()));
constexpr auto parts = parts_of(static_cast<const Parts*>(nullptr));

void write_fingerprint(events::CompactOutput& archive, std::uint64_t fingerprint) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    archive.write_byte(static_cast<std::uint8_t>(fingerprint >> static_cast<unsigned>(shift)));
  }
}

std::uint64_t read_fingerprint(events::CompactInput& archive) {
  std::uint64_t fingerprint = 0;
  for (const std::uint8_t byte : archive.read_bytes(8)) fingerprint = fingerprint << 8U | byte;
  return fingerprint;
}

/// Columns: what compresses badly stands together, behind what compresses well.
void write_records(events::CompactOutput& archive, const std::vector<NamedRecord>& records) {
  archive.write_varint(records.size());
  events::EventId before;
  for (const NamedRecord& record : records) {
    const bool same_chain = record.event.chain() == before.chain();
    archive(record.event.chain(), record.event.seq() - (same_chain ? before.seq() : 0));
    before = record.event;
  }
  for (const NamedRecord& record : records) archive(record.home);
  for (const NamedRecord& record : records) write_fingerprint(archive, record.digest_begin);
}

std::vector<NamedRecord> read_records(events::CompactInput& archive) {
  // Each takes more than a byte, so a wrong count reserves no more than was sent.
  std::vector<NamedRecord> records(archive.read_length(snapshot_bytes_max));
  events::EventId before;
  for (NamedRecord& record : records) {
    events::ChainNumber chain;
    std::uint64_t seq = 0;
    archive(chain, seq);
    archive.expect(chain.value <= events::chain_number_max && seq <= events::sequence_max,
                   "event id out of range");
    if (chain == before.chain()) seq += before.seq();
    archive.expect(seq <= events::sequence_max, "event id out of range");
    record.event = events::EventId{chain, seq};
    archive.expect(before < record.event, "records not ascending");
    before = record.event;
  }
  for (NamedRecord& record : records) archive(record.home);
  for (NamedRecord& record : records) record.digest_begin = read_fingerprint(archive);
  return records;
}

bool is_closed(DossierState state) {
  return state == DossierState::recognized || state == DossierState::not_recognized ||
         state == DossierState::withdrawn;
}

}  // namespace

std::uint32_t snapshot_revision() {
  static const std::uint32_t revision = [] {
    std::string names;
    for (const NamedPart& part : parts) {
      names.append(part.name).append(1, ' ').append(std::to_string(part.revision)).append(1, '\n');
    }
    const events::Digest digest = events::sha256(events::bytes_of(names));
    return static_cast<std::uint32_t>(events::fingerprint_of(digest) >> 32U);
  }();
  return revision;
}

events::Bytes encode_snapshot(const Snapshot& snapshot) {
  events::Bytes bytes;
  events::CompactOutput archive(bytes);
  archive(snapshot.state);
  archive.write_varint(snapshot.later_verdicts.size());
  for (const auto& [position, verdict] : snapshot.later_verdicts) archive(position, verdict);
  write_records(archive, snapshot.records);
  return bytes;
}

events::Result<Snapshot> decode_snapshot(events::ByteView bytes) {
  try {
    events::CompactInput archive(bytes);
    Snapshot snapshot;
    archive(snapshot.state);
    const std::size_t verdicts = archive.read_length(snapshot_bytes_max);
    for (std::size_t index = 0; index < verdicts; ++index) {
      events::Position position;
      events::Verdict verdict;
      archive(position, verdict);
      snapshot.later_verdicts.insert_or_assign(position, std::move(verdict));
    }
    snapshot.records = read_records(archive);
    archive.expect(archive.rest().empty(), "bytes left over");
    return snapshot;
  } catch (const cereal::Exception& exception) {
    return events::Error{events::ErrorCode::malformed, exception.what()};
  }
}

events::UnitId record_home_of(const events::ScopeSet& scope) {
  return scope.empty() ? events::reference_scope : scope.units().front();
}

void note_later_verdict(const events::StoredEvent& stored,
                        std::map<events::Position, events::Verdict>& later) {
  if (!stored.verdict.takes_effect()) return;
  events::match(
      stored.event.payload,
      [&](const events::HoldReleased& e) { later.insert_or_assign(e.held, e.verdict); },
      [&](const events::HoldRefused& e) { later.insert_or_assign(e.held, e.verdict); },
      [&](const events::HoldChanged& e) { later.insert_or_assign(e.held, e.verdict); },
      [](const auto&) { /* Other events change no verdict. */ });
}

void SnapshotBuilder::take(const events::StoredEvent& stored, const events::ScopeSet& scope,
                           bool with_record) {
  note_later_verdict(stored, later_);
  if (!with_record) return;
  const auto digest = events::private_digest_of(stored.event.payload);
  if (!digest) return;
  named_.push_back({stored.event.id(), stored.event.header.stream, record_home_of(scope), *digest,
                    stored.position});
}

std::vector<SnapshotBuilder::Named> SnapshotBuilder::needed_at(const State& state) const {
  std::vector<Named> needed;
  for (const Named& named : named_) {
    const bool is_name = state.subjects().find(events::PersonId{named.event}) != nullptr ||
                         state.subjects().find(events::CollectiveId{named.event}) != nullptr;
    const Dossier* const dossier = named.stream.kind == events::StreamKind::dossier
                                       ? state.dossiers().find(events::DossierId{named.stream.id})
                                       : nullptr;
    const bool is_open = dossier != nullptr && !is_closed(dossier->state);
    const bool is_held = state.inbox().contains(named.position);
    if (is_name || is_open || is_held) needed.push_back(named);
  }
  events::ranges::sort(needed, {}, &Named::event);
  return needed;
}

}  // namespace projections
