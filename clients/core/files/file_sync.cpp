#include "clients/core/files/file_sync.h"

#include "events/base/ranges.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::FilePart;
using events::Result;
namespace protocol = events::protocol;
using protocol::FrameClass;

namespace {

/// How much of an original may measure the line before the policy judges it.
constexpr std::uint64_t probe_bytes = protocol::file_chunk_bytes;
/// Files that were sent as a whole and that the server has not looked at yet.
constexpr std::size_t finishing_max = 2;
/// The same in one request, whose answer speaks of all of them.
constexpr std::size_t finishing_in_turn_max = 16;

}  // namespace

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

Result<void> FileSync::plan_sending(const std::vector<FileHere>& named) {
  const Result<OriginalsPolicy> policy = records_.policy();
  if (!policy) return policy.error();
  policy_ = *policy;
  Result<FileRecords::Names> asked = records_.asked();
  if (!asked) return asked.error();
  asked_ = std::move(*asked);
  const Result<FileRecords::Names> damaged = records_.damaged();
  if (!damaged) return damaged.error();

  for (Lane& lane : lanes_) lane.waiting.clear();
  std::vector<FileHere> files = named;
  events::ranges::move(files_left_behind(replica_, files_), std::back_inserter(files));
  std::vector<FileHere> due;
  for (FileHere& file : files) {
    if (file.is_stored) recorded_.erase(file.name);
    if (given_up_.contains(file.name) || delivered_.contains(file.name)) continue;
    const bool is_due = (file.is_own && !file.is_stored) || asked_.contains(file.name);
    if (!file.is_here || !is_due) continue;
    const Lane& lane = lane_of(file.name.part);
    const bool is_under_way =
        (lane.step != Step::idle && lane.file.name == file.name) || finishing_.contains(file.name);
    if (!is_under_way && !damaged->contains(file.name)) due.push_back(std::move(file));
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
  if (!FileFetch::is_idle()) return false;
  for (const Lane& lane : lanes_) {
    const bool is_waiting = events::ranges::any_of(
        lane.waiting, [&](const FileHere& file) { return !is_held_back(file); });
    if (is_waiting || (lane.step != Step::idle && !is_held_back(lane.file))) return false;
  }
  return finishing_.empty() && recorded_.empty();
}

FileProgress FileSync::progress() const {
  FileProgress progress = FileFetch::progress();
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
  return progress;
}

// ---- output ----

bool FileSync::may_send_piece(const Lane& lane) const {
  return lane.step == Step::sending && !is_held_back(lane.file) &&
         (turn_ || pace_.may_send(pace_.piece_bytes()));
}

bool FileSync::may_offer() const {
  if (turn_) return !is_turn_full() && finishing_.size() < finishing_in_turn_max;
  return finishing_.size() < finishing_max;
}

FileSync::Message FileSync::offer_of(const Lane& lane) const {
  return protocol::BlobOffer{lane.file.name, lane.proof};
}

Result<std::optional<FileSync::Message>> FileSync::next_offer() {
  for (Lane& lane : lanes_) {
    Result<std::optional<Message>> offer = offer_from(lane);
    if (!offer || *offer) return offer;
  }
  return std::optional<Message>{};
}

std::optional<FileSync::Message> FileSync::next_piece(std::uint64_t now) {
  protocol::ReadyClasses ready;
  if (may_send_piece(lanes_[0])) ready.add(FrameClass::thumbnails);
  if (may_send_piece(lanes_[1])) ready.add(FrameClass::originals);
  const std::optional<FrameClass> chosen = scheduler_.next(ready);
  if (!chosen) return std::nullopt;
  Message piece = piece_from(lanes_[*chosen == FrameClass::thumbnails ? 0 : 1], now);
  scheduler_.sent(*chosen, std::get<protocol::BlobChunk>(piece).bytes.size(), ready);
  return piece;
}

Result<std::optional<FileSync::Message>> FileSync::offer_from(Lane& lane) {
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

FileSync::Message FileSync::piece_from(Lane& lane, std::uint64_t now) {
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

Result<void> FileSync::heed(const protocol::BlobState& state) {
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

}  // namespace clients
