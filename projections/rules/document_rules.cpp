#include "events/base/ranges.h"
#include "projections/criteria/rule_causes.h"
#include "projections/rules/rules.h"

#include <algorithm>

// Guards of minutes, lists and decisions: they are judged as a list, and each row once more by its
// own event.

namespace projections {
namespace {

using events::Rule;
using events::RuleCause;

MaybeViolation bad_minutes(RuleCause cause) {
  return refuse(Rule::t09_minutes, {parameter(cause)});
}

/// V50.  Rows are there, each once and known; the actor is not among them (SD1).
MaybeViolation check_rows(const JudgingContext& context, std::vector<events::DossierId> rows) {
  if (rows.empty()) {
    return refuse(Rule::v50_list, {0, 0, parameter(RuleCause::list_empty)});
  }
  const events::PersonId actor = context.header().actor;
  for (const events::DossierId row : rows) {
    const Dossier* const dossier = context.dossier(row);
    if (MaybeViolation found = context.needs(dossier, row.event)) return found;
    if (dossier->subject.id == actor.event) {
      return refuse(Rule::sd1_own_dossier, {parameter(RuleCause::own_dossier)});
    }
  }
  events::ranges::sort(rows);
  if (events::ranges::adjacent_find(rows) != rows.end()) {
    const auto count = static_cast<std::int64_t>(rows.size());
    return refuse(Rule::v50_list, {count, count, parameter(RuleCause::list_row_twice)});
  }
  return std::nullopt;
}

/// Names the difference between the list and what may be on it: the list stands, those rows will
/// not take effect ("n of m in effect").
template <class Predicate>
void flag_rows_unless(JudgingContext& context, Rule rule,
                      const std::vector<events::DossierId>& rows, Predicate fits) {
  const auto differing = events::ranges::count_if(
      rows, [&](events::DossierId row) { return !fits(*context.dossier(row)); });
  if (differing == 0) return;
  context.flags |= events::flag_list_differs;
  context.flag_rule = rule;
  context.flag_parameters = {differing, static_cast<std::int64_t>(rows.size())};
  if (rule != Rule::v50_list) return;
  context.flag_parameters.push_back(parameter(RuleCause::list_rows_not_ready));
}

MaybeViolation check(JudgingContext& context, const events::ReviewHeld& e) {
  const Unit* const unit = context.state.units().find(e.unit);
  if (MaybeViolation found = context.needs(unit, e.unit.event)) return found;
  if (MaybeViolation found = check_unit_open(context, *unit); context.stops(found)) return found;
  std::vector<events::DossierId> rows;
  for (const events::ReviewEntry& entry : e.entries) {
    const bool votes_fit = entry.agree + entry.disagree <= e.present;
    if (!is_known(entry.conclusion)) return bad_minutes(RuleCause::conclusion_unknown);
    if (!votes_fit) return bad_minutes(RuleCause::votes_above_present);
    rows.push_back(entry.dossier);
  }
  // Nobody invited means that the minutes do not say how many were.
  const bool fewer_invited = e.invited != 0 && e.invited < e.present;
  if (e.present == 0) return bad_minutes(RuleCause::nobody_present);
  if (fewer_invited) return bad_minutes(RuleCause::fewer_invited);
  if (MaybeViolation found = check_rows(context, rows)) return found;
  flag_rows_unless(context, Rule::v50_list, rows, [](const Dossier& dossier) {
    return dossier.state == events::DossierState::self_assessed;
  });
  return std::nullopt;
}

/// The issuer is known, and its unit had not ended on the day of the paper: a committee that is
/// gone lists and decides nothing, whoever signs for it.
MaybeViolation check_issuer(const JudgingContext& context, events::OrganisationId id) {
  const Organisation* const issuer = context.state.units().find(id);
  if (MaybeViolation found = context.needs(issuer, id.event)) return found;
  const UnitsOnDay units = context.state.units().on(context.header().business_day);
  if (!units.is_closed(issuer->unit)) return std::nullopt;
  const events::EventId unit = issuer->unit.event;
  return refuse(Rule::v04_unit_open, {unit.chain().value, static_cast<std::int64_t>(unit.seq()),
                                      parameter(RuleCause::unit_closed)});
}

MaybeViolation check(JudgingContext& context, const events::ListSubmitted& e) {
  if (MaybeViolation found = check_issuer(context, e.issuer)) return found;
  if (e.total != e.dossiers.size()) {
    return refuse(Rule::v50_list, {e.total, static_cast<std::int64_t>(e.dossiers.size()),
                                   parameter(RuleCause::list_count_differs)});
  }
  if (MaybeViolation found = check_rows(context, e.dossiers)) return found;
  flag_rows_unless(context, Rule::v50_list, e.dossiers, [](const Dossier& dossier) {
    return dossier.state == events::DossierState::reviewed &&
           dossier.conclusion == events::ReviewConclusion::proposed;
  });
  return std::nullopt;
}

/// V60.  The number is not taken in the issuer's register of that year, as far as this commune
/// sees.
MaybeViolation check_number(const JudgingContext& context, const events::DecisionIssued& e) {
  constexpr Rule rule = Rule::v60_document_number;
  const int year = events::calendar_date(context.header().business_day).year;
  if (e.number < 1) {
    return refuse(rule, {e.number, e.year, parameter(RuleCause::number_below_one)});
  }
  if (e.year != year) {
    return refuse(rule, {e.number, e.year, parameter(RuleCause::number_of_other_year)});
  }
  const Document* const other =
      context.state.documents().decision(e.issuer, e.year, e.number, context.sight);
  if (other == nullptr) return std::nullopt;
  const std::int64_t taken = parameter(RuleCause::number_taken);
  const bool by_others = other->id.chain() != context.header().chain;
  // A person can refuse one of the two; nobody can make both count.
  if (by_others && !context.waives(events::HoldReason::conflict)) {
    return hold(events::HoldReason::conflict, rule, {e.number, e.year, taken});
  }
  return refuse(rule, {e.number, e.year, taken});
}

MaybeViolation check(JudgingContext& context, const events::DecisionIssued& e) {
  if (MaybeViolation found = check_issuer(context, e.issuer)) return found;
  if (!is_known(e.capacity)) return refuse(Rule::o_value, {parameter(RuleCause::field_capacity)});
  if (MaybeViolation found = check_given(e.symbol, events::text_limits::decision_symbol))
    return found;
  if (MaybeViolation found = check_number(context, e); context.stops(found)) return found;
  // V61: a decision is not dated later than the day after it arrives.
  if (context.header().business_day.value > context.received_day().value + 1) {
    return refuse(Rule::v61_issue_date);
  }
  if (MaybeViolation found = check_rows(context, e.dossiers)) return found;
  flag_rows_unless(context, Rule::v51_decision_list, e.dossiers, [](const Dossier& dossier) {
    return dossier.state == events::DossierState::appraised &&
           dossier.outcome == events::AppraisalOutcome::qualified;
  });
  return std::nullopt;
}

}  // namespace

std::span<const KindGuard> document_guards() {
  static constexpr std::array guards = {
      guard_of<events::ReviewHeld, check>(),
      guard_of<events::ListSubmitted, check>(),
      guard_of<events::DecisionIssued, check>(),
  };
  return guards;
}

}  // namespace projections
