#pragma once

#include "events/base/result.h"

#include <filesystem>

namespace rocksdb {
class DB;
}

namespace server {

/// A copy of a database as it is now, all tables from one moment, in a directory that does not
/// exist yet on the same disk.  Files that never change again are shared with the database.
///
/// Thread: any; the database may be written meanwhile.
/// Errors: storage_failed.
events::Result<void> checkpoint_database(rocksdb::DB& database, const std::filesystem::path& path);

}  // namespace server
