#include "tools/audit/block_reader.h"

#include "tools/audit/log_export_reader.h"

namespace audit {

using events::Result;

namespace {

/// Errors: malformed.
Result<events::Position> visit_encoded(events::ByteView encoded, events::Position after,
                                       const BlockVisitor& visit) {
  const Result<events::StoredBlock> block = events::decode_stored_block(encoded);
  if (!block) return block.error();
  if (block->first <= after) {
    return events::Error{events::ErrorCode::malformed, "a block begins at position " +
                                                           std::to_string(block->first.value) +
                                                           ", which was there already"};
  }
  const Result<std::vector<events::StoredEvent>> stored = events::stored_events(*block);
  if (!stored) return stored.error();
  visit(*block, *stored);
  return block->last();
}

}  // namespace

Result<void> read_blocks(ByteSource& exported, const BlockVisitor& visit) {
  LogExportReader reader(exported);
  events::Position last;
  for (;;) {
    const Result<std::optional<LogExportItem>> item = reader.next();
    if (!item) return item.error();
    if (!*item) return {};
    const auto* const block = std::get_if<LogExportBlock>(&(*item)->content);
    if (block == nullptr) continue;
    const Result<events::Position> visited = visit_encoded(block->encoded, last, visit);
    if (!visited) return visited.error();
    last = *visited;
  }
}

Result<void> read_blocks(const events::EventLog& log, const BlockVisitor& visit) {
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  events::Position last;
  for (;;) {
    events::Position scanned_to;
    const auto encoded = log.next_block(everything, last, &scanned_to);
    if (!encoded) return encoded.error();
    if (!*encoded) return {};
    const Result<events::Position> visited = visit_encoded(**encoded, last, visit);
    if (!visited) return visited.error();
    last = *visited;
  }
}

}  // namespace audit
