#include "clients/core/replica/head_comparison.h"

#include <optional>

namespace clients {

using events::Digest;
using events::Error;
using events::ErrorCode;
using events::Result;
using events::protocol::HeadClaim;
using events::protocol::HeadEvidence;

namespace {

/// The root that the log of that epoch has at that place, as far as it is known here.
std::optional<Digest> root_here(const Replica& replica, const HeadClaim& theirs) {
  if (const HeadEvidence* known = replica.head_store().of_epoch(theirs.epoch)) {
    const Result<HeadClaim> ours = events::protocol::read_claim(known->statement);
    if (ours && ours->position == theirs.position) return ours->root;
  }
  for (const auto& [first_seq, receipt] : replica.own().receipts()) {
    if (receipt.last() == theirs.position && receipt.epoch == theirs.epoch) {
      return receipt.root_after;
    }
  }
  const auto behind = replica.foreign().upper_bound(theirs.position);
  if (behind == replica.foreign().begin()) return std::nullopt;
  const events::StoredBlock& block = std::prev(behind)->second;
  const bool ends_there = block.last() == theirs.position && block.epoch == theirs.epoch;
  if (!ends_there || replica.is_unproved(theirs.position)) return std::nullopt;
  return block.root_after;
}

}  // namespace

Result<ComparedHead> compare_head(Replica& replica, const HeadEvidence& evidence,
                                  events::Timestamp now) {
  const Result<HeadClaim> theirs =
      events::protocol::check_evidence(evidence, replica.identity().server_key);
  if (!theirs) return theirs.error();
  if (theirs->log != replica.identity().log) {
    return Error{ErrorCode::wrong_log, "a checkpoint of another log"};
  }
  const std::optional<Digest> ours = root_here(replica, *theirs);
  if (!ours) return ComparedHead{*theirs, HeadComparison::unknown};
  if (*ours == theirs->root) return ComparedHead{*theirs, HeadComparison::same};

  LogAlarm alarm;
  alarm.kind = AlarmKind::forked;
  alarm.noticed_at = now;
  const HeadEvidence* before = replica.head_store().of_epoch(theirs->epoch);
  if (before == nullptr) before = replica.head_store().newest();
  if (before != nullptr) alarm.before = *before;
  alarm.now = evidence;
  if (Result<void> kept = replica.take_alarm(alarm, false); !kept) return kept.error();
  return ComparedHead{*theirs, HeadComparison::contradicts};
}

}  // namespace clients
