#include "events/protocol/file_messages.h"

#include "events/archive/compact.h"

namespace events::protocol {

PossessionProof::PossessionProof(ChainNumber chain, const FileName& file) {
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-file-proof-1"));
  CompactOutput archive(statement);
  FileName name = file;
  archive(chain, name);
  hash_.add(statement);
}

Digest possession_proof(ChainNumber chain, const FileName& file, ByteView bytes) {
  PossessionProof proof(chain, file);
  proof.add(bytes);
  return proof.finish();
}

}  // namespace events::protocol
