#include "clients/core/log/receipt_store.h"

#include <algorithm>
#include <iterator>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::protocol::SignedReceipt;

std::uint64_t receipt_key(const SignedReceipt& receipt) {
  return std::uint64_t{receipt.epoch.value} << 32U | receipt.chain.value;
}

Result<ReceiptStore> ReceiptStore::load(const ClientStore& store) {
  const Result<std::vector<SignedReceipt>> stored = store.signed_receipts();
  if (!stored) return stored.error();
  ReceiptStore book;
  for (const SignedReceipt& receipt : *stored) book.take(receipt);
  return book;
}

Result<bool> ReceiptStore::check(const SignedReceipt& receipt, const Identity& identity,
                                 const OfflineLog& own) const {
  if (receipt.log != identity.log || receipt.chain != identity.chain) {
    return Error{ErrorCode::wrong_log, "a receipt for another log or chain"};
  }
  if (!is_authentic(receipt, identity.server_key)) {
    return Error{ErrorCode::bad_signature, "a receipt that the server did not sign"};
  }
  if (const auto known = receipts_.find(receipt_key(receipt));
      known != receipts_.end() && known->second.upto_seq >= receipt.upto_seq) {
    return false;
  }
  if (receipt.upto_seq > own.head().seq || own.hash_at(receipt.upto_seq) != receipt.chain_hash) {
    return Error{ErrorCode::log_diverged, "a receipt for events this device never made"};
  }
  const auto block = own.receipts().upper_bound(receipt.upto_seq);
  const bool has_block = block != own.receipts().begin();
  if (!has_block || std::prev(block)->second.last_seq() != receipt.upto_seq ||
      std::prev(block)->second.last() != receipt.position ||
      std::prev(block)->second.root_after != receipt.root) {
    return Error{ErrorCode::log_diverged, "a signed receipt differs from that of its block"};
  }
  return true;
}

void ReceiptStore::take(const SignedReceipt& receipt) {
  receipts_.insert_or_assign(receipt_key(receipt), receipt);
}

std::uint64_t ReceiptStore::covers(events::ChainNumber chain) const {
  std::uint64_t upto = 0;
  for (const auto& [key, receipt] : receipts_) {
    if (receipt.chain == chain) upto = std::max(upto, receipt.upto_seq);
  }
  return upto;
}

std::optional<SignedReceipt> ReceiptStore::covering(events::ChainNumber chain,
                                                    std::uint64_t seq) const {
  std::optional<SignedReceipt> newest;
  for (const auto& [key, receipt] : receipts_) {
    if (receipt.chain == chain && receipt.upto_seq >= seq) newest = receipt;
  }
  return newest;
}

std::vector<SignedReceipt> ReceiptStore::all() const {
  std::vector<SignedReceipt> all;
  for (const auto& [key, receipt] : receipts_) all.push_back(receipt);
  return all;
}

}  // namespace clients
