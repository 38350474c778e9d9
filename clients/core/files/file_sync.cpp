#include "clients/core/files/file_sync.h"

#include "events/base/ranges.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <type_traits>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::FilePart;
using events::Result;
namespace protocol = events::protocol;
using protocol::FrameClass;

namespace {

/// Files asked for at once; each answer begins without waiting for the one before.
constexpr std::size_t fetches_at_once_max = 8;
/// Credit goes back in lots, so that it does not cost a frame for each frame.
constexpr std::size_t credit_lot_bytes = 8 * 1024;
/// How much of an original may measure the line before the policy judges it.
constexpr std::uint64_t probe_bytes = protocol::file_chunk_bytes;
/// Files that were sent as a whole and that the server has not looked at yet.
constexpr std::size_t finishing_max = 2;
/// The same in one request, whose answer speaks of all of them.
constexpr std::size_t finishing_in_turn_max = 16;

}  // namespace

bool FileSync::takes(const Message& frame) {
  return std::visit(
      []<class T>(const T&) {
        return std::is_same_v<T, protocol::BlobState> || std::is_same_v<T, protocol::BlobChunk> ||
               std::is_same_v<T, protocol::BlobWant> || std::is_same_v<T, protocol::Credit>;
      },
      frame);
}

Result<void> FileSync::on_message(const Message& frame, std::uint64_t now) {
  if (const auto* const credit = std::get_if<protocol::Credit>(&frame)) {
    if (credit->group == protocol::credit_group) pace_.credited(credit->bytes, now);
    return {};
  }
  if (const auto* const want = std::get_if<protocol::BlobWant>(&frame)) return serve(*want);
  if (turn_) turn_->was_answered = true;
  if (const auto* const state = std::get_if<protocol::BlobState>(&frame)) return serve(*state);
  if (const auto* const chunk = std::get_if<protocol::BlobChunk>(&frame)) return serve(*chunk);
  return Error{ErrorCode::malformed, "not a frame about files"};
}

// ---- what there is to do ----

bool FileSync::is_held_back(const FileHere& file) const {
  if (file.name.part == FilePart::thumbnail || file.is_left_behind) return false;
  if (asked_.contains(file.name)) return false;
  switch (policy_) {
    case OriginalsPolicy::always:
      return false;
    case OriginalsPolicy::good_link:
      // The first chunk measures the line; it is not lost, since the server keeps it.
      return original_bytes_sent_ >= probe_bytes && pace_.is_slow();
    case OriginalsPolicy::asked:
      return true;
  }
  return true;
}

bool FileSync::is_ready(const FileHere& file) {
  if (files_.is_at_hand(file.sha256)) return true;
  files_.ask_for(file.sha256);
  return false;
}

Result<void> FileSync::plan() {
  const projections::State& confirmed = replica_.overlay().confirmed();
  if (is_planned_ && planned_at_ == confirmed.applied()) return {};
  is_planned_ = true;
  planned_at_ = confirmed.applied();
  const Result<OriginalsPolicy> policy = records_.policy();
  if (!policy) return policy.error();
  policy_ = *policy;
  Result<FileRecords::Names> asked = records_.asked();
  if (!asked) return asked.error();
  asked_ = std::move(*asked);
  const Result<FileRecords::Names> wanted = records_.wanted();
  if (!wanted) return wanted.error();
  const Result<FileRecords::Names> damaged = records_.damaged();
  if (!damaged) return damaged.error();

  for (Lane& lane : lanes_) lane.waiting.clear();
  to_fetch_.clear();
  std::vector<FileHere> files = files_here(confirmed, replica_.identity().chain, files_);
  events::ranges::move(files_left_behind(replica_, files_), std::back_inserter(files));
  std::vector<FileHere> due;
  for (FileHere& file : files) {
    if (file.is_stored) recorded_.erase(file.name);
    if (given_up_.contains(file.name) || delivered_.contains(file.name)) continue;
    const bool is_due = (file.is_own && !file.is_stored) || asked_.contains(file.name);
    if (file.is_here && is_due) {
      Lane& lane = lane_of(file.name.part);
      const bool is_under_way = (lane.step != Step::idle && lane.file.name == file.name) ||
                                finishing_.contains(file.name);
      if (!is_under_way && !damaged->contains(file.name)) due.push_back(std::move(file));
      continue;
    }
    const bool is_wanted =
        wanted->contains(file.name) || (file.name.part == FilePart::thumbnail && file.is_stored);
    if (!file.is_here && is_wanted && !fetching_.contains(file.name)) {
      to_fetch_.push_back(std::move(file));
    }
  }
  // What somebody waits for goes first.  What the policy may hold back goes last, because a file
  // that is held back at the front of a lane keeps back all that follow it.
  const auto place = [&](const FileHere& file) {
    if (file.name.part == FilePart::thumbnail || asked_.contains(file.name)) return 0;
    return file.is_left_behind ? 1 : 2;
  };
  for (const int next : {0, 1, 2}) {
    for (FileHere& file : due) {
      if (place(file) == next) lane_of(file.name.part).waiting.push_back(file);
    }
  }
  return {};
}

bool FileSync::is_idle() const {
  if (!is_planned_ || planned_at_ != replica_.overlay().confirmed().applied()) return false;
  for (const Lane& lane : lanes_) {
    const bool is_waiting = events::ranges::any_of(
        lane.waiting, [&](const FileHere& file) { return !is_held_back(file); });
    if (is_waiting || (lane.step != Step::idle && !is_held_back(lane.file))) return false;
  }
  return finishing_.empty() && recorded_.empty() && to_fetch_.empty() && fetching_.empty();
}

FileProgress FileSync::progress() const {
  FileProgress progress = done_;
  const auto count = [&](const FileHere& file, std::uint64_t bytes) {
    if (is_held_back(file)) {
      ++progress.files_held_back;
      return;
    }
    ++progress.files_to_send;
    progress.bytes_to_send += bytes;
  };
  for (const Lane& lane : lanes_) {
    if (lane.step != Step::idle) {
      std::uint64_t left = lane.step == Step::offered ? lane.file.size : 0;
      for (const std::uint32_t index : lane.missing) {
        left += protocol::chunk_size(lane.file.size, index);
      }
      count(lane.file, left);
    }
    for (const FileHere& file : lane.waiting) count(file, file.size);
  }
  progress.files_to_send += finishing_.size();
  progress.files_to_fetch = to_fetch_.size() + fetching_.size();
  return progress;
}

// ---- output ----

bool FileSync::may_send_piece(const Lane& lane) const {
  return lane.step == Step::sending && !is_held_back(lane.file) &&
         (turn_ || pace_.may_send(pace_.piece_bytes()));
}

bool FileSync::may_offer() const {
  if (turn_) return !turn_->is_full() && finishing_.size() < finishing_in_turn_max;
  return finishing_.size() < finishing_max;
}

FileSync::Message FileSync::offer_of(const Lane& lane) const {
  return protocol::BlobOffer{lane.file.name, lane.proof};
}

Result<std::optional<FileSync::Message>> FileSync::next(std::uint64_t now) {
  if (Result<void> planned = plan(); !planned) return planned.error();
  if (credit_owed_ >= credit_lot_bytes) {
    const auto bytes = static_cast<std::uint32_t>(std::exchange(credit_owed_, 0));
    return std::optional<Message>{protocol::Credit{0, bytes}};
  }
  for (Lane& lane : lanes_) {
    Result<std::optional<Message>> offer = next_offer(lane);
    if (!offer || *offer) return offer;
  }
  Result<std::optional<Message>> want = next_want();
  if (!want || *want) return want;

  protocol::ReadyClasses ready;
  if (may_send_piece(lanes_[0])) ready.add(FrameClass::thumbnails);
  if (may_send_piece(lanes_[1])) ready.add(FrameClass::originals);
  const std::optional<FrameClass> chosen = scheduler_.next(ready);
  if (!chosen) return std::optional<Message>{};
  Message piece = next_piece(lanes_[*chosen == FrameClass::thumbnails ? 0 : 1], now);
  scheduler_.sent(*chosen, std::get<protocol::BlobChunk>(piece).bytes.size(), ready);
  return std::optional{std::move(piece)};
}

Result<std::optional<FileSync::Message>> FileSync::next_offer(Lane& lane) {
  while (lane.step == Step::idle && !lane.waiting.empty() && !is_held_back(lane.waiting.front()) &&
         may_offer() && is_ready(lane.waiting.front())) {
    FileHere file = std::move(lane.waiting.front());
    lane.waiting.pop_front();
    Result<std::optional<events::Bytes>> bytes = files_.read(file.sha256);
    if (!bytes && bytes.error().code != ErrorCode::storage_corrupt) return bytes.error();
    if (!bytes || !*bytes || (*bytes)->size() != file.size) {
      if (Result<void> noted = records_.note_damaged(file.name); !noted) return noted.error();
      given_up_.insert(file.name);
      continue;
    }
    lane.bytes = std::move(**bytes);
    lane.file = std::move(file);
    lane.proof = protocol::possession_proof(replica_.identity().chain, lane.file.name, lane.bytes);
    lane.step = Step::offered;
    // To ask first would take longer than to send a file of one chunk.
    if (turn_ && lane.file.size > 0 && lane.file.size <= protocol::file_chunk_bytes) {
      lane.missing = {0};
      lane.offset = 0;
      lane.step = Step::sending;
    }
    return std::optional<Message>{offer_of(lane)};
  }
  return std::optional<Message>{};
}

Result<std::optional<FileSync::Message>> FileSync::next_want() {
  while (!to_fetch_.empty() && fetching_.size() < fetches_at_once_max &&
         is_ready(to_fetch_.front())) {
    FileHere file = std::move(to_fetch_.front());
    to_fetch_.pop_front();
    Result<std::uint32_t> begun = files_.begun(file.sha256);
    if (!begun) return begun.error();
    if (*begun >= file.size) {
      // All of it came before the last connection ended; unless it is wrong, that was the file.
      if (Result<bool> whole = finish(file); !whole || *whole) {
        if (!whole) return whole.error();
        continue;
      }
      begun = 0;
    }
    const protocol::BlobWant want{file.name, *begun};
    fetching_.emplace(file.name, std::move(file));
    return std::optional<Message>{want};
  }
  return std::optional<Message>{};
}

Result<bool> FileSync::finish(const FileHere& file) {
  if (const Result<void> whole = files_.finish(file.sha256); !whole) {
    if (whole.error().code != ErrorCode::storage_corrupt) return whole.error();
    return false;
  }
  ++done_.files_fetched;
  if (Result<void> forgotten = records_.forget_wanted(file.name); !forgotten) {
    return forgotten.error();
  }
  return true;
}

FileSync::Message FileSync::next_piece(Lane& lane, std::uint64_t now) {
  const std::uint32_t index = lane.missing.front();
  const std::uint32_t chunk_end =
      index * protocol::file_chunk_bytes + protocol::chunk_size(lane.file.size, index);
  const std::uint32_t size = std::min(pace_.piece_bytes(), chunk_end - lane.offset);
  const auto begin = lane.bytes.begin() + lane.offset;
  protocol::BlobChunk piece{lane.file.name, lane.offset, events::Bytes(begin, begin + size)};
  pace_.sent(size, now);
  done_.bytes_sent += size;
  if (lane.file.name.part == FilePart::original) original_bytes_sent_ += size;
  lane.offset += size;
  if (lane.offset < chunk_end) return piece;
  lane.missing.pop_front();
  if (!lane.missing.empty()) {
    lane.offset = lane.missing.front() * protocol::file_chunk_bytes;
    return piece;
  }
  finishing_.insert(lane.file.name);
  lane.step = Step::idle;
  lane.bytes.clear();
  return piece;
}

// ---- input ----

Result<void> FileSync::serve(const protocol::BlobState& state) {
  const auto fetched = fetching_.find(state.file);
  if (fetched != fetching_.end()) {
    // Refused, or still on the device that made it; it stays wanted and is asked for next time.
    given_up_.insert(state.file);
    fetching_.erase(fetched);
    return {};
  }
  Lane& lane = lane_of(state.file.part);
  const bool is_in_lane = lane.step != Step::idle && lane.file.name == state.file;
  if (!is_in_lane && !finishing_.contains(state.file)) return {};
  if (state.status == protocol::FileStatus::wanted) {
    if (is_in_lane && lane.step == Step::offered) open(lane, state);
    return {};
  }
  finishing_.erase(state.file);
  if (is_in_lane) {
    lane.step = Step::idle;
    lane.missing.clear();
    lane.bytes.clear();
  }
  return settle(state);
}

void FileSync::open(Lane& lane, const protocol::BlobState& state) {
  lane.missing.clear();
  const std::uint32_t count = protocol::chunk_count(lane.file.size);
  for (std::uint32_t index = 0; index < count && index / 8 < state.missing.size(); ++index) {
    if ((state.missing[index / 8] >> index % 8 & 1U) != 0) lane.missing.push_back(index);
  }
  if (lane.missing.empty()) {
    finishing_.insert(lane.file.name);
    lane.step = Step::idle;
    return;
  }
  const std::uint32_t first = lane.missing.front();
  const std::uint32_t begun =
      std::min(state.begun_bytes, protocol::chunk_size(lane.file.size, first) - 1);
  lane.offset = first * protocol::file_chunk_bytes + begun;
  lane.step = Step::sending;
}

Result<void> FileSync::settle(const protocol::BlobState& state) {
  if (state.status == protocol::FileStatus::stored) {
    ++done_.files_sent;
    asked_.erase(state.file);
    if (Result<void> forgotten = records_.forget_asked(state.file); !forgotten) return forgotten;
    delivered_.insert(state.file);
    const projections::EvidenceFile* const row =
        replica_.overlay().confirmed().evidence_files().find(state.file.attached);
    if (row == nullptr) return erase_left_behind(replica_, files_, delivered_);
    if (!row->part(state.file.part).is_stored()) recorded_.insert(state.file);
    return {};
  }
  given_up_.insert(state.file);
  if (state.reason != ErrorCode::storage_corrupt) return {};
  const Result<bool> damaged = is_damaged(replica_, files_, state.file);
  if (!damaged) return damaged.error();
  return *damaged ? records_.note_damaged(state.file) : Result<void>{};
}

Result<void> FileSync::serve(const protocol::BlobChunk& chunk) {
  const auto found = fetching_.find(chunk.file);
  if (found == fetching_.end()) return {};
  const FileHere& file = found->second;
  const Result<std::uint32_t> begun = files_.begun(file.sha256);
  if (!begun) return begun.error();
  if (chunk.offset != *begun || chunk.bytes.size() > file.size - *begun) {
    return Error{ErrorCode::malformed, "bytes of a file that do not follow those before"};
  }
  if (Result<void> kept = files_.append(file.sha256, *begun, chunk.bytes); !kept) return kept;
  if (turn_) turn_->has_fetched = true;
  if (*begun + chunk.bytes.size() < file.size) return {};
  const Result<bool> whole = finish(file);
  given_up_.insert(chunk.file);  // Whole or not, it is not asked for again on this connection.
  fetching_.erase(found);
  if (!whole) return whole.error();
  return {};
}

Result<void> FileSync::serve(const protocol::BlobWant& want) {
  const Result<bool> is_ours = is_to_be_brought(replica_, files_, want.file);
  if (!is_ours) return is_ours.error();
  if (!*is_ours) return {};
  if (Result<void> noted = records_.note_asked(want.file); !noted) return noted;
  is_planned_ = false;
  return {};
}

}  // namespace clients
