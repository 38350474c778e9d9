#include "clients/core/log/memory_rows.h"

#include "events/base/bytes.h"

namespace clients {

using events::Result;

Result<std::optional<std::string>> MemoryRows::get(const std::string& key) const {
  const auto found = rows_.find(key);
  if (found == rows_.end()) return std::optional<std::string>{};
  return std::optional<std::string>{found->second};
}

Result<void> MemoryRows::each(const std::string& prefix, const Visit& visit) const {
  for (auto row = rows_.lower_bound(prefix); row != rows_.end(); ++row) {
    if (!std::string_view(row->first).starts_with(prefix)) break;
    if (Result<void> done = visit(row->first, events::bytes_of(row->second)); !done) return done;
  }
  return {};
}

Result<void> MemoryRows::write(const RowBatch& batch) {
  for (const RowChange& change : batch.changes()) {
    switch (change.kind) {
      case RowChange::Kind::put:
        rows_.insert_or_assign(change.key, change.value);
        break;
      case RowChange::Kind::erase:
        rows_.erase(change.key);
        break;
      case RowChange::Kind::erase_range:
        rows_.erase(rows_.lower_bound(change.key), rows_.lower_bound(change.value));
        break;
    }
    changes_.push_back(change);
  }
  return {};
}

}  // namespace clients
