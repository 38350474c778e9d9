#include "server/session/summary_feed.h"

#include <algorithm>
#include <utility>

namespace server {

namespace protocol = events::protocol;
using events::Position;
using events::Timestamp;

void SummaryFeed::begin(const protocol::Subscribe& wanted) {
  wanted_ = wanted;
  answer_is_stale_ = asked_;
  wanted_->interval_seconds =
      std::max(wanted.interval_seconds, protocol::summary_interval_min_seconds);
  told_ = false;
  has_more_ = true;
  rests_until_ = {};
}

std::optional<SummaryQuestion> SummaryFeed::next_question(const events::ReaderScope& scope,
                                                          Position head, Timestamp now) {
  const std::optional<Timestamp> time = due(head);
  if (!time) return std::nullopt;
  const std::uint64_t interval = wanted_->interval_seconds * std::uint64_t{1000};
  // A clock that was set back would rest for as long as it was wrong.
  if (*time > now && time->value - now.value <= interval) return std::nullopt;
  asked_ = true;
  seen_ = head;
  rests_until_ = Timestamp{now.value + interval};
  return SummaryQuestion{wanted_->mode, scope, wanted_->unit, wanted_->after,
                         events::day_in_vietnam(now)};
}

std::optional<Timestamp> SummaryFeed::due(Position head) const {
  if (!wanted_ || asked_) return std::nullopt;
  if (has_more_) return Timestamp{};
  if (head <= seen_) return std::nullopt;
  return rests_until_;
}

std::optional<protocol::Message> SummaryFeed::take(Summary summary) {
  asked_ = false;
  if (std::exchange(answer_is_stale_, false) || !wanted_) return std::nullopt;
  return std::visit(
      [&](auto& frame) -> std::optional<protocol::Message> {
        has_more_ = !frame.caught_up;
        // The views may have been an append behind the log when they were asked.
        if (frame.caught_up) seen_ = std::min(seen_, frame.upto);
        wanted_->after = std::max(wanted_->after, frame.upto);
        // The first answer says that there is nothing, too: the reader waits for it.
        if (frame.rows.empty() && std::exchange(told_, true)) return std::nullopt;
        told_ = true;
        return protocol::Message{std::move(frame)};
      },
      summary);
}

}  // namespace server
