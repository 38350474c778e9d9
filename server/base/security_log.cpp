#include "server/base/security_log.h"

#include "server/base/logging.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace server {

void SecurityLog::note(std::string_view kind, const PeerAddress& address, std::string_view reason,
                       std::uint32_t chain) {
  const std::scoped_lock lock(mutex_);
  Key key{std::string(kind), address.text(), std::string(reason)};
  // The row of the others has to fit, too; there are few kinds and reasons.
  const bool fits = rows_.size() < rows_max || rows_.contains(key);
  if (!fits) key.address = "others";
  Count& row = rows_[std::move(key)];
  ++row.count;
  if (chain != 0) row.chain = chain;
}

std::vector<SecurityLog::Line> SecurityLog::take() {
  std::vector<Line> lines;
  {
    const std::scoped_lock lock(mutex_);
    lines.reserve(rows_.size());
    for (const auto& [key, row] : rows_) {
      lines.push_back({key.kind, key.address, key.reason, row.count, row.chain});
    }
    rows_.clear();
  }
  std::ranges::stable_sort(lines, std::greater<>(), &Line::count);
  return lines;
}

void SecurityLog::write() {
  for (const Line& line : take()) {
    log_warning(line.kind, {{"addr", line.address},
                            {"reason", line.reason},
                            {"chain", line.chain},
                            {"count", line.count}});
  }
}

}  // namespace server
