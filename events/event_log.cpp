#include "events/event_log.h"

#include <algorithm>

namespace events {

bool ReaderScope::includes(const ScopeSet& scope) const {
  if (whole_log) return true;
  return std::ranges::any_of(
      scope.units(), [this](UnitId unit) { return std::ranges::binary_search(units, unit); });
}

std::uint64_t fingerprint_of(const Digest& root) {
  std::uint64_t fingerprint = 0;
  for (std::size_t index = 0; index < 8; ++index) {
    fingerprint = fingerprint << 8U | root.bytes[index];
  }
  return fingerprint;
}

Result<std::uint64_t> fingerprint_at(const EventLog& log, Position position) {
  if (position.value == 0) return fingerprint_of(empty_root());
  Result<std::optional<Bytes>> encoded = log.block_at(position);
  if (!encoded) return encoded.error();
  if (!*encoded) return Error{ErrorCode::log_diverged, "the cursor is beyond the head of the log"};
  Result<StoredBlock> block = decode_stored_block(**encoded);
  if (!block) return block.error();
  if (block->last() != position) {
    return Error{ErrorCode::log_diverged, "the cursor rests inside a block"};
  }
  return fingerprint_of(block->root_after);
}

}  // namespace events
