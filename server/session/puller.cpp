#include "server/session/puller.h"

#include "events/protocol/frame_codec.h"
#include "server/commit/batch.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

namespace server {

namespace {

/// Digests of rests of runs in one frame of proofs; beside them 64 proofs fit.
constexpr std::size_t tail_digests_max = 160;
/// A live reader that pushes gets a MARK for each push, and a signed head with every so many.
constexpr std::uint32_t marks_between_heads = 64;

}  // namespace

namespace protocol = events::protocol;
using events::Result;

Puller::Puller(const events::EventLog& log, const events::PrivateStore& private_store,
               PackedBlocks& packed, ReaderRights rights, const Start& start)
    : log_(log),
      packed_(packed),
      rights_(std::move(rights)),
      chain_(start.chain),
      live_(start.live && !start.no_events),
      no_events_(start.no_events),
      key_(start.key),
      owes_head_(start.key != nullptr),
      has_head_(start.may_ask && start.cursor.value > 0),
      receipts_upto_(start.verdicts_known),
      receipts_due_(start.accepted_seq),
      reader_has_(start.announced ? start.accepted_seq : std::numeric_limits<std::uint64_t>::max()),
      announced_(start.announced),
      cursor_(start.cursor),
      told_(start.cursor),
      records_(private_store) {}

Result<void> Puller::skip_to(events::Position position) {
  const Result<events::ChainHead> own = log_.chain_head(chain_);
  if (!own) return own.error();
  const Result<bool> has_all = reader_has(own->seq);
  if (!has_all) return has_all.error();
  // Otherwise it pushes them, and is answered.
  if (*has_all) receipts_due_ = std::max(receipts_due_, own->seq);
  cursor_ = std::max(cursor_, position);
  has_head_ = false;
  told_ = cursor_;
  return {};
}

Result<bool> Puller::reader_has(std::uint64_t seq) {
  using events::Error;
  using events::ErrorCode;
  if (seq <= reader_has_) return true;
  const Result<events::ChainHead> head = log_.chain_head(chain_);
  if (!head) return head.error();
  if (announced_->seq > head->seq) return false;  // What it pushes will tell.
  if (announced_->seq > reader_has_) {
    const Result<events::Digest> here = stored_hash_at(log_, chain_, announced_->seq);
    if (!here) return here.error();
    if (*here != announced_->hash) {
      return Error{ErrorCode::fork, "another device has written this chain"};
    }
    reader_has_ = announced_->seq;
  }
  if (seq <= reader_has_) return true;
  return Error{ErrorCode::closed, "the log has more of this chain than the device greeted with"};
}

bool Puller::may_send_receipts(std::uint64_t first_seq, std::uint64_t last_seq) {
  if (first_seq > receipts_upto_ + 1) {
    receipts_due_ = std::max(receipts_due_, last_seq);
    return false;
  }
  receipts_upto_ = std::max(receipts_upto_, last_seq);
  return true;
}

Puller::Frame Puller::next_frame(bool answers_expected) {
  if (receipts_upto_ < receipts_due_) return next_receipt();
  if (block_) return next_of_block();
  if (paused_ || no_events_) return std::optional<events::Bytes>{};
  for (;;) {
    events::Position scanned_to;
    Result<std::optional<events::Bytes>> encoded =
        log_.next_block(rights_.scope, cursor_, &scanned_to);
    if (!encoded) return encoded.error();
    if (!*encoded) {
      if (scanned_to > cursor_) has_head_ = false;
      cursor_ = std::max(cursor_, scanned_to);
      const bool has_news = cursor_ > told_ || !caught_up_ || owes_head_;
      paused_ = !live_;
      if (!has_news) return std::optional<events::Bytes>{};
      if (!open_.empty()) {
        paused_ = false;
        return next_open_proof();
      }
      return next_mark(true);
    }
    const Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
    if (!block) return block.error();
    caught_up_ = false;
    if (block->chain == chain_ && block->last_seq() > receipts_upto_) {
      if (answers_expected) return std::optional<events::Bytes>{};
      const Result<bool> is_readers = reader_has(block->last_seq());
      if (!is_readers) return is_readers.error();
      if (!*is_readers) return std::optional<events::Bytes>{};
    }
    if (open_.size() >= protocol::unproved_blocks_max) return next_open_proof();
    take_block(*block);
    if (receipts_upto_ < receipts_due_) return next_receipt();
    if (block_) return next_of_block();
    if (cursor_.value - told_.value >= mark_distance) return next_mark(false);
  }
}

Puller::Frame Puller::next_receipt() {
  Result<events::BlockReceipt> receipt = stored_receipt_at(log_, chain_, receipts_upto_ + 1);
  if (!receipt) return receipt.error();
  receipts_upto_ = receipt->last_seq();
  protocol::PushAck ack{.upto_seq = std::max(receipts_upto_, receipts_due_), .receipts = {}};
  ack.receipts.push_back(std::move(*receipt));
  return std::optional{protocol::encode_frame(ack)};
}

void Puller::take_block(const events::StoredBlock& block) {
  cursor_ = block.last();
  has_head_ = false;
  if (block.chain == chain_) {
    // Its receipt must come before anything at a later position.
    receipts_due_ = std::max(receipts_due_, block.last_seq());
    return;
  }
  if (rights_.may_read_private(block.scope)) note_records(block);
  block_last_ = block.last();
  // A live block is of the epoch that the reader was told.  What the server itself says is never
  // taken on its word: keys and rights stand there.
  const bool may_be_live = live_ && was_at_head_ && block.epoch == log_.head().epoch &&
                           block.chain != events::system_chain;
  block_ = may_be_live ? packed_.pack_live(block) : nullptr;
  block_is_live_ = block_ != nullptr;
  if (block_) return;
  block_ = packed_.pack(block);
  note_open(block);
}

void Puller::note_open(const events::StoredBlock& block) {
  if (!block.run) {
    open_.push_back({block.first, block.chain, block.first_seq, block.last_seq() + 1});
    return;
  }
  std::uint64_t covered_from = block.first_seq;
  for (std::size_t left = open_.size(); left > 0; --left) {
    const OpenBlock before = open_[left - 1];
    if (before.chain != block.chain || before.next_seq != covered_from) continue;
    covered_from = before.first_seq;
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(left - 1));
  }
}

Puller::Frame Puller::next_open_proof() {
  const events::Position first = open_.back().first;
  open_.pop_back();
  const Result<std::vector<protocol::Proofs>> proofs = proofs_of({first});
  if (!proofs) return proofs.error();
  return std::optional{protocol::encode_frame(proofs->front())};
}

void Puller::note_records(const events::StoredBlock& block) {
  for (const events::BlockEntry& entry : block.entries) {
    const Result<events::Event> event = events::read_event(entry.canonical);
    if (!event) continue;  // The reader gets the bytes as they are and sees for itself.
    if (const auto digest = events::private_digest_of(event->payload)) records_.add(*digest);
  }
}

Puller::Frame Puller::next_of_block() {
  Frame records = records_.next();
  if (!records || *records) return records;

  told_ = block_last_;
  const std::shared_ptr<const events::Bytes> block = std::exchange(block_, nullptr);
  if (!block_is_live_) return std::optional{protocol::encode_frame(protocol::Events{*block})};
  caught_up_ = block_last_ == log_.head().position;
  return std::optional{protocol::encode_frame(protocol::Live{caught_up_, *block})};
}

Result<events::BlockProof> Puller::proof_with_run(const events::StoredBlock& block) const {
  events::BlockProof proof = events::proof_of(block);
  for (std::uint64_t seq = block.last_seq() + 1; !proof.run; ++seq) {
    const Result<std::optional<events::Bytes>> encoded = log_.block_of(block.chain, seq);
    if (!encoded) return encoded.error();
    const bool is_too_long = proof.tail.size() + 1 >= events::block_events_max;
    if (!*encoded || is_too_long) {
      return events::Error{events::ErrorCode::storage_corrupt, "a run without its signature"};
    }
    const Result<events::StoredBlock> next = events::decode_stored_block(**encoded);
    if (!next) return next.error();
    for (const events::BlockEntry& entry : next->entries) {
      proof.tail.push_back(events::sha256(entry.canonical));
    }
    proof.run = next->run;
    seq = next->last_seq();
  }
  return proof;
}

Result<std::vector<protocol::Proofs>> Puller::proofs_of(
    const std::vector<events::Position>& blocks) const {
  std::vector<protocol::Proofs> answers(1);
  std::size_t digests = 0;
  for (const events::Position first : blocks) {
    const Result<std::optional<events::Bytes>> encoded = log_.block_at(first);
    if (!encoded) return encoded.error();
    if (!*encoded) continue;
    const Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
    if (!block) return block.error();
    if (block->first != first || !rights_.scope.includes(block->scope)) continue;
    Result<events::BlockProof> proof = proof_with_run(*block);
    if (!proof) return proof.error();
    digests += proof->tail.size();
    if (digests > tail_digests_max) {
      answers.emplace_back();
      digests = proof->tail.size();
    }
    answers.back().proofs.push_back(std::move(*proof));
  }
  return answers;
}

Result<protocol::HeadProof> Puller::signed_head() const {
  const Result<events::ReaderSum> sum = events::reader_sum_at(log_, rights_.scope, cursor_);
  if (!sum) return sum.error();
  const Result<events::Digest> root = events::root_at(log_, cursor_);
  if (!root) return root.error();
  const events::LogHead head = log_.head();
  const protocol::SignedHead statement{head.log, head.epoch, chain_, cursor_, *root, *sum, {}};
  return protocol::HeadProof{*root, *sum, key_->sign(protocol::head_statement(statement))};
}

Puller::Frame Puller::next_mark(bool caught_up) {
  const Result<std::uint64_t> fingerprint = events::fingerprint_at(log_, cursor_);
  if (!fingerprint) return fingerprint.error();
  told_ = cursor_;
  caught_up_ = caught_up;
  was_at_head_ = was_at_head_ || caught_up;
  protocol::Mark mark{{log_.head().epoch, cursor_, *fingerprint}, caught_up, {}};
  ++since_head_;
  const bool is_due = owes_head_ || !live_ || since_head_ >= marks_between_heads;
  if (has_head_ && caught_up) {
    owes_head_ = false;
  } else if (caught_up && key_ != nullptr && is_due) {
    const Result<protocol::HeadProof> head = signed_head();
    if (!head) return head.error();
    mark.head = *head;
    owes_head_ = false;
    since_head_ = 0;
  }
  return std::optional{protocol::encode_frame(mark)};
}

}  // namespace server
