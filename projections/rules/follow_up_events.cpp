#include "projections/rules/follow_up_events.h"

#include "projections/rules/judge.h"
#include "projections/rules/rules.h"

#include <algorithm>
#include <utility>

namespace projections {
namespace {

using events::Timestamp;

FollowUpEvent about_held(const HeldEvent& held, events::Verdict verdict) {
  const events::StreamId stream = held.event.header.stream;
  switch (verdict.code) {
    case events::VerdictCode::accepted:
    case events::VerdictCode::accepted_rebased:
      return {stream, events::HoldReleased{held.position, std::move(verdict)}, held.scope};
    case events::VerdictCode::held:
      return {stream, events::HoldChanged{held.position, std::move(verdict)}, held.scope};
    case events::VerdictCode::refused:
      break;
  }
  return {stream, events::HoldRefused{held.position, std::move(verdict)}, held.scope};
}

/// Nobody decided: what its author should do now is said by the rule.
events::Verdict undecided(const HeldEvent& held, const State& state) {
  events::Verdict verdict;
  verdict.code = events::VerdictCode::refused;
  verdict.rules = state.rulebook().rules();
  verdict.rule = events::Rule::o_undecided;
  verdict.parameters = {static_cast<std::int64_t>(held.verdict.hold), hold_days_max};
  return verdict;
}

FollowUpEvent at_deadline(const HeldEvent& held, const State& state, Timestamp now) {
  const bool was_ahead = held.verdict.hold == events::HoldReason::date_ahead;
  const std::uint32_t today = events::day_in_vietnam(now).value;
  if (was_ahead && held.event.header.business_day.value <= today + 1) {
    return about_held(held, judge_again(held, state, false, now));
  }
  return about_held(held, undecided(held, state));
}

FollowUpEvent closing_of(const Closing& closing) {
  return {events::StreamId{events::StreamKind::cycle, closing.cycle.event},
          events::PhaseClosed{closing.cycle, closing.phase},
          events::ScopeSet{events::reference_scope}};
}

}  // namespace

std::optional<FollowUpEvent> next_follow_up(const State& state, Timestamp now) {
  return rules_in_force(state).next_follow_up(state, now);
}

std::optional<FollowUpEvent> owed_since_1(const State& state, Timestamp now) {
  if (const HeldEventPtr ready = state.inbox().first_ready()) {
    return about_held(*ready, judge_again(*ready, state, false, now));
  }
  const std::optional<Timestamp> due = next_deadline(state);
  if (!due || *due > now) return std::nullopt;
  const std::optional<Closing>& closing = state.rulebook().next_closing();
  if (closing && closing->due == *due) return closing_of(*closing);
  return at_deadline(*state.inbox().first_with_deadline(), state, now);
}

std::optional<Timestamp> next_deadline(const State& state) {
  const std::optional<Closing>& closing = state.rulebook().next_closing();
  const std::optional<Timestamp> of_holds = state.inbox().next_deadline();
  if (!closing) return of_holds;
  return of_holds ? std::min(closing->due, *of_holds) : closing->due;
}

}  // namespace projections
