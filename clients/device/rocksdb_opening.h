#pragma once

#include "events/base/result.h"

#include <filesystem>
#include <memory>

namespace rocksdb {
class DB;
class Status;
}  // namespace rocksdb

/// How the database of a device is opened, to be written by one process and to be read by others.
namespace clients {

/// device_storage for the disk, device_denied, storage_corrupt; busy: another process writes there.
events::Error error_of(const rocksdb::Status& status);

/// Errors:  as error_of().
events::Result<std::unique_ptr<rocksdb::DB>> open_to_write(const std::filesystem::path& folder,
                                                           bool create);

/// Opens the database as it stands at one moment, beside a process that may be writing in it, and
/// makes no file.  Between the list of files and the files themselves that process may have dropped
/// some, and the view would have a hole: then it is opened again.
/// Errors:  as error_of(); busy: it changes all the time.
events::Result<std::unique_ptr<rocksdb::DB>> open_beside_a_writer(
    const std::filesystem::path& folder);

}  // namespace clients
