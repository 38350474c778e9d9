#include "events/protocol/incarnation_messages.h"

#include "events/archive/compact.h"
#include "events/base/text_limits.h"

namespace events::protocol {

Bytes new_chain_statement(LogId log, ChainNumber old_chain, const PublicKey& public_key,
                          const std::string& label) {
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-new-chain-1"));
  CompactOutput archive(statement);
  std::string text = label;
  archive(log, old_chain, public_key, bounded<text_limits::device_label>(text));
  return statement;
}

}  // namespace events::protocol
