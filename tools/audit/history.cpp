#include "tools/audit/history.h"

#include "projections/criteria/criteria.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

#include <algorithm>
#include <utility>

namespace audit {
namespace {

using events::EventId;
using events::StoredEvent;

std::string name_on(const projections::State& state, events::UnitId id, events::Day day) {
  const projections::Unit* const unit = state.units().find(id);
  return unit == nullptr ? std::string{} : unit->version_on(day).name;
}

struct CycleTexts {
  std::string title;
  std::string cycle;
  std::string criteria;
};

CycleTexts cycle_texts(const projections::State& state, events::CycleId id) {
  CycleTexts texts;
  const projections::Cycle* const cycle = state.rulebook().find(id);
  if (cycle == nullptr) return texts;
  texts.title = projections::name_vi(cycle->content.title);
  texts.cycle = cycle->content.label;
  const projections::Criteria* const criteria = state.rulebook().find(cycle->content.criteria);
  if (criteria != nullptr) {
    texts.criteria =
        criteria->content.code + " version " + std::to_string(criteria->content.version);
  }
  return texts;
}

}  // namespace

void HistoryBuilder::take(const events::StoredBlock& block, std::span<const StoredEvent> events) {
  for (const StoredEvent& stored : events) {
    HistoryNotes notes;
    if (history_.concerns(stored)) notes.evidence = evidence_known(stored.event.header);
    state_.apply(stored, block.scope);
    const projections::DossierHistory::Taken taken = history_.take(stored);
    // As it is judged now: the sheet and the documents of the moment it took effect.
    if (taken.settled) note(history_.events()[*taken.settled].stored, true, notes_[*taken.settled]);
    if (!taken.is_new) continue;
    notes.author = author_of(stored.event.header);
    note(stored, stored.verdict.takes_effect(), notes);
    if (stored.event.id() == history_.dossier().event) opening_ = stored.event.header;
    notes_.push_back(std::move(notes));
  }
}

void HistoryBuilder::note(const StoredEvent& stored, bool has_effect, HistoryNotes& notes) {
  const auto* const sheet = std::get_if<events::SelfAssessmentRecorded>(&stored.event.payload);
  if (has_effect && sheet != nullptr) scores_ = sheet->scores_tenths;
  notes.sheet = sheet_of(stored);
  notes.sources = sources_of(stored.event.payload);
}

Author HistoryBuilder::author_of(const events::EventHeader& header) const {
  Author author{header.actor, header.role_grant, std::nullopt, {}, {}, {}};
  if (const projections::Grant* const grant = state_.access().grant(header.role_grant)) {
    author.role = grant->role;
    author.unit = grant->unit;
    author.unit_name = name_on(state_, grant->unit, header.business_day);
  }
  if (const projections::Device* const device = state_.access().device_of(header.chain)) {
    author.device = device->label;
  } else if (header.chain == events::system_chain) {
    author.device = "server";
  }
  return author;
}

std::vector<KnownEvidence> HistoryBuilder::evidence_known(const events::EventHeader& header) const {
  std::vector<KnownEvidence> known;
  for (const projections::DossierEvidence& piece : history_.evidence()) {
    if (piece.effect.value == 0) continue;
    known.push_back({piece.position, piece.kind, projections::knew(header, piece, piece.effect)});
  }
  return known;
}

std::optional<SheetOutcome> HistoryBuilder::sheet_of(const StoredEvent& stored) const {
  const auto* const sheet = std::get_if<events::SelfAssessmentRecorded>(&stored.event.payload);
  const bool is_appraisal = std::holds_alternative<events::DossierAppraised>(stored.event.payload);
  if (sheet == nullptr && !is_appraisal) return std::nullopt;
  const projections::Dossier* const dossier = state_.dossiers().find(history_.dossier());
  if (dossier == nullptr) return std::nullopt;
  const projections::Cycle* const cycle = state_.rulebook().find(dossier->cycle);
  if (cycle == nullptr) return std::nullopt;
  const projections::Criteria* const criteria = state_.rulebook().find(cycle->content.criteria);
  if (criteria == nullptr) return std::nullopt;
  const events::GroupVariant* const variant = criteria->variant_of(dossier->group);
  if (variant == nullptr) return std::nullopt;

  const std::vector<std::uint16_t>& scores = sheet != nullptr ? sheet->scores_tenths : scores_;
  const projections::Evaluation evaluation =
      projections::evaluate(criteria->content, *variant, scores);
  SheetOutcome outcome{criteria->id,
                       criteria->content.code,
                       criteria->content.version,
                       evaluation.scorable,
                       evaluation.total_tenths,
                       evaluation.passes,
                       {},
                       {},
                       projections::shortfall(criteria->content, *variant, scores)};
  if (evaluation.finding) outcome.finding = projections::id_of(evaluation.finding->rule);
  if (evaluation.scorable && !evaluation.finding) {
    for (std::size_t index = 0; index < variant->rules.size(); ++index) {
      const bool failed =
          std::ranges::find(evaluation.failed_rules, index) != evaluation.failed_rules.end();
      outcome.rules.push_back({variant->rules[index], !failed});
    }
  }
  return outcome;
}

std::vector<SourceDocument> HistoryBuilder::sources_of(const events::Payload& payload) const {
  std::vector<SourceDocument> sources;
  const auto add_source = [&](EventId id, events::EventType type) {
    SourceDocument source{
        id, std::string(events::event_name(static_cast<std::uint16_t>(type))), {}, {}};
    if (const projections::Document* const document = state_.documents().find(id)) {
      source.number = document->written;
      source.business_day = document->business_day;
    }
    sources.push_back(std::move(source));
  };
  events::match(
      payload,
      [&](const events::DossierReviewed& e) {
        add_source(e.meeting.event, events::EventType::review_held);
      },
      [&](const events::DossierSubmitted& e) {
        add_source(e.list.event, events::EventType::list_submitted);
      },
      [&](const events::TitleGranted& e) {
        add_source(e.decision.event, events::EventType::decision_issued);
      },
      [](const auto&) { /* No other event of a dossier follows from a document. */ });
  return sources;
}

events::Result<DossierHistory> HistoryBuilder::finish() {
  if (notes_.empty()) {
    return events::Error{events::ErrorCode::not_found,
                         "the log has no dossier " + to_string(history_.dossier())};
  }
  DossierHistory history;
  history.id = history_.dossier();
  if (const projections::Dossier* const dossier = state_.dossiers().find(history_.dossier())) {
    history.dossier = *dossier;
    CycleTexts texts = cycle_texts(state_, dossier->cycle);
    history.title = std::move(texts.title);
    history.cycle = std::move(texts.cycle);
    history.criteria = std::move(texts.criteria);
    const events::Day day = opening_ ? opening_->business_day : events::Day{};
    history.home_unit = name_on(state_, dossier->home_unit, day);
    if (const projections::Unit* const unit = state_.units().find(dossier->home_unit)) {
      for (const events::UnitId successor : unit->successors) {
        history.successors.push_back(name_on(state_, successor, events::last_day));
      }
    }
  }
  for (const std::size_t index : history_.in_order()) {
    history.entries.push_back({history_.events()[index], std::move(notes_[index])});
  }
  return history;
}

events::Result<DossierHistory> history_of(events::DossierId dossier, const LogReader& read) {
  HistoryBuilder builder(dossier);
  const auto done = read([&](const auto& block, auto stored) { builder.take(block, stored); });
  if (!done) return done.error();
  return builder.finish();
}

events::Result<std::vector<DossierLine>> list_dossiers(const LogReader& read) {
  projections::State state;
  const auto done = read([&](const events::StoredBlock& block, auto events) {
    for (const StoredEvent& stored : events) state.apply(stored, block.scope);
  });
  if (!done) return done.error();
  std::vector<DossierLine> lines;
  for (const projections::Dossier& dossier : state.dossiers().all()) {
    const CycleTexts texts = cycle_texts(state, dossier.cycle);
    lines.push_back({dossier.id, texts.title, texts.cycle,
                     name_on(state, dossier.home_unit, events::last_day),
                     std::string(projections::name_vi(dossier.state)), dossier.total_tenths});
  }
  return lines;
}

}  // namespace audit
