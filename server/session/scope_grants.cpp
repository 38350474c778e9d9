#include "server/session/scope_grants.h"

namespace server {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

bool knows_grants(const protocol::Hello& hello) {
  return (hello.features & protocol::feature_scope_grants) != 0;
}

}  // namespace

bool scope_changed(const protocol::Hello& hello, const ReaderRights& rights) {
  const std::uint64_t digest =
      knows_grants(hello) ? protocol::access_digest_of(rights.scope, private_access_of(rights))
                          : protocol::scope_digest_of(rights.scope);
  return hello.scope_digest != digest;
}

std::optional<protocol::ScopeGrant> grant_to_send(const protocol::Hello& hello,
                                                  const Admission& admission,
                                                  events::Timestamp now) {
  if (!knows_grants(hello)) return std::nullopt;
  const bool renew = (hello.features & protocol::feature_renew_lease) != 0;
  if (!renew && !admission.revoked && !scope_changed(hello, admission.rights)) return std::nullopt;

  protocol::ScopeGrant grant;
  grant.log = hello.log;
  grant.chain = hello.chain;
  grant.as_of = admission.as_of;
  grant.scope = admission.rights.scope;
  grant.private_access = private_access_of(admission.rights);
  grant.granted_at = now;
  grant.revoked = admission.revoked;
  const std::uint64_t lease = admission.lease_days * events::milliseconds_per_day;
  grant.valid_until = admission.revoked ? now : events::Timestamp{now.value + lease};
  grant.signature = admission.server_key->sign(protocol::scope_grant_statement(grant));
  return grant;
}

bool is_done_with(const protocol::Hello& hello, std::uint64_t accepted_seq, bool purged) {
  return accepted_seq >= hello.head_seq && (purged || !knows_grants(hello));
}

Result<void> check_purged(const protocol::Purged& purged, const protocol::Hello& hello,
                          const events::VerifyingKey& key) {
  if (purged.log != hello.log) return Error{ErrorCode::wrong_log, "a receipt for another log"};
  if (purged.chain != hello.chain) {
    return Error{ErrorCode::not_permitted, "a receipt of another device"};
  }
  if (!key.verify(protocol::purged_statement(purged), purged.signature)) {
    return Error{ErrorCode::bad_signature, "the receipt is not signed by the chain's key"};
  }
  return {};
}

}  // namespace server
