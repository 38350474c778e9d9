#include "clients/core/log/head_store.h"

#include "clients/core/log/memory_store.h"
#include "events/protocol/signed_head.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

using events::Digest;
using events::Epoch;
using events::ErrorCode;
using events::Position;
using events::protocol::HeadClaim;
using events::protocol::HeadEvidence;

struct Said {
  HeadEvidence evidence;
  HeadClaim claim;
};

Said head(std::uint32_t epoch, std::uint64_t position, std::uint8_t root = 1) {
  Digest digest;
  digest.bytes.fill(root);
  const events::protocol::SignedHead signed_head{
      events::LogId{1}, Epoch{epoch}, {}, Position{position}, digest, {}, {}};
  return {events::protocol::evidence_of(signed_head),
          {events::LogId{1}, Epoch{epoch}, Position{position}, digest}};
}

LogAlarm alarm(AlarmKind kind, std::uint8_t root) {
  LogAlarm alarm;
  alarm.kind = kind;
  alarm.before = head(1, 10).evidence;
  alarm.now = head(1, 10, root).evidence;
  return alarm;
}

/// A head store over a store on a disk, so to speak.
struct Kept {
  MemoryStore store;
  HeadStore heads;

  /// Whether it was news, and was written.
  bool take(const Said& said) {
    StoreChange change;
    change.settings = heads.with(said.evidence, said.claim);
    EXPECT_TRUE(store.commit(change));
    heads.take(said.evidence, said.claim);
    return !change.settings.empty();
  }
  bool take(const LogAlarm& alarm) {
    StoreChange change;
    change.settings = heads.with(alarm);
    EXPECT_TRUE(store.commit(change));
    heads.take(alarm);
    return !change.settings.empty();
  }
  void restart() { heads = *HeadStore::load(store); }
};

// A server that shows one history to the province and another to the commune is found out by the
// heads that it signed, also after the device was switched off.
TEST(HeadStore, FindsAnotherRootForAPlaceThatWasSigned) {
  Kept kept;
  ASSERT_TRUE(kept.take(head(1, 10, 1)));
  kept.restart();
  EXPECT_TRUE(kept.heads.is_forked(head(1, 10, 2).claim));
  EXPECT_FALSE(kept.heads.is_forked(head(1, 10, 1).claim));
  EXPECT_FALSE(kept.heads.is_forked(head(1, 11, 2).claim)) << "another place";
  EXPECT_FALSE(kept.heads.is_forked(head(2, 10, 2).claim)) << "a log that says it was restored";
}

// A log that is shorter than what it signed has lost acknowledged decisions.
TEST(HeadStore, KnowsALogThatHasGoneBack) {
  Kept kept;
  EXPECT_FALSE(kept.heads.has_gone_back(Epoch{1}, Position{})) << "nothing was signed yet";
  kept.take(head(1, 10));
  EXPECT_TRUE(kept.heads.has_gone_back(Epoch{1}, Position{9}));
  EXPECT_FALSE(kept.heads.has_gone_back(Epoch{1}, Position{10}));
  EXPECT_FALSE(kept.heads.has_gone_back(Epoch{2}, Position{3})) << "it says that it was restored";
  kept.take(head(2, 3));
  EXPECT_TRUE(kept.heads.has_gone_back(Epoch{1}, Position{50})) << "that epoch is over";
}

TEST(HeadStore, KeepsTheNewestOfEachEpoch) {
  Kept kept;
  EXPECT_EQ(kept.heads.newest(), nullptr);
  EXPECT_TRUE(kept.take(head(2, 7)));
  EXPECT_TRUE(kept.take(head(1, 10)));
  EXPECT_TRUE(kept.take(head(1, 20)));
  EXPECT_FALSE(kept.take(head(1, 15))) << "older";
  EXPECT_FALSE(kept.take(head(1, 20))) << "the same again";
  kept.restart();
  ASSERT_NE(kept.heads.of_epoch(Epoch{1}), nullptr);
  EXPECT_EQ(*kept.heads.of_epoch(Epoch{1}), head(1, 20).evidence);
  EXPECT_EQ(kept.heads.of_epoch(Epoch{3}), nullptr);
  EXPECT_EQ(*kept.heads.newest(), head(2, 7).evidence) << "the latest epoch, not the last one told";
  EXPECT_EQ(kept.heads.newest_claim()->position, Position{7});
}

// Whoever has the server must not fill a phone by founding epochs; what was signed first stays.
TEST(HeadStore, KeepsABoundedNumberOfEpochs) {
  Kept kept;
  for (std::uint32_t epoch = 1; epoch <= HeadStore::epochs_max; ++epoch) {
    ASSERT_TRUE(kept.take(head(epoch, 1))) << epoch;
  }
  constexpr std::uint32_t beyond = HeadStore::epochs_max + 1;
  EXPECT_FALSE(kept.take(head(beyond, 1)));
  EXPECT_TRUE(kept.take(head(1, 2))) << "an epoch that is known may grow";
  kept.restart();
  EXPECT_EQ(kept.heads.of_epoch(Epoch{beyond}), nullptr);
}

// The auditor needs each contradiction once, and a server must not bury it under its own repeats.
TEST(HeadStore, KeepsEachAlarmOnceAndABoundedNumberOfThem) {
  Kept kept;
  EXPECT_TRUE(kept.take(alarm(AlarmKind::forked, 2)));
  EXPECT_FALSE(kept.take(alarm(AlarmKind::forked, 2)));
  EXPECT_TRUE(kept.take(alarm(AlarmKind::forked, 3))) << "a third history";
  EXPECT_TRUE(kept.take(alarm(AlarmKind::rolled_back, 2)));
  EXPECT_FALSE(kept.take(alarm(AlarmKind::rolled_back, 3))) << "each connection signs it anew";
  kept.restart();
  EXPECT_EQ(kept.heads.alarms().size(), 3U);
  for (std::uint8_t root = 4; root < 60; ++root) kept.take(alarm(AlarmKind::forked, root));
  EXPECT_EQ(kept.heads.alarms().size(), HeadStore::alarms_max);
  kept.restart();
  EXPECT_EQ(kept.heads.alarms().size(), HeadStore::alarms_max);
  EXPECT_EQ(kept.heads.alarms().front(), alarm(AlarmKind::forked, 2)) << "the first ones stay";
}

// Evidence that cannot be read is not the same as none: an attacker would only have to damage it.
TEST(HeadStore, DamagedEvidenceIsAnError) {
  for (const char* const name : {"signed_heads", "log_alarms"}) {
    MemoryStore store;
    StoreChange change;
    change.settings = {{name, "\x05x"}};
    ASSERT_TRUE(store.commit(change));
    const auto loaded = HeadStore::load(store);
    ASSERT_FALSE(loaded) << name;
    EXPECT_EQ(loaded.error().code, ErrorCode::storage_corrupt);
  }
}

}  // namespace
}  // namespace clients
