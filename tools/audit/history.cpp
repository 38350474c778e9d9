#include "tools/audit/history.h"

#include "projections/criteria/criteria.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

#include <algorithm>
#include <utility>

namespace audit {
namespace {

using events::EventId;
using events::Position;
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

/// The held event that a hold event is about, with what it became.
struct Settlement {
  Position held;
  const events::Verdict* verdict = nullptr;
};

Settlement settlement_of(const events::Payload& payload) {
  return events::match(
      payload,
      [](const events::HoldReleased& e) {
        return Settlement{e.held, &e.verdict};
      },
      [](const events::HoldRefused& e) {
        return Settlement{e.held, &e.verdict};
      },
      [](const events::HoldChanged& e) {
        return Settlement{e.held, &e.verdict};
      },
      [](const auto&) { return Settlement{}; });
}

}  // namespace

void HistoryBuilder::take(const events::StoredBlock& block, std::span<const StoredEvent> events) {
  for (const StoredEvent& stored : events) {
    const bool is_concerned = concerns(stored);
    std::vector<KnownEvidence> evidence;
    if (is_concerned) evidence = evidence_known(stored);
    state_.apply(stored, block.scope);
    settle(stored);
    if (!is_concerned) continue;
    add(stored);
    entries_.back().evidence = std::move(evidence);
  }
}

bool HistoryBuilder::concerns(const StoredEvent& stored) const {
  const events::EventHeader& header = stored.event.header;
  if (header.stream.kind == events::StreamKind::dossier && header.stream.id == dossier_.event) {
    return true;
  }
  return events::match(
      stored.event.payload,
      [&](const events::ReviewHeld& e) {
        return std::ranges::find(e.entries, dossier_, &events::ReviewEntry::dossier) !=
               e.entries.end();
      },
      [&](const events::ListSubmitted& e) {
        return std::ranges::find(e.dossiers, dossier_) != e.dossiers.end();
      },
      [&](const events::DecisionIssued& e) {
        return std::ranges::find(e.dossiers, dossier_) != e.dossiers.end();
      },
      [&](const auto&) { return by_position_.contains(settlement_of(stored.event.payload).held); });
}

void HistoryBuilder::add(const StoredEvent& stored) {
  HistoryEntry entry;
  entry.stored = stored;
  if (stored.verdict.takes_effect()) {
    entry.effect = stored.position;
    remember_scores(stored);
  }
  entry.author = author_of(stored.event.header);
  entry.sheet = sheet_of(stored);
  find_sources(entry);
  if (stored.event.id() == dossier_.event) opening_ = stored.event.header;
  by_position_[stored.position] = entries_.size();
  entries_.push_back(std::move(entry));
}

void HistoryBuilder::settle(const StoredEvent& stored) {
  const Settlement settlement = settlement_of(stored.event.payload);
  const auto found = by_position_.find(settlement.held);
  if (settlement.verdict == nullptr || found == by_position_.end()) return;
  if (!stored.verdict.takes_effect()) return;
  HistoryEntry& held = entries_[found->second];
  held.later.push_back({stored.position, stored.received_at,
                        std::string(events::event_name(stored.event.header.type)),
                        *settlement.verdict, stored.event.header.actor});
  if (!settlement.verdict->takes_effect()) return;
  held.effect = stored.position;
  // As it is judged now: the sheet and the documents of the moment it took effect.
  held.sheet = sheet_of(held.stored);
  remember_scores(held.stored);
  held.sources.clear();
  find_sources(held);
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

std::vector<KnownEvidence> HistoryBuilder::evidence_known(const StoredEvent& stored) const {
  std::vector<KnownEvidence> known;
  const events::EventHeader& header = stored.event.header;
  for (const HistoryEntry& entry : entries_) {
    if (entry.effect.value == 0) continue;
    const bool own = entry.stored.event.header.chain == header.chain;
    const auto note = [&](events::EvidenceKind kind) {
      known.push_back({entry.stored.position, kind, own || entry.effect <= header.seen});
    };
    events::match(
        entry.stored.event.payload, [&](const events::EvidenceSighted& e) { note(e.kind); },
        [&](const events::EvidenceAttached& e) { note(e.kind); },
        [](const auto&) { /* Not evidence. */ });
  }
  return known;
}

std::optional<SheetOutcome> HistoryBuilder::sheet_of(const StoredEvent& stored) const {
  const auto* const sheet = std::get_if<events::SelfAssessmentRecorded>(&stored.event.payload);
  const bool is_appraisal = std::holds_alternative<events::DossierAppraised>(stored.event.payload);
  if (sheet == nullptr && !is_appraisal) return std::nullopt;
  const projections::Dossier* const dossier = state_.dossiers().find(dossier_);
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

void HistoryBuilder::remember_scores(const StoredEvent& stored) {
  const auto* const sheet = std::get_if<events::SelfAssessmentRecorded>(&stored.event.payload);
  if (sheet != nullptr) scores_ = sheet->scores_tenths;
}

void HistoryBuilder::find_sources(HistoryEntry& entry) const {
  const auto add_source = [&](EventId id, events::EventType type) {
    SourceDocument source{
        id, std::string(events::event_name(static_cast<std::uint16_t>(type))), {}, {}};
    if (const projections::Document* const document = state_.documents().find(id)) {
      source.number = document->written;
      source.business_day = document->business_day;
    }
    entry.sources.push_back(std::move(source));
  };
  events::match(
      entry.stored.event.payload,
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
}

events::Result<DossierHistory> HistoryBuilder::finish() {
  if (entries_.empty()) {
    return events::Error{events::ErrorCode::not_found,
                         "the log has no dossier " + to_string(dossier_)};
  }
  DossierHistory history;
  history.id = dossier_;
  if (const projections::Dossier* const dossier = state_.dossiers().find(dossier_)) {
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
  history.entries = std::move(entries_);
  const auto order = [](const HistoryEntry& entry) {
    return entry.effect.value == 0 ? entry.stored.position : entry.effect;
  };
  std::ranges::stable_sort(history.entries, {}, order);
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
