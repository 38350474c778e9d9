#include "projections/state/rulebook.h"

#include "events/base/ranges.h"
#include "projections/state/cycle_phases.h"

#include <algorithm>

namespace projections {
namespace {

template <class IdOf, class Content>
Published<IdOf, Content> published(const events::Event& event, const Content& content) {
  return {IdOf{event.id()}, content, event.header.schema, events::fields_beyond(event)};
}

}  // namespace

const events::GroupVariant* Criteria::variant_of(events::GroupCode group) const {
  const auto found = events::ranges::find(content.groups, group, &events::GroupVariant::group);
  return found == content.groups.end() ? nullptr : &*found;
}

void Rulebook::apply(const EffectiveEvent& effective) {
  events::match(
      effective.event.payload,
      [&](const events::RulesAdopted& e) {
        rules_ = e.rules;
        adoptions_.push_back({e.rules, e.moved_otherwise});
      },
      [&](const events::LogRestored& e) { repaired_to_ = e.repaired; },
      [&](const events::CriteriaPublished& e) {
        criteria_.insert({published<events::CriteriaId>(effective.event, e)});
      },
      [&](const events::CycleOpened& e) {
        cycles_.insert({published<events::CycleId>(effective.event, e)});
        find_next_closing();
      },
      [&](const events::PhaseClosed& e) {
        Cycle* const cycle = cycles_.edit(e.cycle.key());
        if (cycle == nullptr) return;
        cycle->closed |= Cycle::bit_of(e.phase);
        find_next_closing();
      },
      [&](const events::ClockCorrected& e) { reopen(e.after); },
      [](const auto&) { /* No other event moves the rules. */ });
}

bool Rulebook::moves_otherwise(const events::Event& event) const {
  if (!is_beyond()) return false;
  return events::ranges::any_of(adoptions_, [&](const Adoption& adoption) {
    const std::vector<std::uint16_t>& kinds = adoption.moved_otherwise;
    return adoption.rules > newest_ &&
           events::ranges::find(kinds, event.header.type) != kinds.end();
  });
}

bool Rulebook::is_closed(events::CycleId id) const {
  const Cycle* const cycle = find(id);
  return cycle != nullptr && cycle->is_closed(events::CyclePhase::decision) &&
         cycle->content.late_policy != events::LatePolicy::accept_flagged;
}

void Rulebook::find_next_closing() {
  next_closing_.reset();
  for (const Cycle& cycle : cycles_) {
    for (const events::CyclePhase phase : cycle_phases) {
      if (cycle.is_closed(phase)) continue;
      const Closing closing{closes_at(cycle.content, phase), cycle.id, phase};
      if (!next_closing_ || closing < *next_closing_) next_closing_ = closing;
    }
  }
}

void Rulebook::reopen(events::Timestamp now) {
  for (std::size_t row = 0; row < cycles_.size(); ++row) {
    Cycle& cycle = *cycles_.edit(cycles_.row(row).key());
    for (const events::CyclePhase phase : cycle_phases) {
      if (closes_at(cycle.content, phase) <= now) continue;
      cycle.closed &= static_cast<std::uint8_t>(~Cycle::bit_of(phase));
    }
  }
  find_next_closing();
}

std::uint32_t Rulebook::latest_version(const std::string& code) const {
  std::uint32_t latest = 0;
  for (const Criteria& criteria : criteria_) {
    if (criteria.content.code == code) latest = std::max(latest, criteria.content.version);
  }
  return latest;
}

}  // namespace projections
