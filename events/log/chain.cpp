#include "events/log/chain.h"

#include "events/archive/compact.h"
#include "events/crypto/serialize.h"

namespace events {

Digest chain_start(ChainNumber chain, const PublicKey& key) {
  Bytes start;
  append_bytes(start, bytes_of("khuyenhoc-chain-1"));
  CompactOutput archive(start);
  archive(chain, key);
  return sha256(start);
}

Digest chain_next(const Digest& previous, ByteView canonical) {
  return sha256(previous.bytes, sha256(canonical).bytes);
}

Bytes block_statement(LogId log, ChainNumber chain, std::uint64_t first_seq, std::uint64_t last_seq,
                      const Digest& last_hash) {
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-block-1"));
  CompactOutput archive(statement);
  archive(log, chain, first_seq, last_seq, last_hash);
  return statement;
}

}  // namespace events
