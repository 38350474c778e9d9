#pragma once

#include "projections/views/all_projections.h"

#include <cstddef>
#include <string>
#include <vector>

namespace projections {

/// A log of events that somebody already judged, folded as it grows: what stands in it took effect,
/// whether or not a judge would have let it.
class FoldedLog {
 public:
  FoldedLog() = default;
  FoldedLog(const FoldedLog&) = delete;
  FoldedLog& operator=(const FoldedLog&) = delete;

  /// Appends an event that creates the thing it is about, and returns its id.
  events::EventId create(events::Payload payload, events::UnitId scope = events::reference_scope);
  /// Appends an event on the stream of a thing that exists, or on no particular one.
  void append(events::Payload payload, const events::StreamId& stream = {},
              events::UnitId scope = events::reference_scope);
  /// Appends an event of a dossier that was opened before.
  void append_to(events::DossierId dossier, events::Payload payload);

  /// The same, but the event is held; returns its position.
  events::Position hold(events::DossierId dossier, events::Payload payload);
  /// A held event takes effect, or never will.
  void release(events::Position held);
  void refuse(events::Position held);

  /// A unit that exists from 2020 on.
  events::UnitId unit(events::UnitKind kind, events::UnitId parent, const std::string& name);
  events::CycleId cycle(events::TitleKind title, events::CriteriaId criteria,
                        const std::string& label);
  events::DossierId open(events::SubjectRef subject, events::CycleId cycle, events::GroupCode group,
                         events::UnitId home);
  /// Takes a new dossier all the way to a sheet with this total.
  void assess(events::DossierId dossier, std::uint16_t total_tenths);
  /// Takes an assessed dossier to its decision, or to a refusal after the appraisal.
  void recognize(events::DossierId dossier, events::DecisionId decision);
  void refuse_title(events::DossierId dossier);

  const State& state() const { return state_; }
  const Views& views() const { return views_; }

  /// State and views as a reader of that scope folds them from its part of the log.
  struct Folded {
    State state;
    Views views;
  };
  Folded refold(const events::ReaderScope& reader) const;

 private:
  struct Entry {
    events::StoredEvent stored;
    events::ScopeSet scope;
  };

  events::Position add(events::Payload payload, events::StreamId stream, events::UnitId scope,
                       const events::Verdict& verdict);
  void settle(events::Position held, events::Payload payload);

  std::vector<Entry> entries_;
  State state_;
  Views views_;
};

/// A reader of these communes and of the reference scope.
events::ReaderScope reader_of(std::vector<events::UnitId> communes);

/// Subjects need not be introduced to be counted.
events::SubjectRef person(std::uint64_t number);
events::SubjectRef collective(std::uint64_t number);

}  // namespace projections
