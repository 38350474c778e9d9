#pragma once

#include "events/base/result.h"
#include "server/commit/parked_runs.h"
#include "server/store/disk_floor.h"

#include <filesystem>
#include <memory>

namespace rocksdb {
class Env;
}

namespace server {

/// Parked runs in a database of their own: nothing here was acknowledged, so it needs no backup,
/// and the log never holds what has no verdict.
///
/// Thread: one at a time.
class RocksParkingStore final : public ParkingStore {
 public:
  struct Options {
    std::filesystem::path path;
    DiskFloor disk_floor;
    rocksdb::Env* env = nullptr;  ///< Null: the machine's own files.
  };
  /// Makes the database when it is missing.
  /// Errors:  storage_corrupt, storage_failed.
  static events::Result<std::unique_ptr<RocksParkingStore>> open(const Options& options);
  ~RocksParkingStore() override;

  events::Result<void> put(const ParkedKey& key, events::ByteView row) override;
  events::Result<void> erase(const ParkedKey& key) override;
  events::Result<std::optional<events::Bytes>> get(const ParkedKey& key) const override;
  events::Result<void> each(const Visit& visit) const override;

 private:
  struct Database;
  explicit RocksParkingStore(std::unique_ptr<Database> database);

  std::unique_ptr<Database> database_;
};

}  // namespace server
