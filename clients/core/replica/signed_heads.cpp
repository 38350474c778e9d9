#include "clients/core/replica/replica.h"
#include "events/base/ranges.h"

#include <algorithm>

// What a replica counts and keeps, so that a log which says one thing today and another thing
// tomorrow is found out.

namespace clients {

using events::BlockReceipt;
using events::Position;
using events::Result;

events::ReaderSum Replica::scope_sum(Position upto) {
  if (!tally_ || tally_->upto() > upto) {
    tally_ = base_ ? ScopeTally(pull_.scope, *base_, base_sums_) : ScopeTally(pull_.scope);
  }
  ScopeTally& tally = *tally_;
  auto own = own_.receipts().begin();
  while (own != own_.receipts().end() && own->second.first <= tally.upto()) ++own;
  auto foreign = foreign_.upper_bound(tally.upto());
  const auto count_foreign_before = [&](Position limit) {
    for (; foreign != foreign_.end() && foreign->first < limit; ++foreign) {
      const events::StoredBlock& block = foreign->second;
      const auto live = unproved_.find(block.first);
      const std::uint64_t fingerprint =
          live != unproved_.end() ? live->second : events::fingerprint_of(block.root_after);
      tally.add(block.scope, block.first, block.last(), fingerprint);
    }
  };
  for (; own != own_.receipts().end() && own->second.first <= upto; ++own) {
    const BlockReceipt& receipt = own->second;
    count_foreign_before(receipt.first);
    tally.add(receipt.scope, receipt.first, receipt.last(),
              events::fingerprint_of(receipt.root_after));
  }
  count_foreign_before(Position{upto.value + 1});
  tally.advance(upto);
  return tally.sum();
}

Result<void> Replica::take_head(const events::protocol::HeadEvidence& evidence,
                                const events::protocol::HeadClaim& claim) {
  StoreChange change;
  change.settings = head_store_.with(evidence, claim);
  if (change.settings.empty()) return {};
  if (Result<void> written = store_->commit(change); !written) return written;
  head_store_.take(evidence, claim);
  return {};
}

bool Replica::knows_epoch(events::Epoch epoch) const {
  const std::optional<events::protocol::HeadClaim> newest = head_store_.newest_claim();
  // The first contact has nothing to compare; a snapshot is signed as a whole.
  if (!newest || newest->epoch >= epoch) return true;
  if (base_ && pull_.cursor.epoch == epoch) return true;
  const auto explains = [&](const events::Event& event) {
    const auto* const restored = std::get_if<events::LogRestored>(&event.payload);
    return restored != nullptr && restored->after == epoch;
  };
  return events::ranges::any_of(foreign_, [&](const auto& row) {
    const events::StoredBlock& block = row.second;
    if (block.chain != events::system_chain || block.epoch != epoch) return false;
    return events::ranges::any_of(block.entries, [&](const events::BlockEntry& entry) {
      const Result<events::Event> event = events::read_event(entry.canonical);
      return event && explains(*event);
    });
  });
}

}  // namespace clients
