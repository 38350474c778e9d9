#include "events/base/text_limits.h"
#include "events/protocol/incarnation_messages.h"
#include "events/protocol/scope_messages.h"
#include "projections/criteria/criteria.h"
#include "projections/criteria/rule_causes.h"
#include "projections/rules/power.h"
#include "projections/rules/rules.h"
#include "projections/state/cycle_phases.h"

#include <algorithm>
#include <utility>

// Guards of units, organisations, criteria, cycles, access and holds.

namespace projections {
namespace {

using events::RuleCause;

/// O406, with the field.
MaybeViolation value(RuleCause field) { return refuse(events::Rule::o_value, {parameter(field)}); }

/// V04.  Nothing begins in a unit after its end.
Violation closed(const Unit& unit) {
  return refuse(events::Rule::v04_unit_open,
                {unit.id.event.chain().value, static_cast<std::int64_t>(unit.id.event.seq()),
                 parameter(RuleCause::unit_closed)});
}

/// V06.  A kind fits below its parent's.  Every step up is to a higher level, so that no path is a
/// ring (U10) or longer than there are levels.
MaybeViolation check_nesting(const JudgingContext& context, events::UnitKind kind,
                             events::UnitId parent, events::Day from) {
  if (parent.is_none()) return std::nullopt;
  const Unit* const above = context.state.units().find(parent);
  if (MaybeViolation found = context.needs(above, parent.event)) return found;
  const events::UnitKind kind_above = above->kind_on(from);
  if (fits_below(kind, kind_above)) return std::nullopt;
  return refuse(events::Rule::v06_unit_nesting,
                {static_cast<std::int64_t>(kind), static_cast<std::int64_t>(kind_above),
                 context.state.units().on(from).depth_of(parent) + 1});
}

MaybeViolation check(const JudgingContext& context, const events::UnitCreated& e) {
  if (!is_known(e.kind) || !is_known(e.area)) return value(RuleCause::field_unit_kind);
  if (MaybeViolation found = check_given(e.name, events::text_limits::unit_name)) return found;
  return check_nesting(context, e.kind, e.parent, e.valid_from);
}

MaybeViolation check(const JudgingContext& context, const events::UnitRenamed& e) {
  const Units& units = context.state.units();
  const Unit* const unit = units.find(e.unit);
  if (MaybeViolation found = context.needs(unit, e.unit.event)) return found;
  if (context.header().stream.id != e.unit.event) return refuse(events::Rule::o_stream);
  if (MaybeViolation found = check_given(e.name, events::text_limits::unit_name)) return found;
  const events::UnitKind kind = unit->kind_on(e.valid_from);
  if (e.kind && !is_known(*e.kind)) return value(RuleCause::field_unit_kind);
  if (e.area && !is_known(*e.area)) return value(RuleCause::field_unit_kind);
  // A commune may become a ward: scopes, roles and what lies below go by the level, which stays.
  if (e.kind && !is_of_one_level(kind, *e.kind)) return value(RuleCause::field_unit_kind);
  return check_nesting(context, e.kind.value_or(kind), e.parent, e.valid_from);
}

MaybeViolation check(const JudgingContext& context, const events::UnitClosed& e) {
  const Units& units = context.state.units();
  const Unit* const unit = units.find(e.unit);
  if (MaybeViolation found = context.needs(unit, e.unit.event)) return found;
  if (context.header().stream.id != e.unit.event) return refuse(events::Rule::o_stream);
  if (unit->closed_from || e.closed_from <= unit->versions.front().valid_from) {
    return value(RuleCause::field_closing_day);
  }
  for (const events::UnitId successor : e.successors) {
    if (MaybeViolation found = context.needs(units.find(successor), successor.event)) return found;
  }
  return std::nullopt;
}

/// What a decree may say of one unit.  U10: a unit ends once, and goes into one that is open then,
/// so that no two go into each other.
bool is_possible(const JudgingContext& context, const events::UnitsChanged& e,
                 const events::UnitsChangeRow& row) {
  const Units& units = context.state.units();
  const Unit& from = *units.find(row.from);
  const Unit& to = *units.find(row.to);
  const events::Day eve{e.effective.value - 1};
  const auto ends_whole = [&](events::UnitId id) {
    return events::ranges::any_of(e.rows, [&](const events::UnitsChangeRow& other) {
      return other.from == id && other.hamlets.empty();
    });
  };
  const bool is_ended = from.closed_from || !from.is_open_on(eve);
  if (row.from == row.to || is_ended) return false;
  if (!to.is_open_on(e.effective) || ends_whole(row.to)) return false;
  if (to.predecessors.size() + e.rows.size() > predecessors_max) return false;
  if (!row.hamlets.empty()) {
    return is_commune_level(from) && is_commune_level(to) &&
           events::ranges::all_of(row.hamlets, [&](events::UnitId id) {
             const Unit& hamlet = *units.find(id);
             return is_hamlet(hamlet) && hamlet.is_open_on(eve) &&
                    units.on(eve).parent_of(id) == row.from;
           });
  }
  const auto same_row = [&](const events::UnitsChangeRow& other) {
    return other.from == row.from && other.hamlets.empty();
  };
  if (events::ranges::count_if(e.rows, same_row) != 1) return false;
  // What lay below it fits below its heir, and its heir is no deeper than itself.
  return fits_in_place_of(to.kind_on(e.effective), from.kind_on(eve));
}

MaybeViolation check(const JudgingContext& context, const events::UnitsChanged& e) {
  const Units& units = context.state.units();
  if (e.rows.empty() || e.effective.value == 0) return value(RuleCause::field_units_change);
  if (MaybeViolation found = check_given(e.basis, events::text_limits::basis)) return found;
  std::vector<events::UnitId> moved;
  for (const events::UnitsChangeRow& row : e.rows) {
    for (const events::UnitId id : {row.from, row.to}) {
      if (MaybeViolation found = context.needs(units.find(id), id.event)) return found;
    }
    for (const events::UnitId id : row.hamlets) {
      if (MaybeViolation found = context.needs(units.find(id), id.event)) return found;
      moved.push_back(id);
    }
    if (!is_possible(context, e, row)) return value(RuleCause::field_units_change);
  }
  events::ranges::sort(moved);
  if (events::ranges::adjacent_find(moved) != moved.end()) {
    return value(RuleCause::field_units_change);
  }
  return std::nullopt;
}

MaybeViolation check(const JudgingContext& context, const events::OrganisationEstablished& e) {
  if (!is_known(e.kind)) return value(RuleCause::field_organisation_kind);
  if (MaybeViolation found = check_given(e.name, events::text_limits::organisation_name))
    return found;
  const Unit* const unit = context.state.units().find(e.unit);
  if (MaybeViolation found = context.needs(unit, e.unit.event)) return found;
  return unit->is_closed_on(e.valid_from) ? MaybeViolation{closed(*unit)} : std::nullopt;
}

MaybeViolation check(const JudgingContext& context, const events::CriteriaPublished& e) {
  if (!check_criteria(e)) return value(RuleCause::field_criteria);
  if (e.version <= context.state.rulebook().latest_version(e.code)) {
    return refuse(events::Rule::v14_criteria, {context.state.rulebook().latest_version(e.code)});
  }
  return std::nullopt;
}

bool in_order(const events::Phase& phase) { return phase.first <= phase.last; }

MaybeViolation check(const JudgingContext& context, const events::CycleOpened& e) {
  const Criteria* const criteria = context.state.rulebook().find(e.criteria);
  if (MaybeViolation found = context.needs(criteria, e.criteria.event)) return found;
  if (criteria->content.title != e.title) {
    return refuse(events::Rule::v14_criteria,
                  {0, 0, parameter(RuleCause::criteria_of_other_title)});
  }
  const bool known = is_known(e.kind) && is_known(e.late_policy) && is_known(e.deadline_basis);
  const bool ordered = in_order(e.registration) && in_order(e.self_assessment) &&
                       in_order(e.review) && in_order(e.appraisal) && in_order(e.decision);
  if (!known) return value(RuleCause::field_round_policy);
  if (!ordered) return value(RuleCause::field_phases);
  return check_given(e.label, events::text_limits::cycle_label);
}

/// On the system chain: the phase is open, and its end has come.
MaybeViolation check(const JudgingContext& context, const events::PhaseClosed& e) {
  const Cycle* const cycle = context.state.rulebook().find(e.cycle);
  if (MaybeViolation found = context.needs(cycle, e.cycle.event)) return found;
  if (context.header().stream.id != e.cycle.event) return refuse(events::Rule::o_stream);
  const bool is_due = is_known(e.phase) && !cycle->is_closed(e.phase) &&
                      closes_at(cycle->content, e.phase) <= context.arrival.received_at;
  return is_due ? std::nullopt : MaybeViolation{refuse(events::Rule::a_system)};
}

MaybeViolation check(const JudgingContext& context, const events::RoleGranted& e) {
  const State& state = context.state;
  if (!is_known(e.role)) return value(RuleCause::field_role);
  if (e.valid_to.value != 0 && e.valid_to <= e.valid_from) {
    return value(RuleCause::field_role_term);
  }
  if (MaybeViolation found = context.needs(state.subjects().find(e.person), e.person.event)) {
    return found;
  }
  if (e.unit.is_none()) return std::nullopt;
  const Unit* const unit = state.units().find(e.unit);
  if (MaybeViolation found = context.needs(unit, e.unit.event)) return found;
  return unit->is_closed_on(e.valid_from) ? MaybeViolation{closed(*unit)} : std::nullopt;
}

MaybeViolation check(const JudgingContext& context, const events::RoleRevoked& e) {
  if (context.header().stream.id != e.grant.event) return refuse(events::Rule::o_stream);
  return context.needs(context.state.access().grant(e.grant), e.grant.event);
}

MaybeViolation check(const JudgingContext& context, const events::EnrolmentOffered& e) {
  const State& state = context.state;
  if (e.persons.empty() || state.access().offer_of_code(e.code_digest) != nullptr) {
    return value(RuleCause::field_invitation);
  }
  for (const events::PersonId person : e.persons) {
    if (MaybeViolation found = context.needs(state.subjects().find(person), person.event))
      return found;
  }
  return std::nullopt;
}

/// On the system chain: the spent code proves that the server had the right to enrol.
MaybeViolation check(const JudgingContext& context, const events::DeviceEnrolled& e) {
  const Access& access = context.state.access();
  if (e.chain != access.next_chain() || e.persons.empty()) return refuse(events::Rule::a_system);
  if (e.offer.is_none()) {
    if (access.devices().size() != 0) return refuse(events::Rule::a_system);
    return std::nullopt;
  }
  const Offer* const offer = access.offer(e.offer);
  const bool met = offer != nullptr && offer->device.is_none() && offer->persons == e.persons &&
                   context.arrival.received_at <= offer->expires &&
                   stands(context.state, *offer, context.received_day()) &&
                   events::sha256(events::bytes_of(e.code)) == offer->code_digest;
  if (!met) return refuse(events::Rule::a_system);
  return std::nullopt;
}

/// On the system chain.  That `before` is the last time of receipt is left to who knows the log's
/// order: the server that writes it, and whoever verifies it.
MaybeViolation check(const JudgingContext& context, const events::ClockCorrected& e) {
  if (e.after >= e.before || e.after != context.arrival.received_at) {
    return refuse(events::Rule::a_system);
  }
  return std::nullopt;
}

/// On the system chain: the old key's signature proves that its holder wanted it.
MaybeViolation check(const JudgingContext& context, const events::ChainContinued& e) {
  const Access& access = context.state.access();
  const Device* const old = access.device_of(e.old_chain);
  const bool met = old != nullptr && e.chain == access.next_chain() && e.persons == old->persons &&
                   !access.continuation_fault(e.old_chain, context.arrival.received_at) &&
                   events::verify(old->public_key,
                                  events::protocol::new_chain_statement(access.log(), e.old_chain,
                                                                        e.public_key, e.label),
                                  e.old_proof);
  if (!met) return refuse(events::Rule::a_system);
  return std::nullopt;
}

/// Only the device that was given the chain says what it brings along.
MaybeViolation check(const JudgingContext& context, const events::BranchContinued& e) {
  const Device* const device = context.state.access().device_of(context.header().chain);
  const bool continues = device != nullptr && device->continues.value != 0;
  if (!continues || e.first_seq == 0 || e.last_seq < e.first_seq ||
      e.last_seq > events::sequence_max) {
    return value(RuleCause::field_branch);
  }
  return std::nullopt;
}

MaybeViolation check(const JudgingContext& context, const events::DeviceRevoked& e) {
  if (context.header().stream.id != e.device.event) return refuse(events::Rule::o_stream);
  return context.needs(context.state.access().device(e.device), e.device.event);
}

MaybeViolation check(const JudgingContext& context, const events::QuotaRaised& e) {
  if (context.header().stream.id != e.device.event) return refuse(events::Rule::o_stream);
  if (e.factor < 2 || e.factor > 20) return value(RuleCause::field_quota_factor);
  return context.needs(context.state.access().device(e.device), e.device.event);
}

/// On the system chain: the device's own signature proves it.
MaybeViolation check(const JudgingContext& context, const events::ScopePurged& e) {
  const Access& access = context.state.access();
  const Device* const device = access.device(e.device);
  if (device == nullptr || context.header().stream.id != e.device.event ||
      e.as_of >= context.arrival.position) {
    return refuse(events::Rule::a_system);
  }
  events::protocol::Purged purged{access.log(), device->chain, e.as_of,    e.units,
                                  e.blocks,     e.removed,     e.signature};
  if (!events::verify(device->public_key, events::protocol::purged_statement(purged),
                      e.signature)) {
    return refuse(events::Rule::a_system);
  }
  return std::nullopt;
}

/// The held event at that position, of the same scope; null for none.
HeldEventPtr find_held(const JudgingContext& context, events::Position position) {
  HeldEventPtr held = context.state.inbox().find(position);
  return held != nullptr && context.sight.meets(held->scope) ? std::move(held) : nullptr;
}

/// Whether the actor holds a role that may decide about this held event.
MaybeViolation check_releaser(const JudgingContext& context, const HeldEvent* held) {
  if (held == nullptr) return refuse(events::Rule::a_release);
  if (context.on_system_chain()) return std::nullopt;
  const events::EventHeader& header = context.header();
  if (header.stream != held->event.header.stream) return refuse(events::Rule::o_stream);
  const Grant* const grant = context.state.access().grant(header.role_grant);
  if (grant == nullptr) return std::nullopt;  // check_authority has said so.
  const bool may = (context.policy.roles_to_release(held->verdict.hold) & bit(grant->role)) != 0;
  // Nobody waves their own act through.
  if (!may || header.actor == held->event.header.actor) {
    return refuse(events::Rule::a_release, {static_cast<std::int64_t>(held->verdict.hold)});
  }
  return std::nullopt;
}

/// Who releases an act on everybody's things could have done it: otherwise a stranger's grant of a
/// role, waved through by a friend, would be a way to any role.
MaybeViolation check_own_right(const JudgingContext& context, const HeldEvent& held) {
  const events::EventHeader& header = held.event.header;
  if (context.on_system_chain() || !is_everybodys(header.stream.kind)) return std::nullopt;
  const Access& access = context.state.access();
  const Grant* const grant = access.grant(context.header().role_grant);
  if (grant == nullptr) return std::nullopt;
  const RoleSet roles = context.policy.roles_for(static_cast<events::EventType>(header.type));
  if ((roles & bit(grant->role)) == 0) {
    return refuse(events::Rule::a_release, {static_cast<std::int64_t>(held.verdict.hold)});
  }
  const Actor releaser{context.header().actor, *grant, access.device_of(context.header().chain)};
  const auto refusal =
      power_refusal(context.state, held.event.payload, releaser, context.received_day());
  if (!refusal) return std::nullopt;
  return refuse(events::Rule::a_power, {static_cast<std::int64_t>(refusal->fault),
                                        static_cast<std::int64_t>(refusal->role)});
}

MaybeViolation check(const JudgingContext& context, const events::HoldReleased& e) {
  const HeldEventPtr held = find_held(context, e.held);
  if (MaybeViolation found = check_releaser(context, held.get())) return found;
  if (MaybeViolation found = check_own_right(context, *held)) return found;
  if (!e.verdict.takes_effect()) return value(RuleCause::field_release);
  if (context.on_system_chain()) return std::nullopt;
  const Grant* const grant = context.state.access().grant(context.header().role_grant);
  if (grant == nullptr) {
    return refuse(events::Rule::a_grant, {parameter(RuleCause::grant_unknown)});
  }
  const events::Verdict now =
      judge_release(*held, context.state, grant->role, context.arrival.received_at);
  if (now.code == events::VerdictCode::refused) {
    return Violation{events::VerdictCode::refused, {}, now.rule, now.parameters};
  }
  if (now.code == events::VerdictCode::held) {
    return refuse(events::Rule::a_release, {static_cast<std::int64_t>(now.hold)});
  }
  if (now.flags != e.verdict.flags) return refuse(events::Rule::a_release);
  return std::nullopt;
}

MaybeViolation check(const JudgingContext& context, const events::HoldRefused& e) {
  const HeldEventPtr held = find_held(context, e.held);
  if (MaybeViolation found = check_releaser(context, held.get())) return found;
  if (e.verdict.code != events::VerdictCode::refused) return value(RuleCause::field_release);
  return std::nullopt;
}

MaybeViolation check(const JudgingContext& context, const events::HoldChanged& e) {
  if (!context.state.inbox().contains(e.held)) return refuse(events::Rule::a_release);
  return std::nullopt;
}

/// The row of a kind whose guard is the overload of check() for its fields.
template <class Fields>
constexpr KindGuard row(Versions in_force = {}) {
  const auto by_fields = [](JudgingContext& context) {
    return check(context, std::get<Fields>(context.event.payload));
  };
  return {Fields::type, by_fields, in_force};
}

}  // namespace

std::span<const KindGuard> reference_guards() {
  static constexpr std::array guards = {
      row<events::UnitCreated>(),
      row<events::UnitRenamed>(),
      row<events::UnitClosed>(),
      row<events::UnitsChanged>(),
      row<events::OrganisationEstablished>(),
      row<events::PhaseClosed>(),
      row<events::CriteriaPublished>(),
      row<events::CycleOpened>(),
      row<events::RoleGranted>(),
      row<events::RoleRevoked>(),
      row<events::EnrolmentOffered>(),
      row<events::DeviceEnrolled>(),
      row<events::ClockCorrected>(),
      row<events::ChainContinued>(),
      row<events::BranchContinued>(),
      row<events::DeviceRevoked>(),
      row<events::QuotaRaised>(),
      row<events::ScopePurged>(),
      row<events::HoldReleased>(),
      row<events::HoldRefused>(),
      row<events::HoldChanged>(),
  };
  return guards;
}

}  // namespace projections
