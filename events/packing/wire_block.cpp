#include "events/packing/wire_block.h"

#include "events/base/ranges.h"
#include "events/crypto/serialize.h"
#include "events/log/block_head.h"
#include "events/packing/block_body.h"
#include "events/packing/digest_cuts.h"
#include "events/packing/packed_events.h"

#include <algorithm>
#include <string>
#include <utility>

namespace events {
namespace {

Bytes encode_plain(const DeviceBlock& block) { return encode_device_block(block); }
Bytes encode_plain(const StoredBlock& block) { return encode_stored_block(block); }
Result<DeviceBlock> decode_plain(ByteView bytes, const DeviceBlock*) {
  return decode_device_block(bytes);
}
Result<StoredBlock> decode_plain(ByteView bytes, const StoredBlock*) {
  return decode_stored_block(bytes);
}

/// Of the hash before a pushed run these bytes travel: the server knows it, and the signature
/// covers all of it.
constexpr std::size_t hash_check_bytes = 8;

void write_wire_head(CompactOutput& archive, const DeviceBlock& block) {
  archive(block.log, block.chain, block.first_seq);
  archive.write_bytes(ByteView(block.previous.bytes).first(hash_check_bytes));
  archive(block.signature);
  archive.write_varint(block.events.size());
}
void write_wire_head(CompactOutput& archive, const StoredBlock& block) {
  write_head(archive, block);
}

std::size_t read_wire_head(CompactInput& archive, DeviceBlock& block) {
  archive(block.log, block.chain, block.first_seq);
  ranges::copy(archive.read_bytes(hash_check_bytes), block.previous.bytes.begin());
  archive(block.signature);
  return read_count(archive, block);
}
std::size_t read_wire_head(CompactInput& archive, StoredBlock& block) {
  return read_head(archive, block);
}

template <class Block>
Bytes with_head(const Block& block, std::uint8_t codec, const Bytes& rest) {
  Bytes bytes;
  CompactOutput archive(bytes);
  write_block_form(archive, codec);
  write_wire_head(archive, block);
  archive.write_bytes(rest);
  return bytes;
}

template <class Block, class... Beside>
Bytes pack(const Block& block, bool may_compress, Beside... beside) {
  Bytes plain = encode_plain(block);
  if (!are_packable(block.chain, block.first_seq, events_of(block))) return plain;
  const Bytes body = pack_body(block, beside...);
  if (body.size() > unpacked_bytes_max) return plain;
  Bytes packed = with_head(block, codec_packed, body);
  if (may_compress) {
    const Bytes small = shrink(body);
    if (!small.empty()) packed = with_head(block, codec_compressed, small);
  }
  return packed.size() < plain.size() ? packed : plain;
}

/// `complete`: takes the head, before the events are unpacked.
template <class Block, class... Beside>
Result<Block> unpack(ByteView bytes, const std::function<Result<void>(Block&)>& complete,
                     Beside... beside) {
  const Result<std::uint8_t> codec = read_block_form(bytes);
  if (!codec) return codec.error();
  if (*codec == codec_plain) return decode_plain(bytes, static_cast<const Block*>(nullptr));
  if (*codec != codec_packed && *codec != codec_compressed) return unknown_codec(*codec);
  try {
    CompactInput archive(bytes.subspan(2));
    Block block;
    const std::size_t count = read_wire_head(archive, block);
    if (Result<void> completed = complete(block); !completed) return completed.error();
    const Result<Bytes> body = read_body(archive, *codec);
    if (!body) return body.error();
    unpack_body(*body, count, beside..., block);
    return block;
  } catch (const RecordMissing& missing) {
    return Error{ErrorCode::private_missing, missing.what()};
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, std::string("packed block: ") + exception.what()};
  }
}

}  // namespace

Bytes pack_block(const DeviceBlock& block, std::span<const Digest> beside) {
  return pack(block, true, beside);
}
Bytes pack_block(const StoredBlock& block) { return pack(block, true); }
Bytes pack_block_uncompressed(const DeviceBlock& block, std::span<const Digest> beside) {
  return pack(block, false, beside);
}
Bytes pack_block_uncompressed(const StoredBlock& block) { return pack(block, false); }

Result<DeviceBlock> unpack_device_block(ByteView bytes, const HashBefore& hash_before,
                                        std::span<const Digest> beside) {
  const auto complete = [&](DeviceBlock& head) -> Result<void> {
    const Result<Digest> known = hash_before(head);
    if (!known) return known.error();
    if (!std::equal(known->bytes.begin(), known->bytes.begin() + hash_check_bytes,
                    head.previous.bytes.begin())) {
      return Error{ErrorCode::fork, "the device has other events before these"};
    }
    head.previous = *known;
    return {};
  };
  return unpack<DeviceBlock>(bytes, complete, beside);
}

Result<StoredBlock> unpack_stored_block(ByteView bytes) {
  return unpack<StoredBlock>(bytes, [](StoredBlock&) -> Result<void> { return {}; });
}

}  // namespace events
