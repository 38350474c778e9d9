#include "projections/rules/judge.h"

#include "projections/rules/rules.h"

#include <algorithm>
#include <array>
#include <utility>

namespace projections {
namespace {

/// What a person says about a held event must not wait itself: a release that is released later
/// would have no effect on what it names.
bool may_wait(const events::Payload& payload) {
  return !std::holds_alternative<events::HoldReleased>(payload) &&
         !std::holds_alternative<events::HoldRefused>(payload);
}

/// A verdict from what was found, or acceptance.
events::Verdict conclude(const JudgingContext& context, const MaybeViolation& found) {
  events::Verdict verdict;
  verdict.flags = context.flags;
  verdict.rules = context.policy.version();
  if (found) {
    verdict.code = found->code;
    verdict.hold = found->hold;
    verdict.rule = found->rule;
    verdict.parameters = found->parameters;
    if (found->code == events::VerdictCode::held && !may_wait(context.event.payload)) {
      verdict.code = events::VerdictCode::refused;
      verdict.hold = events::HoldReason::none;
    }
    return verdict;
  }
  verdict.code =
      context.rebased ? events::VerdictCode::accepted_rebased : events::VerdictCode::accepted;
  verdict.rule = context.flag_rule;
  verdict.parameters = context.flag_parameters;
  return verdict;
}

/// The guards in their order; the first that stops the case decides.
events::Verdict run(JudgingContext& context, const Rules& rules) {
  const events::EventHeader& header = context.header();
  if (!rules.policy().knows(context.event)) {
    return conclude(context, hold(events::HoldReason::schema_unknown, events::Rule::s_schema,
                                  {header.type, header.schema}));
  }
  if (const MaybeViolation found = check_form(context); context.stops(found)) {
    return conclude(context, found);
  }
  for (const GeneralGuard& guard : rules.general_guards()) {
    if (const MaybeViolation found = guard.check(context); context.stops(found)) {
      return conclude(context, found);
    }
  }
  if (const KindGuard* const guard = rules.guard_of(static_cast<events::EventType>(header.type))) {
    if (const MaybeViolation found = guard->check(context); context.stops(found)) {
      return conclude(context, found);
    }
  }
  return conclude(context, std::nullopt);
}

}  // namespace

std::span<const GeneralGuard> general_guards() {
  static constexpr std::array guards = {
      GeneralGuard{"texts", [](JudgingContext& c) { return check_texts(c); }},
      GeneralGuard{"own order", [](JudgingContext& c) { return check_own_order(c); }},
      GeneralGuard{"clock", check_clock},
      GeneralGuard{"business day", [](JudgingContext& c) { return check_business_day(c); }},
      GeneralGuard{"authority", check_authority},
      GeneralGuard{"concurrency", check_concurrency},
  };
  return guards;
}

events::ScopeSet scope_of(const events::Event& event, const State& state) {
  return rules_in_force(state).placement_of(event, state).scope;
}

Judgement judge(const events::Event& event, const Arrival& arrival, const State& state) {
  const Rules& rules = rules_in_force(state);
  const Placement placement = rules.placement_of(event, state);
  JudgingContext context{event,
                         arrival,
                         state,
                         rules.policy(),
                         false,
                         sight_of(placement, event.header.business_day, state),
                         placement.is_foreign};
  return {run(context, rules), placement.scope};
}

namespace {

/// Deadlines and authority stay those of the day it was received; facts are those of now.
events::Verdict judge_held(const HeldEvent& held, const State& state, bool waive_holds,
                           events::Timestamp now, std::optional<events::Role> releaser) {
  const Arrival arrival{held.position, held.received_at, held.intake};
  const events::EventHeader& header = held.event.header;
  const events::UnitId scope = held.scope.units().front();
  const Rules& rules = rules_in_force(state);
  const bool is_unknown = !rules.policy().knows(held.event);
  // Everybody's things take effect for everybody or not at all.
  const bool is_for_some = is_everybodys(header.stream.kind) && !scope.is_none();
  Placement placement = rules.placement_of(held.event, state);
  placement.scope = held.scope;  // It stays where it was stored.
  JudgingContext context{
      held.event,           arrival,     state,
      rules.policy(),       waive_holds, sight_of(placement, header.business_day, state),
      placement.is_foreign, releaser};
  context.now = std::max(now, held.received_at);
  if ((waive_holds && is_unknown) || (is_for_some && !is_unknown)) {
    return conclude(context, refuse(events::Rule::s_schema, {header.type, header.schema}));
  }
  return run(context, rules);
}

}  // namespace

events::Verdict judge_again(const HeldEvent& held, const State& state, bool waive_holds,
                            events::Timestamp now) {
  return judge_held(held, state, waive_holds, now, std::nullopt);
}

events::Verdict judge_release(const HeldEvent& held, const State& state, events::Role releaser,
                              events::Timestamp now) {
  return judge_held(held, state, true, now, releaser);
}

}  // namespace projections
