#include "events/log/event_log.h"

#include "events/base/ranges.h"

#include <algorithm>

namespace events {

bool ReaderScope::includes(const ScopeSet& scope) const {
  if (whole_log) return true;
  return ranges::any_of(scope.units(),
                        [this](UnitId unit) { return ranges::binary_search(units, unit); });
}

std::uint64_t fingerprint_of(const Digest& root) {
  std::uint64_t fingerprint = 0;
  for (std::size_t index = 0; index < 8; ++index) {
    fingerprint = fingerprint << 8U | root.bytes[index];
  }
  return fingerprint;
}

Result<Digest> root_at(const EventLog& log, Position position) {
  if (position.value == 0) return empty_root();
  Result<std::optional<Bytes>> encoded = log.block_at(position);
  if (!encoded) return encoded.error();
  if (!*encoded) return Error{ErrorCode::log_diverged, "the cursor is beyond the head of the log"};
  Result<StoredBlock> block = decode_stored_block(**encoded);
  if (!block) return block.error();
  if (block->last() != position) {
    return Error{ErrorCode::log_diverged, "the cursor rests inside a block"};
  }
  return block->root_after;
}

Result<std::uint64_t> fingerprint_at(const EventLog& log, Position position) {
  const Result<Digest> root = root_at(log, position);
  if (!root) return root.error();
  return fingerprint_of(*root);
}

Result<ReaderSum> reader_sum_at(const EventLog& log, const ReaderScope& reader, Position position) {
  if (reader.whole_log) {
    const Result<std::uint64_t> fingerprint = fingerprint_at(log, position);
    if (!fingerprint) return fingerprint.error();
    return whole_log_sum(position.value, *fingerprint);
  }
  std::vector<ScopeSum> sums;
  sums.reserve(reader.units.size());
  for (const UnitId unit : reader.units) {
    const Result<ScopeSum> sum = log.scope_sum_at(unit, position);
    if (!sum) return sum.error();
    sums.push_back(*sum);
  }
  return reader_sum_of(reader.units, sums);
}

}  // namespace events
