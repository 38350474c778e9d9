#include "events/protocol/scope_messages.h"

#include "events/protocol/frame_codec.h"
#include "tests/support/event_builders.h"
#include "tests/support/golden.h"

#include <gtest/gtest.h>

namespace events_test {
namespace {

using namespace events;
using namespace events::protocol;
using test_support::a_chain;
using test_support::a_digest;
using test_support::a_key;
using test_support::a_log;
using test_support::a_moment;
using test_support::commune;

ScopeGrant a_grant_of_scope() {
  ScopeGrant grant;
  grant.log = a_log;
  grant.chain = a_chain;
  grant.as_of = Position{9200};
  grant.scope = {false, {reference_scope, commune}};
  grant.private_access = {false, {commune}};
  grant.granted_at = a_moment;
  grant.valid_until = Timestamp{a_moment.value + 45 * milliseconds_per_day};
  grant.signature = a_key(1).sign(scope_grant_statement(grant));
  return grant;
}

Purged a_receipt() {
  Purged purged;
  purged.log = a_log;
  purged.chain = a_chain;
  purged.as_of = Position{9200};
  purged.units = {commune};
  purged.blocks = 2;
  purged.removed = removed_digest({Position{8812}, Position{8931}});
  purged.signature = a_key().sign(purged_statement(purged));
  return purged;
}

// A device of another maker must read what it may hold, and sign that it let go.
TEST(ScopeMessages, KeepTheirBytes) {
  test_support::expect_golden("protocol/scope.hex", encode_frame(a_grant_of_scope()));
  test_support::expect_golden("protocol/purged.hex", encode_frame(a_receipt()));
}

// Whoever stretches a lease or a scope on the way must be found out: every field is signed.
TEST(ScopeMessages, TheSignatureCoversEveryField) {
  const ScopeGrant grant = a_grant_of_scope();
  const auto holds = [&](const ScopeGrant& changed) {
    return verify(a_key(1).public_key(), scope_grant_statement(changed), grant.signature);
  };
  EXPECT_TRUE(holds(grant));
  std::vector<ScopeGrant> changes(8, grant);
  changes[0].log.value += 1;
  changes[1].chain.value += 1;
  changes[2].as_of.value += 1;
  changes[3].scope.whole_log = true;
  changes[4].private_access.everywhere = true;
  changes[5].granted_at.value += 1;
  changes[6].valid_until.value += 1;
  changes[7].revoked = true;
  for (std::size_t index = 0; index < changes.size(); ++index) {
    EXPECT_FALSE(holds(changes[index])) << index;
  }
}

// Private access that changes alone must be noticed too: its names have to come, or to go.
TEST(ScopeMessages, TheDigestCoversScopeAndPrivateAccess) {
  const ScopeGrant grant = a_grant_of_scope();
  const std::uint64_t digest = access_digest_of(grant.scope, grant.private_access);
  EXPECT_NE(digest, access_digest_of(grant.scope, {}));
  EXPECT_NE(digest, access_digest_of(grant.scope, {true, {commune}}));
  EXPECT_NE(digest, access_digest_of({true, {reference_scope}}, grant.private_access));
}

}  // namespace
}  // namespace events_test
