#include "server/files/file_transfers.h"

#include <algorithm>
#include <utility>

namespace server {

using events::Digest;
using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

namespace {

Upload upload_of(events::ChainNumber chain, const FileFacts& facts) {
  return {chain, facts.sha256, facts.size};
}

FileTransfers::Answer refused(const FileFacts& facts, ErrorCode reason) {
  protocol::BlobState state;
  state.file = facts.name;
  state.status = protocol::FileStatus::refused;
  state.reason = reason;
  return {std::move(state), false};
}

}  // namespace

FileTransfers::Answer FileTransfers::offer(events::ChainNumber chain, const FileFacts& facts,
                                           const Digest& proof, std::uint64_t quota_factor) {
  const Result<bool> proved = has_proved(chain, facts, proof);
  if (!proved) return refused(facts, proved.error().code);
  if (*proved) return stored(facts);
  const Upload upload = upload_of(chain, facts);
  if (quota_ != nullptr) {
    const Result<void> may = quota_->take(upload, facts, quota_factor);
    if (!may) return refused(facts, may.error().code);
  }
  return answer(upload, facts, store_.begin(upload));
}

Result<bool> FileTransfers::has_proved(events::ChainNumber chain, const FileFacts& facts,
                                       const Digest& proof) const {
  const Result<bool> there = store_.contains(facts.sha256);
  if (!there || !*there || facts.is_stored) return there;
  protocol::PossessionProof expected(chain, facts.name);
  for (std::uint32_t offset = 0; offset < facts.size;) {
    const Result<events::Bytes> bytes =
        store_.read(facts.sha256, offset, protocol::file_chunk_bytes);
    if (!bytes) return bytes.error();
    if (bytes->empty()) return false;
    expected.add(*bytes);
    offset += static_cast<std::uint32_t>(bytes->size());
  }
  return expected.finish() == proof;
}

FileTransfers::Answer FileTransfers::put(const FilePiece& piece) {
  const Upload upload = upload_of(piece.chain, piece.facts);
  return answer(upload, piece.facts, store_.put(upload, piece.offset, piece.bytes));
}

FileTransfers::Answer FileTransfers::answer(const Upload& upload, const FileFacts& facts,
                                            const Result<UploadProgress>& progress) {
  if (!progress) return refused(facts, progress.error().code);
  if (progress->is_complete()) {
    if (const Result<void> finished = store_.finish(upload); !finished) {
      return refused(facts, finished.error().code);
    }
    return stored(facts);
  }
  const std::uint32_t first = progress->first_missing();
  protocol::BlobState state;
  state.file = facts.name;
  state.status = protocol::FileStatus::wanted;
  state.missing = progress->missing_bitmap();
  state.begun_bytes = progress->durable[first];
  return {std::move(state), false};
}

FileTransfers::Answer FileTransfers::stored(const FileFacts& facts) {
  if (quota_ != nullptr) quota_->stored(facts);
  protocol::BlobState state;
  state.file = facts.name;
  state.status = protocol::FileStatus::stored;
  return {std::move(state), true};
}

Result<std::vector<FileFacts>> FileTransfers::missing(std::vector<FileFacts> files) const {
  std::vector<FileFacts> lacking;
  for (FileFacts& file : files) {
    const Result<bool> there = store_.contains(file.sha256);
    if (!there) return there.error();
    if (!*there) lacking.push_back(std::move(file));
  }
  return lacking;
}

Result<events::Bytes> FileTransfers::read(const FileFacts& facts, std::uint32_t offset) const {
  if (offset >= facts.size) return events::Bytes{};
  return store_.read(facts.sha256, offset,
                     std::min(protocol::file_chunk_bytes, facts.size - offset));
}

}  // namespace server
