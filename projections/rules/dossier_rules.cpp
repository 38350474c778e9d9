#include "events/base/paper_day.h"
#include "events/base/ranges.h"
#include "projections/criteria/criteria.h"
#include "projections/criteria/rule_causes.h"
#include "projections/rules/rules.h"

#include <algorithm>

// Guards of the dossier's own steps (domain.md 4.6 and appendix B).

namespace projections {
namespace {

using events::Rule;
using events::RuleCause;

/// O406, with the field.
MaybeViolation bad_value(RuleCause field) { return refuse(Rule::o_value, {parameter(field)}); }

/// V14, where no versions are to be named.
MaybeViolation wrong_criteria(RuleCause cause) {
  return refuse(Rule::v14_criteria, {0, 0, parameter(cause)});
}

std::int64_t number(auto enumerator) { return static_cast<std::int64_t>(enumerator); }

// ---- deadlines ----

events::Day plus_days(events::Day day, std::uint32_t days) { return events::Day{day.value + days}; }

/// The day in Viet Nam at `seconds` since 1970, not before the epoch.
events::Day day_at(std::int64_t seconds) {
  const std::int64_t clamped = std::max<std::int64_t>(seconds, 0);
  return events::day_in_vietnam(events::Timestamp{static_cast<std::uint64_t>(clamped) * 1000});
}

/// V08.  The device's clock gave the declared day, and its error bar crosses the end of the phase.
bool clock_crosses(const JudgingContext& context, const events::Phase& phase) {
  const events::EventHeader& header = context.header();
  if (header.business_day != events::day_in_vietnam(header.recorded_at)) return false;
  const events::Intake& intake = context.arrival.intake;
  const std::int64_t estimate =
      static_cast<std::int64_t>(header.recorded_at.value / 1000) - intake.clock_offset_seconds;
  const std::int64_t error = intake.clock_error_seconds;
  return day_at(estimate - error) <= phase.last && day_at(estimate + error) > phase.last;
}

/// V08.  The act lies in its phase, or the cycle's policy takes it late.
MaybeViolation check_phase(JudgingContext& context, const Cycle& cycle, PhaseOf phase_of) {
  if (phase_of == nullptr) return std::nullopt;
  const events::CycleOpened& rules = cycle.content;
  const events::Phase& phase = rules.*phase_of;
  const events::Day declared = context.header().business_day;
  const events::Day received = context.received_day();
  if (declared < phase.first) {
    return refuse(Rule::v08_cycle_open,
                  {phase.first.value, phase.last.value, parameter(RuleCause::phase_not_begun)});
  }
  const bool by_declared = rules.deadline_basis == events::DeadlineBasis::declared;
  if (by_declared && clock_crosses(context, phase)) {
    return hold(events::HoldReason::clock, Rule::c_clock,
                {context.arrival.intake.clock_offset_seconds});
  }
  if (received <= phase.last && (declared <= phase.last || !by_declared)) return std::nullopt;

  const bool declared_in_time =
      declared <= phase.last && received <= plus_days(phase.last, rules.grace_days);
  if (by_declared && declared_in_time) {
    context.flags |= events::flag_late;
    return std::nullopt;
  }
  const std::int64_t cause =
      parameter(declared > phase.last ? RuleCause::dated_after_phase : RuleCause::came_after_phase);
  switch (rules.late_policy) {
    case events::LatePolicy::accept_flagged:
      break;
    case events::LatePolicy::accept_if_declared_in_time:
      if (declared_in_time) break;
      [[fallthrough]];
    case events::LatePolicy::refuse:
      // Somebody may know of the weeks without signal, and has the paper.
      if (by_declared && declared <= phase.last) {
        if (context.waives(events::HoldReason::cycle_closed)) break;
        return hold(events::HoldReason::cycle_closed, Rule::v08_cycle_open,
                    {phase.first.value, phase.last.value, cause});
      }
      return refuse(Rule::v08_cycle_open, {phase.first.value, phase.last.value, cause});
  }
  context.flags |= events::flag_late;
  return std::nullopt;
}

// ---- separation of duties ----

/// SD1.  What makes the dossier the actor's own, as far as it is known here; nothing when it is
/// not.
std::optional<RuleCause> own_by(const JudgingContext& context, const Dossier& dossier) {
  const events::PersonId actor = context.header().actor;
  const Person* const self = context.person(actor);
  if (dossier.subject.kind == events::SubjectKind::person) {
    if (dossier.subject.id == actor.event) return RuleCause::own_dossier;
    const Person* const subject = context.person(events::PersonId{dossier.subject.id});
    const bool shares = subject != nullptr && self != nullptr && !subject->household.is_none() &&
                        subject->household == self->household;
    return shares ? std::optional{RuleCause::own_household} : std::nullopt;
  }
  const Collective* const subject = context.collective(events::CollectiveId{dossier.subject.id});
  if (subject == nullptr) return std::nullopt;
  if (subject->head == actor) return RuleCause::own_collective;
  const bool member = self != nullptr && self->household.event == dossier.subject.id;
  return member ? std::optional{RuleCause::own_household} : std::nullopt;
}

MaybeViolation check_not_own(const JudgingContext& context, const Dossier& dossier) {
  const std::optional<RuleCause> cause = own_by(context, dossier);
  if (cause) return refuse(Rule::sd1_own_dossier, {parameter(*cause)});
  return std::nullopt;
}

/// SD2.  The actor is none of those who had the dossier in hand before.
MaybeViolation check_other_hands(const JudgingContext& context,
                                 std::initializer_list<events::PersonId> hands) {
  const events::PersonId actor = context.header().actor;
  if (events::ranges::find(hands, actor) != hands.end()) return refuse(Rule::sd2_separate_hands);
  return std::nullopt;
}

// ---- opening ----

bool fits(events::TitleKind title, const JudgingContext& context,
          const events::SubjectRef& subject) {
  using enum events::TitleKind;
  if (subject.kind == events::SubjectKind::person) return title == learning_citizen;
  const Collective* const collective = context.collective(events::CollectiveId{subject.id});
  switch (collective->kind) {
    case events::CollectiveKind::household:
      return title == learning_family;
    case events::CollectiveKind::clan:
      return title == learning_clan;
    case events::CollectiveKind::hamlet:
      return title == learning_community_hamlet || title == learning_community_commune;
    case events::CollectiveKind::unit:
      return title == learning_unit_commune;
  }
  return false;
}

/// V23.  One active dossier per subject and cycle; the first one accepted stays.
MaybeViolation check_only_one(const JudgingContext& context, const events::DossierOpened& e) {
  const Dossier* const other =
      context.state.dossiers().active_of(e.subject, e.cycle, context.sight);
  if (other == nullptr) return std::nullopt;
  const events::EventHeader& header = context.header();
  const bool unseen = other->id.event.chain() != header.chain && other->opened_at > context.seen();
  const std::int64_t chain = other->id.event.chain().value;
  const auto seq = static_cast<std::int64_t>(other->id.event.seq());
  // A person can refuse one of the two; nobody can make both count.
  if (unseen && !context.waives(events::HoldReason::conflict)) {
    return hold(events::HoldReason::conflict, Rule::v23_one_dossier, {chain, seq});
  }
  return refuse(Rule::v23_one_dossier, {chain, seq});
}

MaybeViolation check_opening(JudgingContext& context, const events::DossierOpened& e) {
  const State& state = context.state;
  const Unit* const home = state.units().find(e.home_unit);
  if (MaybeViolation found = context.needs(home, e.home_unit.event)) return found;
  if (state.units().on(context.header().business_day).commune_of(e.home_unit).is_none()) {
    return refuse(Rule::v04_unit_open, {e.home_unit.event.chain().value,
                                        static_cast<std::int64_t>(e.home_unit.event.seq()),
                                        parameter(RuleCause::unit_above_commune)});
  }
  if (MaybeViolation found = check_unit_open(context, *home); context.stops(found)) return found;
  const Cycle* const cycle = state.rulebook().find(e.cycle);
  if (MaybeViolation found = context.needs(cycle, e.cycle.event)) return found;
  if (!is_known(e.subject.kind)) return bad_value(RuleCause::field_subject_kind);
  const bool person = e.subject.kind == events::SubjectKind::person;
  const void* const subject =
      person ? static_cast<const void*>(context.person(events::PersonId{e.subject.id}))
             : context.collective(events::CollectiveId{e.subject.id});
  if (MaybeViolation found = context.needs(subject, e.subject.id)) return found;
  if (!fits(cycle->content.title, context, e.subject)) {
    return refuse(Rule::v05_group,
                  {number(cycle->content.title), parameter(RuleCause::title_of_others)});
  }
  const Criteria* const criteria = state.rulebook().find(cycle->content.criteria);
  if (criteria == nullptr || criteria->variant_of(e.group) == nullptr) {
    return refuse(Rule::v05_group, {number(e.group), parameter(RuleCause::group_without_variant)});
  }
  if (MaybeViolation found = check_only_one(context, e); context.stops(found)) return found;
  return check_phase(
      context, *cycle,
      context.policy.find_step(events::EventType::dossier_opened, events::DossierState::none)
          ->phase);
}

// ---- what each kind adds to its step; the dossier is known and in the right state ----

MaybeViolation guard(JudgingContext& /*context*/, const Dossier& /*dossier*/,
                     const events::DossierRegistered& e) {
  const bool by_consent = e.basis == events::LawfulBasis::consent;
  const bool otherwise = is_known(e.basis) && e.basis != events::LawfulBasis::none && !by_consent;
  const bool consented = by_consent && (e.consent_purposes & events::consent_assess) != 0;
  if (!consented && !otherwise) {
    const auto cause = by_consent ? RuleCause::consent_missing : RuleCause::basis_unknown;
    return refuse(Rule::v30_consent, {parameter(cause)});
  }
  if (!is_known(e.confirmation) || !is_known(e.proxy)) {
    return bad_value(RuleCause::field_registration);
  }
  // Somebody else enters only with a reason, and says who on which paper.
  const bool by_proxy = e.proxy != events::ProxyReason::none;
  if (by_proxy && !e.private_digest) {
    return refuse(Rule::v30_consent, {parameter(RuleCause::proxy_unnamed)});
  }
  return std::nullopt;
}

MaybeViolation guard(JudgingContext& /*context*/, const Dossier& dossier,
                     const events::DossierReturned& e) {
  using enum events::DossierState;
  if (!is_known(e.reason)) return bad_value(RuleCause::field_return_reason);
  if (e.reason == events::ReturnReason::other && !e.private_digest) {
    return bad_value(RuleCause::field_return_note);
  }
  const bool from_council = dossier.state == submitted;
  const StateSet allowed =
      from_council ? any_of(accepted, self_assessed, reviewed) : any_of(draft, registered);
  if (number(e.return_to) > 31 || (allowed & bit(e.return_to)) == 0) {
    return refuse(Rule::t_return_to, {number(dossier.state), number(e.return_to)});
  }
  return std::nullopt;
}

MaybeViolation guard(JudgingContext& context, const Dossier& dossier,
                     const events::SelfAssessmentRecorded& e) {
  const Rulebook& rulebook = context.state.rulebook();
  const Cycle* const cycle = rulebook.find(dossier.cycle);
  if (cycle == nullptr) return refuse(Rule::v14_criteria);
  const Criteria* const criteria = rulebook.find(e.criteria);
  if (cycle->content.criteria != e.criteria) {
    // Scores of one version never count under another: they are entered again, by a person.
    const Criteria* const bound = rulebook.find(cycle->content.criteria);
    const bool is_version =
        criteria != nullptr && bound != nullptr && criteria->content.code == bound->content.code;
    if (!is_version) return wrong_criteria(RuleCause::criteria_of_other_round);
    const std::int64_t given = criteria->content.version;
    const std::int64_t needed = bound->content.version;
    if (context.waive_holds) return refuse(Rule::v14_criteria, {given, needed});
    return hold(events::HoldReason::superseded_criteria, Rule::v14_criteria, {given, needed});
  }
  const events::GroupVariant* const variant =
      criteria == nullptr ? nullptr : criteria->variant_of(dossier.group);
  if (variant == nullptr) return wrong_criteria(RuleCause::criteria_without_group);
  const Evaluation evaluation = evaluate(criteria->content, *variant, e.scores_tenths);
  if (!evaluation.scorable) return wrong_criteria(RuleCause::criteria_not_scorable);
  if (evaluation.finding) {
    return Violation{
        events::VerdictCode::refused, {}, evaluation.finding->rule, evaluation.finding->parameters};
  }
  if (evaluation.total_tenths != e.total_tenths) {
    return refuse(Rule::v12_total, {e.total_tenths, evaluation.total_tenths});
  }
  return std::nullopt;
}

/// What is asked of every piece of evidence, seen or attached.
template <class Evidence>
MaybeViolation check_evidence(JudgingContext& context, const Dossier& dossier, const Evidence& e) {
  if (!is_known(e.kind)) return bad_value(RuleCause::field_evidence_kind);
  if (events::days_since_1970(e.document_day) > context.header().business_day.value) {
    return refuse(Rule::v42_sighted);
  }
  const Rulebook& rulebook = context.state.rulebook();
  const Cycle* const cycle = rulebook.find(dossier.cycle);
  const Criteria* const criteria =
      cycle == nullptr ? nullptr : rulebook.find(cycle->content.criteria);
  const std::size_t count = criteria == nullptr ? 0 : criteria->content.indicators.size();
  if (count < 32 && (e.indicators >> count) != 0) return refuse(Rule::v10_indicators);
  using enum events::DossierState;
  if ((any_of(appraised, recognized, not_recognized) & bit(dossier.state)) != 0) {
    context.flags |= events::flag_after_decision;
  }
  return std::nullopt;
}

MaybeViolation guard(JudgingContext& context, const Dossier& dossier,
                     const events::EvidenceSighted& e) {
  return check_evidence(context, dossier, e);
}

/// V40.  The sizes and the type are those that may travel.
MaybeViolation guard(JudgingContext& context, const Dossier& dossier,
                     const events::EvidenceAttached& e) {
  const std::uint32_t thumbnail_size = e.thumbnail ? e.thumbnail->size : 0;
  const bool original_fits = e.original.size > 0 && e.original.size <= events::original_bytes_max;
  const bool thumbnail_fits =
      !e.thumbnail || (thumbnail_size > 0 && thumbnail_size <= events::thumbnail_bytes_max);
  if (!original_fits || !thumbnail_fits) {
    return refuse(Rule::v40_evidence_file, {e.original.size, thumbnail_size});
  }
  if (!is_known(e.original.media)) return bad_value(RuleCause::field_media_type);
  return check_evidence(context, dossier, e);
}

/// The server speaks of a file that the log names and that it did not speak of before.
MaybeViolation check_stored(JudgingContext& context, const events::EvidenceStored& e) {
  const EvidenceFile* const file = context.state.evidence_files().find(e.attached);
  const bool of_this_dossier = file != nullptr && file->dossier.event == context.header().stream.id;
  if (!of_this_dossier) return context.needs(nullptr, e.attached);
  if (!is_known(e.part)) return bad_value(RuleCause::field_stored_file);
  const EvidenceFileStatus& status = file->part(e.part);
  const bool is_the_file = status.sha256 == e.sha256 && status.size == e.size;
  if (!is_the_file || status.is_stored()) return bad_value(RuleCause::field_stored_file);
  return std::nullopt;
}

MaybeViolation guard(JudgingContext& context, const Dossier& dossier,
                     const events::DossierReviewed& e) {
  if (MaybeViolation found = check_not_own(context, dossier)) return found;
  const Document* const minutes = context.document(e.meeting.event);
  if (MaybeViolation found = context.needs(minutes, e.meeting.event)) return found;
  const DocumentEntry* const entry = minutes->entry_of(dossier.id);
  const auto contradicted = [](RuleCause cause) {
    return refuse(Rule::t09_minutes, {parameter(cause)});
  };
  if (minutes->type != static_cast<int>(events::EventType::review_held)) {
    return contradicted(RuleCause::not_minutes);
  }
  if (entry == nullptr) return contradicted(RuleCause::not_in_minutes);
  if (entry->conclusion != e.conclusion) return contradicted(RuleCause::conclusion_differs);
  if (minutes->actor != context.header().actor) {
    return contradicted(RuleCause::minutes_of_another);
  }
  return std::nullopt;
}

MaybeViolation guard(JudgingContext& context, const Dossier& dossier,
                     const events::DossierSubmitted& e) {
  const Document* const list = context.document(e.list.event);
  if (MaybeViolation found = context.needs(list, e.list.event)) return found;
  const bool listed = list->type == static_cast<int>(events::EventType::list_submitted) &&
                      list->entry_of(dossier.id) != nullptr &&
                      list->actor == context.header().actor;
  if (!listed || dossier.conclusion != events::ReviewConclusion::proposed) {
    return refuse(Rule::t12_list, {number(dossier.conclusion)});
  }
  return std::nullopt;
}

MaybeViolation guard(JudgingContext& context, const Dossier& dossier,
                     const events::DossierAppraised& e) {
  if (MaybeViolation found = check_not_own(context, dossier)) return found;
  if (MaybeViolation found = check_other_hands(context, {dossier.entrant, dossier.assessor})) {
    return found;
  }
  if (e.total_tenths != dossier.total_tenths) {
    return refuse(Rule::v12_total, {e.total_tenths, dossier.total_tenths});
  }
  const events::AppraisalOutcome outcome = dossier.sheet_passes
                                               ? events::AppraisalOutcome::qualified
                                               : events::AppraisalOutcome::not_qualified;
  if (e.outcome != outcome) return refuse(Rule::v13_outcome, {number(e.outcome), number(outcome)});
  return std::nullopt;
}

MaybeViolation guard(JudgingContext& context, const Dossier& dossier,
                     const events::TitleGranted& e) {
  if (dossier.outcome != events::AppraisalOutcome::qualified) {
    return refuse(Rule::t17_decision, {number(dossier.outcome)});
  }
  if (MaybeViolation found = check_not_own(context, dossier)) return found;
  if (MaybeViolation found =
          check_other_hands(context, {dossier.entrant, dossier.assessor, dossier.appraiser})) {
    return found;
  }
  const Document* const decision = context.document(e.decision.event);
  if (MaybeViolation found = context.needs(decision, e.decision.event)) return found;
  const bool listed = decision->type == static_cast<int>(events::EventType::decision_issued) &&
                      decision->entry_of(dossier.id) != nullptr &&
                      decision->actor == context.header().actor;
  if (!listed) return refuse(Rule::t17_decision);
  return std::nullopt;
}

/// T18.  The reason does not contradict the sheet or what the meeting concluded.
MaybeViolation check_reason(const JudgingContext& context, const Dossier& dossier,
                            events::NotRecognizedReason reason) {
  if (!contradicts(dossier, reason)) return std::nullopt;
  const Rulebook& rulebook = context.state.rulebook();
  const Cycle* const cycle = rulebook.find(dossier.cycle);
  const Criteria* const criteria =
      cycle == nullptr ? nullptr : rulebook.find(cycle->content.criteria);
  const events::GroupVariant* const variant =
      criteria == nullptr ? nullptr : criteria->variant_of(dossier.group);
  const std::uint16_t needed = variant == nullptr ? 0 : total_needed(*variant);
  return refuse(Rule::t18_reason, {number(reason), dossier.total_tenths, needed});
}

MaybeViolation guard(JudgingContext& context, const Dossier& dossier,
                     const events::DossierNotRecognized& e) {
  if (e.reasons.empty()) return bad_value(RuleCause::field_refusal_reason);
  for (const events::NotRecognizedReason reason : e.reasons) {
    if (!is_known(reason)) return bad_value(RuleCause::field_refusal_reason);
  }
  using enum events::DossierState;
  const bool not_proposed =
      dossier.state == reviewed && dossier.conclusion == events::ReviewConclusion::not_proposed;
  const bool not_qualified =
      dossier.state == appraised && dossier.outcome == events::AppraisalOutcome::not_qualified;
  if (!not_proposed && !not_qualified) {
    return refuse(Rule::t_step, {number(dossier.state), context.header().type});
  }
  for (const events::NotRecognizedReason reason : e.reasons) {
    if (MaybeViolation found = check_reason(context, dossier, reason)) return found;
  }
  return check_not_own(context, dossier);
}

template <class T>
concept Guarded = requires(JudgingContext& context, const Dossier& dossier, const T& fields) {
  { guard(context, dossier, fields) } -> std::same_as<MaybeViolation>;
};

/// The step exists in the dossier's state, and this role may take it there.
MaybeViolation check_step(JudgingContext& context, const Dossier& dossier) {
  const events::EventHeader& header = context.header();
  const Step* const step =
      context.policy.find_step(static_cast<events::EventType>(header.type), dossier.state);
  if (step == nullptr) return refuse(Rule::t_step, {number(dossier.state), header.type});
  const Grant* const grant = context.state.access().grant(header.role_grant);
  if (grant != nullptr && (step->roles & bit(grant->role)) == 0) {
    return refuse(Rule::a_role, {number(grant->role), header.type});
  }
  const Cycle* const cycle = context.state.rulebook().find(dossier.cycle);
  if (cycle == nullptr) return refuse(Rule::v08_cycle_open);
  return check_phase(context, *cycle, step->phase);
}

/// An event that moves a dossier or adds to it: the dossier is known, the step exists, and what the
/// kind adds holds.
template <class Fields>
MaybeViolation check_move(JudgingContext& context) {
  const events::EventHeader& header = context.header();
  const Dossier* const dossier = context.dossier(events::DossierId{header.stream.id});
  if (MaybeViolation found = context.needs(dossier, header.stream.id)) return found;
  if (MaybeViolation found = check_step(context, *dossier); context.stops(found)) return found;
  if constexpr (Guarded<Fields>) {
    return guard(context, *dossier, std::get<Fields>(context.event.payload));
  } else {
    return std::nullopt;
  }
}

template <class Fields>
constexpr KindGuard move(Versions in_force = {}) {
  return {Fields::type, check_move<Fields>, in_force};
}

}  // namespace

std::span<const KindGuard> dossier_guards() {
  static constexpr std::array guards = {
      guard_of<events::DossierOpened, check_opening>(),
      guard_of<events::EvidenceStored, check_stored>(),
      move<events::DossierRegistered>(),
      move<events::RegistrationAccepted>(),
      move<events::DossierReturned>(),
      move<events::DossierResubmitted>(),
      move<events::SelfAssessmentRecorded>(),
      move<events::EvidenceSighted>(),
      move<events::DossierWithdrawn>(),
      move<events::EvidenceAttached>(),
      move<events::DossierReviewed>(),
      move<events::DossierSubmitted>(),
      move<events::DossierAppraised>(),
      move<events::TitleGranted>(),
      move<events::DossierNotRecognized>(),
  };
  return guards;
}

}  // namespace projections
