#pragma once

#include "clients/core/log/row_table.h"

#include <memory>

namespace rocksdb {
class DB;
}

namespace clients {

/// Rows in a RocksDB.  Each batch is one synced write.
///
/// Thread: one at a time.
class RocksdbRows final : public RowTable {
 public:
  /// `is_writer`: otherwise a write fails with device_storage.
  RocksdbRows(std::unique_ptr<rocksdb::DB> db, bool is_writer);
  RocksdbRows(RocksdbRows&& other) noexcept;
  ~RocksdbRows() override;

  events::Result<std::optional<std::string>> get(const std::string& key) const override;
  events::Result<void> each(const std::string& prefix, const Visit& visit) const override;
  events::Result<void> write(const RowBatch& batch) override;
  events::Result<void> drop_old_bytes(const std::string& prefix) override;

 private:
  std::unique_ptr<rocksdb::DB> db_;
  bool is_writer_;
};

}  // namespace clients
