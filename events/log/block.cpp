#include "events/log/block.h"

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "events/log/block_head.h"

#include <string>
#include <utility>

namespace events {
namespace {

/// The log's own form is plain; what travels packed is read by compression/wire_block.h.
Result<void> check_form(ByteView bytes) {
  const Result<std::uint8_t> codec = read_block_form(bytes);
  if (!codec) return codec.error();
  if (*codec != codec_plain) return unknown_codec(*codec);
  return {};
}

void skip_form(CompactInput& archive) { archive.read_bytes(2); }

/// Everything of a stored block before its entries; leaves the archive at the first entry.
std::vector<std::size_t> read_stored_head(CompactInput& archive, StoredBlock& block) {
  skip_form(archive);
  std::vector<std::size_t> lengths(read_head(archive, block));
  for (std::size_t& length : lengths) length = archive.read_length(encoded_block_bytes_max);
  return lengths;
}

BlockEntry read_entry(ByteView bytes) {
  CompactInput archive(bytes);
  BlockEntry entry;
  archive(entry.intake, bounded<event_bytes_max>(entry.canonical), entry.verdict);
  archive.expect(archive.rest().empty(), "bytes left over in an entry");
  return entry;
}

Result<StoredEvent> stored_event_of(const StoredBlock& head, std::uint64_t index,
                                    BlockEntry entry) {
  Result<Event> event = read_event(std::move(entry.canonical));
  if (!event) return event.error();
  if (event->header.chain != head.chain || event->header.seq != head.first_seq + index) {
    return Error{ErrorCode::malformed, "an event names another place than its block"};
  }
  return StoredEvent{Position{head.first.value + index}, head.received_at, entry.intake,
                     std::move(*event), std::move(entry.verdict)};
}

}  // namespace

Digest hash_after(const Digest& previous, const std::vector<Bytes>& events) {
  Digest hash = previous;
  for (const Bytes& canonical : events) hash = chain_next(hash, canonical);
  return hash;
}

DeviceBlock sign_block(LogId log, ChainNumber chain, std::uint64_t first_seq,
                       const Digest& previous, std::vector<Bytes> events, const SigningKey& key) {
  CHECK(!events.empty() && events.size() <= block_events_max, "callers cut runs at 100 events");
  DeviceBlock block{log, chain, first_seq, previous, {}, std::move(events)};
  block.signature = key.sign(
      block_statement(log, chain, first_seq, block.last_seq(), hash_after(previous, block.events)));
  return block;
}

Bytes encode_device_block(const DeviceBlock& block) {
  Bytes bytes;
  CompactOutput archive(bytes);
  write_block_form(archive, codec_plain);
  write_head(archive, block);
  for (const Bytes& canonical : block.events) archive(bounded<event_bytes_max>(canonical));
  return bytes;
}

Result<DeviceBlock> decode_device_block(ByteView bytes) {
  if (auto readable = check_form(bytes); !readable) return readable.error();
  try {
    CompactInput archive(bytes);
    skip_form(archive);
    DeviceBlock block;
    const std::size_t count = read_head(archive, block);
    std::size_t total = 0;
    block.events.reserve(count);
    for (std::size_t index = 0; index < count; ++index) {
      archive(bounded<event_bytes_max>(block.events.emplace_back()));
      total += block.events.back().size();
    }
    archive.expect(total <= block_bytes_max, "events of more than 12 KiB");
    archive.expect(archive.rest().empty(), "bytes left over");
    return block;
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, std::string("block: ") + exception.what()};
  }
}

Result<void> verify_device_block(const DeviceBlock& block, const VerifyingKey& key) {
  for (std::size_t index = 0; index < block.events.size(); ++index) {
    const Result<EventHeader> header = read_event_header(block.events[index]);
    if (!header) return header.error();
    if (header->chain != block.chain || header->seq != block.first_seq + index) {
      return Error{ErrorCode::malformed, "an event names another place than its block"};
    }
  }
  const Digest last = hash_after(block.previous, block.events);
  if (!key.verify(block_statement(block.log, block.chain, block.first_seq, block.last_seq(), last),
                  block.signature)) {
    return Error{ErrorCode::bad_signature, "block of chain " + std::to_string(block.chain.value) +
                                               " from seq " + std::to_string(block.first_seq)};
  }
  return {};
}

Bytes encode_stored_block(const StoredBlock& block) {
  Bytes entries;
  std::vector<std::size_t> lengths;
  lengths.reserve(block.entries.size());
  {
    CompactOutput archive(entries);
    for (const BlockEntry& entry : block.entries) {
      const std::size_t before = entries.size();
      archive(entry.intake, bounded<event_bytes_max>(entry.canonical), entry.verdict);
      lengths.push_back(entries.size() - before);
    }
  }
  Bytes bytes;
  bytes.reserve(entries.size() + 2 * lengths.size() + 240);
  CompactOutput archive(bytes);
  write_block_form(archive, codec_plain);
  write_head(archive, block);
  for (const std::size_t length : lengths) archive.write_varint(length);
  archive.write_bytes(entries);
  return bytes;
}

Result<StoredBlock> decode_stored_block(ByteView bytes) {
  if (auto readable = check_form(bytes); !readable) return readable.error();
  try {
    CompactInput archive(bytes);
    StoredBlock block;
    const std::vector<std::size_t> lengths = read_stored_head(archive, block);
    block.entries.reserve(lengths.size());
    for (const std::size_t length : lengths) {
      block.entries.push_back(read_entry(archive.read_bytes(length)));
    }
    archive.expect(archive.rest().empty(), "bytes left over");
    return block;
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, std::string("stored block: ") + exception.what()};
  }
}

Result<std::vector<StoredEvent>> stored_events(const StoredBlock& block) {
  return stored_events(StoredBlock(block));
}

Result<std::vector<StoredEvent>> stored_events(StoredBlock&& block) {
  std::vector<StoredEvent> events;
  events.reserve(block.entries.size());
  for (std::size_t index = 0; index < block.entries.size(); ++index) {
    Result<StoredEvent> stored = stored_event_of(block, index, std::move(block.entries[index]));
    if (!stored) return stored.error();
    events.push_back(std::move(*stored));
  }
  return events;
}

Result<StoredEvent> stored_event_at(ByteView encoded_block, Position position) {
  if (auto readable = check_form(encoded_block); !readable) return readable.error();
  try {
    CompactInput archive(encoded_block);
    StoredBlock head;
    const std::vector<std::size_t> lengths = read_stored_head(archive, head);
    if (position < head.first || position.value >= head.first.value + lengths.size()) {
      return Error{ErrorCode::not_found, "the position is not in this block"};
    }
    const std::uint64_t index = position.value - head.first.value;
    for (std::uint64_t before = 0; before < index; ++before) archive.read_bytes(lengths[before]);
    return stored_event_of(head, index, read_entry(archive.read_bytes(lengths[index])));
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, std::string("stored block: ") + exception.what()};
  }
}

BlockReceipt receipt_of(const StoredBlock& block) {
  BlockReceipt receipt{block.epoch,      block.first, block.received_at,
                       block.first_seq,  block.scope, block.run ? block.run->first_seq : 0,
                       block.root_after, {}};
  receipt.entries.reserve(block.entries.size());
  for (const BlockEntry& entry : block.entries) {
    receipt.entries.push_back({entry.intake, entry.verdict});
  }
  return receipt;
}

}  // namespace events
