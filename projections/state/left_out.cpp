#include "projections/state/left_out.h"

#include <algorithm>

namespace projections {

void LeftOut::apply(const EffectiveEvent& effective, const events::ScopeSet& scope,
                    const Rulebook& rulebook) {
  const events::Event& event = effective.event;
  const bool is_read = events::is_whole(event) && !rulebook.moves_otherwise(event);
  if (!is_read) streams_.try_emplace(event.header.stream, Place{effective.position, scope});
}

void LeftOut::restrict_to(const events::ReaderScope& reader) {
  std::erase_if(streams_, [&](const auto& entry) { return !reader.includes(entry.second.scope); });
}

events::Position LeftOut::since(const events::StreamId& stream) const {
  const auto found = streams_.find(stream);
  return found == streams_.end() ? events::Position{} : found->second.since;
}

std::size_t LeftOut::dossiers() const {
  return static_cast<std::size_t>(std::count_if(
      streams_.begin(), streams_.end(),
      [](const auto& entry) { return entry.first.kind == events::StreamKind::dossier; }));
}

}  // namespace projections
