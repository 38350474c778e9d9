#pragma once

#include "clients/core/replica.h"
#include "events/protocol/messages.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace clients {

/// Gives back to a restored server what it lost: the device's own blocks, rebuilt from its chain
/// and their receipts, and those of others as they were received, each behind the private records
/// it names, in batches.  Behind them come the records of own events that were sent and never
/// answered, which the lost log may have had, and of live blocks without proof: somebody else gives
/// their blocks.  The device keeps all of it.
///
/// `complete` stands alone, behind the answer to the last batch: what a line out of order brings
/// behind the RECONCILE of its own batch is in the server's hands by then.
///
/// State: how far it gave, and whether it is over.
/// Thread: one at a time.
class RepairSender {
 public:
  using Frames = std::vector<events::protocol::Message>;

  /// `repaired_to`: how far the server is by now; of what it has again it needs the private
  /// records. Lifetime: `replica` outlives the object.
  RepairSender(const Replica& replica, events::Position repaired_to)
      : replica_(replica),
        repaired_to_(repaired_to),
        next_unanswered_(replica.own().verdicts_known() + 1) {}

  /// How far this device knows the log, and what proves it: asks the server where to begin.
  events::protocol::Reconcile question() const;
  /// The next batch, of what lies above `after`, and RECONCILE behind it.
  /// Errors:  storage_corrupt, device_storage.
  events::Result<Frames> repair_batch(events::Position after);
  /// It has been said that there is nothing more, or the server takes no more now: what it answers
  /// is its last word.
  bool is_over() const { return is_over_; }

 private:
  /// What can be given of the log above `after`, the first ones in order of position.
  std::vector<events::StoredBlock> blocks_above(events::Position after, std::size_t count) const;
  std::vector<events::protocol::LogSample> samples() const;
  events::Result<void> add_record_of(events::ByteView canonical,
                                     std::vector<events::PrivateRecord>& records) const;
  events::Result<std::vector<events::PrivateRecord>> records_of(
      const events::StoredBlock& block) const;

  /// Adds records of events without an answer until the batch is full, and behind the last of
  /// them, once, those of live blocks without proof.
  events::Result<void> append_unanswered(std::size_t bytes, Frames& frames);
  bool has_unanswered() const { return next_unanswered_ <= replica_.own().sent_upto(); }

  const Replica& replica_;
  events::Position repaired_to_;
  events::Position given_to_;                   ///< Blocks up to here were given, or need not be.
  std::optional<events::Position> given_from_;  ///< Where the last batch with blocks began.
  bool server_decides_ = true;                  ///< Its next answer says where to go on.
  std::uint64_t next_unanswered_;               ///< Its record comes next.
  bool loose_are_out_ = false;                  ///< Records of live blocks without proof.
  bool is_over_ = false;
};

}  // namespace clients
