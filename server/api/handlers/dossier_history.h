#pragma once

#include "projections/views/dossier_history.h"
#include "server/api/request_context.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace server {

/// The most events that the history of one dossier may have; an earlier position has fewer.
inline constexpr std::size_t history_events_max = 10'000;

/// GET /v1/dossiers/{id}/history.
///
/// Cost: reads the blocks of the dossier's commune from its opening to the position.
class DossierHistoryHandler : public ApiHandler {
 public:
  /// Lifetime: what the state refers to outlives the handler.
  explicit DossierHistoryHandler(ApiState state, std::size_t events_max = history_events_max)
      : state_(std::move(state)), events_max_(events_max) {}

  std::variant<Rest, Problem> begin(const RequestContext& context, const Folded& folded) override;

 private:
  struct Question {
    events::DossierId dossier;
    events::UnitId commune;
    events::Position position;
    projections::HistoryFilter filter;
    std::size_t limit{};
    std::uint64_t question{};
  };

  Fields answer(const Question& question) const;
  events::Result<projections::DossierHistory> read(const Question& question) const;

  ApiState state_;
  std::size_t events_max_;
};

}  // namespace server
