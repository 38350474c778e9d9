#pragma once

#include "events/log/scope.h"
#include "projections/state/access.h"
#include "projections/state/documents.h"
#include "projections/state/dossiers.h"
#include "projections/state/evidence_files.h"
#include "projections/state/inbox.h"
#include "projections/state/left_out.h"
#include "projections/state/rulebook.h"
#include "projections/state/subjects.h"
#include "projections/state/units.h"

#include <functional>
#include <tuple>

namespace projections {

/// Everything that judging an event needs to know: the result of folding the log up to `applied()`.
/// A device keeps two: one of the confirmed log, and one with its own pending events on top.
///
/// A copy of a state costs next to nothing, see EntityTable; the two share what neither has changed
/// since.  The server judges by one state, and hands copies of it to whoever wants to read.
///
/// Thread: one at a time for each copy.
class State {
 public:
  static constexpr const char* name = "state";
  static constexpr std::uint32_t revision = 9;

  /// Called for each event that takes effect, after the state has taken it in, with the dossier
  /// before and after it.  Views follow the log by this call.
  using OnEffect = std::function<void(const EffectiveEvent&, const State&)>;

  // These are defined in state.cpp: inline, they cost a second in each source that holds a state.
  State();
  State(const State& other);
  State(State&& other) noexcept;
  State& operator=(const State& other);
  State& operator=(State&& other) noexcept;
  ~State();

  /// Takes in the next stored event.  `scope` is the scope set of its block.
  /// Expects: the position is greater than `applied()`.  It need not be the next one: a reader of
  ///          some scopes only does not see every position.
  void apply(const events::StoredEvent& stored, const events::ScopeSet& scope,
             const OnEffect& on_effect = nullptr);
  /// Raises `applied()` to `position`; a lower position changes nothing.  A reader of some scopes
  /// calls it when it misses nothing up to there, although the last events were outside its scope.
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
  /// What a newer build wrote and this one cannot fold.
  const LeftOut& left_out() const { return left_out_; }
  /// How far whoever holds this state has applied the events on a stream: up to `applied()`, or to
  /// before the first one that is left out.
  events::Position applied_to(const events::StreamId& stream) const;

  /// Whoever holds this state judges and folds by no rules newer than these.  Without a call it is
  /// the newest that the build can.
  void hold_by(events::RulesVersion newest) { rulebook_.hold_by(newest); }

  /// Its parts, in the order of their bytes.  A part that is named here is saved, restricted,
  /// listed and compared together with the others.
  auto members() const {
    return std::tie(units_, access_, subjects_, rulebook_, dossiers_, documents_, inbox_,
                    evidence_files_, left_out_);
  }
  /// The same for whoever loads a state.
  auto members() {
    return std::tie(units_, access_, subjects_, rulebook_, dossiers_, documents_, inbox_,
                    evidence_files_, left_out_);
  }

  /// Lets rows that nobody used for long fall asleep: they take a fraction of the memory until they
  /// are looked at.  Nothing else changes.
  /// Expects: nobody has a reference to a row that it got from this copy of the state.
  void rest();

  /// Reduces the state to what `reader` would have folded from its own blocks up to `applied()`.
  void restrict_to(const events::ReaderScope& reader);

  template <class Archive>
  void serialize(Archive& archive) {
    archive(applied_);
    std::apply([&](auto&... parts) { archive(parts...); }, members());
  }

 private:
  void take_effect(const EffectiveEvent& effective, const events::ScopeSet& scope,
                   const OnEffect& on_effect);

  events::Position applied_;
  events::Position rested_;  ///< When rest() last looked around.
  Units units_;
  Access access_;
  Subjects subjects_;
  Rulebook rulebook_;
  Dossiers dossiers_;
  Documents documents_;
  Inbox inbox_;
  EvidenceFiles evidence_files_;
  LeftOut left_out_;
};

}  // namespace projections
