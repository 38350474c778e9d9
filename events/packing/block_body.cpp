#include "events/packing/block_body.h"

#include "events/base/ranges.h"
#include "events/log/event.h"
#include "events/packing/compression.h"
#include "events/packing/packed_events.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace events {
namespace {

/// Stands for an acceptance with nothing more to say under the rules the author knew; no verdict
/// code is 0.
constexpr std::uint8_t plainly_accepted = 0;

Verdict plain_acceptance(RulesVersion rules) {
  Verdict verdict;
  verdict.code = VerdictCode::accepted;
  verdict.rules = rules;
  return verdict;
}

/// The rules that the author of an event names.
/// Throws: cereal::Exception.
RulesVersion rules_of(ByteView canonical) {
  const Result<EventHeader> header = read_event_header(canonical);
  if (!header) throw cereal::Exception(header.error().message);
  return header->rules;
}

/// Each different answer once, in order of first use, and for each event which one.
void pack_answers(CompactOutput& archive, const std::vector<BlockEntry>& entries) {
  std::vector<Bytes> table;
  for (const BlockEntry& entry : entries) {
    Bytes answer;
    CompactOutput writer(answer);
    writer(entry.intake);
    if (entry.verdict == plain_acceptance(rules_of(entry.canonical))) {
      writer.write_byte(plainly_accepted);
    } else {
      writer(entry.verdict);
    }
    const auto place = ranges::find(table, answer);
    archive.write_varint(static_cast<std::uint64_t>(place - table.begin()));
    if (place != table.end()) continue;
    archive.write_bytes(answer);
    table.push_back(std::move(answer));
  }
}

/// Verdict and intake of one event; most events of a block have the same.
struct Answer {
  Intake intake;
  std::optional<Verdict> verdict;  ///< None: plainly accepted.
};

Answer read_answer(CompactInput& archive) {
  Answer answer;
  archive(answer.intake);
  archive.expect(!archive.rest().empty(), "truncated");
  if (archive.rest().front() == plainly_accepted) {
    archive.read_byte();
  } else {
    archive(answer.verdict.emplace());
  }
  return answer;
}

void unpack_answers(CompactInput& archive, std::vector<BlockEntry>& entries) {
  std::vector<Answer> table;
  for (BlockEntry& entry : entries) {
    const std::uint64_t index = archive.read_varint();
    archive.expect(index <= table.size(), "no such answer in the table");
    if (index == table.size()) table.push_back(read_answer(archive));
    const Answer& answer = table[static_cast<std::size_t>(index)];
    entry.intake = answer.intake;
    entry.verdict = answer.verdict ? *answer.verdict : plain_acceptance(rules_of(entry.canonical));
  }
}

PackedRun run_of(const DeviceBlock& block, std::span<const Digest> beside) {
  constexpr Timestamp no_base{};  // A device block does not say when it was made.
  return {block.chain, block.first_seq, no_base, beside};
}
PackedRun run_of(const StoredBlock& block) {
  return {block.chain, block.first_seq, block.received_at, {}};
}

}  // namespace

std::vector<ByteView> events_of(const DeviceBlock& block) {
  return {block.events.begin(), block.events.end()};
}

std::vector<ByteView> events_of(const StoredBlock& block) {
  std::vector<ByteView> events;
  events.reserve(block.entries.size());
  for (const BlockEntry& entry : block.entries) events.emplace_back(entry.canonical);
  return events;
}

Bytes pack_body(const DeviceBlock& block, std::span<const Digest> beside) {
  Bytes body;
  CompactOutput archive(body);
  pack_events(archive, run_of(block, beside), events_of(block));
  return body;
}

Bytes pack_body(const StoredBlock& block) {
  Bytes body;
  CompactOutput archive(body);
  pack_events(archive, run_of(block), events_of(block));
  pack_answers(archive, block.entries);
  return body;
}

void unpack_body(ByteView body, std::size_t count, std::span<const Digest> beside,
                 DeviceBlock& block) {
  CompactInput archive(body);
  block.events = unpack_events(archive, run_of(block, beside), count, block_bytes_max);
  archive.expect(archive.rest().empty(), "bytes left over");
}

void unpack_body(ByteView body, std::size_t count, StoredBlock& block) {
  CompactInput archive(body);
  std::vector<Bytes> events = unpack_events(archive, run_of(block), count, block_bytes_max);
  block.entries.resize(count);
  for (std::size_t index = 0; index < count; ++index) {
    block.entries[index].canonical = std::move(events[index]);
  }
  unpack_answers(archive, block.entries);
  archive.expect(archive.rest().empty(), "bytes left over");
}

Bytes shrink(const Bytes& body) {
  Bytes small;
  CompactOutput archive(small);
  archive(newest_dictionary);
  archive.write_varint(body.size());
  archive.write_bytes(compress(body, newest_dictionary));
  if (small.size() >= body.size()) small.clear();
  return small;
}

Result<Bytes> read_body(CompactInput& archive, std::uint8_t codec) {
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

}  // namespace events
