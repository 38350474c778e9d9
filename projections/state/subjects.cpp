#include "projections/state/subjects.h"

namespace projections {

void Subjects::apply(const EffectiveEvent& effective, events::UnitId scope) {
  const events::EventId id = effective.event.id();
  events::match(
      effective.event.payload,
      [&](const events::PersonIntroduced& e) {
        persons_.insert(
            {events::PersonId{id}, e.home_unit, scope, e.household, e.gender, e.age_band});
      },
      [&](const events::CollectiveIntroduced& e) {
        collectives_.insert(
            {events::CollectiveId{id}, e.home_unit, scope, e.kind, e.head, e.member_count});
      },
      [](const auto&) { /* No other event moves a subject. */ });
}

void Subjects::restrict_to(const events::ReaderScope& reader) {
  const auto in_scope = [&](const auto& row) {
    return reader.includes(events::ScopeSet{row.scope});
  };
  persons_.filter(in_scope);
  collectives_.filter(in_scope);
}

}  // namespace projections
