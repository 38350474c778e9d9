#include "events/log/block_head.h"

#include "events/base/calendar_end.h"
#include "events/crypto/serialize.h"

#include <string>

namespace events {
namespace {

std::size_t read_count(CompactInput& archive) {
  const std::uint64_t count = archive.read_varint();
  archive.expect(count >= 1, "a block without events");
  archive.expect(count <= block_events_max, "longer than its limit");
  return static_cast<std::size_t>(count);
}

void check_chain(const CompactInput& archive, ChainNumber chain) {
  archive.expect(chain.value >= 1 && chain.value <= chain_number_max, "chain out of range");
}

}  // namespace

void write_block_form(CompactOutput& archive, std::uint8_t codec) {
  archive.write_byte(block_form);
  archive.write_byte(codec);
}

Result<std::uint8_t> read_block_form(ByteView bytes) {
  if (bytes.size() > encoded_block_bytes_max) {
    return Error{ErrorCode::too_large,
                 "a block is at most " + std::to_string(encoded_block_bytes_max) + " bytes"};
  }
  if (bytes.size() < 2) return Error{ErrorCode::malformed, "block: truncated"};
  if (bytes[0] != block_form) {
    return Error{ErrorCode::unsupported,
                 "block form " + std::to_string(bytes[0]) + " is newer than this build"};
  }
  return bytes[1];
}

Error unknown_codec(std::uint8_t codec) {
  return Error{ErrorCode::unsupported,
               "block codec " + std::to_string(codec) + " is not read here"};
}

void write_head(CompactOutput& archive, const DeviceBlock& block) {
  archive(block.log, block.chain, block.first_seq, block.previous, block.signature);
  archive.write_varint(block.events.size());
}

void write_head(CompactOutput& archive, const StoredBlock& block) {
  archive(block.log, block.epoch, block.first, block.received_at, block.chain, block.first_seq,
          block.previous, block.scope, block.run.has_value());
  if (block.run) archive(block.run->first_seq, block.run->signature);
  archive(block.root_after);
  archive.write_varint(block.entries.size());
}

std::size_t read_head(CompactInput& archive, DeviceBlock& block) {
  archive(block.log, block.chain, block.first_seq, block.previous, block.signature);
  return read_count(archive, block);
}

std::size_t read_count(CompactInput& archive, const DeviceBlock& block) {
  const std::size_t count = read_count(archive);
  check_chain(archive, block.chain);
  archive.expect(are_seqs(block.first_seq, count), "no such seqs");
  return count;
}

std::size_t read_head(CompactInput& archive, StoredBlock& block) {
  archive(block.log, block.epoch, block.first, block.received_at, block.chain, block.first_seq,
          block.previous, block.scope);
  bool has_signature = false;
  archive(has_signature);
  if (has_signature) {
    RunSignature run;
    archive(run.first_seq, run.signature);
    block.run = run;
  }
  archive(block.root_after);
  const std::size_t count = read_count(archive);
  check_places(archive, block, count);
  return count;
}

void check_places(const CompactInput& archive, const StoredBlock& block, std::size_t count) {
  archive.expect(are_places(block.first, block.first_seq, count), "no such positions or seqs");
  archive.expect(is_in_calendar(block.received_at), "received after the year 9999");
  archive.expect(
      !block.run || (block.run->first_seq >= 1 && block.run->first_seq < block.first_seq + count),
      "a signed run does not end with the block");
  check_chain(archive, block.chain);
  archive.expect(!block.scope.empty(), "a block without scope");
}

}  // namespace events
