#include "events/compression/live_block.h"

#include "events/compression/block_body.h"
#include "events/compression/block_head.h"
#include "events/compression/packed_events.h"
#include "events/event_log.h"

#include <string>

namespace events {
namespace {

/// On a device only; it never travels.
constexpr std::uint8_t codec_kept_live = 0xFF;

Bytes with_head(const StoredBlock& block, std::uint8_t codec, const Bytes& body) {
  Bytes bytes;
  CompactOutput archive(bytes);
  archive.write_byte(codec);
  archive(block.first, block.received_at, block.chain, block.first_seq, block.scope,
          fingerprint_of(block.root_after));
  archive.write_varint(block.entries.size());
  archive.write_bytes(body);
  return bytes;
}

/// Throws: cereal::Exception.
Result<LiveBlock> unpack(CompactInput& archive, LogId log, Epoch epoch) {
  LiveBlock live;
  StoredBlock& block = live.block;
  block.log = log;
  block.epoch = epoch;
  const std::uint8_t codec = archive.read_byte();
  if (codec != codec_packed && codec != codec_compressed) return unknown_codec(codec);
  archive(block.first, block.received_at, block.chain, block.first_seq, block.scope,
          live.fingerprint);
  const std::size_t count = read_count(archive, block);
  const Result<Bytes> body = read_body(archive, codec);
  if (!body) return body.error();
  unpack_body(*body, count, block);
  return live;
}

Error broken(const cereal::Exception& exception) {
  return Error{ErrorCode::malformed, std::string("live block: ") + exception.what()};
}

}  // namespace

BlockProof proof_of(const StoredBlock& block) {
  return {block.first, block.previous, block.run, block.root_after};
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
  proved.run = proof.run;
  proved.root_after = proof.root_after;
  return proved;
}

std::optional<Bytes> pack_live_block(const StoredBlock& block) {
  if (block.entries.size() > live_events_max) return std::nullopt;
  if (!are_packable(block.chain, block.first_seq, events_of(block))) return std::nullopt;
  const Bytes body = pack_body(block);
  if (body.size() > unpacked_bytes_max) return std::nullopt;
  const Bytes small = shrink(body);
  Bytes packed = small.empty() ? with_head(block, codec_packed, body)
                               : with_head(block, codec_compressed, small);
  if (packed.size() > encoded_block_bytes_max) return std::nullopt;
  return packed;
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
