#include "server/session/file_exchange.h"

#include <algorithm>
#include <utility>

namespace server {

using events::ErrorCode;
using events::FilePart;
using events::Result;
namespace protocol = events::protocol;
using protocol::FileName;

void FileExchange::refuse(const FileName& name, ErrorCode reason, Messages& answers) {
  protocol::BlobState state;
  state.file = name;
  state.status = protocol::FileStatus::refused;
  state.reason = reason;
  answers.push_back(std::move(state));
}

FileRequests FileExchange::await(const FileFacts& facts, Messages& answers) {
  protocol::BlobState state;
  state.file = facts.name;
  state.status = protocol::FileStatus::awaited;
  answers.push_back(std::move(state));
  return {AwaitFile{facts}};
}

// ---- up ----

FileRequests FileExchange::serve(const protocol::BlobOffer& offer, Messages& answers) {
  const bool is_known = receiving_.contains(offer.file) || offers_.contains(offer.file);
  if (!is_known && receiving_.size() + offers_.size() >= uploads_at_once_max) {
    refuse(offer.file, ErrorCode::busy, answers);
    return {};
  }
  offers_[offer.file] = offer.proof;
  return {FindFile{offer.file}};
}

FileRequests FileExchange::on_file_found(const FileName& name,
                                         const std::optional<FileFacts>& facts, Messages& answers) {
  if (const auto offered = offers_.find(name); offered != offers_.end()) {
    const events::Digest proof = offered->second;
    offers_.erase(offered);
    // Whoever may read it may bring it: the log has its digest, and who made it may have left the
    // chain, or lost the device.
    const bool is_own = name.attached.chain() == chain_;
    if (!is_own && !(facts && may_read_file(rights_, *facts))) {
      refuse(name, ErrorCode::not_permitted, answers);
      return {};
    }
    if (!facts) {
      refuse(name, ErrorCode::not_found, answers);
      return {};
    }
    receiving_[name] = Receiving{};
    receiving_[name].facts = *facts;
    return {OfferFile{chain_, *facts, proof}};
  }
  const auto wanted = wants_.find(name);
  if (wanted == wants_.end()) return {};
  const std::uint32_t offset = wanted->second;
  wants_.erase(wanted);
  // Whoever may not read it does not learn whether it is there.
  if (!facts || !may_read_file(rights_, *facts)) {
    refuse(name, ErrorCode::not_permitted, answers);
    return {};
  }
  if (!facts->is_stored) return await(*facts, answers);
  lane(name.part).waiting.push_back({*facts, offset});
  return reads();
}

FileRequests FileExchange::serve(protocol::BlobChunk chunk, Messages& answers) {
  if (!in_turns_) {
    answers.push_back(protocol::Credit{0, static_cast<std::uint32_t>(chunk.bytes.size())});
  }
  const auto found = receiving_.find(chunk.file);
  if (found == receiving_.end() || !found->second.is_open)
    return {};  // Sent before it heard that nobody wants it.
  Receiving& receiving = found->second;
  // A bundle was packed before anybody knew what else would come by the network.
  if (in_turns_ && !is_missing(receiving.missing, chunk.offset / protocol::file_chunk_bytes)) {
    return {};
  }
  const bool begins = receiving.bytes.empty() && (chunk.offset == receiving.resume_at ||
                                                  chunk.offset % protocol::file_chunk_bytes == 0);
  if (begins) receiving.begin = chunk.offset;
  const std::uint64_t expected = receiving.begin + receiving.bytes.size();
  const std::uint64_t end = chunk.offset + std::uint64_t{chunk.bytes.size()};
  const std::uint64_t chunk_begin = receiving.begin - receiving.begin % protocol::file_chunk_bytes;
  const std::uint64_t chunk_end =
      std::min<std::uint64_t>(chunk_begin + protocol::file_chunk_bytes, receiving.facts.size);
  if (chunk.bytes.empty() || chunk.offset != expected || end > chunk_end) {
    refuse(chunk.file, ErrorCode::malformed, answers);
    receiving_.erase(found);
    return {};
  }
  events::append_bytes(receiving.bytes, chunk.bytes);
  if (end < chunk_end) return {};
  return {take_piece(receiving)};
}

bool FileExchange::is_missing(const events::Bytes& missing, std::uint32_t chunk) {
  return chunk / 8 < missing.size() && (missing[chunk / 8] >> chunk % 8 & 1U) != 0;
}

bool FileExchange::is_settling() const {
  return !offers_.empty() ||
         std::ranges::any_of(receiving_, [](const auto& each) { return !each.second.is_open; });
}

StorePiece FileExchange::take_piece(Receiving& receiving) {
  StorePiece store{{chain_, receiving.facts, receiving.begin, std::exchange(receiving.bytes, {})}};
  chunk_bytes_in_flight_ += store.piece.bytes.size();
  return store;
}

void FileExchange::on_file_state(const protocol::BlobState& state, Messages& answers) {
  const auto found = receiving_.find(state.file);
  if (state.status != protocol::FileStatus::wanted) {
    if (found != receiving_.end()) receiving_.erase(found);
    answers.push_back(state);
    return;
  }
  if (found == receiving_.end()) return;
  std::uint32_t first = 0;
  while (first / 8 < state.missing.size() && !is_missing(state.missing, first)) ++first;
  found->second.missing = state.missing;
  found->second.resume_at = first * protocol::file_chunk_bytes + state.begun_bytes;
  found->second.is_open = true;
  answers.push_back(state);
}

void FileExchange::on_piece_stored(std::size_t bytes, const protocol::BlobState& state,
                                   Messages& answers) {
  chunk_bytes_in_flight_ -= bytes;
  // What is still missing the device knows; it hears when the file is whole, or refused.
  if (state.status == protocol::FileStatus::wanted) return;
  receiving_.erase(state.file);
  answers.push_back(state);
}

FileRequests FileExchange::leave() {
  FileRequests requests;
  for (auto& [name, receiving] : receiving_) {
    if (!receiving.bytes.empty()) requests.emplace_back(take_piece(receiving));
  }
  receiving_.clear();
  return requests;
}

// ---- down ----

FileRequests FileExchange::serve(const protocol::BlobWant& want, Messages& answers) {
  const std::size_t waiting = wants_.size() + lanes_[0].waiting.size() + lanes_[1].waiting.size();
  if (waiting >= downloads_waiting_max) {
    refuse(want.file, ErrorCode::busy, answers);
    return {};
  }
  wants_[want.file] = want.offset;
  return {FindFile{want.file}};
}

bool FileExchange::is_sending() const {
  return std::ranges::any_of(lanes_, [](const Lane& each) {
    return !each.waiting.empty() || each.is_reading || !each.buffer.empty();
  });
}

FileRequests FileExchange::reads() {
  FileRequests requests;
  for (Lane& each : lanes_) {
    if (!each.buffer.empty() || each.is_reading || each.waiting.empty()) continue;
    each.is_reading = true;
    requests.emplace_back(ReadFile{each.waiting.front().facts, each.waiting.front().offset});
  }
  return requests;
}

FileRequests FileExchange::on_file_read(const FileName& name, std::uint32_t offset,
                                        Result<events::Bytes> bytes, Messages& answers) {
  Lane& from = lane(name.part);
  from.is_reading = false;
  if (from.waiting.empty()) return {};
  Download& download = from.waiting.front();
  if (!bytes && bytes.error().code == ErrorCode::not_found) {
    const FileFacts lost = std::move(download.facts);
    from.waiting.pop_front();
    FileRequests requests = await(lost, answers);
    for (FileRequest& request : reads()) requests.push_back(std::move(request));
    return requests;
  }
  if (!bytes || bytes->empty()) {
    const bool is_end = bytes && offset >= download.facts.size;
    if (!is_end) refuse(name, bytes ? ErrorCode::storage_corrupt : bytes.error().code, answers);
    from.waiting.pop_front();
    return reads();
  }
  from.name = name;
  from.offset = offset;
  from.buffer = std::move(*bytes);
  download.offset = offset + static_cast<std::uint32_t>(from.buffer.size());
  if (download.offset >= download.facts.size) from.waiting.pop_front();
  return {};
}

std::optional<protocol::BlobChunk> FileExchange::next_piece(FilePart part,
                                                            std::uint32_t bytes_max) {
  Lane& from = lane(part);
  if (from.buffer.empty()) return std::nullopt;
  const std::size_t size = std::min<std::size_t>(bytes_max, from.buffer.size());
  const auto end = from.buffer.begin() + static_cast<std::ptrdiff_t>(size);
  protocol::BlobChunk piece{from.name, from.offset, events::Bytes(from.buffer.begin(), end)};
  from.buffer.erase(from.buffer.begin(), end);
  from.offset += static_cast<std::uint32_t>(size);
  return piece;
}

}  // namespace server
