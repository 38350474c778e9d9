#pragma once

#include "events/scope.h"
#include "projections/access.h"
#include "projections/documents.h"
#include "projections/dossiers.h"
#include "projections/evidence_files.h"
#include "projections/inbox.h"
#include "projections/rulebook.h"
#include "projections/subjects.h"
#include "projections/units.h"

#include <functional>

namespace projections {

/// Everything judging needs: a fold over the log up to `applied`.  Copyable; a device keeps one for
/// the confirmed log and one with its own pending events on top.
///
/// Thread: one at a time.
class State {
 public:
  static constexpr const char* name = "state";
  static constexpr std::uint32_t revision = 7;

  /// Called for each event that takes effect, after the state has taken it in: how views follow.
  using OnEffect = std::function<void(const EffectiveEvent&, const State&)>;

  // Defined in state.cpp: instantiated in each source that holds a state they cost a second each.
  State();
  State(const State& other);
  State(State&& other) noexcept;
  State& operator=(const State& other);
  State& operator=(State&& other) noexcept;
  ~State();

  /// Takes in the next stored event.  `scope` is the scope set of its block.
  /// Expects: a position greater than `applied()`.  A reader of some scopes skips positions.
  void apply(const events::StoredEvent& stored, const events::ScopeSet& scope,
             const OnEffect& on_effect = nullptr);
  /// Up to here a filtered reader misses nothing, though the last events were not for it.
  void advance(events::Position position);

  events::Position applied() const { return applied_; }
  const Units& units() const { return units_; }
  const Access& access() const { return access_; }
  const Subjects& subjects() const { return subjects_; }
  const Rulebook& rulebook() const { return rulebook_; }
  const Dossiers& dossiers() const { return dossiers_; }
  const EvidenceFiles& evidence_files() const { return evidence_files_; }
  const Documents& documents() const { return documents_; }
  const Inbox& inbox() const { return inbox_; }

  /// What a reader of that scope would have folded from its blocks of the same prefix.
  void restrict_to(const events::ReaderScope& reader);

  template <class Archive>
  void serialize(Archive& archive) {
    archive(applied_, units_, access_, subjects_, rulebook_, dossiers_, documents_, inbox_,
            evidence_files_);
  }

 private:
  void take_effect(const EffectiveEvent& effective, const events::ScopeSet& scope,
                   const OnEffect& on_effect);

  events::Position applied_;
  Units units_;
  Access access_;
  Subjects subjects_;
  Rulebook rulebook_;
  Dossiers dossiers_;
  Documents documents_;
  Inbox inbox_;
  EvidenceFiles evidence_files_;
};

}  // namespace projections
