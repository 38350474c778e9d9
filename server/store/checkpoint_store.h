#pragma once

#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
}  // namespace rocksdb

namespace server {

/// The state of a projection after `position`, so that it need not be folded from the start.
struct Checkpoint {
  events::Position position;
  events::Bytes bytes;
};

/// The newest checkpoint of each projection, by name.  A checkpoint saves time and nothing else:
/// one that is missing, damaged or of another revision is answered by folding from the start.
///
/// Thread: any; `put` runs beside the log's appends and its bytes never enter the write-ahead log
///         whose sync an append waits for.
class CheckpointStore {
 public:
  /// Expects: `database` and its table `family` live as long as this object.
  CheckpointStore(rocksdb::DB& database, rocksdb::ColumnFamilyHandle& family)
      : database_(database), family_(family) {}

  /// Replaces the checkpoint of `name`.  On return it survives a power cut.
  ///
  /// Expects: the log is durable up to `position`.
  /// Errors:  storage_failed.
  /// Cost:    writes one table file.
  events::Result<void> put(std::string_view name, std::uint32_t revision, events::Position position,
                           events::ByteView bytes);

  /// The checkpoint of `name`; nothing when there is none or it has another revision.
  /// Errors: storage_corrupt: it is not what was put; storage_failed.
  events::Result<std::optional<Checkpoint>> get(std::string_view name,
                                                std::uint32_t revision) const;

 private:
  rocksdb::DB& database_;
  rocksdb::ColumnFamilyHandle& family_;
};

}  // namespace server
