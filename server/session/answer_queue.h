#pragma once

#include "events/base/bytes.h"
#include "events/protocol/messages.h"

#include <cstddef>
#include <list>

namespace server {

/// Frames that answer a peer, in their order, until the line takes them.
class AnswerQueue {
 public:
  void push(const events::protocol::Message& message);
  /// The receipts of one push, in as many frames as they need.
  void push_receipts(const events::protocol::PushAck& ack);

  bool empty() const { return frames_.empty(); }
  std::size_t bytes() const { return bytes_; }
  /// Takes whole frames, up to `max_bytes` of them, or one if that is more.
  events::Bytes take(std::size_t max_bytes);

 private:
  std::list<events::Bytes> frames_;
  std::size_t bytes_ = 0;
};

}  // namespace server
