#pragma once

#include "events/base/result.h"

#include <string>

namespace rocksdb {
class Status;
}

namespace server {

/// Turns a status of RocksDB into an error of ours.  `what` names the file or the operation.
/// Expects: `status` is not ok.
events::Error error_of(const rocksdb::Status& status, const std::string& what);

}  // namespace server
