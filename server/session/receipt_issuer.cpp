#include "server/session/receipt_issuer.h"

#include "server/commit/batch.h"

namespace server {

using events::Result;
using events::protocol::SignedReceipt;

ReceiptIssuer::ReceiptIssuer(const events::EventLog& log, const events::SigningKey& key,
                             const events::protocol::Hello& hello)
    : log_(log),
      key_(key),
      chain_(hello.chain),
      announced_(hello.head_seq),
      receipted_(hello.verdicts_known) {}

Result<SignedReceipt> ReceiptIssuer::issue(std::uint64_t verdicts_sent) {
  const Result<events::BlockReceipt> last = stored_receipt_at(log_, chain_, verdicts_sent);
  if (!last) return last.error();
  const Result<events::Digest> hash = stored_hash_at(log_, chain_, last->last_seq());
  if (!hash) return hash.error();
  const events::LogHead head = log_.head();
  SignedReceipt receipt{.log = head.log,
                        .epoch = head.epoch,
                        .chain = chain_,
                        .upto_seq = last->last_seq(),
                        .chain_hash = *hash,
                        .position = last->last(),
                        .root = last->root_after,
                        .signature = {}};
  receipt.signature = key_.sign(events::protocol::receipt_statement(receipt));
  receipted_ = receipt.upto_seq;
  return receipt;
}

}  // namespace server
