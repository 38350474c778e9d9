#include "server/api/request_budget.h"

#include <algorithm>

namespace server {

std::optional<events::Timestamp> RequestBudget::charge(const std::string& caller, std::size_t cost,
                                                       events::Timestamp now) {
  if (callers_.size() >= forget_at_) {
    std::erase_if(callers_, [now](const auto& each) { return each.second.is_full(now); });
    forget_at_ = std::max<std::size_t>(1'024, callers_.size() * 2);
  }
  return callers_.try_emplace(caller, rate_, now).first->second.take(cost, now);
}

}  // namespace server
