#include "events/protocol/receipt_messages.h"

#include "events/archive/compact.h"

namespace events::protocol {

Bytes receipt_statement(const SignedReceipt& receipt) {
  SignedReceipt unsigned_receipt = receipt;
  unsigned_receipt.signature = {};
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-receipt-1"));
  CompactOutput archive(statement);
  archive(unsigned_receipt);
  return statement;
}

bool is_authentic(const SignedReceipt& receipt, const PublicKey& server_key) {
  return verify(server_key, receipt_statement(receipt), receipt.signature);
}

}  // namespace events::protocol
