#include "projections/workflow/judge.h"

#include "projections/workflow/interference.h"
#include "projections/workflow/judging.h"

#include <array>
#include <utility>

namespace projections {
namespace {

/// The commune of the thing an event is about; none is reference scope.
events::UnitId home_scope(const events::Event& event, const State& state) {
  const Units& units = state.units();
  const auto of_dossier = [&](events::EventId id) -> std::optional<events::UnitId> {
    if (const Dossier* const dossier = state.dossiers().find(events::DossierId{id})) {
      return dossier->scope;
    }
    // The opening may be held: then its own scope is where the rest belongs.
    if (const HeldEvent* const held = state.inbox().find_anywhere(id)) {
      return held->scope.units().front();
    }
    return std::nullopt;
  };
  // Lists and decisions belong where their issuer sits, so that the author's own commune sees them
  // whatever the rows are; above communes only the rows tell.
  const auto of_issuer = [&](events::OrganisationId id) -> std::optional<events::UnitId> {
    const Organisation* const issuer = units.find(id);
    if (issuer == nullptr) return std::nullopt;
    const events::UnitId commune = units.commune_of(issuer->unit);
    if (commune.is_none()) return std::nullopt;
    return commune;
  };
  const auto of_rows =
      [&](const std::vector<events::DossierId>& rows) -> std::optional<events::UnitId> {
    for (const events::DossierId row : rows) {
      if (auto scope = of_dossier(row.event)) return scope;
    }
    return std::nullopt;
  };
  const std::optional<events::UnitId> named = events::match(
      event.payload,
      [&](const events::PersonIntroduced& e) -> std::optional<events::UnitId> {
        return units.commune_of(e.home_unit);
      },
      [&](const events::CollectiveIntroduced& e) -> std::optional<events::UnitId> {
        return units.commune_of(e.home_unit);
      },
      [&](const events::DossierOpened& e) -> std::optional<events::UnitId> {
        return units.commune_of(e.home_unit);
      },
      [&](const events::ReviewHeld& e) -> std::optional<events::UnitId> {
        return units.commune_of(e.unit);
      },
      [&](const events::ListSubmitted& e) {
        const auto commune = of_issuer(e.issuer);
        return commune ? commune : of_rows(e.dossiers);
      },
      [&](const events::DecisionIssued& e) {
        const auto commune = of_issuer(e.issuer);
        return commune ? commune : of_rows(e.dossiers);
      },
      [&](const auto&) -> std::optional<events::UnitId> {
        if (event.header.stream.kind == events::StreamKind::dossier) {
          return of_dossier(event.header.stream.id);
        }
        return std::nullopt;
      });
  if (named) return *named;

  using enum events::StreamKind;
  switch (event.header.stream.kind) {
    case log:
    case unit:
    case organisation:
    case criteria:
    case cycle:
    case access:
      return events::reference_scope;
    default:
      break;
  }
  // The thing is unknown: the author's own commune is the best guess at who must see it.
  if (const Grant* const grant = state.access().grant(event.header.role_grant)) {
    return units.commune_of(grant->unit);
  }
  return events::reference_scope;
}

/// Holds are about another event and share its scope.
const HeldEvent* held_target(const events::Event& event, const State& state) {
  const auto find = [&](events::Position position) { return state.inbox().find(position); };
  return events::match(
      event.payload, [&](const events::HoldReleased& e) { return find(e.held); },
      [&](const events::HoldRefused& e) { return find(e.held); },
      [&](const events::HoldChanged& e) { return find(e.held); },
      [](const auto&) -> const HeldEvent* { return nullptr; });
}

/// What a person says about a held event must not wait itself: a release that is released later
/// would have no effect on what it names.
bool may_wait(const events::Payload& payload) {
  return !std::holds_alternative<events::HoldReleased>(payload) &&
         !std::holds_alternative<events::HoldRefused>(payload);
}

/// A verdict from what was found, or acceptance.
events::Verdict conclude(const Case& event_case, const Found& found) {
  events::Verdict verdict;
  verdict.flags = event_case.flags;
  verdict.rules = event_case.state.rulebook().rules();
  if (found) {
    verdict.code = found->code;
    verdict.hold = found->hold;
    verdict.rule = found->rule;
    verdict.parameters = found->parameters;
    if (found->code == events::VerdictCode::held && !may_wait(event_case.event.payload)) {
      verdict.code = events::VerdictCode::refused;
      verdict.hold = events::HoldReason::none;
    }
    return verdict;
  }
  verdict.code =
      event_case.rebased ? events::VerdictCode::accepted_rebased : events::VerdictCode::accepted;
  verdict.rule = event_case.flag_rule;
  verdict.parameters = event_case.flag_parameters;
  return verdict;
}

/// The checks in their order; the first that stops the case decides.
events::Verdict run(Case& event_case) {
  const events::EventHeader& header = event_case.header();
  if (std::holds_alternative<events::UnknownPayload>(event_case.event.payload)) {
    return conclude(event_case, hold(events::HoldReason::schema_unknown, events::Rule::s_schema,
                                     {header.type, header.schema}));
  }
  if (const Found found = check_form(event_case); event_case.stops(found)) {
    return conclude(event_case, found);
  }
  using Check = Found (*)(Case&);
  static constexpr std::array<Check, 9> checks = {
      [](Case& c) { return check_texts(c); },
      [](Case& c) { return check_own_order(c); },
      check_clock,
      check_authority,
      check_concurrency,
      check_reference_event,
      check_subject_event,
      check_dossier_event,
      check_document_event,
  };
  for (const Check check : checks) {
    if (const Found found = check(event_case); event_case.stops(found)) {
      return conclude(event_case, found);
    }
  }
  return conclude(event_case, std::nullopt);
}

}  // namespace

events::ScopeSet scope_of(const events::Event& event, const State& state) {
  if (const HeldEvent* const held = held_target(event, state)) return held->scope;
  return events::ScopeSet{home_scope(event, state)};
}

Judgement judge(const events::Event& event, const Arrival& arrival, const State& state) {
  const events::ScopeSet scope = scope_of(event, state);
  Case event_case{event, arrival, state, false, scope.units().front(), 0, false, {}, {}};
  return {run(event_case), scope};
}

events::Verdict judge_again(const HeldEvent& held, const State& state,
                            events::Timestamp /*received_at*/, bool waive_holds) {
  // Deadlines and authority stay those of the day it was received; facts are those of now.
  const Arrival arrival{held.position, held.received_at, held.intake};
  Case event_case{held.event, arrival, state, waive_holds, held.scope.units().front(),
                  0,          false,   {},    {}};
  if (waive_holds && std::holds_alternative<events::UnknownPayload>(held.event.payload)) {
    return conclude(event_case, refuse(events::Rule::s_schema,
                                       {held.event.header.type, held.event.header.schema}));
  }
  return run(event_case);
}

}  // namespace projections
