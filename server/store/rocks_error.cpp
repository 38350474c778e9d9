#include "server/store/rocks_error.h"

#include "events/base/check.h"

#include <rocksdb/status.h>

namespace server {
namespace {

events::ErrorCode code_of(const rocksdb::Status& status) {
  if (status.IsCorruption()) return events::ErrorCode::storage_corrupt;
  if (status.IsNotFound() || status.IsPathNotFound()) return events::ErrorCode::not_found;
  return events::ErrorCode::storage_failed;
}

}  // namespace

events::Error error_of(const rocksdb::Status& status, const std::string& what) {
  CHECK(!status.ok(), "callers ask only after a failure");
  return {code_of(status), what + ": " + status.ToString()};
}

}  // namespace server
