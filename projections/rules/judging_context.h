#pragma once

#include "projections/policy/policy.h"
#include "projections/rules/judge.h"

#include <initializer_list>
#include <optional>

namespace projections {

/// What a check found against an event: a reason to hold or to refuse it.
struct Violation {
  events::VerdictCode code{};  ///< Held or refused.
  events::HoldReason hold{};
  events::Rule rule{};
  std::vector<std::int64_t> parameters;
};

/// The first violation that a check found; nothing when it found none.
using MaybeViolation = std::optional<Violation>;

Violation refuse(events::Rule rule, std::initializer_list<std::int64_t> parameters = {});
Violation hold(events::HoldReason reason, events::Rule rule,
               std::initializer_list<std::int64_t> parameters = {});

/// One event that is being judged: the facts that every check may read, and the results that checks
/// leave for the verdict.
struct JudgingContext {
  const events::Event& event;
  const Arrival& arrival;
  const State& state;
  const Policy& policy;  ///< Of the rules by which the event is judged.
  bool waive_holds = false;
  Sight sight;              ///< Whose facts may be read.
  bool is_foreign = false;  ///< It names a commune that no role on its device reaches.
  /// With `waive_holds`: the role of the person who waives; only holds that this role may release
  /// are waived.  Nothing: every hold is waived.
  std::optional<events::Role> releaser = {};

  /// When the verdict is given, where that is later than the receipt: for an event that was held.
  events::Timestamp now = {};

  std::uint32_t flags = 0;   ///< The flags of the verdict.
  bool rebased = false;      ///< Other devices added to the stream since the author looked.
  events::Rule flag_rule{};  ///< The rule that explains a flag, where a flag needs one.
  std::vector<std::int64_t> flag_parameters = {};

  const events::EventHeader& header() const { return event.header; }
  events::Day received_day() const { return events::day_in_vietnam(arrival.received_at); }
  events::Day today() const {
    return now > arrival.received_at ? events::day_in_vietnam(now) : received_day();
  }
  /// V03.  The paper was dated ahead when it came.  Whatever passes V03 since has come to its day,
  /// or somebody waived it: who may do it is then asked of that day and of all that the log knows
  /// by then.  Otherwise whoever is about to lose a role could date its acts into the time behind
  /// it.
  bool was_ahead() const { return header().business_day.value > received_day().value + 1; }
  /// The day of receipt, as far as authority is asked for on it.
  events::Day day_of_authority() const { return was_ahead() ? today() : received_day(); }
  /// What the log said of roles and devices before it counts.
  events::Position authority_at() const {
    return was_ahead() ? events::Position{~std::uint64_t{0}} : arrival.position;
  }
  /// How far the author knew this log.  A header that claims more than the log has comes from a log
  /// that was lost and was not repaired to its end; then this is where the repair ended.
  events::Position seen() const {
    return header().seen < arrival.position ? header().seen : state.rulebook().repaired_to();
  }
  bool on_system_chain() const { return event.header.chain == events::system_chain; }

  /// Whether a hold for this reason is waived.
  bool waives(events::HoldReason reason) const {
    return waive_holds && (!releaser || (policy.roles_to_release(reason) & bit(*releaser)) != 0);
  }
  /// True when `found` ends the case: a refusal always, a hold unless it is waived.
  bool stops(const MaybeViolation& found) const {
    return found && (found->code == events::VerdictCode::refused || !waives(found->hold));
  }

  // These find a thing that is in sight.  They give null for every other thing, whether the state
  // knows it or not.
  const Person* person(events::PersonId id) const;
  const Collective* collective(events::CollectiveId id) const;
  const Dossier* dossier(events::DossierId id) const;
  const Document* document(events::EventId id) const;

  /// Nothing when `thing` is not null.  Otherwise held(depends_on) when `id`, the event that makes
  /// the thing, is held, and refused when `id` is unknown.  With `waive_holds` both are refused.
  MaybeViolation needs(const void* thing, events::EventId id) const;
};

// The general guards, in the order in which judge() asks them; check_form() and the guard of the
// kind stand before and behind them.  check_given() and check_unit_open() are parts of guards.

/// The stream fits the kind of the event, `seen` is in the past unless the log was restored, and
/// kinds that only the server appends stand on the system chain.
MaybeViolation check_form(const JudgingContext& context);
/// V70.  Every text of the event and of its private record is within its bound, is UTF-8 in NFC and
/// has no invisible characters.
MaybeViolation check_texts(const JudgingContext& context);
/// V70.  A required text is not empty.  `bytes_max` only goes into the parameters of the verdict.
MaybeViolation check_given(const std::string& text, std::size_t bytes_max);
/// None of the author's own earlier events on the stream is held.  Only guarded events are checked,
/// see Policy::is_guarded().
MaybeViolation check_own_order(const JudgingContext& context);
/// The device clock is good enough to order acts and meet deadlines.
MaybeViolation check_clock(JudgingContext& context);
/// V03.  The date of the paper is at most one day after the day of receipt, or of the verdict where
/// that comes later.  Decisions have a rule of their own, V61.
MaybeViolation check_business_day(const JudgingContext& context);
/// V04.  The unit is open on the day of the paper.  When the author's device had not seen that the
/// unit was closed, the event is held for a person, and the verdict names the successor, if any.
MaybeViolation check_unit_open(const JudgingContext& context, const Unit& unit);
/// The actor is enrolled on the device.  The role grant is the actor's own, is valid, allows this
/// kind of event and covers the unit.
MaybeViolation check_authority(JudgingContext& context);
/// No other device changed the stream after the position up to which the author had seen the log.
/// Only guarded events are checked.
MaybeViolation check_concurrency(JudgingContext& context);

}  // namespace projections
