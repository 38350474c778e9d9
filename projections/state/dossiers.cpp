#include "projections/state/dossiers.h"

#include "projections/criteria/criteria.h"

#include <algorithm>

namespace projections {
namespace {

/// Notes whether the sheet meets the criteria that bind the dossier's cycle, and what it misses.
void weigh(Dossier& dossier, const events::SelfAssessmentRecorded& sheet,
           const Rulebook& rulebook) {
  dossier.sheet_passes = dossier.below_total = dossier.below_floor = false;
  const Criteria* const criteria = rulebook.find(sheet.criteria);
  if (criteria == nullptr) return;
  const events::GroupVariant* const variant = criteria->variant_of(dossier.group);
  if (variant == nullptr) return;
  const Evaluation evaluation = evaluate(criteria->content, *variant, sheet.scores_tenths);
  if (!evaluation.scorable || evaluation.finding) return;
  dossier.sheet_passes = evaluation.passes;
  for (const std::uint8_t index : evaluation.failed_rules) {
    const bool of_total = variant->rules[index].kind == events::CriteriaRuleKind::total_at_least;
    (of_total ? dossier.below_total : dossier.below_floor) = true;
  }
}

/// Moves the state as the table of steps says.
void step(Dossier& dossier, const events::Event& event, const Policy& policy) {
  const auto type = static_cast<events::EventType>(event.header.type);
  const Step* const taken = policy.find_step(type, dossier.state);
  if (taken == nullptr) return;
  // T11: what a meeting deferred waits for the next one as it is.
  const auto* const reviewed = std::get_if<events::DossierReviewed>(&event.payload);
  if (reviewed != nullptr && reviewed->conclusion == events::ReviewConclusion::deferred) return;
  events::DossierState next = taken->to;
  if (type == events::EventType::dossier_resubmitted) next = dossier.return_to;
  if (next == events::DossierState::none) return;
  dossier.state = next;
  if (next != events::DossierState::returned) dossier.return_to = events::DossierState::none;
  if (next <= events::DossierState::not_recognized) {
    dossier.furthest = std::max(dossier.furthest, next);
  }
}

void count_evidence(Dossier& dossier) {
  if (dossier.evidence_count < 0xFFFF) ++dossier.evidence_count;
}

void note_details(Dossier& dossier, const events::Event& event, const Rulebook& rulebook) {
  const events::PersonId actor = event.header.actor;
  events::match(
      event.payload, [&](const events::DossierRegistered&) { dossier.entrant = actor; },
      [&](const events::DossierReturned& e) { dossier.return_to = e.return_to; },
      [&](const events::SelfAssessmentRecorded& e) {
        dossier.assessor = actor;
        dossier.total_tenths = e.total_tenths;
        weigh(dossier, e, rulebook);
      },
      [&](const events::EvidenceSighted&) { count_evidence(dossier); },
      [&](const events::EvidenceAttached&) { count_evidence(dossier); },
      [&](const events::DossierReviewed& e) {
        dossier.conclusion = e.conclusion;
        dossier.document = e.meeting.event;
      },
      [&](const events::DossierSubmitted& e) { dossier.document = e.list.event; },
      [&](const events::DossierAppraised& e) {
        dossier.appraiser = actor;
        dossier.outcome = e.outcome;
      },
      [&](const events::TitleGranted& e) { dossier.document = e.decision.event; },
      [](const auto&) { /* The step says it all. */ });
}

}  // namespace

events::Position last_change_of(const Dossier& dossier) {
  return std::max({dossier.opened_at, dossier.changes.last, dossier.additions.last});
}

bool contradicts(const Dossier& dossier, events::NotRecognizedReason reason) {
  using enum events::NotRecognizedReason;
  switch (reason) {
    case below_total:
      return !dossier.below_total;
    case below_floor:
      return !dossier.below_floor;
    case not_proposed:
      return dossier.conclusion != events::ReviewConclusion::not_proposed;
    default:
      return false;  // What the log does not know.
  }
}

void Dossiers::apply(const EffectiveEvent& effective, events::UnitId scope,
                     const Rulebook& rulebook) {
  const events::EventHeader& header = effective.event.header;
  if (header.stream.kind != events::StreamKind::dossier) return;
  if (const auto* opened = std::get_if<events::DossierOpened>(&effective.event.payload)) {
    open(effective, *opened, scope);
    return;
  }
  const Policy& policy = rulebook.policy();
  const auto type = static_cast<events::EventType>(header.type);
  const bool is_known = !std::holds_alternative<events::UnknownPayload>(effective.event.payload);
  const bool is_beyond = !is_known || rulebook.moves_otherwise(effective.event);
  const Interference interference = policy.interference_of(type);
  if (!is_beyond && interference == Interference::none) return;
  Dossier* const dossier = dossiers_.edit(header.stream.id.key());
  if (dossier == nullptr) return;
  if (is_beyond) {
    // Newer rules moved it, nobody here knows where to: the state stays, and waits for a person.
    dossier->changes.record(effective.position, header.chain);
    return;
  }

  step(*dossier, effective.event, policy);
  note_details(*dossier, effective.event, rulebook);
  dossier->last_business_day = header.business_day;
  if ((effective.verdict.flags & events::flag_late) != 0) dossier->late = true;
  LastEffects& effects =
      interference == Interference::changes ? dossier->changes : dossier->additions;
  effects.record(effective.position, header.chain);
}

void Dossiers::open(const EffectiveEvent& effective, const events::DossierOpened& opened,
                    events::UnitId scope) {
  const events::EventHeader& header = effective.event.header;
  Dossier dossier;
  dossier.id = events::DossierId{header.id()};
  dossier.subject = opened.subject;
  dossier.cycle = opened.cycle;
  dossier.home_unit = opened.home_unit;
  dossier.scope = scope;
  dossier.opened_at = effective.position;
  dossier.group = opened.group;
  dossier.state = events::DossierState::draft;
  dossier.furthest = events::DossierState::draft;
  dossier.last_business_day = header.business_day;
  dossier.late = (effective.verdict.flags & events::flag_late) != 0;
  dossier.changes.record(effective.position, header.chain);
  const std::uint64_t subject = dossier.subject.id.key();
  const std::size_t before = dossiers_.size();
  dossiers_.insert(std::move(dossier));
  if (dossiers_.size() != before) by_subject_.add(subject);
}

void Dossiers::restrict_to(const events::ReaderScope& reader) {
  dossiers_.filter(
      [&](const Dossier& dossier) { return reader.includes(events::ScopeSet{dossier.scope}); });
  index_subjects();
}

const Dossier* Dossiers::active_of(const events::SubjectRef& subject, events::CycleId cycle) const {
  return first_active(subject, cycle, [](const Dossier&) { return true; });
}

const Dossier* Dossiers::active_of(const events::SubjectRef& subject, events::CycleId cycle,
                                   const Sight& sight) const {
  return first_active(subject, cycle,
                      [&](const Dossier& dossier) { return sight.contains(dossier.scope); });
}

template <class Predicate>
const Dossier* Dossiers::first_active(const events::SubjectRef& subject, events::CycleId cycle,
                                      Predicate counts) const {
  const Dossier* active = nullptr;
  by_subject_.for_each(subject.id.key(), [&](std::size_t row) {
    const Dossier& dossier = dossiers_.row(row);
    const bool is_active =
        dossier.cycle == cycle && dossier.state != events::DossierState::withdrawn;
    if (is_active && counts(dossier)) active = &dossier;
    return true;
  });
  return active;
}

void Dossiers::index_subjects() {
  by_subject_ = {};
  dossiers_.for_each([&](const Dossier& dossier) { by_subject_.add(dossier.subject.id.key()); });
}

}  // namespace projections
