#include "projections/views/title_status.h"

namespace projections {

void TitleStatus::apply(const EffectiveEvent& effective, const State& state) {
  events::match(
      effective.event.payload,
      [&](const events::TitleGranted& e) {
        const events::DossierId id{effective.event.header.stream.id};
        const Dossier* const dossier = state.dossiers().find(id);
        if (dossier == nullptr || titles_.find(id.key()) != nullptr) return;

        HeldTitle title;
        title.dossier = id;
        title.subject = dossier->subject;
        title.cycle = dossier->cycle;
        title.decision = e.decision;
        title.scope = dossier->scope;
        title.granted_at = effective.position;
        title.group = dossier->group;
        // The grant may be recorded on a later day than the decision was signed on.
        const Document* const decision = state.documents().find(e.decision.event);
        title.decided_on =
            decision != nullptr ? decision->business_day : effective.event.header.business_day;
        const Cycle* const cycle = state.rulebook().find(dossier->cycle);
        if (cycle != nullptr) title.title = cycle->content.title;
        titles_.insert(title);
        index_subject(static_cast<std::uint32_t>(titles_.size() - 1));
      },
      [](const auto&) { /* No other event moves a title's status. */ });
}

void TitleStatus::restrict_to(const events::ReaderScope& reader) {
  titles_.filter(
      [&](const HeldTitle& title) { return reader.includes(events::ScopeSet{title.scope}); });
  index_subjects();
}

const HeldTitle* TitleStatus::of_subject(const events::SubjectRef& subject,
                                         events::CycleId cycle) const {
  const SubjectTitles* const titles = by_subject_.find(subject.id.key());
  for (std::uint32_t next = titles == nullptr ? 0 : titles->last; next != 0;
       next = previous_[next - 1]) {
    if (row(next - 1).cycle == cycle) return &row(next - 1);
  }
  return nullptr;
}

std::vector<HeldTitle> TitleStatus::history_of(const events::SubjectRef& subject) const {
  std::vector<HeldTitle> history;
  const SubjectTitles* const titles = by_subject_.find(subject.id.key());
  for (std::uint32_t next = titles == nullptr ? 0 : titles->last; next != 0;
       next = previous_[next - 1]) {
    history.push_back(row(next - 1));
  }
  return history;
}

void TitleStatus::index_subjects() {
  by_subject_ = {};
  previous_.clear();
  for (std::uint32_t index = 0; index < titles_.size(); ++index) index_subject(index);
}

void TitleStatus::index_subject(std::uint32_t index) {
  SubjectTitles& titles = by_subject_.insert({row(index).subject.id.key(), 0});
  previous_.push_back(titles.last);
  titles.last = index + 1;
}

}  // namespace projections
