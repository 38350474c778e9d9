#pragma once

#include "clients/core/log/offline_log.h"
#include "clients/core/log/store.h"
#include "events/base/result.h"
#include "events/protocol/messages.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace clients {

/// The signed receipts of a device.  Each proves everything before it in its chain and in the log,
/// so the newest of an epoch and chain is enough; those of earlier epochs stay for ever, because a
/// log that was restored is compared with what it had promised before.
///
/// Thread: one at a time.
class ReceiptStore {
 public:
  static events::Result<ReceiptStore> load(const ClientStore& store);

  /// Whether the receipt says more than what is in the book.
  /// Errors:  bad_signature: not the server's; wrong_log; log_diverged: it contradicts the device's
  ///          own chain or the receipts of its blocks.
  events::Result<bool> check(const events::protocol::SignedReceipt& receipt,
                             const Identity& identity, const OfflineLog& own) const;
  /// Takes in a receipt that was checked and made durable.
  void take(const events::protocol::SignedReceipt& receipt);

  /// The last own event that a receipt of the chain covers; 0: none.
  std::uint64_t covers(events::ChainNumber chain) const;
  /// The newest receipt that covers event `seq` of the chain.
  std::optional<events::protocol::SignedReceipt> covering(events::ChainNumber chain,
                                                          std::uint64_t seq) const;
  /// By epoch, then chain.
  std::vector<events::protocol::SignedReceipt> all() const;

 private:
  std::map<std::uint64_t, events::protocol::SignedReceipt> receipts_;  // By receipt_key().
};

/// Where a store keeps a receipt: one for each epoch and chain.
std::uint64_t receipt_key(const events::protocol::SignedReceipt& receipt);

}  // namespace clients
