#pragma once

#include "events/base/time.h"
#include "server/session/work_budget.h"

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

namespace server {

/// In units of cost: a page from memory costs 1, see Route in api_service.h.
inline constexpr TokenBucket::Rate api_rate{600, 1'200};

/// What each caller of the interface has asked lately.
///
/// State: callers of the last minutes; the others are as if they had never asked.
/// Thread: one at a time.
class RequestBudget {
 public:
  explicit RequestBudget(TokenBucket::Rate rate = api_rate) : rate_(rate) {}

  /// Until when the caller has to wait; nothing: go on.
  std::optional<events::Timestamp> charge(const std::string& caller, std::size_t cost,
                                          events::Timestamp now);
  /// Callers that are remembered.
  std::size_t size() const { return callers_.size(); }

 private:
  const TokenBucket::Rate rate_;
  std::unordered_map<std::string, TokenBucket> callers_;
  std::size_t forget_at_ = 1'024;
};

}  // namespace server
