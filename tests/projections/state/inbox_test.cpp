#include "projections/state/inbox.h"

#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using events::EventId;
using events::HoldReason;
using events::Position;
using events::Rule;

constexpr events::ChainNumber chain{7};
constexpr events::UnitId here{EventId{events::ChainNumber{2}, 2}};
constexpr events::UnitId elsewhere{EventId{events::ChainNumber{2}, 3}};

events::Verdict held_for(HoldReason reason) {
  events::Verdict verdict;
  verdict.code = events::VerdictCode::held;
  verdict.hold = reason;
  verdict.rule = Rule::c_clock;
  verdict.rules = events::RulesVersion{1};
  return verdict;
}

events::Verdict waiting_for(EventId blocker) {
  events::Verdict verdict = held_for(HoldReason::depends_on);
  verdict.rule = Rule::o_depends_on;
  verdict.parameters = {blocker.chain().value, static_cast<std::int64_t>(blocker.seq())};
  return verdict;
}

/// Event number `seq` of the chain, held at position 100 + seq.
events::StoredEvent held(std::uint64_t seq, events::Verdict verdict) {
  return {Position{100 + seq},
          events::Timestamp{1'000},
          {},
          test_support::an_event(test_support::a_registration(), seq, chain),
          std::move(verdict)};
}

constexpr events::Timestamp later{2'000};

Position at(std::uint64_t seq) { return Position{100 + seq}; }
EventId id_of(std::uint64_t seq) { return {chain, seq}; }

/// What a checkpoint gives back.
Inbox restored(const Inbox& inbox) {
  events::Result<Inbox> read = events::decode<Inbox>(events::encode(inbox));
  EXPECT_TRUE(read);
  return std::move(*read);
}

// What waits for nothing any more would wait for ever.
TEST(Inbox, KnowsWhoIsReadyWhenTheirBlockerLeaves) {
  Inbox inbox;
  inbox.hold(held(1, held_for(HoldReason::clock)), events::ScopeSet{here});
  inbox.hold(held(2, waiting_for(id_of(1))), events::ScopeSet{here});
  inbox.hold(held(3, waiting_for(id_of(2))), events::ScopeSet{here});
  EXPECT_EQ(inbox.first_ready(), nullptr);
  ASSERT_TRUE(inbox.take(at(1)));
  ASSERT_NE(inbox.first_ready(), nullptr);
  EXPECT_EQ(inbox.first_ready()->position, at(2));
  ASSERT_NE(restored(inbox).first_ready(), nullptr);
  EXPECT_EQ(restored(inbox).first_ready()->position, at(2));
  ASSERT_TRUE(inbox.take(at(2)));
  EXPECT_EQ(inbox.first_ready()->position, at(3));
  ASSERT_TRUE(inbox.take(at(3)));
  EXPECT_EQ(inbox.first_ready(), nullptr);
  EXPECT_FALSE(inbox.take(at(3)));
}

// A restarted server would append events that an auditor does not owe.
TEST(Inbox, IsTheSameAfterACheckpointAlsoWhenWaitingForALaterEvent) {
  Inbox inbox;
  inbox.hold(held(1, held_for(HoldReason::clock)), events::ScopeSet{here});
  inbox.hold(held(2, held_for(HoldReason::clock)), events::ScopeSet{here});
  inbox.change(at(1), waiting_for(id_of(2)), later);
  EXPECT_EQ(inbox.first_ready(), nullptr);
  EXPECT_EQ(restored(inbox).first_ready(), nullptr);
  inbox.take(at(2));
  EXPECT_EQ(inbox.first_ready()->position, at(1));
}

// An event whose reason changed would be released twice, or never.
TEST(Inbox, ForgetsTheOldReasonWhenItChanges) {
  Inbox inbox;
  inbox.hold(held(1, held_for(HoldReason::clock)), events::ScopeSet{here});
  inbox.hold(held(2, waiting_for(id_of(1))), events::ScopeSet{here});
  inbox.take(at(1));
  inbox.change(at(2), held_for(HoldReason::conflict), later);
  EXPECT_EQ(inbox.first_ready(), nullptr);
  EXPECT_EQ(inbox.find(at(2))->verdict.hold, HoldReason::conflict);
  EXPECT_EQ(inbox.size(), 1U);
}

// An author's step would pass its own earlier one.
TEST(Inbox, FindsTheLastHeldEventOfAChainOnAStream) {
  Inbox inbox;
  const events::StreamId stream = held(1, {}).event.header.stream;
  inbox.hold(held(1, held_for(HoldReason::clock)), events::ScopeSet{here});
  inbox.hold(held(4, held_for(HoldReason::clock)), events::ScopeSet{here});
  EXPECT_EQ(inbox.last_before(chain, stream, 1, here), nullptr);
  EXPECT_EQ(inbox.last_before(chain, stream, 2, here)->position, at(1));
  EXPECT_EQ(inbox.last_before(chain, stream, 9, here)->position, at(4));
  EXPECT_EQ(inbox.last_before(events::ChainNumber{8}, stream, 9, here), nullptr);
  EXPECT_EQ(inbox.last_before(chain, stream, 9, elsewhere), nullptr);
}

// A commune would see what waits at its neighbours, or judge by it.
TEST(Inbox, ShowsAScopeItsOwnAndReferenceEvents) {
  Inbox inbox;
  inbox.hold(held(1, held_for(HoldReason::clock)), events::ScopeSet{here});
  inbox.hold(held(2, held_for(HoldReason::clock)), events::ScopeSet{events::reference_scope});
  inbox.hold(held(3, held_for(HoldReason::clock)), events::ScopeSet{elsewhere});
  EXPECT_NE(inbox.find(id_of(1), here), nullptr);
  EXPECT_NE(inbox.find(id_of(2), here), nullptr);
  EXPECT_EQ(inbox.find(id_of(3), here), nullptr);
  EXPECT_NE(inbox.find_anywhere(id_of(3)), nullptr);
  inbox.restrict_to({false, {events::reference_scope, here}});
  EXPECT_EQ(inbox.size(), 2U);
  EXPECT_EQ(inbox.find_anywhere(id_of(3)), nullptr);
}

}  // namespace
}  // namespace projections
