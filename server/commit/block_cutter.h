#pragma once

#include "events/base/ids.h"
#include "events/crypto/digest.h"
#include "events/crypto/signature.h"
#include "events/log/block.h"
#include "events/log/merkle.h"
#include "events/log/scope.h"
#include "events/log/stored_event.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace server {

/// Where an event stands in its chain: the hash before it and the one after it.
struct ChainStep {
  events::Digest before;
  events::Digest after;
};

/// Cuts judged events into stored blocks: one chain, one scope set and at most so many events and
/// bytes a block.  Adds each event to the log's tree on the way, for the root after each block.
///
/// State: the blocks that are closed, and perhaps an open one that the next event may join.
/// Thread: one at a time.
class BlockCutter {
 public:
  /// Lifetime: `frontier` and `server_key` outlive the cutter.
  BlockCutter(events::LogId log, events::Epoch epoch, events::Timestamp received_at,
              events::Frontier& frontier, const events::SigningKey& server_key);

  /// The position the next event gets.
  events::Position next_position() const { return events::Position{frontier_.size() + 1}; }

  /// Expects: the event's position is `next_position()`, and it is the next of its chain.
  void add(events::StoredEvent stored, const events::ScopeSet& scope, const ChainStep& step);

  /// Closes the block of a device's run with the signature that covers it.
  /// Expects: the last event added is the last of the run or a system event after it.
  void finish_run(const events::RunSignature& run);

  /// The blocks that are closed; after finish_run() that is all of them.
  std::span<const events::StoredBlock> closed() const { return closed_; }

  /// Closes the open block, which must be the server's own, or none.
  std::vector<events::StoredBlock> finish();

 private:
  bool fits(const events::StoredEvent& stored, const events::ScopeSet& scope) const;
  void open(const events::StoredEvent& stored, const events::ScopeSet& scope,
            const events::Digest& previous);
  void close();

  events::LogId log_;
  events::Epoch epoch_;
  events::Timestamp received_at_;
  events::Frontier& frontier_;
  const events::SigningKey& server_key_;

  std::vector<events::StoredBlock> closed_;
  std::optional<events::StoredBlock> open_;
  std::size_t canonical_bytes_ = 0;            // Of the open block.
  std::size_t encoded_bytes_ = 0;              // At most what the open block takes.
  events::Digest last_hash_;                   // Chain hash after the open block's last event.
  std::optional<std::size_t> last_of_device_;  // The closed block that a run's signature goes on.
  events::Bytes leaf_;                         // Kept for its memory.
};

}  // namespace server
