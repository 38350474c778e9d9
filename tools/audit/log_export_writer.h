#pragma once

#include "tools/audit/byte_stream.h"
#include "tools/audit/log_export_format.h"

namespace audit {

/// Writes a log export, record by record, and holds one block of it at a time.
///
/// State: the digest over what was written, and counts; `failed_` after the first failed write.
class LogExportWriter {
 public:
  /// Lifetime: `sink` outlives the writer.
  explicit LogExportWriter(ByteSink& sink) : sink_(sink) {}

  /// Comes first, once.
  /// Errors: io_failed, as all others.
  events::Result<void> write(const LogExportHeader& header);
  /// Expects: before the first block; at most checkpoints_max.
  events::Result<void> write(const LogExportCheckpoint& checkpoint);
  /// Adds a block with its digest and the leaf hashes of its events.
  /// Errors: malformed, too_large, unsupported when it cannot be read; io_failed.
  events::Result<void> write_block(events::ByteView encoded);
  /// The trailer.  Nothing may follow.
  events::Result<void> finish();

  std::uint64_t events() const { return events_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  events::Result<void> put(events::ByteView bytes);
  events::Result<void> put_record(RecordKind kind, events::ByteView body);

  ByteSink& sink_;
  events::Sha256 digest_;
  std::uint64_t blocks_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace audit
