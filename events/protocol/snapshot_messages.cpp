#include "events/protocol/snapshot_messages.h"

#include "events/archive/compact.h"
#include "events/crypto/digest.h"

namespace events::protocol {

Bytes snapshot_statement(const SnapshotManifest& manifest) {
  SnapshotManifest unsigned_manifest = manifest;
  unsigned_manifest.signature = {};
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-snapshot-1"));
  CompactOutput archive(statement);
  archive(unsigned_manifest);
  return statement;
}

Digest snapshot_name(const SnapshotManifest& manifest) {
  return sha256(snapshot_statement(manifest));
}

}  // namespace events::protocol
