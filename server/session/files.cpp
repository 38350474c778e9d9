#include "server/session/sync_session.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <ranges>
#include <utility>

// Files of evidence, and the credit of a reader.  FileExchange does the work.

namespace server {

namespace protocol = events::protocol;
using events::ErrorCode;
using events::Result;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

/// The most that a reader can grant ahead.
constexpr std::int64_t reader_credit_max = std::int64_t{16} << 20U;

void append(Requests& requests, FileRequests more) {
  for (FileRequest& request : more) requests.emplace_back(std::move(request));
}

Requests requests_of(FileRequests more) {
  Requests requests;
  append(requests, std::move(more));
  return requests;
}

}  // namespace

Requests SyncSession::reads() {
  if (state_ != State::open || !files_) return {};
  return requests_of(files_->reads());
}

bool SyncSession::serves_files(std::uint8_t about) {
  if (state_ == State::open && files_) return true;
  if (blocks_returned_) return false;  // Files wait until the log is repaired.
  fail({ErrorCode::not_permitted, "HELLO did not say that the device speaks of files"}, about);
  return false;
}

void SyncSession::say_all(const FileExchange::Messages& messages) {
  for (const protocol::Message& message : messages) say(message);
}

void SyncSession::serve(protocol::BlobOffer offer, Requests& requests) {
  if (!serves_files(kind_of<protocol::BlobOffer>)) return;
  charge(Work::file_lookups, 1, last_heard_);
  FileExchange::Messages answers;
  append(requests, files_->serve(offer, answers));
  say_all(answers);
}

void SyncSession::serve(protocol::BlobChunk chunk, Requests& requests) {
  if (!serves_files(kind_of<protocol::BlobChunk>)) return;
  FileExchange::Messages answers;
  append(requests, files_->serve(std::move(chunk), answers));
  say_all(answers);
}

void SyncSession::serve(protocol::BlobWant want, Requests& requests) {
  if (!serves_files(kind_of<protocol::BlobWant>)) return;
  charge(Work::file_lookups, 1, last_heard_);
  FileExchange::Messages answers;
  append(requests, files_->serve(want, answers));
  say_all(answers);
}

void SyncSession::serve(protocol::Credit credit, Requests& /*requests*/) {
  if (!serves_files(kind_of<protocol::Credit>) || credit.group != protocol::credit_group) return;
  credit_ = std::min<std::int64_t>(credit_ + credit.bytes, reader_credit_max);
}

Requests SyncSession::on_file_found(const protocol::FileName& name,
                                    const std::optional<FileFacts>& facts, events::Timestamp now) {
  if (state_ != State::open) return {};
  FileExchange::Messages answers;
  Requests requests = requests_of(files_->on_file_found(name, facts, answers));
  say_all(answers);
  std::ranges::move(serve_parked(now), std::back_inserter(requests));
  return requests;
}

Requests SyncSession::on_file_state(const protocol::BlobState& state, events::Timestamp now) {
  if (state_ != State::open) return {};
  FileExchange::Messages answers;
  files_->on_file_state(state, answers);
  say_all(answers);
  if (state.status == protocol::FileStatus::stored) puller_->resume();
  return serve_parked(now);
}

Requests SyncSession::on_piece_stored(std::size_t bytes, const protocol::BlobState& state,
                                      events::Timestamp now) {
  if (state_ != State::open) return {};
  FileExchange::Messages answers;
  files_->on_piece_stored(bytes, state, answers);
  say_all(answers);
  // EvidenceStored is in the log: also a reader that does not stay gets it.
  if (state.status == protocol::FileStatus::stored) puller_->resume();
  return serve_parked(now);
}

Requests SyncSession::on_file_read(const protocol::FileName& name, std::uint32_t offset,
                                   Result<events::Bytes> bytes) {
  if (state_ != State::open) return {};
  FileExchange::Messages answers;
  Requests requests = requests_of(files_->on_file_read(name, offset, std::move(bytes), answers));
  say_all(answers);
  return requests;
}

void SyncSession::ask_for(const protocol::FileName& file) {
  if (state_ == State::open && files_) say(protocol::BlobWant{file, 0});
}

Requests SyncSession::leave() {
  if (!files_) return {};
  return requests_of(files_->leave());
}

}  // namespace server
