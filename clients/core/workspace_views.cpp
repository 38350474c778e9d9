#include "clients/core/workspace.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::EventId;
using events::Result;
using events::StoredEvent;
using events::VerdictCode;

namespace {

Standing standing_from(const events::Verdict& verdict) {
  switch (verdict.code) {
    case VerdictCode::accepted:
    case VerdictCode::accepted_rebased:
      return Standing::official;
    case VerdictCode::held:
      return Standing::waiting;
    case VerdictCode::refused:
      return Standing::refused;
  }
  return Standing::waiting;
}

/// Whether an event is about the dossier or is a list or meeting that names it.
bool concerns(const events::Event& event, events::DossierId dossier) {
  if (event.header.stream == events::StreamId{events::StreamKind::dossier, dossier.event}) {
    return true;
  }
  return events::match(
      event.payload,
      [&](const events::ReviewHeld& e) {
        return std::ranges::any_of(e.entries,
                                   [&](const auto& row) { return row.dossier == dossier; });
      },
      [&](const events::ListSubmitted& e) { return std::ranges::count(e.dossiers, dossier) > 0; },
      [&](const events::DecisionIssued& e) { return std::ranges::count(e.dossiers, dossier) > 0; },
      [](const auto&) { return false; });
}

}  // namespace

EventStanding Workspace::standing_of(const StoredEvent& stored) const {
  EventStanding result;
  result.position = stored.position;
  result.verdict = stored.verdict;
  if (const events::Verdict* later = replica_.overlay().later_verdict(stored.position)) {
    result.verdict = *later;
  }
  result.standing = standing_from(result.verdict);
  if (result.standing == Standing::official && stored.position > confirmed().applied()) {
    result.standing = Standing::received;
  }
  if (replica_.is_unproved(stored.position)) result.standing = Standing::unproved;
  return result;
}

EventStanding Workspace::standing_of_own(std::uint64_t seq) const {
  if (const std::optional<StoredEvent> stored = replica_.own().stored(seq)) {
    return standing_of(*stored);
  }
  EventStanding result;
  result.standing = Standing::device_only;
  if (const events::Verdict* expected = replica_.overlay().provisional(seq)) {
    result.verdict = *expected;
  }
  return result;
}

EventStanding Workspace::standing_of(events::DossierId dossier) const {
  const events::StreamId stream{events::StreamKind::dossier, dossier.event};
  EventStanding weakest;
  weakest.standing = Standing::official;
  for (std::uint64_t seq = 1; seq <= replica_.own().head().seq; ++seq) {
    if (replica_.own().entry(seq).event.header.stream != stream) continue;
    const EventStanding standing = standing_of_own(seq);
    if (standing.standing == Standing::waiting || standing.standing == Standing::refused) {
      weakest = standing;  // The last word on it, until something newer is on its way.
    } else if (standing.standing < Standing::official) {
      if (weakest.standing > standing.standing) weakest = standing;
    } else {
      weakest = standing;
    }
  }
  return weakest;
}

Result<std::vector<HistoryLine>> Workspace::history(events::DossierId dossier) const {
  std::vector<HistoryLine> lines;
  std::vector<std::pair<events::Position, events::ChainNumber>> evidence;
  const auto add = [&](const events::Event& event, const EventStanding& standing,
                       events::Timestamp received_at) {
    HistoryLine line{event, standing, received_at, {}, {}, 0};
    const projections::Access& access = pending().access();
    if (const auto* grant = access.grant(event.header.role_grant)) line.role = grant->role;
    if (const auto* device = access.device_of(event.header.chain)) {
      line.device_label = device->label;
    }
    for (const auto& [position, chain] : evidence) {
      if (chain == event.header.chain || position <= event.header.seen) ++line.evidence_known;
    }
    if (std::holds_alternative<events::EvidenceSighted>(event.payload) ||
        std::holds_alternative<events::EvidenceAttached>(event.payload)) {
      evidence.emplace_back(standing.position, event.header.chain);
    }
    lines.push_back(std::move(line));
  };

  const auto visit = [&](const StoredEvent& stored, const events::ScopeSet& /*scope*/) {
    if (!concerns(stored.event, dossier)) return;
    add(stored.event, standing_of(stored), stored.received_at);
  };
  const events::Position everything{~std::uint64_t{0}};
  if (Result<void> read = replica_.replay(events::Position{}, everything, visit); !read) {
    return read.error();
  }
  const std::uint64_t head = replica_.own().head().seq;
  for (std::uint64_t seq = replica_.own().verdicts_known() + 1; seq <= head; ++seq) {
    const events::Event& event = replica_.own().entry(seq).event;
    if (concerns(event, dossier)) add(event, standing_of_own(seq), {});
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
    const Standing standing = standing_of_own(seq).standing;
    if (standing == Standing::waiting) ++counts.waiting;
    if (standing == Standing::refused) ++counts.refused;
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
