#pragma once

#include "clients/core/replica/replica.h"
#include "events/protocol/messages.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace clients {

/// Gives back to a restored server what the server lost, in batches.  The device gives its own
/// blocks, rebuilt from its chain and their receipts, and the blocks of others as it received them.
/// The private records that a block names go before the block.  After the blocks come two kinds of
/// private records without blocks: those of own events that were sent and never answered, because
/// the lost log may have had these events, and those of live blocks without proof, because other
/// devices give these blocks.  The device keeps everything that it gives.
///
/// `complete` is sent in a message of its own, after the server has answered the last batch, so
/// that all earlier RECOVER frames have been processed.  Only when the server does not take the
/// blocks that it was offered does `complete` follow them at once.
///
/// State: the position up to which blocks were given, and whether giving is over.
/// Thread: one at a time.
class RepairSender {
 public:
  using Frames = std::vector<events::protocol::Message>;

  /// `repaired_to`: the position up to which the server has its log again.  Of blocks up to there
  /// only those are given whose private records are here.
  /// Lifetime: `replica` outlives the object.
  RepairSender(const Replica& replica, events::Position repaired_to)
      : replica_(replica),
        repaired_to_(repaired_to),
        next_unanswered_(replica.own().verdicts_known() + 1) {}

  /// The question to the server where to begin: how far this device knows the log, and the receipts
  /// that prove it.
  events::protocol::Reconcile question() const;
  /// The next batch, with RECONCILE as its last frame.  `after`: the position in the server's last
  /// answer; after a batch with blocks the next batch begins there.
  /// Errors:  storage_corrupt, device_storage; needs_signature: of own blocks, and nothing changed.
  events::Result<Frames> repair_batch(events::Position after);
  /// Whether giving is over: `complete` was sent, or the server takes no more now.  The next answer
  /// of the server is then its last one.
  bool is_over() const { return is_over_; }

 private:
  /// Adds the first `count` blocks above `after` that can be given, in order of position.
  /// Errors:  as OfflineLog::stored_block(); what lacks a signature was all asked for.
  events::Result<void> add_blocks_above(events::Position after, std::size_t count,
                                        std::vector<events::StoredBlock>& blocks) const;
  std::vector<events::protocol::LogSample> samples() const;
  events::Result<void> add_record_of(events::ByteView canonical,
                                     std::vector<events::PrivateRecord>& records) const;
  events::Result<std::vector<events::PrivateRecord>> records_of(
      const events::StoredBlock& block) const;

  /// Appends records of own events without an answer until the batch is full.  After the last of
  /// them it appends, once, the records of live blocks without proof.
  events::Result<void> append_unanswered(std::size_t bytes, Frames& frames);
  bool has_unanswered() const { return next_unanswered_ <= replica_.own().sent_upto(); }

  const Replica& replica_;
  events::Position repaired_to_;
  events::Position given_to_;                   ///< Blocks up to here were given, or need not be.
  std::optional<events::Position> given_from_;  ///< Where the last batch began.
  bool server_decides_ = true;                  ///< The next answer says where to go on.
  std::uint64_t next_unanswered_;               ///< The own event whose record comes next.
  bool loose_are_out_ = false;                  ///< Records of unproved live blocks were sent.
  bool is_over_ = false;
};

}  // namespace clients
