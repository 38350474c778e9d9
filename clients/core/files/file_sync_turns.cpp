#include "clients/core/files/file_sync.h"

#include <variant>

// The part of FileSync that is about turns: one request, one answer, and nothing between them.

namespace clients {

using events::Result;
namespace protocol = events::protocol;

Result<bool> FileSync::has_work() {
  if (Result<void> planned = plan(); !planned) return planned.error();
  return !is_idle();
}

Result<void> FileSync::look_ahead() {
  if (Result<void> planned = plan(); !planned) return planned;
  // As many thumbnails as a good turn carries, and one original: all of them lie in memory.
  std::size_t left = good_turn_bytes / events::thumbnail_bytes_max;
  for (Lane& lane : lanes_) {
    if (lane.step == Step::sending) continue;
    for (const FileHere& file : lane.waiting) {
      if (left == 0 || is_held_back(file)) break;
      is_ready(file);
      --left;
    }
    left = 1;
  }
  if (!to_fetch_.empty()) is_ready(to_fetch_.front());
  return {};
}

Result<std::vector<FileSync::Message>> FileSync::next_turn(std::uint64_t now) {
  turn_ = Turn{.bytes_max = pace_.is_slow() ? slow_turn_bytes : good_turn_bytes};
  pace_.credited(0, now);  // The line is measured from here to the answer.
  std::vector<Message> frames;
  // The server keeps nothing from one request to the next: what goes on is named again.
  for (const Lane& lane : lanes_) {
    if (lane.step == Step::sending) frames.push_back(offer_of(lane));
  }
  for (const auto& [name, file] : fetching_) {
    const Result<std::uint32_t> begun = files_.begun(file.sha256);
    if (!begun) return begun.error();
    frames.push_back(protocol::BlobWant{name, *begun});
  }
  while (!turn_->is_full() || is_within_chunk()) {
    Result<std::optional<Message>> frame = next(now);
    if (!frame) return frame.error();
    if (!*frame) break;
    if (const auto* const piece = std::get_if<protocol::BlobChunk>(&**frame)) {
      turn_->bytes += piece->bytes.size();
    }
    frames.push_back(std::move(**frame));
  }
  return frames;
}

bool FileSync::is_within_chunk() const {
  for (const Lane& lane : lanes_) {
    const bool goes_on = lane.step == Step::sending && !is_held_back(lane.file);
    if (goes_on && lane.offset % protocol::file_chunk_bytes != 0) return true;
  }
  return false;
}

bool FileSync::end_turn(std::uint64_t now) {
  const Turn turn = *turn_;
  turn_.reset();
  if (turn.bytes > 0) pace_.credited(turn.bytes, now);
  // What was not answered now is not answered later: another meeting asks again.
  for (Lane& lane : lanes_) {
    if (lane.step != Step::offered) continue;
    given_up_.insert(lane.file.name);
    lane.step = Step::idle;
    lane.bytes.clear();
  }
  given_up_.insert(finishing_.begin(), finishing_.end());
  finishing_.clear();
  // One file after the other comes down; those behind it wait for their turn.
  if (!turn.has_fetched) {
    for (const auto& [name, file] : fetching_) given_up_.insert(name);
    fetching_.clear();
  }
  return turn.was_answered;
}

}  // namespace clients
