#include "clients/core/files/file_fetch.h"

#include <type_traits>
#include <utility>
#include <variant>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::FilePart;
using events::Result;
namespace protocol = events::protocol;

namespace {

/// Files asked for at once; each answer begins without waiting for the one before.
constexpr std::size_t fetches_at_once_max = 8;
/// Credit goes back in lots, so that it does not cost a frame for each frame.
constexpr std::size_t credit_lot_bytes = 8 * 1024;

}  // namespace

bool FileFetch::takes(const Message& frame) {
  return std::visit(
      []<class T>(const T&) {
        return std::is_same_v<T, protocol::BlobState> || std::is_same_v<T, protocol::BlobChunk> ||
               std::is_same_v<T, protocol::BlobWant> || std::is_same_v<T, protocol::Credit>;
      },
      frame);
}

Result<void> FileFetch::on_message(const Message& frame, std::uint64_t now) {
  if (const auto* const credit = std::get_if<protocol::Credit>(&frame)) {
    if (credit->group == protocol::credit_group) credited(credit->bytes, now);
    return {};
  }
  if (const auto* const want = std::get_if<protocol::BlobWant>(&frame)) return serve(*want);
  if (turn_) turn_->was_answered = true;
  if (const auto* const state = std::get_if<protocol::BlobState>(&frame)) return serve(*state);
  if (const auto* const chunk = std::get_if<protocol::BlobChunk>(&frame)) return serve(*chunk);
  return Error{ErrorCode::malformed, "not a frame about files"};
}

// ---- what there is to do ----

bool FileFetch::is_ready(const FileHere& file) {
  if (files_.is_at_hand(file.sha256)) return true;
  files_.ask_for(file.sha256);
  return false;
}

Result<void> FileFetch::plan() {
  const projections::State& confirmed = replica_.overlay().confirmed();
  if (is_planned_ && planned_at_ == confirmed.applied()) return {};
  is_planned_ = true;
  planned_at_ = confirmed.applied();
  const std::vector<FileHere> files = files_here(confirmed, replica_.identity().chain, files_);
  if (Result<void> planned = plan_sending(files); !planned) return planned;
  const Result<FileRecords::Names> wanted = records_.wanted();
  if (!wanted) return wanted.error();

  to_fetch_.clear();
  for (const FileHere& file : files) {
    if (given_up_.contains(file.name) || delivered_.contains(file.name)) continue;
    const bool is_wanted =
        wanted->contains(file.name) || (file.name.part == FilePart::thumbnail && file.is_stored);
    if (!file.is_here && is_wanted && !fetching_.contains(file.name)) to_fetch_.push_back(file);
  }
  return {};
}

bool FileFetch::is_idle() const {
  if (!is_planned_ || planned_at_ != replica_.overlay().confirmed().applied()) return false;
  return to_fetch_.empty() && fetching_.empty();
}

FileProgress FileFetch::progress() const {
  FileProgress progress = done_;
  progress.files_to_fetch = to_fetch_.size() + fetching_.size();
  return progress;
}

// ---- output ----

Result<std::optional<FileFetch::Message>> FileFetch::next(std::uint64_t now) {
  if (Result<void> planned = plan(); !planned) return planned.error();
  if (credit_owed_ >= credit_lot_bytes) {
    const auto bytes = static_cast<std::uint32_t>(std::exchange(credit_owed_, 0));
    return std::optional<Message>{protocol::Credit{0, bytes}};
  }
  Result<std::optional<Message>> offer = next_offer();
  if (!offer || *offer) return offer;
  Result<std::optional<Message>> want = next_want();
  if (!want || *want) return want;
  return next_piece(now);
}

Result<std::optional<FileFetch::Message>> FileFetch::next_want() {
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

Result<bool> FileFetch::finish(const FileHere& file) {
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

// ---- input ----

Result<void> FileFetch::serve(const protocol::BlobState& state) {
  const auto fetched = fetching_.find(state.file);
  if (fetched == fetching_.end()) return heed(state);
  // Refused, or still on the device that made it; it stays wanted and is asked for next time.
  given_up_.insert(state.file);
  fetching_.erase(fetched);
  return {};
}

Result<void> FileFetch::serve(const protocol::BlobChunk& chunk) {
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

Result<void> FileFetch::serve(const protocol::BlobWant& want) {
  const Result<bool> is_ours = is_to_be_brought(replica_, files_, want.file);
  if (!is_ours) return is_ours.error();
  if (!*is_ours) return {};
  if (Result<void> noted = records_.note_asked(want.file); !noted) return noted;
  is_planned_ = false;
  return {};
}

// ---- in turns ----

Result<bool> FileFetch::has_work() {
  if (Result<void> planned = plan(); !planned) return planned.error();
  return !is_idle();
}

Result<void> FileFetch::look_ahead() {
  if (Result<void> planned = plan(); !planned) return planned;
  look_at_waiting();
  if (!to_fetch_.empty()) is_ready(to_fetch_.front());
  return {};
}

Result<std::vector<FileFetch::Message>> FileFetch::next_turn(std::uint64_t now) {
  turn_ = Turn{};
  std::vector<Message> frames;
  // The server keeps nothing from one request to the next: what goes on is named again.
  begin_turn(frames, now);
  for (const auto& [name, file] : fetching_) {
    const Result<std::uint32_t> begun = files_.begun(file.sha256);
    if (!begun) return begun.error();
    frames.push_back(protocol::BlobWant{name, *begun});
  }
  while (has_room()) {
    Result<std::optional<Message>> frame = next(now);
    if (!frame) return frame.error();
    if (!*frame) break;
    note_in_turn(**frame);
    frames.push_back(std::move(**frame));
  }
  return frames;
}

bool FileFetch::end_turn(std::uint64_t now) {
  const Turn turn = *turn_;
  turn_.reset();
  end_sending(now);
  // One file after the other comes down; those behind it wait for their turn.
  if (!turn.has_fetched) {
    for (const auto& [name, file] : fetching_) given_up_.insert(name);
    fetching_.clear();
  }
  return turn.was_answered;
}

// ---- without the half that sends ----

Result<void> FileFetch::plan_sending(const std::vector<FileHere>& /*files*/) { return {}; }

Result<std::optional<FileFetch::Message>> FileFetch::next_offer() {
  return std::optional<Message>{};
}

std::optional<FileFetch::Message> FileFetch::next_piece(std::uint64_t /*now*/) { return {}; }

Result<void> FileFetch::heed(const protocol::BlobState& /*state*/) { return {}; }

void FileFetch::credited(std::uint32_t /*bytes*/, std::uint64_t /*now*/) {}

void FileFetch::begin_turn(std::vector<Message>& /*frames*/, std::uint64_t /*now*/) {}

bool FileFetch::has_room() const { return true; }

void FileFetch::note_in_turn(const Message& /*frame*/) {}

void FileFetch::end_sending(std::uint64_t /*now*/) {}

void FileFetch::look_at_waiting() {}

}  // namespace clients
