#include "server/session/record_frames.h"

#include "events/protocol/frame_codec.h"

#include <utility>

namespace server {

namespace protocol = events::protocol;
using events::Result;

namespace {

/// A record's length in front of it, and the count and head of its frame.
constexpr std::size_t record_overhead_bytes = 4;
constexpr std::size_t frame_overhead_bytes = 16;

}  // namespace

Result<std::optional<events::Bytes>> RecordFrames::next() {
  protocol::PrivateRecords frame;
  std::size_t bytes = frame_overhead_bytes;
  while (!waiting_.empty() && frame.records.size() < protocol::private_records_max) {
    Result<std::optional<events::PrivateRecord>> record = store_.get(waiting_.front());
    if (!record) return record.error();
    if (*record) {
      bytes += (*record)->salt.size() + (*record)->bytes.size() + record_overhead_bytes;
      if (bytes > protocol::frame_bytes_max) break;
      frame.records.push_back(std::move(**record));
    }
    waiting_.pop_front();  // Also one that was erased: the reader gets the event without it.
  }
  if (frame.records.empty()) return std::optional<events::Bytes>{};
  return std::optional{protocol::encode_frame(frame)};
}

}  // namespace server
