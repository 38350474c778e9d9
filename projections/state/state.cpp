#include "projections/state/state.h"

#include "events/base/check.h"
#include "projections/state/pieces.h"

#include <algorithm>
#include <optional>

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
        inbox_.change(e.held, e.verdict, stored.received_at);
        take_effect(effective, scope, on_effect);
      },
      [&](const events::ClockCorrected& e) {
        inbox_.correct_clock(e.after);
        take_effect(effective, scope, on_effect);
      },
      [&](const events::RulesAdopted&) {
        take_effect(effective, scope, on_effect);
        inbox_.reconsider_unknown(rulebook_.policy());
      },
      [&](const auto&) { take_effect(effective, scope, on_effect); });
}

events::Position State::applied_to(const events::StreamId& stream) const {
  const events::Position since = left_out_.since(stream);
  return since.value == 0 ? applied_ : std::min(applied_, events::Position{since.value - 1});
}

void State::advance(events::Position position) {
  if (position > applied_) applied_ = position;
}

void State::take_effect(const EffectiveEvent& effective, const events::ScopeSet& scope,
                        const OnEffect& on_effect) {
  // Things stay in the scope their event was stored in, though their unit may have moved before a
  // held event was released: its readers hold it, and nobody else.
  const events::UnitId home = scope.empty() ? events::reference_scope : scope.units().front();
  const events::StreamId& stream = effective.event.header.stream;
  const events::DossierId about{stream.id};
  const bool is_followed = on_effect && stream.kind == events::StreamKind::dossier;
  const Dossier* const there = is_followed ? dossiers_.find(about) : nullptr;
  const std::optional<Dossier> before = there == nullptr ? std::nullopt : std::optional(*there);
  units_.apply(effective);
  access_.apply(effective);
  subjects_.apply(effective, home);
  rulebook_.apply(effective);
  dossiers_.apply(effective, home, rulebook_);
  documents_.apply(effective, home);
  evidence_files_.apply(effective, home);
  left_out_.apply(effective, scope, rulebook_);
  if (!on_effect) return;
  EffectiveEvent followed = effective;
  if (before) followed.before = &*before;
  if (is_followed) followed.after = dossiers_.find(about);
  on_effect(followed, *this);
}

void State::restrict_to(const events::ReaderScope& reader) {
  if (reader.whole_log) return;
  std::apply([&](auto&... parts) { (parts.restrict_to(reader), ...); }, members());
}

void State::rest() {
  if (applied_.value - rested_.value < rest_step_events) return;
  rested_ = applied_;
  rest_parts(members());
}

}  // namespace projections
