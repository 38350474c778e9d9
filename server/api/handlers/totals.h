#pragma once

#include "projections/views/totals.h"
#include "server/api/request_context.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace server {

/// An earlier position is counted anew from at most so many events: half a second of one thread.
inline constexpr std::uint64_t totals_events_max = 500'000;

/// GET /v1/totals.
///
/// Figures at the newest position come from the projection.  Those at an earlier one are kept for
/// the last questions, so that pages are cheap, or counted anew from the blocks of the reader's
/// communes, when these hold at most `events_max` events; else the answer says which positions can
/// be asked.
///
/// State: the last answers.
class TotalsHandler : public ApiHandler {
 public:
  /// Lifetime: what the state refers to outlives the handler.
  explicit TotalsHandler(ApiState state, std::uint64_t events_max = totals_events_max)
      : state_(std::move(state)), events_max_(events_max) {}

  std::variant<Rest, Problem> begin(const RequestContext& context, const Folded& folded) override;

 private:
  using View = std::shared_ptr<const projections::TotalsView>;
  struct Question {
    projections::TotalsFilter filter;
    /// Each dossier counts where its home lies on the day of `filter`, not where it was opened.
    bool rebased = false;
    events::ReaderScope blocks;  ///< What the figures are counted from now.
    events::Position position;
    events::Position newest;
    std::optional<projections::StatisticsKey> after;
    std::size_t limit{};
    std::uint64_t question{};
    std::string key;  ///< Equal for pages of one view.
  };
  struct Kept {
    std::string key;
    View view;
  };

  static View count(const projections::State& state, const projections::Statistics& statistics,
                    const Question& question);
  View kept(const std::string& key) const;
  void keep(const std::string& key, View view);
  Fields answer(const Question& question);
  std::variant<View, Problem> count_anew(const Question& question) const;
  /// How many events of the reader stand up to `position`; one of two communes counts twice.
  events::Result<std::uint64_t> events_upto(const events::ReaderScope& reader,
                                            events::Position position) const;
  std::variant<View, Problem> too_far(const Question& question) const;
  events::Result<projections::TotalsFold> fold(const events::ReaderScope& reader,
                                               events::Position position) const;

  ApiState state_;
  std::uint64_t events_max_;
  std::deque<Kept> kept_;
};

}  // namespace server
