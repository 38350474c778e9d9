#include "projections/state/state.h"

#include "events/base/check.h"

namespace projections {

State::State() = default;
State::State(const State& other) = default;
State::State(State&& other) noexcept = default;
State& State::operator=(const State& other) = default;
State& State::operator=(State&& other) noexcept = default;
State::~State() = default;

void State::apply(const events::StoredEvent& stored, const events::ScopeSet& scope,
                  const OnEffect& on_effect) {
  CHECK(stored.position > applied_, "readers hand over each position once, in order");
  applied_ = stored.position;
  if (stored.verdict.code == events::VerdictCode::held) inbox_.hold(stored, scope);
  if (!stored.verdict.takes_effect()) return;

  const EffectiveEvent effective{stored.position, stored.received_at, stored.event, stored.verdict};
  events::match(
      stored.event.payload,
      [&](const events::HoldReleased& e) {
        const std::optional<HeldEvent> held = inbox_.take(e.held);
        take_effect(effective, scope, on_effect);
        if (!held) return;
        const EffectiveEvent released{stored.position, stored.received_at, held->event, e.verdict};
        take_effect(released, held->scope, on_effect);
      },
      [&](const events::HoldRefused& e) {
        inbox_.take(e.held);
        take_effect(effective, scope, on_effect);
      },
      [&](const events::HoldChanged& e) {
        inbox_.change(e.held, e.verdict);
        take_effect(effective, scope, on_effect);
      },
      [&](const events::RulesAdopted&) {
        inbox_.reconsider_unknown();
        take_effect(effective, scope, on_effect);
      },
      [&](const auto&) { take_effect(effective, scope, on_effect); });
}

void State::advance(events::Position position) {
  if (position > applied_) applied_ = position;
}

void State::take_effect(const EffectiveEvent& effective, const events::ScopeSet& scope,
                        const OnEffect& on_effect) {
  // Things stay in the scope their event was stored in, though their unit may have moved before a
  // held event was released: its readers hold it, and nobody else.
  const events::UnitId home = scope.empty() ? events::reference_scope : scope.units().front();
  units_.apply(effective);
  access_.apply(effective);
  subjects_.apply(effective, home);
  rulebook_.apply(effective);
  dossiers_.apply(effective, home, rulebook_);
  documents_.apply(effective, home);
  evidence_files_.apply(effective, home);
  if (on_effect) on_effect(effective, *this);
}

void State::restrict_to(const events::ReaderScope& reader) {
  if (reader.whole_log) return;
  units_.restrict_to(reader);
  access_.restrict_to(reader);
  subjects_.restrict_to(reader);
  rulebook_.restrict_to(reader);
  dossiers_.restrict_to(reader);
  documents_.restrict_to(reader);
  inbox_.restrict_to(reader);
  evidence_files_.restrict_to(reader);
}

}  // namespace projections
