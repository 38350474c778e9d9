#include "events/packing/live_block.h"

#include "events/base/ranges.h"
#include "events/log/block_head.h"
#include "events/log/event_log.h"
#include "events/packing/block_body.h"
#include "events/packing/compression.h"
#include "events/packing/packed_events.h"
#include "events/packing/wire_block.h"

#include <algorithm>
#include <string>

namespace events {
namespace {

constexpr std::size_t fingerprint_bytes = 8;
/// On a device only; it never travels.
constexpr std::uint8_t codec_kept_live = 0xFF;
constexpr std::uint8_t codec_kept_proved = 0xFE;

// The first byte: a bit that belongs to the frame, one for the codec, three for the count of events
// minus one, three for the dictionary.
constexpr std::uint8_t is_compressed = 2;
constexpr unsigned count_shift = 2;
constexpr unsigned dictionary_shift = 5;
static_assert(live_events_max == 8, "three bits for the count of events");
static_assert(newest_dictionary < 8, "three bits for the dictionary");

Bytes with_head(const StoredBlock& block, bool compressed, const Bytes& body) {
  Bytes bytes;
  CompactOutput archive(bytes);
  archive.write_byte(static_cast<std::uint8_t>(
      (block.entries.size() - 1) << count_shift | (compressed ? is_compressed : 0U) |
      (compressed ? newest_dictionary : 0U) << dictionary_shift));
  archive(block.first, block.received_at, block.chain, block.first_seq, block.scope);
  archive.write_bytes(ByteView(block.root_after.bytes).first(fingerprint_bytes));
  archive.write_bytes(body);
  return bytes;
}

std::optional<Bytes> pack(const StoredBlock& block, bool may_compress) {
  if (block.entries.empty() || block.entries.size() > live_events_max) return std::nullopt;
  if (!are_packable(block.chain, block.first_seq, events_of(block))) return std::nullopt;
  const Bytes body = pack_body(block);
  if (body.size() > unpacked_bytes_max) return std::nullopt;
  const Bytes small = may_compress ? compress(body, newest_dictionary) : body;
  const bool is_shorter = small.size() < body.size();
  Bytes packed = with_head(block, is_shorter, is_shorter ? small : body);
  if (packed.size() > encoded_block_bytes_max) return std::nullopt;
  return packed;
}

/// Throws: cereal::Exception.
Result<LiveBlock> unpack(CompactInput& archive, LogId log, Epoch epoch) {
  LiveBlock live;
  StoredBlock& block = live.block;
  block.log = log;
  block.epoch = epoch;
  const std::uint8_t head = archive.read_byte();
  const std::size_t count = (head >> count_shift) % live_events_max + std::size_t{1};
  const bool compressed = (head & is_compressed) != 0;
  const auto dictionary = static_cast<std::uint8_t>(head >> dictionary_shift);
  archive.expect((head & live_caught_up) == 0 && compressed == (dictionary != 0),
                 "not a live block");
  archive(block.first, block.received_at, block.chain, block.first_seq, block.scope);
  Digest root;
  ranges::copy(archive.read_bytes(fingerprint_bytes), root.bytes.begin());
  live.fingerprint = fingerprint_of(root);
  check_places(archive, block, count);
  const ByteView rest = archive.rest();
  const Result<Bytes> body = compressed ? decompress_at_most(rest, dictionary, unpacked_bytes_max)
                                        : Result<Bytes>(Bytes(rest.begin(), rest.end()));
  if (!body) return body.error();
  unpack_body(*body, count, block);
  return live;
}

Error broken(const cereal::Exception& exception) {
  return Error{ErrorCode::malformed, std::string("live block: ") + exception.what()};
}

}  // namespace

BlockProof proof_of(const StoredBlock& block) {
  return {block.first, block.previous, block.run, block.root_after, {}};
}

Result<void> check_run(const StoredBlock& block, const BlockProof& proof, const PublicKey& key) {
  if (!proof.run) return Error{ErrorCode::malformed, "a proof without a signature"};
  const std::uint64_t first_seq = proof.run->first_seq;
  const std::uint64_t last_seq = block.last_seq() + proof.tail.size();
  if (first_seq == 0 || first_seq > block.first_seq + block.entries.size() - 1 ||
      last_seq - first_seq >= block_events_max) {
    return Error{ErrorCode::malformed, "a signed run that the block is no part of"};
  }
  Digest hash = proof.previous;
  for (const BlockEntry& entry : block.entries) hash = chain_next(hash, entry.canonical);
  for (const Digest& next : proof.tail) hash = sha256(hash.bytes, next.bytes);
  const Bytes statement = block_statement(block.log, block.chain, first_seq, last_seq, hash);
  if (verify(key, statement, proof.run->signature)) return {};
  return Error{ErrorCode::bad_signature, "a block's signature does not verify"};
}

Result<StoredBlock> prove(const LiveBlock& live, const BlockProof& proof) {
  const StoredBlock& block = live.block;
  if (proof.first != block.first) return Error{ErrorCode::malformed, "the proof of another block"};
  if (fingerprint_of(proof.root_after) != live.fingerprint) {
    return Error{ErrorCode::log_diverged, "a proof has another root than its block announced"};
  }
  if (proof.run && (proof.run->first_seq == 0 || proof.run->first_seq > block.last_seq())) {
    return Error{ErrorCode::malformed, "a signed run does not end with its block"};
  }
  StoredBlock proved = block;
  proved.previous = proof.previous;
  proved.run = proof.tail.empty() ? proof.run : std::nullopt;
  proved.root_after = proof.root_after;
  return proved;
}

std::optional<Bytes> pack_live_block(const StoredBlock& block) { return pack(block, true); }
std::optional<Bytes> pack_live_block_uncompressed(const StoredBlock& block) {
  return pack(block, false);
}

Result<LiveBlock> unpack_live_block(ByteView bytes, LogId log, Epoch epoch) {
  if (bytes.size() > encoded_block_bytes_max) {
    return Error{ErrorCode::too_large, "a live block longer than a block may be"};
  }
  try {
    CompactInput archive(bytes);
    return unpack(archive, log, epoch);
  } catch (const cereal::Exception& exception) {
    return broken(exception);
  }
}

Bytes keep_proved_block(const StoredBlock& block) {
  Bytes bytes;
  CompactOutput archive(bytes);
  write_block_form(archive, codec_kept_proved);
  archive.write_bytes(pack_block_uncompressed(block));
  return bytes;
}

bool is_kept_proved_block(ByteView bytes) {
  return bytes.size() > 1 && bytes[0] == block_form && bytes[1] == codec_kept_proved;
}

Result<StoredBlock> read_kept_proved_block(ByteView bytes) {
  return unpack_stored_block(bytes.subspan(2));
}

Bytes keep_live_block(ByteView packed, LogId log, Epoch epoch) {
  Bytes bytes;
  CompactOutput archive(bytes);
  write_block_form(archive, codec_kept_live);
  archive(log, epoch);
  archive.write_bytes(packed);
  return bytes;
}

bool is_kept_live_block(ByteView bytes) {
  return bytes.size() > 1 && bytes[0] == block_form && bytes[1] == codec_kept_live;
}

Result<LiveBlock> read_kept_live_block(ByteView bytes) {
  try {
    CompactInput archive(bytes.subspan(2));
    LogId log;
    Epoch epoch;
    archive(log, epoch);
    return unpack(archive, log, epoch);
  } catch (const cereal::Exception& exception) {
    return broken(exception);
  }
}

}  // namespace events
