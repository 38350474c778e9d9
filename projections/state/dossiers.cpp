#include "projections/state/dossiers.h"

#include "projections/criteria/criteria.h"
#include "projections/policy/interference.h"
#include "projections/policy/steps.h"

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
void step(Dossier& dossier, const events::Event& event) {
  const auto type = static_cast<events::EventType>(event.header.type);
  const Step* const taken = find_step(type, dossier.state);
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
  const auto type = static_cast<events::EventType>(header.type);
  const Interference interference = interference_of(type);
  Dossier* const dossier = dossiers_.find(header.stream.id.key());
  if (dossier == nullptr || interference == Interference::none) return;

  step(*dossier, effective.event);
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
  dossiers_.insert(std::move(dossier));
  index_subject(static_cast<std::uint32_t>(dossiers_.size() - 1));
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
  const SubjectDossiers* const chain = by_subject_.find(subject.id.key());
  const Dossier* active = nullptr;
  for (std::uint32_t row = chain == nullptr ? 0 : chain->last; row != 0; row = previous_[row - 1]) {
    const Dossier& dossier = dossiers_.row(row - 1);
    const bool is_active =
        dossier.cycle == cycle && dossier.state != events::DossierState::withdrawn;
    if (is_active && counts(dossier)) active = &dossier;
  }
  return active;
}

void Dossiers::index_subjects() {
  by_subject_ = {};
  previous_.clear();
  for (std::uint32_t row = 0; row < dossiers_.size(); ++row) index_subject(row);
}

void Dossiers::index_subject(std::uint32_t row) {
  const std::uint64_t subject = dossiers_.row(row).subject.id.key();
  SubjectDossiers& chain = by_subject_.insert({subject, 0});
  previous_.push_back(chain.last);
  chain.last = row + 1;
}

}  // namespace projections
