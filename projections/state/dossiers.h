#pragma once

#include "projections/state/entity_table.h"
#include "projections/state/key_chains.h"
#include "projections/state/projection.h"
#include "projections/state/rulebook.h"
#include "projections/state/sight.h"
#include "projections/state/units.h"

#include <array>

namespace projections {

/// The last effects on a stream of one class, by the last chain that had one and by the last chain
/// before it: enough to know the last effect of *another* chain than any given one.
struct LastEffects {
  events::Position last;
  events::ChainNumber last_chain;
  events::ChainNumber other_chain;
  events::Position other;

  void record(events::Position position, events::ChainNumber chain) {
    if (chain != last_chain) {
      other = last;
      other_chain = last_chain;
    }
    last = position;
    last_chain = chain;
  }
  /// Position of the last effect of a chain other than `chain`; 0 for none.
  events::Position of_others_than(events::ChainNumber chain) const {
    return last_chain == chain ? other : last;
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(last, last_chain, other, other_chain);
  }
};

/// A subject's way to a title in a cycle (hồ sơ).
struct Dossier {
  events::DossierId id;
  events::SubjectRef subject;
  events::CycleId cycle;
  events::UnitId home_unit;
  events::UnitId scope;        ///< Commune of `home_unit` when the opening was received.
  events::Position opened_at;  ///< Where the opening took effect.
  LastEffects changes;         ///< Of events that move the state.
  LastEffects additions;       ///< Of events that only add, e.g. evidence.
  events::PersonId entrant;    ///< Who registered; SD2.
  events::PersonId assessor;   ///< Who recorded the last sheet; SD2.
  events::PersonId appraiser;  ///< SD2.
  events::EventId document;    ///< Last list, meeting or decision it followed from.
  events::Day last_business_day;
  std::uint16_t total_tenths{};  ///< Of the current sheet.
  std::uint16_t evidence_count{};
  events::GroupCode group{};
  events::DossierState state{};
  events::DossierState return_to{};       ///< Only while returned.
  events::DossierState furthest{};        ///< For statistics; withdrawn dossiers keep it.
  events::ReviewConclusion conclusion{};  ///< Of the last review; 0 before.
  events::AppraisalOutcome outcome{};     ///< Of the appraisal; 0 before.
  bool sheet_passes = false;              ///< The current sheet against the criteria.
  bool below_total = false;               ///< Its total is less than the criteria ask for.
  bool below_floor = false;               ///< A score of it is less than each must have.
  bool late = false;                      ///< Something on it was accepted late.

  std::uint64_t key() const { return id.key(); }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(id, subject, cycle, home_unit, scope, opened_at, changes, additions, entrant, assessor,
            appraiser, document, last_business_day, total_tenths, evidence_count, group, state,
            return_to, furthest, conclusion, outcome, sheet_passes, below_total, below_floor, late);
  }
};

/// Where the log last said something of the dossier.
events::Position last_change_of(const Dossier& dossier);

/// T18.  Whether the sheet or the last review says otherwise than a reason for not recognising.
bool contradicts(const Dossier& dossier, events::NotRecognizedReason reason);

/// All dossiers.  Scope: the commune each was opened in.
class Dossiers {
 public:
  static constexpr const char* name = "dossiers";
  static constexpr std::uint32_t revision = 2;

  /// `scope`: the commune the event belongs to, see scope_of(); it stays the dossier's.
  /// Lifetime: `rulebook` outlives the call; it is as of the event.
  void apply(const EffectiveEvent& effective, events::UnitId scope, const Rulebook& rulebook);
  void restrict_to(const events::ReaderScope& reader);

  const Dossier* find(events::DossierId id) const { return dossiers_.find(id.key()); }
  /// The first dossier of that subject and cycle that is not withdrawn; null for none (V23).
  const Dossier* active_of(const events::SubjectRef& subject, events::CycleId cycle) const;
  /// The first of those that are in sight.
  const Dossier* active_of(const events::SubjectRef& subject, events::CycleId cycle,
                           const Sight& sight) const;
  const EntityTable<Dossier>& all() const { return dossiers_; }

  auto vectors() { return std::tuple_cat(dossiers_.vectors(), by_subject_.vectors()); }
  auto vectors() const { return std::tuple_cat(dossiers_.vectors(), by_subject_.vectors()); }
  void rebuild() {
    dossiers_.rebuild();
    by_subject_.rebuild();
  }

  template <class Archive>
  void save(Archive& archive) const {
    archive(dossiers_);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(dossiers_);
    index_subjects();
  }

 private:
  void open(const EffectiveEvent& effective, const events::DossierOpened& opened,
            events::UnitId scope);
  template <class Predicate>
  const Dossier* first_active(const events::SubjectRef& subject, events::CycleId cycle,
                              Predicate counts) const;
  void index_subjects();

  EntityTable<Dossier> dossiers_;
  KeyChains by_subject_;  ///< Derived, not saved.
};

}  // namespace projections
