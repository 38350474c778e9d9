#pragma once

#include "events/event_log.h"
#include "events/result.h"

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
/// Two slots are written in turn, each with a number and a SHA-256 of its own, so that a write torn
/// by a power cut leaves the other.
///
/// Thread: one at a time.
/// Format: 8,192 bytes; slots at 0 and 4,096, each "khhighw1" number:u64 log:u32 epoch:u32
///         position:u64 root:32 and the SHA-256 of those 64 bytes; big-endian, the rest zero
///         (docs/decisions/0005-high-water-file.md).
class HighWater {
 public:
  /// The file that belongs to the database in `database`: its path with ".high-water" behind it.
  static std::filesystem::path path_for(const std::filesystem::path& database);

  /// Reads the newest whole slot.  `env` null: the machine's own files.
  /// Errors: not_found: there is no such file.
  ///         storage_corrupt: neither slot is whole.
  ///         storage_failed: it cannot be read.
  static events::Result<events::LogHead> read(const std::filesystem::path& path,
                                              rocksdb::Env* env = nullptr);

  /// Opens the file for `raise`, or makes it with `head` when it is missing or `replace` is set.
  /// Errors: as read.
  static events::Result<std::unique_ptr<HighWater>> open(const std::filesystem::path& path,
                                                         const events::LogHead& head, bool replace,
                                                         rocksdb::Env* env = nullptr);

  ~HighWater();

  /// Records `head`; on return it survives a power cut.
  ///
  /// Expects: the log itself is durable up to `head`.
  /// Errors:  storage_failed: nobody knows which of the two marks the disk holds.
  /// Cost:    one write of 96 bytes in place and one fdatasync.
  events::Result<void> raise(const events::LogHead& head);

 private:
  struct File;
  explicit HighWater(std::unique_ptr<File> file);
  std::unique_ptr<File> file_;
};

}  // namespace server
