#pragma once

#include "projections/workflow/judge.h"
#include "projections/workflow/steps.h"

#include <initializer_list>
#include <optional>

namespace projections {

/// Why an event is not simply accepted.
struct Violation {
  events::VerdictCode code{};  ///< Held or refused.
  events::HoldReason hold{};
  events::Rule rule{};
  std::vector<std::int64_t> parameters;
};

/// Nothing, or the first thing found.
using MaybeViolation = std::optional<Violation>;

Violation refuse(events::Rule rule, std::initializer_list<std::int64_t> parameters = {});
Violation hold(events::HoldReason reason, events::Rule rule,
               std::initializer_list<std::int64_t> parameters = {});

/// One event being judged: what every check may look at, and what checks leave behind.
struct JudgingContext {
  const events::Event& event;
  const Arrival& arrival;
  const State& state;
  bool waive_holds = false;
  events::UnitId scope;     ///< The commune whose facts may be looked at, besides reference.
  bool is_foreign = false;  ///< It names a commune in which its device has nothing to do.
  /// With `waive_holds`: the role of whoever waives, which bounds what is waived; none: anything.
  std::optional<events::Role> releaser = {};

  std::uint32_t flags = 0;   ///< Of the verdict.
  bool rebased = false;      ///< Others added to the stream meanwhile.
  events::Rule flag_rule{};  ///< Behind a flag that needs one.
  std::vector<std::int64_t> flag_parameters = {};

  const events::EventHeader& header() const { return event.header; }
  events::Day received_day() const { return events::day_in_vietnam(arrival.received_at); }
  /// What the author knew of the log.  Who knew more than there is knew one that was lost and not
  /// repaired to its end.
  events::Position seen() const {
    return header().seen < arrival.position ? header().seen : state.rulebook().repaired_to();
  }
  bool on_system_chain() const { return event.header.chain == events::system_chain; }

  /// Whether a hold for this reason is waived.
  bool waives(events::HoldReason reason) const {
    return waive_holds && (!releaser || (roles_to_release(reason) & bit(*releaser)) != 0);
  }
  /// True when `found` ends the case: a refusal always, a hold unless it is waived.
  bool stops(const MaybeViolation& found) const {
    return found && (found->code == events::VerdictCode::refused || !waives(found->hold));
  }

  // Things of the case's scope or of reference scope; null for all others, known or not.
  const Person* person(events::PersonId id) const;
  const Collective* collective(events::CollectiveId id) const;
  const Dossier* dossier(events::DossierId id) const;
  const Document* document(events::EventId id) const;

  /// Nothing when the thing is there; otherwise held(depends_on) when the event that makes it is
  /// held, refused when nobody knows it.
  MaybeViolation needs(const void* thing, events::EventId id) const;
};

// The checks, in the order in which judge() asks them.

/// The stream fits the kind, `seen` is in the past unless the log was restored, enumerations hold
/// known values.
MaybeViolation check_form(const JudgingContext& context);
/// V70.  Every text of the event and of its private record is within its bound, UTF-8 in NFC and
/// without characters that nobody sees.
MaybeViolation check_texts(const JudgingContext& context);
/// V70.  A text that must be there is.
MaybeViolation check_given(const std::string& text, std::size_t bytes_max);
/// The author's own earlier events on the stream are not held.
MaybeViolation check_own_order(const JudgingContext& context);
/// The device clock is good enough to order acts and meet deadlines.
MaybeViolation check_clock(JudgingContext& context);
/// V03.  The paper is not dated later than the day after it came.  Decisions have a rule of their
/// own, V61.
MaybeViolation check_business_day(const JudgingContext& context);
/// V04.  The unit is open on the day of the paper.  Where its device did not know that it was
/// closed, the act waits for a person and names the successor.
MaybeViolation check_unit_open(const JudgingContext& context, const Unit& unit);
/// The actor is enrolled on the device, and the role grant is theirs, valid and covers the unit.
MaybeViolation check_authority(JudgingContext& context);
/// Nobody else interfered since the author last looked.
MaybeViolation check_concurrency(JudgingContext& context);
/// Everything else: by kind.
MaybeViolation check_reference_event(
    JudgingContext& context);  ///< Units, criteria, cycles, access, holds.
MaybeViolation check_subject_event(JudgingContext& context);  ///< People and collectives.
MaybeViolation check_dossier_event(JudgingContext& context);
MaybeViolation check_document_event(JudgingContext& context);  ///< Minutes, lists, decisions.

}  // namespace projections
