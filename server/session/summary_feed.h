#pragma once

#include "events/base/ids.h"
#include "events/base/time.h"
#include "events/log/event_log.h"
#include "events/protocol/messages.h"
#include "server/feed/summaries.h"

#include <optional>

namespace server {

/// One subscription of a session: when to ask for the next summary, and what to send of it.  It
/// keeps a position and a time, whatever happens in the log.
///
/// State: off; due; asked, until the answer comes; resting, until its interval is over and the log
///        has grown.
/// Thread: one at a time.
class SummaryFeed {
 public:
  void begin(const events::protocol::Subscribe& wanted);
  void end() { wanted_.reset(); }

  /// What to ask now; nothing while an answer is under way, the interval lasts, or `head` is known.
  std::optional<SummaryQuestion> next_question(const events::ReaderScope& scope,
                                               events::Position head, events::Timestamp now);
  /// The frame to send; nothing when there is nothing to tell or nobody wants it any more.
  std::optional<events::protocol::Message> take(Summary summary);

  /// When next_question() may have one although nothing else happens; nothing: not before the log
  /// has grown.
  std::optional<events::Timestamp> due(events::Position head) const;
  /// Nothing to ask before the log has grown beyond `head`.
  bool waits_for_log(events::Position head) const { return wanted_ && !asked_ && !due(head); }
  /// The head of the log when it last asked.
  events::Position seen_head() const { return seen_; }

 private:
  std::optional<events::protocol::Subscribe> wanted_;  // `after` moves on with the answers.
  bool asked_ = false;
  bool answer_is_stale_ = false;  // It was asked for a subscription that was replaced.
  bool told_ = false;             // Something was sent since the subscription began.
  bool has_more_ = false;         // The last answer did not reach the head.
  events::Position seen_;
  events::Timestamp rests_until_;
};

}  // namespace server
