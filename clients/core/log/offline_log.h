#pragma once

#include "clients/core/log/store.h"
#include "events/base/result.h"
#include "events/log/block.h"
#include "events/log/chain.h"
#include "events/log/event.h"
#include "events/log/stored_event.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace clients {

/// An own event in memory.
struct OwnEntry {
  events::Event event;
  events::ScopeSet scope;
  std::uint8_t content{};
  events::Digest hash_after;  ///< Chain hash after it.
};

/// The device's own chain, kept for ever: its events, the receipts the server gave for them, and
/// how it is cut into signed blocks.
///
/// State: entries 1 … head, receipts for 1 … verdicts_known without a gap.  The store is written by
///        the owner: a function that prepares fills a StoreChange; the one that takes in follows
///        once that change is durable.
/// Thread: one at a time.
/// Lifetime: the store outlives it.
class OfflineLog {
 public:
  OfflineLog() = default;

  /// What the store holds.
  /// Errors:  storage_corrupt: an event or receipt does not continue the one before.
  static events::Result<OfflineLog> load(const ClientStore& store, const Identity& identity);

  events::ChainHead head() const;
  /// Chain hash after `seq`; of the empty chain for 0.
  /// Expects: seq ≤ head().seq.
  const events::Digest& hash_at(std::uint64_t seq) const;
  /// Expects: 1 ≤ seq ≤ head().seq.
  const OwnEntry& entry(std::uint64_t seq) const;

  /// Takes in events that were just made durable.
  /// Expects: each is the next of the chain.
  void append(std::span<const OwnEntry> entries);

  /// Own events up to here have their receipts.
  std::uint64_t verdicts_known() const { return verdicts_known_; }
  const std::map<std::uint64_t, events::BlockReceipt>& receipts() const { return receipts_; }
  /// Those of `receipts`, in order of seq, that say something new.
  /// Errors:  gap: receipts before one are missing; malformed: one overlaps in part, differs from
  ///          the one known, or names events this device never made.
  events::Result<std::vector<events::BlockReceipt>> new_receipts(
      std::span<const events::BlockReceipt> receipts) const;
  /// Takes in a receipt that was checked and made durable.
  void take_receipt(const events::BlockReceipt& receipt);
  void drop_receipts();

  /// The own event as the log holds it; nothing while its receipt is missing.
  std::optional<events::StoredEvent> stored(std::uint64_t seq) const;

  /// Whom the log shows the own event to: it may have judged by newer units than this device.
  /// Expects: its receipt is here.
  const events::ScopeSet& scope_in_log(std::uint64_t seq) const;

  /// The own block of a receipt as the log held it, with the signature of its run.
  /// Expects: a receipt of this chain, taken.
  /// Errors:  needs_signature; device_storage.
  events::Result<events::StoredBlock> stored_block(const events::BlockReceipt& receipt) const;

  /// What signs for this chain.
  /// Expects: the device is not locked.
  const Signer& signer() const;

  /// Signs the next blocks from `first_seq` to `last_seq`, at most `blocks_max` of them.  A block
  /// ends at 100 events, at 12 KiB, where the scope changes, and where it ended when it was cut
  /// before; new ends are added to `*new_cuts`, to be made durable before the block is sent.
  /// Errors:  needs_signature: of one or more blocks, which were all asked for; device_storage.
  events::Result<std::vector<events::DeviceBlock>> cut(std::uint64_t first_seq,
                                                       std::uint64_t last_seq,
                                                       std::size_t blocks_max,
                                                       std::vector<std::uint64_t>* new_cuts) const;
  void take_cuts(std::span<const std::uint64_t> cuts);
  /// The first event of the act to which own event `seq` belongs: what one person recorded at one
  /// moment.
  std::uint64_t first_of_act(std::uint64_t seq) const;
  /// Own events behind this one were never sent.
  std::uint64_t sent_upto() const { return cuts_.empty() ? 0 : *cuts_.rbegin(); }

 private:
  std::uint64_t end_of_block(std::uint64_t first_seq) const;
  /// The signature that was kept of these events, or a new one.
  events::Result<events::Signature> signature_of(std::uint64_t first_seq,
                                                 std::uint64_t last_seq) const;
  bool is_known(const events::BlockReceipt& receipt) const;

  events::LogId log_;
  events::ChainNumber chain_;
  const ClientStore* store_ = nullptr;
  std::unique_ptr<const Signer> signer_;  // Null while the device is locked.
  events::Digest start_;
  std::vector<OwnEntry> entries_;                           // Index: seq − 1.
  std::map<std::uint64_t, events::BlockReceipt> receipts_;  // By first seq.
  std::uint64_t verdicts_known_ = 0;
  std::set<std::uint64_t> cuts_;
};

}  // namespace clients
