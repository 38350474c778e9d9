#include "tests/support/restored_builders.h"

#include "tests/support/event_builders.h"

namespace test_support {

events::protocol::SignedReceipt a_signed_receipt() {
  events::protocol::SignedReceipt receipt;
  receipt.log = a_log;
  receipt.epoch = events::Epoch{1};
  receipt.chain = a_chain;
  receipt.upto_seq = 3;
  receipt.chain_hash = a_digest(3);
  receipt.position = events::Position{4};
  receipt.root = a_digest(4);
  receipt.signature = a_key(1).sign(events::protocol::receipt_statement(receipt));
  return receipt;
}

events::protocol::NewChain a_new_chain_request() {
  const events::SigningKey new_key = a_key(8);
  events::protocol::NewChain request;
  request.log = a_log;
  request.chain = a_chain;
  request.common_seq = 3;
  request.common_hash = a_digest(3);
  request.public_key = new_key.public_key();
  request.label = "Laptop Hội Khuyến học xã";
  request.hashes = {events::fingerprint_of(a_digest(5)), events::fingerprint_of(a_digest(6))};
  const events::Bytes statement = events::protocol::new_chain_statement(
      request.log, request.chain, request.public_key, request.label);
  request.old_proof = a_key().sign(statement);
  request.new_proof = new_key.sign(statement);
  return request;
}

}  // namespace test_support
