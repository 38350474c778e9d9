#include "server/store/database_copy.h"

#include "server/store/rocks_error.h"

#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>

#include <memory>

namespace server {

events::Result<void> checkpoint_database(rocksdb::DB& database, const std::filesystem::path& path) {
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(&database, &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(path.string());
  if (!status.ok()) return error_of(status, path.string());
  return {};
}

}  // namespace server
