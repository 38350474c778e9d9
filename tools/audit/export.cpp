#include "tools/audit/export.h"

#include "events/log/event.h"
#include "tools/audit/log_export_writer.h"

#include <string>

namespace audit {
namespace {

using events::Error;
using events::ErrorCode;
using events::LogHead;
using events::Position;
using events::Result;
using events::StoredBlock;

/// The block that holds `position`.
Result<StoredBlock> block_at(const events::EventLog& log, Position position) {
  const auto encoded = log.block_at(position);
  if (!encoded) return encoded.error();
  if (!*encoded) {
    return Error{ErrorCode::storage_corrupt,
                 "no block holds position " + std::to_string(position.value)};
  }
  return events::decode_stored_block(**encoded);
}

/// Who the log is, from its first event.
Result<LogExportHeader> read_founding(const events::EventLog& log) {
  const Result<StoredBlock> first = block_at(log, Position{1});
  if (!first) return first.error();
  const Result<events::Event> event = events::read_event(first->entries.front().canonical);
  if (!event) return event.error();
  const auto* const founded = std::get_if<events::LogFounded>(&event->payload);
  if (founded == nullptr) {
    return Error{ErrorCode::storage_corrupt, "the log does not begin with its founding"};
  }
  LogExportHeader header;
  header.origin = founded->origin;
  header.server_key = founded->server_key;
  return header;
}

}  // namespace

Result<LogHead> cut_at(const events::EventLog& log, Position wanted) {
  LogHead head = log.head();
  if (head.position.value == 0) return Error{ErrorCode::not_found, "the log is not founded yet"};
  if (wanted.value == 0 || wanted >= head.position) return head;
  Result<StoredBlock> block = block_at(log, wanted);
  if (!block) return block.error();
  while (block->last() < head.position) {
    Result<StoredBlock> next = block_at(log, Position{block->last().value + 1});
    if (!next) return next.error();
    if (next->received_at != block->received_at) break;
    block = std::move(next);
  }
  return LogHead{block->log, block->epoch, block->last(), block->root_after};
}

Result<Exported> export_log(const events::EventLog& log, const CheckpointFinder& find,
                            std::optional<Position> to_position, ByteSink& sink,
                            const Progress& progress) {
  const Result<LogHead> head = cut_at(log, to_position.value_or(log.head().position));
  if (!head) return head.error();
  Result<LogExportHeader> header = read_founding(log);
  if (!header) return header.error();
  header->log = head->log;
  header->epoch = head->epoch;
  header->position = head->position;
  header->root = head->root;

  LogExportWriter writer(sink);
  if (auto written = writer.write(*header); !written) return written.error();
  if (find) {
    const Result<std::vector<LogExportCheckpoint>> checkpoints = find(head->position);
    if (!checkpoints) return checkpoints.error();
    for (const LogExportCheckpoint& checkpoint : *checkpoints) {
      if (auto written = writer.write(checkpoint); !written) return written.error();
    }
  }
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  Exported exported{*header, 0, 0, 0};
  for (Position last; last < head->position;) {
    const auto encoded = log.next_block(everything, last, &last);
    if (!encoded) return encoded.error();
    if (!*encoded) break;
    if (auto written = writer.write_block(**encoded); !written) return written.error();
    exported.blocks += 1;
    if (progress) progress(last);
  }
  if (auto finished = writer.finish(); !finished) return finished.error();
  exported.events = writer.events();
  exported.bytes = writer.bytes();
  return exported;
}

}  // namespace audit
