#pragma once

#include "clients/core/acts/draft.h"
#include "projections/state/held_event.h"

namespace clients::acts {

/// What is decided about an event that waits.
struct HoldDecision {
  events::Position held;
  events::StreamId stream;  ///< Of the event that waits.
  /// Under which it takes effect; any other verdict refuses it for good.
  events::Verdict verdict;
};

/// The event takes effect, as somebody judges it on `state` who may release it.  When the verdict
/// does not take effect, the event cannot be released any more, whoever lets it: only refusing it
/// is left.
HoldDecision release_of(const projections::HeldEvent& held, const projections::State& state);
/// The event is refused for the reason for which it waits.
HoldDecision refusal_of(const projections::HeldEvent& held);

/// The decision is recorded on the stream of the event that waits.
void decide_hold(Draft& draft, const Occasion& occasion, const HoldDecision& decision);

/// What waits in the log at that position, or under that id; provisional positions are none.
/// `official_upto`: the position up to which the device has the official state.
/// Errors:  invalid_argument: `typed` is neither; not_found: nothing waits there.
events::Result<projections::HeldEventPtr> waiting_at(std::string_view typed,
                                                     const projections::Inbox& inbox,
                                                     events::Position official_upto);

}  // namespace clients::acts
