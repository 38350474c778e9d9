#pragma once

#include "events/base/result.h"
#include "events/log/event_log.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace rocksdb {
class Env;
}

namespace server {

/// A small file beside the database that says how far the log had come when it last promised
/// anything.  A database that is shorter, or another one at that size, has lost what was promised.
///
/// Three slots, each with a number and a SHA-256 of its own: the newest that is known to survive a
/// power cut, the one that `sync` is making so, and the one that `raise` writes.  So a write torn
/// by a power cut always leaves a whole one.
///
/// Thread: `raise` from one, `sync` from one other at the same time.
/// Format: 12,288 bytes; slots at 0, 4,096 and 8,192, each "khhighw1" number:u64 log:u32 epoch:u32
///         position:u64 root:32 and the SHA-256 of those 64 bytes; big-endian, the rest zero
///         (docs/decisions/0005-high-water-file.md).
class HighWater {
 public:
  /// The file that belongs to the database in `database`: its path with ".high-water" behind it.
  static std::filesystem::path path_for(const std::filesystem::path& database);

  /// Reads the newest whole slot.  `env` null: the machine's own files.
  /// Errors: not_found: there is no such file.
  ///         storage_corrupt: no slot is whole.
  ///         storage_failed: it cannot be read.
  static events::Result<events::LogHead> read(const std::filesystem::path& path,
                                              rocksdb::Env* env = nullptr);

  /// Opens the file for `raise`, or makes it with `head` when it is missing or `replace` is set.
  /// Errors: as read.
  static events::Result<std::unique_ptr<HighWater>> open(const std::filesystem::path& path,
                                                         const events::LogHead& head, bool replace,
                                                         rocksdb::Env* env = nullptr);

  ~HighWater();

  /// Records `head`; on return it survives the end of the process.
  ///
  /// Expects: the log itself is durable up to `head`.
  /// Errors:  storage_failed.
  /// Cost:    one write of 96 bytes in place.
  events::Result<void> raise(const events::LogHead& head);

  /// What was raised before survives a power cut on return.
  ///
  /// Errors: storage_failed.
  /// Cost:   one fdatasync; nothing when nothing was raised since the last.
  events::Result<void> sync();

 private:
  struct File;
  explicit HighWater(std::unique_ptr<File> file);
  std::unique_ptr<File> file_;
};

}  // namespace server
