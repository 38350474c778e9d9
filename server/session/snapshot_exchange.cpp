#include "server/session/snapshot_exchange.h"

#include "events/archive/compact.h"
#include "events/protocol/frame_codec.h"

#include <algorithm>
#include <utility>

namespace server {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;

namespace {

/// An event takes at least about so much in a stored block.
constexpr std::size_t event_bytes_min = 40;

}  // namespace

void SnapshotExchange::begin(Reader reader) {
  reader_ = std::move(reader);
  const bool is_offered = has_snapshots(reader_.rights) && misses_much();
  state_ = is_offered ? State::asking : State::over;
}

bool SnapshotExchange::misses_much() const {
  const std::uint64_t events = reader_.head.value - std::min(reader_.cursor, reader_.head).value;
  if (events * event_bytes_min < bytes_worth_asking_) return false;
  std::size_t bytes = 0;
  for (Position after = reader_.cursor; bytes < bytes_worth_asking_;) {
    Position scanned_to;
    const auto block = log_.next_block(reader_.rights.scope, after, &scanned_to);
    if (!block || !*block) return false;
    bytes += (*block)->size();
    after = scanned_to;
  }
  return true;
}

std::optional<SnapshotQuestion> SnapshotExchange::next_question() {
  if (is_asked_) return std::nullopt;
  if (state_ != State::asking && state_ != State::asking_again) return std::nullopt;
  is_asked_ = true;
  SnapshotQuestion question{reader_.rights, reader_.head, std::nullopt, reader_.chain};
  if (state_ == State::asking_again) question.exactly = want_.position;
  return question;
}

bool SnapshotExchange::is_worth_it(const MadeSnapshot& snapshot) const {
  if (snapshot.manifest.position <= reader_.cursor) return false;
  const std::uint64_t missing = snapshot.log_bytes(reader_.cursor, reader_.chain);
  return missing * 2 > snapshot.content.size() * 3;
}

std::optional<protocol::SnapOffer> SnapshotExchange::take(SnapshotPtr snapshot) {
  if (state_ == State::asking) {
    if (!snapshot || !is_worth_it(*snapshot)) {
      state_ = State::over;
      return std::nullopt;
    }
    offered_ = std::move(snapshot);
    state_ = State::offered;
    return offer();
  }
  if (state_ != State::asking_again) return std::nullopt;
  if (snapshot && snapshot->name == want_.name) {
    send(snapshot);
    return std::nullopt;
  }
  // Made by another build, or never: the device begins with the one that there is.
  state_ = State::offered;
  return offer();
}

protocol::SnapOffer SnapshotExchange::offer() const {
  protocol::SnapshotManifest manifest = offered_->manifest;
  manifest.signature = reader_.server_key->sign(protocol::snapshot_statement(manifest));
  return {events::encode(manifest)};
}

Result<void> SnapshotExchange::serve(const protocol::SnapWant& want) {
  if (state_ != State::offered) {
    return Error{ErrorCode::not_permitted, "no snapshot was offered"};
  }
  want_ = want;
  if (want.declines()) {
    state_ = State::over;
  } else if (want.name == offered_->name) {
    send(offered_);
  } else if (sent_ || want.position > reader_.head || want.position < reader_.cursor) {
    return Error{ErrorCode::not_permitted, "a snapshot that was not offered"};
  } else {
    state_ = State::asking_again;
    is_asked_ = false;
    sent_ = offered_;  // At most one other is looked for on a connection.
  }
  return {};
}

void SnapshotExchange::send(const SnapshotPtr& snapshot) {
  state_ = State::sending;
  sent_ = snapshot;
  next_chunk_ = 0;
  for (std::size_t index = 0; index < sent_->records.size(); ++index) {
    const auto& named = sent_->records[index];
    // Those of its own chain the device has, or has destroyed.
    const bool is_due = index >= want_.records_from && named.event.chain() != reader_.chain;
    if (is_due) records_.add(named.digest);
  }
}

Result<std::optional<events::Bytes>> SnapshotExchange::next_frame() {
  if (state_ != State::sending) return std::optional<events::Bytes>{};
  const protocol::SnapshotManifest& manifest = sent_->manifest;
  while (next_chunk_ < manifest.chunks.size() && !want_.wants(next_chunk_)) ++next_chunk_;
  if (next_chunk_ < manifest.chunks.size()) {
    const events::ByteView chunk =
        events::ByteView(sent_->content)
            .subspan(next_chunk_ * manifest.chunk_bytes, manifest.size_of_chunk(next_chunk_));
    const auto index = static_cast<std::uint32_t>(next_chunk_++);
    return std::optional{
        protocol::encode_frame(protocol::Snap{index, events::Bytes(chunk.begin(), chunk.end())})};
  }
  Result<std::optional<events::Bytes>> records = records_.next();
  if (!records || *records) return records;
  state_ = State::over;
  arrival_ = manifest.position;
  const auto end = static_cast<std::uint32_t>(manifest.chunks.size());
  return std::optional{protocol::encode_frame(protocol::Snap{end, {}})};
}

std::optional<Position> SnapshotExchange::take_arrival() {
  return std::exchange(arrival_, std::nullopt);
}

}  // namespace server
