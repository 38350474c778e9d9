#pragma once

#include "projections/state/entity_table.h"
#include "projections/state/key_chains.h"
#include "projections/state/projection.h"
#include "projections/state/sight.h"
#include "projections/state/units.h"

#include <string>
#include <vector>

namespace projections {

/// One row of a meeting, list or decision; `conclusion` only in minutes.
struct DocumentEntry {
  events::DossierId dossier;
  events::ReviewConclusion conclusion{};
  bool in_effect = false;  ///< Its own event took effect.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(dossier, conclusion, in_effect);
  }
};

/// Minutes of a meeting, a submitted list or a decision.
struct Document {
  events::EventId id;
  std::uint16_t type{};  ///< EventType of the event that made it.
  events::UnitId scope;
  events::OrganisationId issuer;  ///< None for minutes.
  std::uint32_t number{};         ///< Of a decision.
  std::uint16_t year{};
  std::string written;  ///< "12/QĐ-UBND" or a list's number as written.
  events::PersonId actor;
  events::Day business_day;
  std::vector<DocumentEntry> entries;  ///< Ascending by dossier.
  std::uint32_t in_effect{};           ///< How many of them took effect, each counted once.

  std::uint64_t key() const { return id.key(); }
  /// Null when the dossier is not in it.
  const DocumentEntry* entry_of(events::DossierId dossier) const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(id, type, scope, issuer, number, year, events::bounded<256>(written), actor,
            business_day, events::bounded<1024>(entries), in_effect);
  }
};

/// Registers of minutes, lists and decisions.  Scope: the commune of their unit or issuer, given by
/// the dossiers they name.
class Documents {
 public:
  /// A document is some hundred times as long as another row.
  using Table = EntityTable<Document, 16>;

  static constexpr const char* name = "documents";
  static constexpr std::uint32_t revision = 1;

  /// `scope`: the commune the event belongs to, see scope_of().
  void apply(const EffectiveEvent& effective, events::UnitId scope);
  void restrict_to(const events::ReaderScope& reader);

  const Document* find(events::EventId id) const { return documents_.find(id.key()); }
  /// The decision with this number in the issuer's register of that year, in sight (V60).
  const Document* decision(events::OrganisationId issuer, std::uint16_t year, std::uint32_t number,
                           const Sight& sight) const;
  const Table& all() const { return documents_; }

  auto vectors() { return std::tuple_cat(documents_.vectors(), by_number_.vectors()); }
  auto vectors() const { return std::tuple_cat(documents_.vectors(), by_number_.vectors()); }
  void rebuild() {
    documents_.rebuild();
    by_number_.rebuild();
  }

  template <class Archive>
  void save(Archive& archive) const {
    archive(documents_);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(documents_);
    index_numbers();
  }

 private:
  void insert(Document document);
  void index_numbers();

  Table documents_;
  KeyChains by_number_;  ///< Derived, not saved: of decisions, by their register.
};

}  // namespace projections
