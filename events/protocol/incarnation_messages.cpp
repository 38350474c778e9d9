#include "events/protocol/incarnation_messages.h"

#include "events/archive/compact.h"

namespace events::protocol {

Bytes new_chain_statement(const NewChain& request) {
  NewChain unsigned_request = request;
  unsigned_request.old_proof = {};
  unsigned_request.new_proof = {};
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-new-chain-1"));
  CompactOutput archive(statement);
  archive(unsigned_request);
  return statement;
}

}  // namespace events::protocol
