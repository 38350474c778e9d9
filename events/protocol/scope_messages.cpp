#include "events/protocol/scope_messages.h"

#include "events/archive/compact.h"
#include "events/crypto/digest.h"
#include "events/log/chain.h"

namespace events::protocol {

std::uint64_t access_digest_of(const ReaderScope& scope, const PrivateAccess& private_access) {
  Bytes bytes;
  CompactOutput archive(bytes);
  archive(scope, private_access);
  return fingerprint_of(sha256(bytes));
}

Bytes scope_grant_statement(const ScopeGrant& grant) {
  ScopeGrant unsigned_grant = grant;
  unsigned_grant.signature = {};
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-scope-1"));
  CompactOutput archive(statement);
  archive(unsigned_grant);
  return statement;
}

Bytes purged_statement(const Purged& purged) {
  Purged unsigned_purged = purged;
  unsigned_purged.signature = {};
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-purged-1"));
  CompactOutput archive(statement);
  archive(unsigned_purged);
  return statement;
}

Digest removed_digest(const std::vector<Position>& firsts) {
  Bytes bytes;
  CompactOutput archive(bytes);
  for (const Position first : firsts) archive(first);
  return sha256(bytes);
}

}  // namespace events::protocol
