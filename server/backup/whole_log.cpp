#include "server/backup/whole_log.h"

#include "events/block.h"
#include "events/event.h"
#include "events/merkle.h"

#include <map>
#include <optional>
#include <variant>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;
using events::StoredBlock;

namespace {

constexpr std::uint64_t progress_step = 20'000;

Error corrupt_at(Position position, const std::string& what) {
  return {ErrorCode::storage_corrupt, "position " + std::to_string(position.value) + ": " + what};
}

/// What one walk over a log has seen.
struct Walk {
  events::Frontier frontier;
  std::map<events::ChainNumber, events::ChainHead> chains;

  Result<void> take(const StoredBlock& block) {
    if (block.first.value != frontier.size() + 1) return corrupt_at(block.first, "a gap before it");
    const auto [chain, is_new] = chains.try_emplace(block.chain, events::ChainHead{0, {}});
    if (block.first_seq != chain->second.seq + 1) {
      return corrupt_at(block.first, "it does not continue its chain");
    }
    if (!is_new && block.previous != chain->second.hash) {
      return corrupt_at(block.first, "its chain hash is another");
    }
    chain->second = {block.first_seq - 1, block.previous};
    events::Bytes leaf;
    for (const events::BlockEntry& entry : block.entries) {
      const Position position{frontier.size() + 1};
      const Result<events::EventHeader> header = events::read_event_header(entry.canonical);
      if (!header) return corrupt_at(position, header.error().message);
      if (header->id() != events::EventId{block.chain, chain->second.seq + 1}) {
        return corrupt_at(position, "an event out of its place");
      }
      events::write_leaf(position, block.received_at, entry.intake, entry.canonical, entry.verdict,
                         leaf);
      frontier.append(events::leaf_hash(leaf));
      chain->second = {header->seq, events::chain_next(chain->second.hash, entry.canonical)};
    }
    if (frontier.root() != block.root_after) {
      return corrupt_at(block.last(), "the root is not that of the events");
    }
    return {};
  }
};

}  // namespace

Result<LogName> name_of_log(const events::EventLog& log) {
  const Result<std::optional<events::Bytes>> first = log.block_at(Position{1});
  if (!first) return first.error();
  if (!*first) return Error{ErrorCode::not_found, "the log is not founded yet"};
  const Result<events::StoredEvent> stored = events::stored_event_at(**first, Position{1});
  if (!stored) return stored.error();
  const auto* const founded = std::get_if<events::LogFounded>(&stored->event.payload);
  if (founded == nullptr) return corrupt_at(Position{1}, "not the founding of a log");
  return LogName{founded->origin, founded->server_key};
}

Result<void> check_whole_log(const events::EventLog& log, const OnProgress& on_progress) {
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  const events::LogHead head = log.head();
  Walk walk;
  std::uint64_t told = 0;
  while (walk.frontier.size() < head.position.value) {
    Position scanned_to;
    const Result<std::optional<events::Bytes>> encoded =
        log.next_block(everything, Position{walk.frontier.size()}, &scanned_to);
    if (!encoded) return encoded.error();
    if (!*encoded) return corrupt_at(Position{walk.frontier.size() + 1}, "no block holds it");
    const Result<StoredBlock> block = events::decode_stored_block(**encoded);
    if (!block) {
      return corrupt_at(Position{walk.frontier.size() + 1}, block.error().message);
    }
    if (auto taken = walk.take(*block); !taken) return taken;
    if (walk.frontier.size() - told >= progress_step ||
        walk.frontier.size() == head.position.value) {
      told = walk.frontier.size();
      if (on_progress) on_progress("verify", told, head.position.value);
    }
  }
  if (walk.frontier.root() == head.root) return {};
  return corrupt_at(head.position, "the root at the head is not that of the events");
}

}  // namespace server
