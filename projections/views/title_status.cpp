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
        by_subject_.add(title.subject.id.key());
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
  const HeldTitle* held = nullptr;
  by_subject_.for_each(subject.id.key(), [&](std::size_t row) {
    if (titles_.row(row).cycle == cycle) held = &titles_.row(row);
    return held == nullptr;
  });
  return held;
}

std::vector<HeldTitle> TitleStatus::history_of(const events::SubjectRef& subject) const {
  std::vector<HeldTitle> history;
  by_subject_.for_each(subject.id.key(), [&](std::size_t row) {
    history.push_back(titles_.row(row));
    return true;
  });
  return history;
}

void TitleStatus::index_subjects() {
  by_subject_ = {};
  titles_.for_each([&](const HeldTitle& title) { by_subject_.add(title.subject.id.key()); });
}

}  // namespace projections
