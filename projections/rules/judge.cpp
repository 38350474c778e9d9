#include "projections/rules/judge.h"

#include "projections/policy/interference.h"
#include "projections/rules/judging_context.h"
#include "projections/rules/placement.h"

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
  verdict.rules = context.state.rulebook().rules();
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

/// The checks in their order; the first that stops the case decides.
events::Verdict run(JudgingContext& context) {
  const events::EventHeader& header = context.header();
  if (std::holds_alternative<events::UnknownPayload>(context.event.payload)) {
    return conclude(context, hold(events::HoldReason::schema_unknown, events::Rule::s_schema,
                                  {header.type, header.schema}));
  }
  if (const MaybeViolation found = check_form(context); context.stops(found)) {
    return conclude(context, found);
  }
  using Check = MaybeViolation (*)(JudgingContext&);
  static constexpr std::array<Check, 10> checks = {
      [](JudgingContext& c) { return check_texts(c); },
      [](JudgingContext& c) { return check_own_order(c); },
      check_clock,
      [](JudgingContext& c) { return check_business_day(c); },
      check_authority,
      check_concurrency,
      check_reference_event,
      check_subject_event,
      check_dossier_event,
      check_document_event,
  };
  for (const Check check : checks) {
    if (const MaybeViolation found = check(context); context.stops(found)) {
      return conclude(context, found);
    }
  }
  return conclude(context, std::nullopt);
}

}  // namespace

events::ScopeSet scope_of(const events::Event& event, const State& state) {
  return placement_of(event, state).scope;
}

Judgement judge(const events::Event& event, const Arrival& arrival, const State& state) {
  const Placement placement = placement_of(event, state);
  JudgingContext context{event,
                         arrival,
                         state,
                         false,
                         sight_of(placement, event.header.business_day, state),
                         placement.is_foreign};
  return {run(context), placement.scope};
}

namespace {

/// Deadlines and authority stay those of the day it was received; facts are those of now.
events::Verdict judge_held(const HeldEvent& held, const State& state, bool waive_holds,
                           std::optional<events::Role> releaser) {
  const Arrival arrival{held.position, held.received_at, held.intake};
  const events::EventHeader& header = held.event.header;
  const events::UnitId scope = held.scope.units().front();
  const bool is_unknown = std::holds_alternative<events::UnknownPayload>(held.event.payload);
  // Everybody's things take effect for everybody or not at all.
  const bool is_for_some = is_everybodys(header.stream.kind) && !scope.is_none();
  Placement placement = placement_of(held.event, state);
  placement.scope = held.scope;  // It stays where it was stored.
  JudgingContext context{held.event,
                         arrival,
                         state,
                         waive_holds,
                         sight_of(placement, header.business_day, state),
                         placement.is_foreign,
                         releaser};
  if ((waive_holds && is_unknown) || (is_for_some && !is_unknown)) {
    return conclude(context, refuse(events::Rule::s_schema, {header.type, header.schema}));
  }
  return run(context);
}

}  // namespace

events::Verdict judge_again(const HeldEvent& held, const State& state, bool waive_holds) {
  return judge_held(held, state, waive_holds, std::nullopt);
}

events::Verdict judge_release(const HeldEvent& held, const State& state, events::Role releaser) {
  return judge_held(held, state, true, releaser);
}

}  // namespace projections
