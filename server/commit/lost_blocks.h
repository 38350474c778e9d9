#pragma once

#include "events/crypto/signature.h"
#include "events/log/block.h"
#include "events/log/chain.h"
#include "events/log/event_log.h"
#include "events/log/merkle.h"
#include "projections/state/state.h"
#include "server/commit/changes.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace server {

/// Adds the leaves of a block to the tree.  Whether its root is the one that the block names.
bool extend(events::Frontier& edge, const events::StoredBlock& block);

/// Takes blocks that a restored log lost, one after the other, as an auditor would: chain, place,
/// signature, leaves, and each event judged again to the same verdict and scope.  It works on a
/// copy of the state; the log is only read.
///
/// State: the state, the tree's edge and the chains as they are behind the blocks taken so far.
///        After an error it is of no use any more.
/// Thread: one at a time.
class LostBlocks {
 public:
  /// Lifetime: `log` outlives the object.
  LostBlocks(const events::EventLog& log, projections::State state, const events::Frontier& edge,
             events::Timestamp last_received_at);

  /// Errors:  malformed, wrong_log, not_enrolled, gap, fork, bad_signature: it is not what its
  /// author
  ///          made, or not from here; log_diverged: it was received or judged otherwise;
  ///          unsupported: under rules newer than this build's; storage_corrupt, storage_failed.
  events::Result<void> take(const events::StoredBlock& block);
  /// After an error: which of the blocks taken, counted from 0, was the wrong one: the last, or an
  /// earlier one whose signature was taken away.
  std::size_t offender() const { return offender_; }
  /// The first block taken whose events no signature covers yet; nothing: all are covered.
  std::optional<std::size_t> first_open() const;

  const events::Frontier& edge() const { return edge_; }
  events::Timestamp last_received_at() const { return last_received_at_; }
  /// Lifetime: the object is of no use any more.
  projections::State release_state() { return std::move(state_); }
  std::vector<Change> release_changes() { return std::move(changes_); }

 private:
  struct Chain {
    events::ChainHead head;
    std::uint64_t unsigned_from{};          ///< The first event behind the last signature.
    std::optional<std::size_t> open_since;  ///< The block taken that holds it.
  };
  events::Result<Chain*> chain_of(events::ChainNumber number, const events::PublicKey& key);
  events::Result<events::PublicKey> key_of(events::ChainNumber number) const;
  events::Result<void> check_place(const events::StoredBlock& block, const Chain& chain) const;
  events::Result<void> check_signed(const events::StoredBlock& block, const events::PublicKey& key,
                                    Chain& chain);
  events::Result<void> judge_again(const events::StoredBlock& block, events::ChainHead& head);

  const events::EventLog& log_;
  projections::State state_;
  std::vector<Change> changes_;  ///< Of the blocks taken.
  events::Frontier edge_;
  events::Timestamp last_received_at_;
  events::Epoch epoch_;  ///< Of the block before; neither roots nor signatures cover it.
  std::map<events::ChainNumber, Chain> chains_;
  std::size_t taken_ = 0;
  std::size_t offender_ = 0;
};

}  // namespace server
