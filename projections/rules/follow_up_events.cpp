#include "projections/rules/follow_up_events.h"

#include "projections/rules/judge.h"

#include <utility>

namespace projections {

std::optional<FollowUpEvent> next_follow_up(const State& state) {
  const HeldEventPtr ready = state.inbox().first_ready();
  if (ready == nullptr) return std::nullopt;
  events::Verdict verdict = judge_again(*ready, state, false);
  const events::StreamId stream = ready->event.header.stream;
  switch (verdict.code) {
    case events::VerdictCode::accepted:
    case events::VerdictCode::accepted_rebased:
      return FollowUpEvent{stream, events::HoldReleased{ready->position, std::move(verdict)},
                           ready->scope};
    case events::VerdictCode::held:
      return FollowUpEvent{stream, events::HoldChanged{ready->position, std::move(verdict)},
                           ready->scope};
    case events::VerdictCode::refused:
      break;
  }
  return FollowUpEvent{stream, events::HoldRefused{ready->position, std::move(verdict)},
                       ready->scope};
}

}  // namespace projections
