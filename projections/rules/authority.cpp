#include "events/base/check.h"
#include "events/base/ranges.h"
#include "projections/criteria/rule_causes.h"
#include "projections/rules/judging_context.h"
#include "projections/rules/power.h"

#include <algorithm>
#include <optional>

namespace projections {
namespace {

using events::RuleCause;

/// The unit that the payload names: where a thing is made or closed, or whose it becomes.
std::optional<events::UnitId> unit_named_in(const JudgingContext& context) {
  using Answer = std::optional<events::UnitId>;
  return events::match(
      context.event.payload, [](const events::UnitCreated& e) -> Answer { return e.parent; },
      [&](const events::UnitRenamed& e) -> Answer {
        // Who moves a unit has to cover where it goes, too.
        const Units& units = context.state.units();
        const Unit* const unit = units.find(e.unit);
        if (unit == nullptr || unit->version_on(e.valid_from).parent == e.parent) return e.unit;
        const Grant* const grant = context.state.access().grant(context.header().role_grant);
        const bool covers_old =
            grant != nullptr && units.on(e.valid_from).lies_in(e.unit, grant->unit);
        return covers_old ? e.parent : e.unit;
      },
      [&](const events::UnitsChanged& e) -> Answer {
        // All that it names has to be covered: the answer is the first that is not.
        const Grant* const grant = context.state.access().grant(context.header().role_grant);
        const UnitsOnDay units = context.state.units().on(events::Day{e.effective.value - 1});
        const UnitsOnDay after = context.state.units().on(e.effective);
        for (const events::UnitsChangeRow& row : e.rows) {
          if (grant == nullptr || !units.lies_in(row.from, grant->unit)) return row.from;
          if (!after.lies_in(row.to, grant->unit)) return row.to;
        }
        return e.rows.empty() ? std::nullopt : Answer{e.rows.front().from};
      },
      []<class T>(const T& e) -> Answer {
        if constexpr (requires { e.home_unit; }) {
          return e.home_unit;
        } else if constexpr (requires { e.unit; }) {
          return e.unit;
        } else {
          return std::nullopt;
        }
      });
}

/// The unit of the organisation that issues the document.
std::optional<events::UnitId> unit_of_issuer(const JudgingContext& context) {
  const auto unit_of = [&](events::OrganisationId id) -> std::optional<events::UnitId> {
    const Organisation* const issuer = context.state.units().find(id);
    if (issuer == nullptr) return std::nullopt;
    return issuer->unit;
  };
  return events::match(context.event.payload,
                       [&]<class T>(const T& e) -> std::optional<events::UnitId> {
                         if constexpr (requires { e.issuer; }) {
                           return unit_of(e.issuer);
                         } else {
                           return std::nullopt;
                         }
                       });
}

/// The unit a grant must cover for this event; none: only a grant for the whole log does.  Nothing
/// when what the event names is not known here: the guards of its kind wait for it or refuse.
std::optional<events::UnitId> unit_acted_in(const JudgingContext& context, About about) {
  const State& state = context.state;
  const events::StreamId stream = context.header().stream;
  switch (about) {
    case About::log:
      return events::UnitId{};
    case About::tree:
    case About::unit: {
      const std::optional<events::UnitId> unit = unit_named_in(context);
      const bool is_known = unit && (unit->is_none() || state.units().find(*unit) != nullptr);
      return is_known ? unit : std::nullopt;
    }
    case About::powers:
      return std::nullopt;  // power_refusal() compares roles with roles.
    case About::own_device: {
      // It says nothing about any unit: a role anywhere will do.
      const Grant* const grant = state.access().grant(context.header().role_grant);
      if (grant == nullptr) return std::nullopt;
      return grant->unit;
    }
    case About::paper:
      return unit_of_issuer(context);
    case About::dossier:
    case About::held_event:
      break;
  }
  if (stream.kind != events::StreamKind::dossier) return context.sight.scope();
  const Dossier* const dossier = context.dossier(events::DossierId{stream.id});
  if (dossier != nullptr) return dossier->home_unit;
  // Only what is held may be about dossiers that may never come to be.
  if (about == About::held_event) return context.sight.scope();
  return std::nullopt;
}

MaybeViolation no_authority(events::Rule rule, std::int64_t cause) {
  return hold(events::HoldReason::no_authority, rule, {cause});
}

/// Why a grant gives no right on `day`, as the log said it before `at`.
/// Expects: it was not valid on that day.
std::int64_t why_invalid(const Grant& grant, events::Day day, events::Position at) {
  if (day < grant.valid_from) return parameter(RuleCause::grant_not_begun);
  const bool was_revoked = grant.revoked_from && grant.revoked_at <= at;
  if (was_revoked && grant.was_granted_on(day)) return parameter(RuleCause::grant_revoked);
  return parameter(RuleCause::grant_over);
}

/// U8.  Roles of a unit that has ended decide nothing that is dated later.  An officer who had not
/// heard of the end, and whose act decides nothing for others, waits for a person of the successor.
MaybeViolation check_unit_of_grant(const JudgingContext& context, const Grant& grant,
                                   events::EventType type) {
  const Unit* const own = context.state.units().find(grant.unit);
  const bool is_closed =
      own != nullptr && own->closed_from && own->closed_at < context.arrival.position;
  if (!is_closed) return std::nullopt;
  const bool decides = needs_authority_now(type);
  const bool ended = own->is_closed_on(context.header().business_day) ||
                     (decides && own->is_closed_on(context.received_day()));
  if (!ended) return std::nullopt;
  if (decides || own->closed_at <= context.seen()) {
    return no_authority(events::Rule::a_grant, parameter(RuleCause::grant_unit_closed));
  }
  return check_unit_open(context, *own);
}

/// Whether a role of `grant` covers `unit`.  A role of a unit that has ended is asked about only
/// for acts that a person of the successor let pass: there it covers what the unit had.
bool covers_place(const JudgingContext& context, const UnitsOnDay& units, const Grant& grant,
                  events::UnitId unit) {
  if (units.lies_in(unit, grant.unit)) return true;
  if (!context.waives(events::HoldReason::unit_closed) || !units.is_closed(grant.unit))
    return false;
  const events::UnitId commune = units.commune_of(unit);
  return !commune.is_none() && events::ranges::binary_search(units.lineage_of(commune), grant.unit);
}

/// Dated before the role ended and come after it: taken for some days, with a flag when the role
/// was revoked; later it waits, since nobody can tell an act that was on its way from one that was
/// dated back.
MaybeViolation check_lateness(JudgingContext& context, const Grant& grant) {
  const events::Day received = context.received_day();
  const std::optional<events::Day> end = grant.end();
  if (!end || *end > received || grant.revoked_at > context.arrival.position) {
    return std::nullopt;
  }
  const events::Day known = grant.revoked_from == end ? std::max(*end, grant.revoked_on) : *end;
  if (received.value > known.value + revoked_grace_days) {
    return hold(events::HoldReason::revoked_late, events::Rule::a_revoked_late,
                {end->value, revoked_grace_days});
  }
  if (grant.revoked_from) context.flags |= events::flag_role_revoked_since;
  return std::nullopt;
}

}  // namespace

MaybeViolation check_authority(JudgingContext& context) {
  if (context.on_system_chain()) return std::nullopt;
  const events::EventHeader& header = context.header();
  const State& state = context.state;

  // Nobody could vouch for it where it stands: those of the other commune do not see it.
  if (context.is_foreign) {
    return refuse(events::Rule::a_unit, {parameter(RuleCause::commune_of_others)});
  }
  // First, since it is never waived: a superior vouches for who somebody is, not for what a role
  // may do.
  const Grant* const grant = state.access().grant(header.role_grant);
  const auto type = static_cast<events::EventType>(header.type);
  if (grant != nullptr && (context.policy.roles_for(type) & bit(grant->role)) == 0) {
    return refuse(events::Rule::a_role, {static_cast<std::int64_t>(grant->role), header.type});
  }
  // Nobody can vouch for a right that was never given to this person.
  if (context.waive_holds && (grant == nullptr || grant->person != header.actor)) {
    const auto cause = grant == nullptr ? RuleCause::grant_unknown : RuleCause::grant_of_another;
    return refuse(events::Rule::a_grant, {parameter(cause)});
  }
  const Device* const device = state.access().device_of(header.chain);
  if (grant != nullptr && grant->person == header.actor) {
    const auto refusal = power_refusal(state, context.event.payload, {header.actor, *grant, device},
                                       context.day_of_authority());
    if (refusal) {
      return refuse(events::Rule::a_power, {static_cast<std::int64_t>(refusal->fault),
                                            static_cast<std::int64_t>(refusal->role)});
    }
  }
  // What came before the revocation is judged as on its day, whenever it is judged again; only
  // what moves power must not begin to count when its device is lost already.
  const bool came_too_late = device != nullptr && device->revoked &&
                             (device->revoked_at < context.authority_at() || moves_power(type));
  if (came_too_late) {
    return hold(events::HoldReason::device_revoked, events::Rule::a_actor,
                {static_cast<std::int64_t>(device->revoked_at.value)});
  }
  if (device == nullptr ||
      events::ranges::find(device->persons, header.actor) == device->persons.end()) {
    return no_authority(events::Rule::a_actor, 0);  // No position of a revocation.
  }
  if (grant == nullptr) {
    const MaybeViolation held = context.needs(nullptr, header.role_grant.event);
    if (held->code == events::VerdictCode::held) return held;
    return no_authority(events::Rule::a_grant, parameter(RuleCause::grant_unknown));
  }
  if (grant->person != header.actor) {
    return no_authority(events::Rule::a_grant, parameter(RuleCause::grant_of_another));
  }

  const events::Position at = context.authority_at();
  const events::Day now = context.day_of_authority();
  if (!grant->was_valid_on(header.business_day, at)) {
    return no_authority(events::Rule::a_grant, why_invalid(*grant, header.business_day, at));
  }
  const bool valid_now = grant->was_valid_on(now, at);
  if (!valid_now && needs_authority_now(type)) {
    return no_authority(events::Rule::a_grant, why_invalid(*grant, now, at));
  }
  if (MaybeViolation found = check_unit_of_grant(context, *grant, type)) return found;
  const KindPolicy* const policy = context.policy.kind(type);
  CHECK(policy != nullptr, "events of unknown kinds were held before");
  const std::optional<events::UnitId> unit = unit_acted_in(context, policy->about);
  const auto covers_on = [&](events::Day day) {
    return covers_place(context, state.units().on(day), *grant, *unit);
  };
  const bool needs_both_days = needs_authority_now(type);
  if (unit && (!covers_on(header.business_day) || (needs_both_days && !covers_on(now)))) {
    return no_authority(events::Rule::a_unit, parameter(RuleCause::unit_outside_grant));
  }
  return check_lateness(context, *grant);
}

}  // namespace projections
