#pragma once

#include "events/base/result.h"
#include "server/store/disk_floor.h"
#include "server/store/staging_store.h"

#include <filesystem>
#include <memory>

namespace rocksdb {
class Env;
}

namespace server {

/// What devices gave back to a restored log, in a database of its own: the log never holds what is
/// not proved, and a backup needs none of it.
///
/// Thread: one at a time.
class RocksStagingStore final : public StagingStore {
 public:
  struct Options {
    std::filesystem::path path;
    DiskFloor disk_floor;
    rocksdb::Env* env = nullptr;  ///< Null: the machine's own files.
  };
  /// Makes the database when it is missing.
  /// Errors:  storage_corrupt, storage_failed.
  static events::Result<std::unique_ptr<RocksStagingStore>> open(const Options& options);
  ~RocksStagingStore() override;

  events::Result<void> write(const Change& change) override;
  events::Result<std::optional<events::Bytes>> get(const std::string& key) const override;
  events::Result<void> each(const Visit& visit) const override;

 private:
  struct Database;
  explicit RocksStagingStore(std::unique_ptr<Database> database);

  std::unique_ptr<Database> database_;
};

}  // namespace server
