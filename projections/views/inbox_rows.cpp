#include "projections/views/inbox_rows.h"

#include <algorithm>
#include <utility>

namespace projections {

namespace {

/// Where a closed unit went, as its verdict names it and this state knows it.
events::UnitId successor_in(const events::Verdict& verdict, const State& state) {
  if (verdict.hold != events::HoldReason::unit_closed || verdict.parameters.size() < 4) return {};
  const events::EventId id{events::ChainNumber{static_cast<std::uint32_t>(verdict.parameters[2])},
                           static_cast<std::uint64_t>(verdict.parameters[3])};
  const Unit* const unit = state.units().find(events::UnitId{id});
  return unit == nullptr ? events::UnitId{} : unit->id;
}

}  // namespace

RowPage<InboxRow, events::Position> inbox_rows(const State& state, const InboxPageRequest& request,
                                               events::Position official_upto,
                                               const NameOf& name_of) {
  const std::size_t rows_max = std::clamp<std::size_t>(request.rows_max, 1, view_rows_max);
  RowPage<InboxRow, events::Position> page;
  for (const auto& [position, held] : state.inbox().all()) {
    const bool is_official = position <= official_upto;
    const bool is_meant = position > request.after && (is_official || !request.only_official) &&
                          (!request.hold || held.verdict.hold == *request.hold);
    if (!is_meant) continue;
    if (page.rows.size() == rows_max) {
      page.next = page.rows.back().position;
      break;
    }
    const events::EventHeader& header = held.event.header;
    InboxRow& row = page.rows.emplace_back();
    row.position = position;
    row.is_official = is_official;
    row.event = header.id();
    row.type = header.type;
    row.stream = header.stream;
    row.actor = header.actor;
    row.actor_name = name_of(header.actor.event);
    row.received_at = held.received_at;
    row.verdict = held.verdict;
    row.successor = successor_in(held.verdict, state);
  }
  return page;
}

}  // namespace projections
