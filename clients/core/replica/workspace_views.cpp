#include "clients/core/replica/workspace.h"
#include "projections/views/dossier_history.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::EventId;
using events::Result;
using events::StoredEvent;
using events::VerdictCode;

namespace {

EventStatus status_from(const events::Verdict& verdict) {
  switch (verdict.code) {
    case VerdictCode::accepted:
    case VerdictCode::accepted_rebased:
      return EventStatus::official;
    case VerdictCode::held:
      return EventStatus::waiting;
    case VerdictCode::refused:
      return EventStatus::refused;
  }
  return EventStatus::waiting;
}

}  // namespace

EventProgress Workspace::progress_of(const StoredEvent& stored) const {
  EventProgress result;
  result.position = stored.position;
  result.verdict = stored.verdict;
  if (const events::Verdict* later = replica_.overlay().later_verdict(stored.position)) {
    result.verdict = *later;
  }
  result.status = status_from(result.verdict);
  if (result.status == EventStatus::official && stored.position > confirmed().applied()) {
    result.status = EventStatus::received;
  }
  if (replica_.is_unproved(stored.position)) result.status = EventStatus::unproved;
  return result;
}

EventProgress Workspace::progress_of_own(std::uint64_t seq) const {
  if (const std::optional<StoredEvent> stored = replica_.own().stored(seq)) {
    return progress_of(*stored);
  }
  EventProgress result;
  result.status = EventStatus::device_only;
  if (const events::Verdict* expected = replica_.overlay().provisional(seq)) {
    result.verdict = *expected;
  }
  return result;
}

EventProgress Workspace::progress_of(events::DossierId dossier) const {
  const events::StreamId stream{events::StreamKind::dossier, dossier.event};
  EventProgress weakest;
  weakest.status = EventStatus::official;
  for (std::uint64_t seq = 1; seq <= replica_.own().head().seq; ++seq) {
    if (replica_.own().entry(seq).event.header.stream != stream) continue;
    const EventProgress progress = progress_of_own(seq);
    if (progress.status == EventStatus::waiting || progress.status == EventStatus::refused) {
      weakest = progress;  // The last word on it, until something newer is on its way.
    } else if (progress.status < EventStatus::official) {
      if (weakest.status > progress.status) weakest = progress;
    } else {
      weakest = progress;
    }
  }
  return weakest;
}

Result<std::vector<HistoryLine>> Workspace::history(events::DossierId dossier) const {
  std::vector<HistoryLine> lines;
  std::vector<projections::DossierEvidence> evidence;
  const auto add = [&](const events::Event& event, const EventProgress& progress,
                       events::Timestamp received_at) {
    HistoryLine line{event, progress, received_at, {}, {}, 0};
    const projections::Access& access = pending().access();
    if (const auto* grant = access.grant(event.header.role_grant)) line.role = grant->role;
    if (const auto* device = access.device_of(event.header.chain)) {
      line.device_label = device->label;
    }
    for (const projections::DossierEvidence& piece : evidence) {
      if (projections::knew(event.header, piece, piece.position)) ++line.evidence_known;
    }
    if (const auto kind = projections::evidence_kind_of(event.payload)) {
      evidence.push_back({progress.position, {}, event.header.chain, *kind});
    }
    lines.push_back(std::move(line));
  };

  const auto visit = [&](const StoredEvent& stored, const events::ScopeSet& /*scope*/) {
    if (!projections::names_dossier(stored.event, dossier)) return;
    add(stored.event, progress_of(stored), stored.received_at);
  };
  const events::Position everything{~std::uint64_t{0}};
  if (Result<void> read = replica_.replay(events::Position{}, everything, visit); !read) {
    return read.error();
  }
  const std::uint64_t head = replica_.own().head().seq;
  for (std::uint64_t seq = replica_.own().verdicts_known() + 1; seq <= head; ++seq) {
    const events::Event& event = replica_.own().entry(seq).event;
    if (projections::names_dossier(event, dossier)) add(event, progress_of_own(seq), {});
  }
  return lines;
}

bool Workspace::may_lack_history(events::DossierId dossier) const {
  const std::optional<events::Position> base = replica_.base_position();
  const projections::Dossier* const row = confirmed().dossiers().find(dossier);
  return base && row != nullptr && row->opened_at <= *base;
}

PendingCounts Workspace::pending_counts() const {
  PendingCounts counts;
  const std::uint64_t known = replica_.own().verdicts_known();
  counts.device_only = replica_.own().head().seq - known;
  for (std::uint64_t seq = 1; seq <= known; ++seq) {
    const EventStatus status = progress_of_own(seq).status;
    if (status == EventStatus::waiting) ++counts.waiting;
    if (status == EventStatus::refused) ++counts.refused;
  }
  return counts;
}

std::optional<events::PrivateFields> Workspace::private_fields(EventId id) const {
  const auto record = replica_.private_record_of(id);
  if (!record || !*record) return std::nullopt;
  Result<events::PrivateFields> fields = events::read_private_record(**record);
  if (!fields) return std::nullopt;
  return std::move(*fields);
}

std::string Workspace::name_of(EventId subject) const {
  const bool is_hidden = replica_.hides_privates() && replica_.overlay().private_digest(subject);
  if (is_hidden) return hidden_name_;
  const std::optional<events::PrivateFields> fields = private_fields(subject);
  if (!fields) return {};
  if (const auto* person = std::get_if<events::PersonRecord>(&*fields)) return person->full_name;
  if (const auto* group = std::get_if<events::CollectiveRecord>(&*fields)) return group->name;
  return {};
}

}  // namespace clients
