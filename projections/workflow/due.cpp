#include "projections/workflow/due.h"

#include "projections/workflow/judge.h"

#include <utility>

namespace projections {

std::optional<DueEvent> next_due(const State& state, events::Timestamp received_at) {
  const HeldEvent* const ready = state.inbox().first_ready();
  if (ready == nullptr) return std::nullopt;
  events::Verdict verdict = judge_again(*ready, state, received_at, false);
  const events::StreamId stream = ready->event.header.stream;
  switch (verdict.code) {
    case events::VerdictCode::accepted:
    case events::VerdictCode::accepted_rebased:
      return DueEvent{stream, events::HoldReleased{ready->position, std::move(verdict)},
                      ready->scope};
    case events::VerdictCode::held:
      return DueEvent{stream, events::HoldChanged{ready->position, std::move(verdict)},
                      ready->scope};
    case events::VerdictCode::refused:
      break;
  }
  return DueEvent{stream, events::HoldRefused{ready->position, std::move(verdict)}, ready->scope};
}

events::Event make_system_event(std::uint64_t seq, const events::StreamId& stream,
                                events::Payload payload, events::Position seen,
                                events::Timestamp received_at, events::RulesVersion rules) {
  events::EventHeader header;
  header.chain = events::system_chain;
  header.seq = seq;
  header.stream = stream;
  header.seen = seen;
  header.rules = rules;
  header.recorded_at = received_at;
  header.business_day = events::day_in_vietnam(received_at);
  return events::make_event(header, std::move(payload));
}

}  // namespace projections
