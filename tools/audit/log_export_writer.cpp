#include "tools/audit/log_export_writer.h"

#include "events/log/merkle.h"
#include "events/log/stored_event.h"
#include "tools/audit/verification.h"

namespace audit {

using events::Bytes;
using events::ByteView;
using events::Result;

Result<void> LogExportWriter::write(const LogExportHeader& header) {
  Bytes start(log_export_magic.begin(), log_export_magic.end());
  start.push_back(log_export_form);
  if (auto written = put(start); !written) return written;
  return put_record(RecordKind::header, events::encode(header));
}

Result<void> LogExportWriter::write(const LogExportCheckpoint& checkpoint) {
  return put_record(RecordKind::checkpoint, events::encode(checkpoint));
}

Result<void> LogExportWriter::write_block(ByteView encoded) {
  const Result<events::StoredBlock> block = events::decode_stored_block(encoded);
  if (!block) return block.error();
  const std::vector<events::Digest> leaves = verification::leaf_hashes_of(*block);
  Bytes body;
  body.reserve(33 + 32 * leaves.size() + encoded.size());
  events::append_bytes(body, events::sha256(encoded).bytes);
  body.push_back(static_cast<std::uint8_t>(leaves.size()));
  for (const events::Digest& leaf : leaves) events::append_bytes(body, leaf.bytes);
  events::append_bytes(body, encoded);
  blocks_ += 1;
  events_ += leaves.size();
  return put_record(RecordKind::block, body);
}

Result<void> LogExportWriter::finish() {
  const LogExportTrailer trailer{blocks_, events_, digest_.finish()};
  return put_record(RecordKind::trailer, events::encode(trailer));
}

Result<void> LogExportWriter::put(ByteView bytes) {
  digest_.add(bytes);
  bytes_ += bytes.size();
  return sink_.write(bytes);
}

Result<void> LogExportWriter::put_record(RecordKind kind, ByteView body) {
  Bytes record;
  record.reserve(record_head_bytes + body.size());
  record.push_back(static_cast<std::uint8_t>(kind));
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    record.push_back(static_cast<std::uint8_t>(body.size() >> (shift - 8)));
  }
  events::append_bytes(record, body);
  return put(record);
}

}  // namespace audit
