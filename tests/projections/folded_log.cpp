#include "tests/projections/folded_log.h"

#include <algorithm>
#include <utility>

namespace projections {
namespace {

constexpr events::ChainNumber chain{7};
constexpr events::Day a_day{20'333};

events::Verdict verdict_of(events::VerdictCode code) {
  events::Verdict verdict;
  verdict.code = code;
  verdict.rules = events::RulesVersion{1};
  if (code == events::VerdictCode::held) verdict.hold = events::HoldReason::conflict;
  return verdict;
}

const events::Verdict accepted = verdict_of(events::VerdictCode::accepted);

}  // namespace

events::EventId FoldedLog::create(events::Payload payload, events::UnitId scope) {
  const events::EventId id{chain, entries_.size() + 1};
  const auto kind = events::stream_kind_of(payload).value_or(events::StreamKind{});
  add(std::move(payload), {kind, id}, scope, accepted);
  return id;
}

void FoldedLog::append(events::Payload payload, const events::StreamId& stream,
                       events::UnitId scope) {
  add(std::move(payload), stream, scope, accepted);
}

void FoldedLog::append_to(events::DossierId dossier, events::Payload payload) {
  add(std::move(payload), {events::StreamKind::dossier, dossier.event},
      state_.dossiers().find(dossier)->scope, accepted);
}

events::Position FoldedLog::hold(events::DossierId dossier, events::Payload payload) {
  return add(std::move(payload), {events::StreamKind::dossier, dossier.event},
             state_.dossiers().find(dossier)->scope, verdict_of(events::VerdictCode::held));
}

void FoldedLog::release(events::Position held) {
  settle(held, events::HoldReleased{held, accepted});
}

void FoldedLog::refuse(events::Position held) {
  settle(held, events::HoldRefused{held, verdict_of(events::VerdictCode::refused)});
}

void FoldedLog::settle(events::Position held, events::Payload payload) {
  const Entry& entry = entries_[held.value - 1];
  add(std::move(payload), entry.stored.event.header.stream, entry.scope.units().front(), accepted);
}

events::Position FoldedLog::add(events::Payload payload, events::StreamId stream,
                                events::UnitId scope, const events::Verdict& verdict) {
  const std::uint64_t number = entries_.size() + 1;
  events::EventHeader header;
  header.chain = chain;
  header.seq = number;
  header.stream = stream;
  header.seen = events::Position{number - 1};
  header.rules = events::RulesVersion{1};
  header.business_day = a_day;

  events::StoredEvent stored;
  stored.position = events::Position{number};
  stored.received_at = events::Timestamp{1'756'774'800'000 + number};
  stored.event = events::make_event(header, std::move(payload));
  stored.verdict = verdict;
  entries_.push_back({std::move(stored), events::ScopeSet{scope}});
  state_.apply(entries_.back().stored, entries_.back().scope, views_.on_effect());
  return events::Position{number};
}

events::UnitId FoldedLog::unit(events::UnitKind kind, events::UnitId parent,
                               const std::string& name) {
  return events::UnitId{create(events::UnitCreated{kind, parent, name, "", events::AreaType::rural,
                                                   events::Day{18'262}, ""})};
}

events::CycleId FoldedLog::cycle(events::TitleKind title, events::CriteriaId criteria,
                                 const std::string& label) {
  events::CycleOpened cycle;
  cycle.title = title;
  cycle.criteria = criteria;
  cycle.label = label;
  return events::CycleId{create(cycle)};
}

events::DossierId FoldedLog::open(events::SubjectRef subject, events::CycleId cycle,
                                  events::GroupCode group, events::UnitId home) {
  return events::DossierId{create(events::DossierOpened{subject, cycle, group, home},
                                  state_.units().on(a_day).commune_of(home))};
}

void FoldedLog::assess(events::DossierId dossier, std::uint16_t total_tenths) {
  append_to(dossier, events::DossierRegistered{});
  append_to(dossier, events::RegistrationAccepted{});
  append_to(dossier, events::SelfAssessmentRecorded{{}, {}, total_tenths});
}

void FoldedLog::recognize(events::DossierId dossier, events::DecisionId decision) {
  append_to(dossier, events::DossierReviewed{{}, events::ReviewConclusion::proposed});
  append_to(dossier, events::DossierSubmitted{});
  append_to(dossier, events::DossierAppraised{events::AppraisalOutcome::qualified, 0});
  append_to(dossier, events::TitleGranted{decision});
}

void FoldedLog::refuse_title(events::DossierId dossier) {
  append_to(dossier, events::DossierReviewed{{}, events::ReviewConclusion::proposed});
  append_to(dossier, events::DossierSubmitted{});
  append_to(dossier, events::DossierAppraised{events::AppraisalOutcome::not_qualified, 0});
  append_to(dossier, events::DossierNotRecognized{{events::NotRecognizedReason::below_total}});
}

FoldedLog::Folded FoldedLog::refold(const events::ReaderScope& reader) const {
  Folded folded;
  for (const Entry& entry : entries_) {
    if (!reader.includes(entry.scope)) continue;
    folded.state.apply(entry.stored, entry.scope, folded.views.on_effect());
  }
  return folded;
}

events::ReaderScope reader_of(std::vector<events::UnitId> communes) {
  events::ReaderScope reader;
  reader.units = std::move(communes);
  reader.units.push_back(events::reference_scope);
  std::ranges::sort(reader.units);
  return reader;
}

events::SubjectRef person(std::uint64_t number) {
  return {events::SubjectKind::person, events::EventId{events::ChainNumber{900}, number}};
}

events::SubjectRef collective(std::uint64_t number) {
  return {events::SubjectKind::collective, events::EventId{events::ChainNumber{901}, number}};
}

}  // namespace projections
