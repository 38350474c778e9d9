#include "projections/state/documents.h"

#include "events/base/ranges.h"

#include <algorithm>

namespace projections {
namespace {

std::vector<DocumentEntry> sorted(std::vector<DocumentEntry> entries) {
  events::ranges::sort(entries, {}, &DocumentEntry::dossier);
  return entries;
}

std::vector<DocumentEntry> rows_of(const std::vector<events::DossierId>& dossiers) {
  std::vector<DocumentEntry> entries;
  entries.reserve(dossiers.size());
  for (const events::DossierId dossier : dossiers) entries.push_back({dossier, {}});
  return sorted(std::move(entries));
}

}  // namespace

const DocumentEntry* Document::entry_of(events::DossierId dossier) const {
  const auto found = events::ranges::lower_bound(entries, dossier, {}, &DocumentEntry::dossier);
  return found == entries.end() || found->dossier != dossier ? nullptr : &*found;
}

void Documents::apply(const EffectiveEvent& effective, events::UnitId scope) {
  const events::EventHeader& header = effective.event.header;
  Document document{header.id(),  header.type,         scope, {}, 0, 0, {},
                    header.actor, header.business_day, {},    0};
  const auto count_effect = [&](events::EventId id) {
    Document* const listed = documents_.find(id.key());
    if (listed == nullptr) return;
    const events::DossierId dossier{header.stream.id};
    const auto row =
        events::ranges::lower_bound(listed->entries, dossier, {}, &DocumentEntry::dossier);
    // A dossier that was returned may pass the same list again.
    if (row == listed->entries.end() || row->dossier != dossier || row->in_effect) return;
    row->in_effect = true;
    ++listed->in_effect;
  };
  events::match(
      effective.event.payload,
      [&](const events::ReviewHeld& e) {
        std::vector<DocumentEntry> entries;
        entries.reserve(e.entries.size());
        for (const events::ReviewEntry& entry : e.entries) {
          entries.push_back({entry.dossier, entry.conclusion});
        }
        document.entries = sorted(std::move(entries));
        documents_.insert(std::move(document));
      },
      [&](const events::ListSubmitted& e) {
        document.issuer = e.issuer;
        document.written = e.number;
        document.entries = rows_of(e.dossiers);
        documents_.insert(std::move(document));
      },
      [&](const events::DecisionIssued& e) {
        document.issuer = e.issuer;
        document.number = e.number;
        document.year = e.year;
        // N2: numbers below 10 are written with a leading zero.
        document.written = (e.number < 10 ? "0" : "") + std::to_string(e.number) + "/" + e.symbol;
        document.entries = rows_of(e.dossiers);
        documents_.insert(std::move(document));
      },
      [&](const events::DossierReviewed& e) { count_effect(e.meeting.event); },
      [&](const events::DossierSubmitted& e) { count_effect(e.list.event); },
      [&](const events::TitleGranted& e) { count_effect(e.decision.event); },
      [](const auto&) { /* No other event makes or fills a document. */ });
}

void Documents::restrict_to(const events::ReaderScope& reader) {
  documents_.filter(
      [&](const Document& document) { return reader.includes(events::ScopeSet{document.scope}); });
}

const Document* Documents::decision(events::OrganisationId issuer, std::uint16_t year,
                                    std::uint32_t number, const Sight& sight) const {
  const auto same = [&](const Document& document) {
    return document.number == number && document.year == year && document.issuer == issuer &&
           sight.contains(document.scope) && number != 0;
  };
  const auto found = events::ranges::find_if(documents_, same);
  return found == documents_.end() ? nullptr : &*found;
}

}  // namespace projections
