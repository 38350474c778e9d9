#include "projections/views/dossier_history.h"

#include "events/base/ranges.h"

#include <utility>

namespace projections {
namespace {

using events::Position;
using events::StoredEvent;

/// The held event that an event about a hold settles, and the verdict it gets; null for others.
struct Settlement {
  Position held;
  const events::Verdict* verdict = nullptr;
};

Settlement settlement_of(const events::Payload& payload) {
  return events::match(
      payload,
      [](const events::HoldReleased& e) {
        return Settlement{e.held, &e.verdict};
      },
      [](const events::HoldRefused& e) {
        return Settlement{e.held, &e.verdict};
      },
      [](const events::HoldChanged& e) {
        return Settlement{e.held, &e.verdict};
      },
      [](const auto&) { return Settlement{}; });
}

HistoryRow row_of(const HistoryEvent& event, std::span<const DossierEvidence> evidence) {
  const events::EventHeader& header = event.stored.event.header;
  HistoryRow row;
  row.event = header.id();
  row.position = event.stored.position;
  row.effect = event.effect;
  row.kind = std::string(events::event_name(header.type));
  row.actor = header.actor;
  row.grant = header.role_grant;
  row.chain = header.chain;
  row.business_day = header.business_day;
  row.recorded_at = header.recorded_at;
  row.received_at = event.stored.received_at;
  row.seen = header.seen;
  row.verdict = event.stored.verdict;
  row.later = event.later;
  for (const DossierEvidence& piece : evidence) {
    // What took effect later was not evidence yet.
    if (piece.effect.value == 0 || piece.effect >= event.stored.position) continue;
    ++row.evidence_in_log;
    if (knew(header, piece, piece.effect)) ++row.evidence_known;
  }
  return row;
}

}  // namespace

bool names_dossier(const events::Event& event, events::DossierId dossier) {
  if (event.header.stream == events::StreamId{events::StreamKind::dossier, dossier.event}) {
    return true;
  }
  return events::match(
      event.payload,
      [&](const events::ReviewHeld& e) {
        return events::ranges::any_of(e.entries,
                                      [&](const auto& row) { return row.dossier == dossier; });
      },
      [&](const events::ListSubmitted& e) {
        return events::ranges::count(e.dossiers, dossier) > 0;
      },
      [&](const events::DecisionIssued& e) {
        return events::ranges::count(e.dossiers, dossier) > 0;
      },
      [](const auto&) { return false; });
}

std::optional<events::EvidenceKind> evidence_kind_of(const events::Payload& payload) {
  if (const auto* sighted = std::get_if<events::EvidenceSighted>(&payload)) return sighted->kind;
  if (const auto* file = std::get_if<events::EvidenceAttached>(&payload)) return file->kind;
  return std::nullopt;
}

bool knew(const events::EventHeader& author, const DossierEvidence& evidence, Position known_from) {
  return evidence.chain == author.chain || known_from <= author.seen;
}

bool DossierHistory::concerns(const StoredEvent& stored) const {
  return names_dossier(stored.event, dossier_) ||
         by_position_.contains(settlement_of(stored.event.payload).held);
}

DossierHistory::Taken DossierHistory::take(const StoredEvent& stored) {
  Taken taken;
  const bool is_concerned = concerns(stored);
  taken.settled = settle(stored);
  if (!is_concerned) return taken;
  taken.is_new = true;
  const Position effect = stored.verdict.takes_effect() ? stored.position : Position{};
  by_position_[stored.position] = events_.size();
  events_.push_back({stored, effect, {}});
  if (const auto kind = evidence_kind_of(stored.event.payload)) {
    evidence_.push_back({stored.position, effect, stored.event.header.chain, *kind});
  }
  return taken;
}

std::optional<std::size_t> DossierHistory::settle(const StoredEvent& stored) {
  const Settlement settlement = settlement_of(stored.event.payload);
  const auto found = by_position_.find(settlement.held);
  if (settlement.verdict == nullptr || found == by_position_.end()) return std::nullopt;
  if (!stored.verdict.takes_effect()) return std::nullopt;
  HistoryEvent& held = events_[found->second];
  held.later.push_back({stored.position, stored.received_at,
                        std::string(events::event_name(stored.event.header.type)),
                        *settlement.verdict, stored.event.header.actor});
  if (!settlement.verdict->takes_effect()) return std::nullopt;
  held.effect = stored.position;
  for (DossierEvidence& piece : evidence_) {
    if (piece.position == held.stored.position) piece.effect = stored.position;
  }
  return found->second;
}

std::vector<std::size_t> DossierHistory::in_order() const {
  std::vector<std::size_t> indexes(events_.size());
  for (std::size_t index = 0; index < indexes.size(); ++index) indexes[index] = index;
  events::ranges::stable_sort(indexes, std::less<>{},
                              [this](std::size_t index) { return events_[index].order(); });
  return indexes;
}

HistoryPage page_of(const DossierHistory& history, const HistoryFilter& filter, std::size_t limit) {
  HistoryPage page;
  std::optional<HistoryCursor> last;
  for (const std::size_t index : history.in_order()) {
    const HistoryEvent& event = history.events()[index];
    const HistoryCursor place{event.order(), event.stored.position};
    if (filter.after && place <= *filter.after) continue;
    if (filter.effective_only && event.effect.value == 0) continue;
    if (page.rows.size() == limit) {
      page.next = last;
      break;
    }
    page.rows.push_back(row_of(event, history.evidence()));
    page.indexes.push_back(index);
    last = place;
  }
  return page;
}

void name_roles(HistoryPage& page, const Access& access) {
  for (HistoryRow& row : page.rows) {
    // A grant behind an event without effect may have come into being after the event.
    if (row.effect.value == 0) continue;
    const Grant* const grant = access.grant(row.grant);
    if (grant == nullptr) continue;
    row.role = grant->role;
    row.unit = grant->unit;
  }
}

}  // namespace projections
