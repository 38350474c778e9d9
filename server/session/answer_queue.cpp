#include "server/session/answer_queue.h"

#include "events/protocol/frame_codec.h"

namespace server {

namespace protocol = events::protocol;

namespace {

/// What a receipt takes at most: its head, and each entry with a refusal's parameters.
constexpr std::size_t receipt_head_bytes_max = 128;
constexpr std::size_t receipt_entry_bytes_max = 80;

}  // namespace

void AnswerQueue::push(const protocol::Message& message) {
  frames_.push_back(protocol::encode_frame(message));
  bytes_ += frames_.back().size();
}

void AnswerQueue::push_receipts(const protocol::PushAck& ack) {
  protocol::PushAck part{.upto_seq = 0, .receipts = {}};
  std::size_t bytes = 0;
  for (const events::BlockReceipt& receipt : ack.receipts) {
    const std::size_t more =
        receipt_head_bytes_max + receipt.entries.size() * receipt_entry_bytes_max;
    const bool is_full =
        part.receipts.size() == protocol::receipts_max || bytes + more > protocol::frame_bytes_max;
    if (is_full && !part.receipts.empty()) {
      push(part);
      part.receipts.clear();
      bytes = 0;
    }
    part.upto_seq = receipt.last_seq();
    part.receipts.push_back(receipt);
    bytes += more;
  }
  part.upto_seq = ack.upto_seq;
  push(part);
}

events::Bytes AnswerQueue::take(std::size_t max_bytes) {
  events::Bytes taken;
  while (!frames_.empty() &&
         (taken.empty() || taken.size() + frames_.front().size() <= max_bytes)) {
    events::append_bytes(taken, frames_.front());
    bytes_ -= frames_.front().size();
    frames_.pop_front();
  }
  return taken;
}

}  // namespace server
