#pragma once

#include "projections/state/entity_table.h"
#include "projections/state/key_chains.h"
#include "projections/state/projection.h"
#include "projections/state/state.h"

#include <cstdint>
#include <vector>

namespace projections {

/// A title that was granted: who holds what, for which round, by which decision.
struct HeldTitle {
  events::DossierId dossier;  ///< The grant lives on its dossier.
  events::SubjectRef subject;
  events::CycleId cycle;
  events::DecisionId decision;
  events::UnitId scope;         ///< Commune the dossier was opened in.
  events::Day decided_on;       ///< Business day of the decision.
  events::Position granted_at;  ///< Where the grant took effect.
  events::TitleKind title{};
  events::GroupCode group{};

  std::uint64_t key() const { return dossier.key(); }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(dossier, subject, cycle, decision, scope, decided_on, granted_at, title, group);
  }
};

/// Who holds which title: one row per granted dossier, in the order of the grants.
/// Scope: the commune each dossier was opened in.
class TitleStatus {
 public:
  static constexpr const char* name = "title_status";
  static constexpr std::uint32_t revision = 1;

  /// Lifetime: `state` outlives the call; it has taken the event in already.
  void apply(const EffectiveEvent& effective, const State& state);
  void restrict_to(const events::ReaderScope& reader);

  /// The title granted on that dossier; null for none.
  const HeldTitle* of_dossier(events::DossierId dossier) const {
    return titles_.find(dossier.key());
  }
  /// The title that the subject holds for that cycle; null for none (I4: at most one).
  const HeldTitle* of_subject(const events::SubjectRef& subject, events::CycleId cycle) const;
  /// All titles that the subject was granted, the latest first.
  std::vector<HeldTitle> history_of(const events::SubjectRef& subject) const;

  const EntityTable<HeldTitle>& all() const { return titles_; }

  auto vectors() { return std::tuple_cat(titles_.vectors(), by_subject_.vectors()); }
  auto vectors() const { return std::tuple_cat(titles_.vectors(), by_subject_.vectors()); }
  void rebuild() {
    titles_.rebuild();
    by_subject_.rebuild();
  }

  template <class Archive>
  void save(Archive& archive) const {
    archive(titles_);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(titles_);
    index_subjects();
  }

 private:
  void index_subjects();

  EntityTable<HeldTitle> titles_;
  /// Derived, not saved.  Rows are told apart by the id alone, since an event creates one person or
  /// one collective.
  KeyChains by_subject_;
};

}  // namespace projections
