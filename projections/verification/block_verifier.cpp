#include "projections/verification/block_verifier.h"

namespace verification {

using events::Position;
using events::Result;

namespace {

/// How many events pass between two calls of Progress.
constexpr std::uint64_t progress_step = 10'000;

}  // namespace

BlockVerifier::BlockVerifier(Report& report, const Progress& progress)
    : report_(report), progress_(progress), structure_(report), judging_(report) {
  report_.apply(Check::blocks);
}

bool BlockVerifier::take(events::ByteView encoded, std::span<const events::Digest> leaf_hashes,
                         const std::string& place) {
  report_.count(Check::blocks);
  const Result<events::StoredBlock> block = events::decode_stored_block(encoded);
  if (!block) return lose(leaf_hashes, place, block.error().message);
  const Result<std::vector<events::StoredEvent>> stored = events::stored_events(*block);
  if (!stored) {
    name_unreadable(*block, place);
    return lose(leaf_hashes, place, stored.error().message);
  }
  structure_.take(*block, *stored, leaf_hashes, place);
  if (structure_.complete()) {
    judging_.take(*block, *stored, place);
  } else {
    judging_.stop("events before position " + std::to_string(block->first.value) +
                  " are missing or unreadable");
  }
  report_.log = block->log;
  report_.epoch = block->epoch;
  if (progress_ && block->last().value / progress_step > block->first.value / progress_step) {
    progress_(block->last());
  }
  return true;
}

bool BlockVerifier::lose(std::span<const events::Digest> leaf_hashes, const std::string& place,
                         const std::string& why) {
  const Position first = structure_.next_position();
  const Position last{first.value + (leaf_hashes.empty() ? 0 : leaf_hashes.size() - 1)};
  report_.add({Check::blocks, first, last, {}, {}, place, "a block cannot be read: " + why});
  structure_.lose(leaf_hashes);
  judging_.stop("the events from position " + std::to_string(first.value) + " on cannot be read");
  return false;
}

void BlockVerifier::finish(Position position, const events::Digest& root) {
  structure_.finish(position, root);
  if (structure_.complete()) judging_.finish();
  report_.position = position;
  report_.root = events::to_hex(root.bytes);
  if (structure_.server_key()) report_.server_key = events::to_hex(structure_.server_key()->bytes);
  report_.origin = structure_.origin();
}

void BlockVerifier::name_unreadable(const events::StoredBlock& block, const std::string& place) {
  for (std::size_t index = 0; index < block.entries.size(); ++index) {
    const Position position{block.first.value + index};
    const events::EventId id{block.chain, block.first_seq + index};
    const Result<events::Event> event = events::read_event(block.entries[index].canonical);
    if (!event) {
      report_.add({Check::blocks,
                   position,
                   position,
                   id,
                   {},
                   place,
                   "the event cannot be read: " + event.error().message});
    } else if (event->id() != id) {
      report_.add({Check::blocks, position, position, id, kind_of(*event), place,
                   "event " + to_string(event->id()) + " stands in its place"});
    }
  }
}

}  // namespace verification
