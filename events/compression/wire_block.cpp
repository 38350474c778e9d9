#include "events/compression/wire_block.h"

#include "events/archive/compact.h"
#include "events/check.h"
#include "events/compression/block_head.h"
#include "events/compression/compression.h"
#include "events/compression/packed_events.h"
#include "events/crypto/serialize.h"

#include <algorithm>
#include <string>
#include <utility>

namespace events {
namespace {

/// Verdict and intake of one event; most events of a block have the same.
using Answer = BlockReceipt::Entry;

/// Each different answer once, in order of first use, and for each event which one.
void pack_answers(CompactOutput& archive, const std::vector<BlockEntry>& entries) {
  std::vector<Bytes> table;
  for (const BlockEntry& entry : entries) {
    Bytes answer = encode(Answer{entry.intake, entry.verdict});
    const auto place = std::ranges::find(table, answer);
    archive.write_varint(static_cast<std::uint64_t>(place - table.begin()));
    if (place != table.end()) continue;
    archive.write_bytes(answer);
    table.push_back(std::move(answer));
  }
}

void unpack_answers(CompactInput& archive, std::vector<BlockEntry>& entries) {
  std::vector<Answer> table;
  for (BlockEntry& entry : entries) {
    const std::uint64_t index = archive.read_varint();
    archive.expect(index <= table.size(), "no such answer in the table");
    if (index == table.size()) archive(table.emplace_back());
    entry.intake = table[index].intake;
    entry.verdict = table[index].verdict;
  }
}

template <class Block>
std::vector<ByteView> events_of(const Block& block) {
  std::vector<ByteView> events;
  if constexpr (std::is_same_v<Block, DeviceBlock>) {
    events.assign(block.events.begin(), block.events.end());
  } else {
    for (const BlockEntry& entry : block.entries) events.emplace_back(entry.canonical);
  }
  return events;
}

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
  std::ranges::copy(archive.read_bytes(hash_check_bytes), block.previous.bytes.begin());
  archive(block.signature);
  return read_count(archive, block);
}
std::size_t read_wire_head(CompactInput& archive, StoredBlock& block) {
  return read_head(archive, block);
}

void write_body(CompactOutput& archive, const DeviceBlock& block) {
  pack_events(archive, block.chain, block.first_seq, events_of(block));
}
void write_body(CompactOutput& archive, const StoredBlock& block) {
  pack_events(archive, block.chain, block.first_seq, events_of(block));
  pack_answers(archive, block.entries);
}

void read_body(CompactInput& archive, std::size_t count, DeviceBlock& block) {
  block.events = unpack_events(archive, block.chain, block.first_seq, count, block_bytes_max);
}
void read_body(CompactInput& archive, std::size_t count, StoredBlock& block) {
  std::vector<Bytes> events =
      unpack_events(archive, block.chain, block.first_seq, count, block_bytes_max);
  block.entries.resize(count);
  for (std::size_t index = 0; index < count; ++index) {
    block.entries[index].canonical = std::move(events[index]);
  }
  unpack_answers(archive, block.entries);
}

template <class Block>
Bytes body_of(const Block& block) {
  Bytes body;
  CompactOutput archive(body);
  write_body(archive, block);
  return body;
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

template <class Block>
Bytes pack(const Block& block, bool may_compress) {
  Bytes plain = encode_plain(block);
  if (!are_packable(block.chain, block.first_seq, events_of(block))) return plain;
  const Bytes body = body_of(block);
  if (body.size() > unpacked_bytes_max) return plain;
  Bytes packed = with_head(block, codec_packed, body);
  if (may_compress) {
    Bytes small;
    CompactOutput archive(small);
    archive(newest_dictionary);
    archive.write_varint(body.size());
    archive.write_bytes(compress(body, newest_dictionary));
    if (small.size() < body.size()) packed = with_head(block, codec_compressed, small);
  }
  return packed.size() < plain.size() ? packed : plain;
}

/// The columns of a packed or compressed block whose head was read.
Result<Bytes> read_columns(CompactInput& archive, std::uint8_t codec) {
  if (codec == codec_packed) {
    const ByteView rest = archive.rest();
    return Bytes(rest.begin(), rest.end());
  }
  DictionaryNumber dictionary = 0;
  archive(dictionary);
  const std::uint64_t size = archive.read_varint();
  archive.expect(size <= unpacked_bytes_max, "longer than its limit");
  return decompress(archive.rest(), dictionary, static_cast<std::size_t>(size));
}

template <class Block>
Result<Block> unpack(ByteView bytes, const std::function<Result<void>(Block&)>& complete) {
  const Result<std::uint8_t> codec = read_block_form(bytes);
  if (!codec) return codec.error();
  if (*codec == codec_plain) return decode_plain(bytes, static_cast<const Block*>(nullptr));
  if (*codec != codec_packed && *codec != codec_compressed) return unknown_codec(*codec);
  try {
    CompactInput archive(bytes.subspan(2));
    Block block;
    const std::size_t count = read_wire_head(archive, block);
    if (Result<void> completed = complete(block); !completed) return completed.error();
    const Result<Bytes> columns = read_columns(archive, *codec);
    if (!columns) return columns.error();
    CompactInput body(*columns);
    read_body(body, count, block);
    body.expect(body.rest().empty(), "bytes left over");
    return block;
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, std::string("packed block: ") + exception.what()};
  }
}

}  // namespace

Bytes packed_body(const DeviceBlock& block) { return body_of(block); }
Bytes packed_body(const StoredBlock& block) { return body_of(block); }
Bytes pack_block(const DeviceBlock& block) { return pack(block, true); }
Bytes pack_block(const StoredBlock& block) { return pack(block, true); }
Bytes pack_block_uncompressed(const DeviceBlock& block) { return pack(block, false); }
Bytes pack_block_uncompressed(const StoredBlock& block) { return pack(block, false); }

Result<DeviceBlock> unpack_device_block(ByteView bytes, const HashBefore& hash_before) {
  return unpack<DeviceBlock>(bytes, [&](DeviceBlock& head) -> Result<void> {
    const Result<Digest> known = hash_before(head);
    if (!known) return known.error();
    if (!std::equal(known->bytes.begin(), known->bytes.begin() + hash_check_bytes,
                    head.previous.bytes.begin())) {
      return Error{ErrorCode::fork, "the device has other events before these"};
    }
    head.previous = *known;
    return {};
  });
}

Result<StoredBlock> unpack_stored_block(ByteView bytes) {
  return unpack<StoredBlock>(bytes, [](StoredBlock&) -> Result<void> { return {}; });
}

}  // namespace events
