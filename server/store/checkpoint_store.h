#pragma once

#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace server {

/// The state of a projection after `position`, so that it need not be folded from the start.
struct Checkpoint {
  events::Position position;
  events::Bytes bytes;
};

/// One of the pieces that stand beside a checkpoint.
struct PieceName {
  std::uint32_t vector{};  ///< Below 2^16.
  std::uint32_t number{};
};

/// The newest checkpoint of each projection, by name.  A checkpoint saves time and nothing else:
/// one that is missing, damaged or of another revision is answered by folding from the start.
///
/// A checkpoint of much has pieces.  The next one writes the pieces that changed, and all others
/// stay.
///
/// Format: docs/decisions/0004-one-row-per-block.md.
/// Thread: any; what is put runs beside the log's appends and its bytes never enter the write-ahead
///         log whose sync an append waits for.
class CheckpointStore {
 public:
  class Update;

  /// Expects: `database` and its table `family` live as long as this object.
  CheckpointStore(rocksdb::DB& database, rocksdb::ColumnFamilyHandle& family)
      : database_(database), family_(family) {}

  /// Replaces the checkpoint of `name`, which has no pieces.  On return it survives a power cut.
  ///
  /// Expects: the log is durable up to `position`.
  /// Errors:  storage_failed.
  /// Cost:    writes one table file.
  events::Result<void> put(std::string_view name, std::uint32_t revision, events::Position position,
                           events::ByteView bytes);

  /// Begins the next checkpoint of `name`.  `is_whole`: no piece that is there stays.
  Update update(std::string_view name, bool is_whole);

  /// The checkpoint of `name`; nothing when there is none or it has another revision.
  /// Errors: storage_corrupt: it is not what was put; storage_failed.
  events::Result<std::optional<Checkpoint>> get(std::string_view name,
                                                std::uint32_t revision) const;

  /// Calls `take` with each piece of `name`, ascending by vector and number, until it fails.
  /// Errors: those of `take`; storage_corrupt: one is not what was put; storage_failed.
  using TakePiece = std::function<events::Result<void>(const PieceName&, events::ByteView)>;
  events::Result<void> for_each_piece(std::string_view name, const TakePiece& take) const;

 private:
  rocksdb::DB& database_;
  rocksdb::ColumnFamilyHandle& family_;
};

/// The next checkpoint of a projection, while its pieces are gathered.
///
/// What changes pieces that stay is written at once, together with the position: after a power cut
/// it is all there or not at all.  A whole checkpoint is written as it comes, and there is none
/// until all of it is written.
///
/// Thread: one at a time.
class CheckpointStore::Update {
 public:
  Update(Update&& other) noexcept;
  ~Update();

  /// Adds or replaces a piece.
  /// Errors: storage_failed: then finish() fails, too.
  events::Result<void> put(const PieceName& piece, events::ByteView bytes);
  /// As CheckpointStore::put().
  events::Result<void> finish(std::uint32_t revision, events::Position position,
                              events::ByteView bytes);

 private:
  friend class CheckpointStore;
  Update(CheckpointStore& store, std::string_view name, bool is_whole);

  events::Result<void> write();

  CheckpointStore& store_;
  std::string name_;
  bool is_whole_;
  std::unique_ptr<rocksdb::WriteBatch> batch_;
  events::Result<void> failed_;
};

}  // namespace server
