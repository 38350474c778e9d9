#include "clients/core/acts/holds.h"

#include "clients/core/acts/typed_text.h"
#include "projections/rules/judge.h"

#include <charconv>
#include <string>
#include <system_error>

namespace clients::acts {

using events::Error;
using events::ErrorCode;
using events::Result;

HoldDecision release_of(const projections::HeldEvent& held, const projections::State& state) {
  return {held.position, held.event.header.stream,
          projections::judge_again(held, state, true, held.received_at)};
}

HoldDecision refusal_of(const projections::HeldEvent& held) {
  events::Verdict verdict = held.verdict;
  verdict.code = events::VerdictCode::refused;
  verdict.hold = events::HoldReason::none;
  return {held.position, held.event.header.stream, verdict};
}

void decide_hold(Draft& draft, const Occasion& occasion, const HoldDecision& decision) {
  if (decision.verdict.takes_effect()) {
    draft.add(occasion, events::HoldReleased{decision.held, decision.verdict}, decision.stream);
  } else {
    draft.add(occasion, events::HoldRefused{decision.held, decision.verdict}, decision.stream);
  }
}

Result<projections::HeldEventPtr> waiting_at(std::string_view typed,
                                             const projections::Inbox& inbox,
                                             events::Position official_upto) {
  events::Position position;
  const char* const end = typed.data() + typed.size();
  const auto [rest, fault] = std::from_chars(typed.data(), end, position.value);
  const bool is_position = fault == std::errc() && rest == end;
  projections::HeldEventPtr held;
  if (is_position) {
    held = inbox.find(position);
  } else {
    const Result<events::EventId> id = parse_event_id(typed);
    if (!id) {
      return Error{ErrorCode::invalid_argument,
                   "“" + std::string(typed) +
                       "” không phải là vị trí hay mã việc; hãy xem hai cột đầu của lệnh inbox."};
    }
    held = inbox.find_anywhere(*id);
  }
  if (held == nullptr || held->position > official_upto) {
    return Error{ErrorCode::not_found, std::string("Không có việc nào đang chờ ở ") +
                                           (is_position ? "vị trí " : "mã việc ") +
                                           std::string(typed) + "; xem lệnh inbox."};
  }
  return held;
}

}  // namespace clients::acts
