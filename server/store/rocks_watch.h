#pragma once

#include "events/base/result.h"

#include <memory>
#include <optional>
#include <string>

namespace rocksdb {
class EventListener;
class Logger;
}  // namespace rocksdb

namespace server {

/// Whether a database may still be trusted.  It remembers the first failure, of a write or of
/// RocksDB's own background work, until the database is reopened with a new watch; and the last
/// line in which RocksDB named a damaged file, because the status it returns does not name it.
///
/// Thread: any.
class RocksWatch {
 public:
  RocksWatch();

  bool healthy() const;
  /// The first failure; nothing while healthy.
  std::optional<events::Error> failure() const;
  /// Nothing is accepted from now on.
  void fail(events::Error why);

  /// RocksDB's last remark about bytes that it could not read; empty when there was none.
  std::string complaint() const;

  /// To be given to RocksDB's options; they may outlive this object.
  std::shared_ptr<rocksdb::EventListener> listener() const;
  std::shared_ptr<rocksdb::Logger> logger() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace server
