#pragma once

#include "events/base/result.h"
#include "events/log/merkle.h"
#include "server/repair/staged_blocks.h"

#include <vector>

namespace server {

/// Blocks that wait, each behind the one before, from the end of the log to a place that a receipt
/// proves: this is how the log was.
///
/// Of a wrong block the root does not fit, unless whoever made it knew all before it; then no block
/// of an honest device follows it, because a root stands for one history.  So the search has one
/// branch for each device that lies, and never more.
///
/// `edge`: the right edge of the tree at the end of the log.  Receipts of the latest epoch that any
/// device showed say which history it was; older ones count only behind the last of them: they may
/// be of a history that was given up.
///
/// Returns the longest such path; empty when there is none.
/// Errors: storage_corrupt, storage_failed.
/// Cost:   one digest an event that waits without a gap, once for each branch.
events::Result<std::vector<StagedKey>> find_proved_path(const StagedBlocks& staged,
                                                        const events::Frontier& edge);

/// The furthest place that a receipt of the latest epoch proves; 0: none.
events::Position proved_head(const StagedBlocks& staged);

}  // namespace server
