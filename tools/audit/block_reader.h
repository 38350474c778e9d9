#pragma once

#include "events/log/block.h"
#include "events/log/event_log.h"
#include "tools/audit/byte_stream.h"

#include <functional>
#include <span>

namespace audit {

/// Told each block and its events, in order.
using BlockVisitor =
    std::function<void(const events::StoredBlock&, std::span<const events::StoredEvent>)>;

/// Reads a log from wherever it is, block by block, without verifying it.
/// Errors: malformed: a block cannot be read; storage_corrupt, storage_failed, io_failed.
using LogReader = std::function<events::Result<void>(const BlockVisitor&)>;

events::Result<void> read_blocks(ByteSource& exported, const BlockVisitor& visit);
events::Result<void> read_blocks(const events::EventLog& log, const BlockVisitor& visit);

}  // namespace audit
