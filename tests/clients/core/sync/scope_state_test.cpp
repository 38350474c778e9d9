#include "clients/core/sync/scope_state.h"

#include "clients/core/log/keyring_content.h"
#include "events/archive/compact.h"
#include "tests/clients/core/scripted_server.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace clients_test {
namespace {

using namespace events;
namespace protocol = events::protocol;
using clients::ScopeState;
using protocol::ScopeGrant;

/// A device in step, and the grants that its server gives it.
struct GrantScene {
  ScriptedServer server;
  TestDevice device{server};
  ScopeState state{in_step()};
  const UnitId home = server.commune().unit;
  const UnitId neighbour = server.world.commune(1).unit;

  ScopeState in_step() {
    device.sync(server);
    return *ScopeState::load(*device.replica);
  }
  Timestamp now() const { return server.world.now(); }

  /// Of the whole scope, with the private records of `communes`, for 45 days from now.
  ScopeGrant a_grant(std::vector<UnitId> communes) const {
    ScopeGrant grant;
    grant.log = device.replica->identity().log;
    grant.chain = device.replica->identity().chain;
    grant.as_of = server.world.head();
    grant.scope = server.scope;
    grant.private_access.communes = std::move(communes);
    grant.granted_at = now();
    grant.valid_until = Timestamp{now().value + 45 * milliseconds_per_day};
    return signed_by_server(std::move(grant));
  }
  static ScopeGrant signed_by_server(ScopeGrant grant) {
    const SigningKey key = test_support::key_of(system_chain);
    grant.signature = key.sign(protocol::scope_grant_statement(grant));
    return grant;
  }
  Result<void> take(const ScopeGrant& grant) { return state.take(grant, now(), now()); }
  void must_take(const ScopeGrant& grant) {
    const Result<void> taken = take(grant);
    EXPECT_TRUE(taken) << taken.error().message;
  }

  /// A private record of a commune is here, as the pull brings it.
  Digest keep_record_of(UnitId commune, std::uint8_t salt) {
    const PrivateRecord record =
        test_support::a_private_record(test_support::a_person_record(), salt);
    clients::StoreChange change;
    change.privates = {{commune, record}};
    EXPECT_TRUE(device.store.commit(change));
    return record.digest();
  }
  bool has_record(const Digest& digest) const {
    return device.store.private_record(digest)->has_value();
  }
  /// The server proves that it has everything the device has sent.
  void prove_delivery() {
    const clients::OfflineLog& own = device.replica->own();
    const BlockReceipt& last = own.receipts().rbegin()->second;
    protocol::SignedReceipt receipt{.log = device.replica->identity().log,
                                    .epoch = last.epoch,
                                    .chain = device.replica->identity().chain,
                                    .upto_seq = last.last_seq(),
                                    .chain_hash = own.hash_at(last.last_seq()),
                                    .position = last.last(),
                                    .root = last.root_after,
                                    .signature = {}};
    receipt.signature =
        test_support::key_of(system_chain).sign(protocol::receipt_statement(receipt));
    EXPECT_TRUE(device.replica->take_signed_receipt(receipt));
  }
  std::optional<protocol::Purged> settle() { return state.settle().value(); }
  void restart() {
    device.restart();
    Result<ScopeState> loaded = ScopeState::load(*device.replica);
    ASSERT_TRUE(loaded) << loaded.error().message;
    state = *loaded;
  }
  protocol::Hello greeting_at(Timestamp moment) const {
    protocol::Hello hello;
    state.greet(hello, moment);
    return hello;
  }
  bool asks_at(Timestamp moment) const {
    return (greeting_at(moment).features & protocol::feature_renew_lease) != 0;
  }
};

// A device that never asks is locked after six weeks although it was seen every day.
TEST(ScopeState, AsksForAGrantWhereItHasNoneOrAnotherOrAClockThatIsWrong) {
  GrantScene scene;
  EXPECT_TRUE(scene.asks_at(scene.now()));
  EXPECT_EQ(scene.greeting_at(scene.now()).scope_digest, 0U);
  EXPECT_NE(scene.greeting_at(scene.now()).features & protocol::feature_scope_grants, 0U);

  const ScopeGrant grant = scene.a_grant({scene.home});
  scene.must_take(grant);
  EXPECT_FALSE(scene.asks_at(scene.now()));
  EXPECT_EQ(scene.greeting_at(scene.now()).scope_digest,
            protocol::access_digest_of(grant.scope, grant.private_access));
  const auto days = [&](std::uint64_t count) {
    return Timestamp{scene.now().value + count * milliseconds_per_day};
  };
  EXPECT_FALSE(scene.asks_at(days(15)));
  EXPECT_TRUE(scene.asks_at(days(16)));
  EXPECT_TRUE(scene.asks_at(days(46))) << "it is over";
  EXPECT_TRUE(scene.asks_at(Timestamp{scene.now().value - 1})) << "the clock stands before it";

  ASSERT_TRUE(scene.device.replica->take_scope({false, {reference_scope}}));
  EXPECT_EQ(scene.greeting_at(scene.now()).scope_digest, 0U)
      << "the pull goes on in another scope than the grant's";
}

// Whoever can make a device believe a grant can empty it, or keep it open for ever.
TEST(ScopeState, RefusesWhatIsNoGrantForThisDeviceAndNow) {
  GrantScene scene;
  const ScopeGrant genuine = scene.a_grant({scene.home});
  scene.must_take(genuine);
  const auto refusal = [&](const std::function<void(ScopeGrant&)>& edit) {
    ScopeGrant other = scene.a_grant({});
    edit(other);
    const Result<void> taken = scene.take(GrantScene::signed_by_server(other));
    return taken ? ErrorCode{} : taken.error().code;
  };
  EXPECT_EQ(refusal([](auto& grant) { grant.log = LogId{99}; }), ErrorCode::wrong_log);
  EXPECT_EQ(refusal([](auto& grant) { grant.chain.value += 1; }), ErrorCode::wrong_log);
  EXPECT_EQ(refusal([](auto& grant) { grant.valid_until.value = grant.granted_at.value - 1; }),
            ErrorCode::malformed);
  EXPECT_EQ(refusal([](auto& grant) { grant.granted_at.value -= milliseconds_per_day + 1; }),
            ErrorCode::server_clock);
  EXPECT_EQ(refusal([](auto& grant) {
              grant.valid_until.value = grant.granted_at.value + 400 * milliseconds_per_day + 1;
            }),
            ErrorCode::server_clock);
  EXPECT_EQ(scene.state.grant(), genuine);
  scene.restart();
  EXPECT_EQ(scene.state.grant(), genuine);
  EXPECT_FALSE(scene.state.purge_is_open());
}

// Frames of two connections may cross: the older grant must not take back what the newer one gave.
TEST(ScopeState, AnOlderGrantDoesNotReplaceANewerOne) {
  GrantScene scene;
  const ScopeGrant older = scene.a_grant({scene.home});
  scene.server.world.wait_seconds(60);
  const ScopeGrant newer = scene.a_grant({scene.home, scene.neighbour});
  scene.must_take(newer);
  scene.must_take(older);
  EXPECT_EQ(scene.state.grant(), newer);

  ScopeGrant of_a_later_head = older;
  of_a_later_head.as_of.value += 1;
  of_a_later_head = GrantScene::signed_by_server(of_a_later_head);
  scene.must_take(of_a_later_head);
  EXPECT_EQ(scene.state.grant(), of_a_later_head) << "its clock was put right meanwhile";
}

// A server whose clock ran a month ahead was put right: its grants count again at once.
TEST(ScopeState, AGrantOfAClockThatRanAheadIsReplaced) {
  GrantScene scene;
  const ScopeGrant right = scene.a_grant({scene.home});
  ScopeGrant ahead = right;
  ahead.granted_at.value += 30 * milliseconds_per_day;
  ahead.valid_until.value += 30 * milliseconds_per_day;
  ahead = GrantScene::signed_by_server(ahead);
  ASSERT_TRUE(scene.state.take(ahead, ahead.granted_at, scene.now()));
  scene.must_take(right);
  EXPECT_EQ(scene.state.grant(), right);
}

// A power cut between grant and purge must not leave the names of a lost commune for ever.
TEST(ScopeState, ALostCommuneIsOwedAcrossARestartAndDestroyedAlone) {
  GrantScene scene;
  const Digest stays = scene.keep_record_of(scene.home, 1);
  const Digest goes = scene.keep_record_of(scene.neighbour, 2);
  scene.must_take(scene.a_grant({scene.home, scene.neighbour}));
  EXPECT_FALSE(scene.state.purge_is_open());
  const ScopeGrant less = scene.a_grant({scene.home});
  scene.must_take(less);
  EXPECT_TRUE(scene.state.purge_is_open());
  scene.restart();
  EXPECT_TRUE(scene.state.purge_is_open());
  EXPECT_TRUE(scene.has_record(goes)) << "not before it is settled";

  const std::optional<protocol::Purged> receipt = scene.settle();
  ASSERT_TRUE(receipt);
  EXPECT_FALSE(scene.has_record(goes));
  EXPECT_TRUE(scene.has_record(stays));
  EXPECT_EQ(receipt->as_of, less.as_of);
  EXPECT_EQ(receipt->units, std::vector{scene.neighbour});
  EXPECT_EQ(receipt->blocks, 0U);
  EXPECT_EQ(receipt->removed, protocol::removed_digest({}));
  const PublicKey key = SigningKey::from_seed(scene.device.replica->identity().seed).public_key();
  EXPECT_TRUE(verify(key, protocol::purged_statement(*receipt), receipt->signature));

  EXPECT_FALSE(scene.settle()) << "said once on this connection";
  EXPECT_TRUE(scene.state.purge_is_open()) << "the log does not say it yet";
  scene.restart();
  EXPECT_EQ(scene.settle(), receipt) << "and again on the next";
}

// The last names that anybody has of forty people are on this device until the server has them.
TEST(ScopeState, NothingIsDestroyedBeforeTheServerProvedThatItHasIt) {
  GrantScene scene;
  scene.must_take(scene.a_grant({scene.home}));
  const auto requests = scene.device.registration(scene.server, 1);
  ASSERT_TRUE(scene.device.workspace->record_together(requests, scene.now()));
  scene.must_take(scene.a_grant({}));
  EXPECT_FALSE(scene.settle()) << "unsent";
  EXPECT_TRUE(scene.device.sync(scene.server).synced());
  EXPECT_FALSE(scene.settle()) << "sent, and no signed receipt";
  EXPECT_FALSE(scene.device.store.private_homes()->empty());
  scene.prove_delivery();

  clients::StoreChange left;
  left.branch = clients::Branch{ChainNumber{30}, 1, 2, false};
  ASSERT_TRUE(scene.device.store.commit(left));
  EXPECT_FALSE(scene.settle()) << "a branch is not recorded again yet";
  left.branch->continued = true;
  ASSERT_TRUE(scene.device.store.commit(left));
  EXPECT_TRUE(scene.settle());
  EXPECT_TRUE(scene.device.store.private_homes()->empty());
}

// A stolen device is wiped although a branch of it was never recorded again.
TEST(ScopeState, ARevokedDeviceLosesEverythingAndWaitsForNoBranch) {
  GrantScene scene;
  const Digest own = scene.keep_record_of(scene.home, 1);
  const Digest nobodys = scene.keep_record_of(clients::unknown_home, 2);
  clients::StoreChange left;
  left.branch = clients::Branch{ChainNumber{30}, 1, 2, false};
  ASSERT_TRUE(scene.device.store.commit(left));
  clients::MemoryFileStore files;
  const Bytes photo(100, 7);
  ASSERT_TRUE(files.put(sha256(photo), photo));
  scene.state.keep_files(files);
  ScopeGrant revoked = scene.a_grant({scene.home});
  revoked.revoked = true;
  scene.must_take(GrantScene::signed_by_server(revoked));
  EXPECT_TRUE(files.all()->empty());
  EXPECT_TRUE(scene.state.lease_is_over(scene.now(), {}));
  ASSERT_TRUE(scene.settle());
  EXPECT_FALSE(scene.has_record(own));
  EXPECT_FALSE(scene.has_record(nobodys));
}

// Also a ministry's device, which held more communes than one grant can name, keeps none of them.
TEST(ScopeState, EveryLostCommuneIsDestroyedHoweverManyThereAre) {
  GrantScene scene;
  clients::StoreChange change;
  for (std::uint64_t index = 0; index < protocol::grant_units_max + 100; ++index) {
    PrivateRecord record = test_support::a_private_record(test_support::a_person_record());
    record.salt[0] = static_cast<std::uint8_t>(index);
    record.salt[1] = static_cast<std::uint8_t>(index >> 8U);
    change.privates.push_back({UnitId{{ChainNumber{2}, 10'000 + index}}, std::move(record)});
  }
  ASSERT_TRUE(scene.device.store.commit(change));
  ScopeGrant everything = scene.a_grant({});
  everything.private_access.everywhere = true;
  scene.must_take(GrantScene::signed_by_server(everything));
  scene.must_take(scene.a_grant({scene.home}));
  scene.restart();
  const std::optional<protocol::Purged> receipt = scene.settle();
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->units.size(), protocol::purged_units_max) << "it names as many as it may";
  EXPECT_TRUE(scene.device.store.private_homes()->empty());
}

// The blocks of a scope that went are named in the receipt, also when the drop itself was cut off.
TEST(ScopeState, NotesWhatARestartOfThePullWillDrop) {
  GrantScene scene;
  scene.must_take(scene.a_grant({scene.home}));
  const ReaderScope less{false, {reference_scope}};
  const std::vector<Position> outside = scene.device.replica->foreign_outside(less);
  ASSERT_FALSE(outside.empty());
  ASSERT_TRUE(scene.state.before_restart(less, scene.now()));
  EXPECT_TRUE(scene.state.purge_is_open());
  EXPECT_FALSE(scene.settle()) << "the grant that says so has not come";

  ASSERT_TRUE(scene.device.replica->restart_pull(less, false));
  scene.restart();
  ASSERT_TRUE(scene.state.before_restart(less, scene.now())) << "nothing is outside any more";
  scene.server.scope = less;
  scene.must_take(scene.a_grant({scene.home}));
  const std::optional<protocol::Purged> receipt = scene.settle();
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->blocks, outside.size());
  EXPECT_EQ(receipt->removed, protocol::removed_digest(outside));
  EXPECT_TRUE(receipt->units.empty());
}

// A full disk must not let a device act on a grant that it forgets with the next start.
TEST(ScopeState, AGrantThatCannotBeKeptDoesNotCount) {
  GrantScene scene;
  const Digest record = scene.keep_record_of(scene.neighbour, 2);
  const ScopeGrant first = scene.a_grant({scene.home, scene.neighbour});
  scene.must_take(first);
  const ScopeGrant less = scene.a_grant({scene.home});
  scene.device.store.set_failing(true);
  EXPECT_EQ(scene.take(less).error().code, ErrorCode::device_storage);
  EXPECT_EQ(scene.state.grant(), first);
  EXPECT_FALSE(scene.state.purge_is_open());
  scene.device.store.set_failing(false);
  scene.must_take(less);
  scene.device.store.set_failing(true);
  EXPECT_EQ(scene.state.settle().error().code, ErrorCode::device_storage);
  scene.device.store.set_failing(false);
  EXPECT_TRUE(scene.has_record(record));
  EXPECT_TRUE(scene.settle()) << "it is still due";
  EXPECT_FALSE(scene.has_record(record));
}

// A clock that was set back does not open what the server's clock has closed.
TEST(ScopeState, TheLeaseEndsByTheLaterOfClockAndLastContact) {
  GrantScene scene;
  EXPECT_FALSE(scene.state.lease_is_over(scene.now(), {})) << "none was given";
  const ScopeGrant grant = scene.a_grant({scene.home});
  scene.must_take(grant);
  const Timestamp over{grant.valid_until.value + 1};
  EXPECT_FALSE(scene.state.lease_is_over(grant.valid_until, grant.valid_until));
  EXPECT_TRUE(scene.state.lease_is_over(over, {}));
  EXPECT_TRUE(scene.state.lease_is_over({}, over));
}

}  // namespace
}  // namespace clients_test
