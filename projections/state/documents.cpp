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

/// Equal for equal issuers, years and numbers, and rarely for others.  0 for what has no number.
std::uint64_t place_in_register(events::OrganisationId issuer, std::uint16_t year,
                                std::uint32_t number) {
  if (number == 0) return 0;
  return issuer.key() ^ (std::uint64_t{year} << 32U | number) * 0xFF51AFD7ED558CCDULL;
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
    Document* const listed = documents_.edit(id.key());
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
        insert(std::move(document));
      },
      [&](const events::ListSubmitted& e) {
        document.issuer = e.issuer;
        document.written = e.number;
        document.entries = rows_of(e.dossiers);
        insert(std::move(document));
      },
      [&](const events::DecisionIssued& e) {
        document.issuer = e.issuer;
        document.number = e.number;
        document.year = e.year;
        // N2: numbers below 10 are written with a leading zero.
        document.written = (e.number < 10 ? "0" : "") + std::to_string(e.number) + "/" + e.symbol;
        document.entries = rows_of(e.dossiers);
        insert(std::move(document));
      },
      [&](const events::DossierReviewed& e) { count_effect(e.meeting.event); },
      [&](const events::DossierSubmitted& e) { count_effect(e.list.event); },
      [&](const events::TitleGranted& e) { count_effect(e.decision.event); },
      [](const auto&) { /* No other event makes or fills a document. */ });
}

void Documents::restrict_to(const events::ReaderScope& reader) {
  documents_.filter(
      [&](const Document& document) { return reader.includes(events::ScopeSet{document.scope}); });
  index_numbers();
}

const Document* Documents::decision(events::OrganisationId issuer, std::uint16_t year,
                                    std::uint32_t number, const Sight& sight) const {
  if (number == 0) return nullptr;
  const Document* first = nullptr;
  by_number_.for_each(place_in_register(issuer, year, number), [&](std::size_t row) {
    const Document& document = documents_.row(row);
    const bool is_same = document.number == number && document.year == year &&
                         document.issuer == issuer && sight.contains(document.scope);
    if (is_same) first = &document;
    return true;
  });
  return first;
}

void Documents::insert(Document document) {
  const std::size_t before = documents_.size();
  const Document& row = documents_.insert(std::move(document));
  if (documents_.size() == before) return;  // It was there already.
  by_number_.add(place_in_register(row.issuer, row.year, row.number));
}

void Documents::index_numbers() {
  by_number_ = {};
  documents_.for_each([&](const Document& document) {
    by_number_.add(place_in_register(document.issuer, document.year, document.number));
  });
}

}  // namespace projections
