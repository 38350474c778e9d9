#pragma once

#include "events/base/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace rocksdb {
class DB;
class Env;
}  // namespace rocksdb

namespace server {

/// Opens a small database beside the log, and makes it when it is missing: for what was not
/// acknowledged, or not proved, and needs no backup.  What a power cut left of a last write is
/// dropped.
///
/// `env`: null for the machine's own files.
/// Errors:  storage_corrupt, storage_failed.
events::Result<std::unique_ptr<rocksdb::DB>> open_side_database(const std::filesystem::path& path,
                                                                std::size_t write_buffer_bytes,
                                                                rocksdb::Env* env);

}  // namespace server
