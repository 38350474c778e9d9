#include "clients/core/files/file_sync.h"

#include <variant>

// The part of FileSync that is about turns: one request, one answer, and nothing between them.

namespace clients {

namespace protocol = events::protocol;

void FileSync::look_at_waiting() {
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
}

void FileSync::begin_turn(std::vector<Message>& frames, std::uint64_t now) {
  turn_bytes_ = 0;
  turn_bytes_max_ = pace_.is_slow() ? slow_turn_bytes : good_turn_bytes;
  pace_.credited(0, now);  // The line is measured from here to the answer.
  for (const Lane& lane : lanes_) {
    if (lane.step == Step::sending) frames.push_back(offer_of(lane));
  }
}

void FileSync::note_in_turn(const Message& frame) {
  if (const auto* const piece = std::get_if<protocol::BlobChunk>(&frame)) {
    turn_bytes_ += piece->bytes.size();
  }
}

bool FileSync::is_within_chunk() const {
  for (const Lane& lane : lanes_) {
    const bool goes_on = lane.step == Step::sending && !is_held_back(lane.file);
    if (goes_on && lane.offset % protocol::file_chunk_bytes != 0) return true;
  }
  return false;
}

void FileSync::end_sending(std::uint64_t now) {
  if (turn_bytes_ > 0) pace_.credited(turn_bytes_, now);
  // What was not answered now is not answered later: another meeting asks again.
  for (Lane& lane : lanes_) {
    if (lane.step != Step::offered) continue;
    given_up_.insert(lane.file.name);
    lane.step = Step::idle;
    lane.bytes.clear();
  }
  given_up_.insert(finishing_.begin(), finishing_.end());
  finishing_.clear();
}

}  // namespace clients
