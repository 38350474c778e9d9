#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/log/event_log.h"
#include "events/log/private_store.h"
#include "events/protocol/messages.h"
#include "server/commit/admission.h"
#include "server/feed/packed_blocks.h"
#include "server/session/record_frames.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace server {

/// After so many positions that were not for the reader it gets a MARK, so that a cut does not
/// make the server search them again.
inline constexpr std::uint64_t mark_distance = 4096;

/// What one reader gets of the log, frame by frame, from its cursor on: first the receipts of its
/// own events whose verdicts it does not know, then in order of position the blocks it may see,
/// each behind the private records it may read.  Of its own chain it gets receipts, not blocks.
///
/// State: the cursor, the block being handed out, and how far the reader's own receipts went.
/// Thread: one at a time.
class Puller {
 public:
  struct Start {
    events::ChainNumber chain;
    events::Position cursor;
    std::uint64_t verdicts_known{};  ///< Own events up to here have their receipts.
    std::uint64_t accepted_seq{};    ///< Own events the log held when the session was admitted.
    /// The head of the chain as the reader says it is; nothing: what the log has of the chain is
    /// not compared with what the reader has.
    std::optional<events::ChainHead> announced = {};
    bool live = false;       ///< Go on with what comes after the first MARK caught_up.
    bool no_events = false;  ///< Only the receipts of its own events.
    /// Signs heads for the reader; null: it gets none.
    const events::SigningKey* key = nullptr;
    /// A reader that had everything up to its cursor has a signed head of there, or asks.
    bool may_ask = true;
  };

  /// Lifetime: `log`, `private_store` and `packed` outlive the puller.
  Puller(const events::EventLog& log, const events::PrivateStore& private_store,
         PackedBlocks& packed, ReaderRights rights, const Start& start);

  /// The next frame; nothing when the reader has everything.  `answers_expected`: pushes of the
  /// reader are under way; then nothing also where the log has an own block whose receipt their
  /// answers will bring.  Nothing, too, where it has one that came by other ways and that the
  /// reader has yet to push: perhaps it has made other events.
  /// Errors: storage_corrupt, storage_failed, malformed; fork: the log holds other events of the
  ///         chain; closed: it holds more than the reader spoke of, which must greet again.
  events::Result<std::optional<events::Bytes>> next_frame(bool answers_expected);

  /// What shows who made the blocks, of those of `blocks` that the reader may see: as many frames
  /// as that takes, at least one.
  /// Errors: storage_corrupt, storage_failed, malformed.
  events::Result<std::vector<events::protocol::Proofs>> proofs_of(
      const std::vector<events::Position>& blocks) const;
  /// The reader checks what it has: a signed head follows when it has everything.
  void owe_head() {
    if (key_ == nullptr) return;
    owes_head_ = true;
    has_head_ = false;
    paused_ = false;
  }

  /// The receipts of own events `first_seq` to `last_seq` answer a push.  False: some before them
  /// were not sent, and all of them are owed now, in their order.
  bool may_send_receipts(std::uint64_t first_seq, std::uint64_t last_seq);
  /// The reader pushed own events up to `seq`, and the log has them.
  void note_pushed(std::uint64_t seq) { reader_has_ = std::max(reader_has_, seq); }
  /// Whether the reader is known to have the own event `seq` as the log has it.
  /// Errors: as next_frame().
  events::Result<bool> reader_has(std::uint64_t seq);
  /// The reader got what stands for the log up to here, which is the end of a block.  Of its own
  /// events there it gets the receipts.
  /// Errors: as next_frame().
  events::Result<void> skip_to(events::Position position);
  /// A reader that does not stay gets what its own push brought about, and a MARK.
  void resume() { paused_ = false; }
  /// Own events up to here have their receipts, those just sent included; more are owed now.
  std::uint64_t receipts_upto() const { return receipts_upto_; }
  bool owes_receipts() const { return receipts_upto_ < receipts_due_; }
  bool is_caught_up() const { return caught_up_; }
  bool is_live() const { return live_; }
  /// Of the log, when the reader last had everything.
  events::Position seen_head() const { return cursor_; }

 private:
  using Frame = events::Result<std::optional<events::Bytes>>;

  Frame next_receipt();
  Frame next_of_block();
  Frame next_mark(bool caught_up);
  Frame next_open_proof();
  /// The reader gets a whole block: whether the end of its run, too, is seen when that comes.
  void note_open(const events::StoredBlock& block);
  /// With the signature of the run that the block is of, however it was cut.
  events::Result<events::BlockProof> proof_with_run(const events::StoredBlock& block) const;
  events::Result<events::protocol::HeadProof> signed_head() const;
  void take_block(const events::StoredBlock& block);
  void note_records(const events::StoredBlock& block);

  const events::EventLog& log_;
  PackedBlocks& packed_;
  ReaderRights rights_;
  events::ChainNumber chain_;
  bool live_;
  const bool no_events_;
  const events::SigningKey* const key_;
  bool paused_ = false;
  bool caught_up_ = false;
  bool was_at_head_ = false;  // From then on a live reader gets live blocks.
  bool owes_head_;
  bool has_head_;                 // It greeted from the head, and the log has not grown since.
  std::uint32_t since_head_ = 0;  // Marks since a head was signed.

  std::uint64_t receipts_upto_;
  std::uint64_t receipts_due_;
  std::uint64_t reader_has_;  // Own events that are here as the reader has them.
  std::optional<events::ChainHead> announced_;
  events::Position cursor_;  // The reader misses nothing up to here, the block below included.
  events::Position told_;    // What the reader knows of that, from blocks and marks.

  /// Whole blocks whose run ends elsewhere, as far as the reader has got: their proofs go before
  /// the MARK.
  struct OpenBlock {
    events::Position first;
    events::ChainNumber chain;
    std::uint64_t first_seq{};
    std::uint64_t next_seq{};
  };
  std::vector<OpenBlock> open_;

  std::shared_ptr<const events::Bytes> block_;  // To be sent after the records below.
  bool block_is_live_ = false;
  events::Position block_last_;
  RecordFrames records_;  // Of that block.
};

}  // namespace server
