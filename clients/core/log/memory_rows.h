#pragma once

#include "clients/core/log/row_table.h"

#include <map>

namespace clients {

/// Rows in memory that note what is written on them, for whoever writes it to a disk elsewhere: the
/// page keeps them in the browser's database.
///
/// State: the rows, and the changes since take_changes().
/// Thread: one at a time.
class MemoryRows final : public RowTable {
 public:
  /// Puts a row that was written before; it is not noted as a change.
  void load(std::string key, std::string value) {
    rows_.insert_or_assign(std::move(key), std::move(value));
  }

  events::Result<std::optional<std::string>> get(const std::string& key) const override;
  events::Result<void> each(const std::string& prefix, const Visit& visit) const override;
  events::Result<void> write(const RowBatch& batch) override;
  events::Result<void> drop_old_bytes(const std::string&) override { return {}; }

  /// The changes that were written since the last call, in their order.
  std::vector<RowChange> take_changes() { return std::exchange(changes_, {}); }
  std::size_t size() const { return rows_.size(); }

 private:
  std::map<std::string, std::string> rows_;
  std::vector<RowChange> changes_;
};

}  // namespace clients
