#pragma once

#include "tools/audit/byte_stream.h"
#include "tools/audit/log_export_format.h"

#include <optional>
#include <string>
#include <variant>

namespace audit {

/// Where a record lies in its file; `end` is the first byte behind it.
struct FileRange {
  std::uint64_t begin{};
  std::uint64_t end{};
};

/// A record that is whole but is not what a log export has there.
struct LogExportDamage {
  std::string what;
};

/// The trailer together with what it is compared with.
struct LogExportEnd {
  LogExportTrailer trailer;
  bool digest_matches = false;
  bool nothing_follows = false;
};

/// One record of a log export, in the order of the file.
struct LogExportItem {
  FileRange range;
  std::variant<LogExportHeader, LogExportCheckpoint, LogExportBlock, LogExportEnd, LogExportDamage>
      content;
};

/// Reads a log export record by record.  Nobody is believed: sizes are checked before memory is
/// reserved, and at most one record is in memory.
///
/// State: the digest over what was read, and the place in the file.
class LogExportReader {
 public:
  /// Lifetime: `source` outlives the reader.
  explicit LogExportReader(ByteSource& source) : source_(source) {}

  /// The next record; nothing after the trailer.
  /// Errors: malformed: not a log export, or from this byte on it cannot be taken apart; the
  /// message
  ///                    names the byte.  Nothing more can be read then.
  ///         unsupported: a newer form.  io_failed.
  events::Result<std::optional<LogExportItem>> next();

  std::uint64_t offset() const { return offset_; }

 private:
  events::Result<void> read_start();
  /// Exactly `size` bytes.
  events::Result<events::Bytes> take(std::size_t size, const char* what);
  events::Result<bool> at_end();

  ByteSource& source_;
  events::Sha256 digest_;
  std::uint64_t offset_ = 0;
  std::optional<std::uint8_t> peeked_;  ///< Read to see whether there is more.
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace audit
