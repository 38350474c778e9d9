#include "server/feed/snapshots.h"

#include "tests/server/session/busy_commune.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace server::test {
namespace {

class Snapshots : public BusyCommune {
 protected:
  /// What the clerk's device may read.
  SnapshotReader clerk() {
    const Admission admission = *world.pipeline.admit(world.clerk.chain(), world.now);
    return {admission.rights.scope, private_access_of(admission.rights)};
  }
  events::Position head() const { return world.log.head().position; }
};

// Two readers of a commune get the same bytes, or no cache could ever serve both.
TEST_F(Snapshots, TheSameReaderGetsTheSameBytesHoweverTheyWereMade) {
  const SnapshotReader reader = clerk();
  add_people(80);
  const SnapshotPtr early = *make_snapshot(world.log, reader, head(), nullptr);
  add_people(80);
  const SnapshotPtr at_once = *make_snapshot(world.log, reader, head(), nullptr);
  const SnapshotPtr from_early = *make_snapshot(world.log, reader, head(), early);
  EXPECT_EQ(at_once->name, from_early->name);
  EXPECT_EQ(at_once->content, from_early->content);
  EXPECT_NE(at_once->name, early->name);

  SnapshotReader without_records = reader;
  without_records.private_access = {};
  const SnapshotPtr bare = *make_snapshot(world.log, without_records, head(), nullptr);
  EXPECT_EQ(bare->manifest.records, 0U) << "no hint at records it may not have";
  const auto inside = make_snapshot(world.log, reader, events::Position{head().value - 1}, nullptr);
  ASSERT_FALSE(inside);
  EXPECT_EQ(inside.error().code, events::ErrorCode::log_diverged);
}

// A province that reads everything would get the whole state, and no events.
TEST(SnapshotReader, IsOfAFewCommunes) {
  const events::UnitId commune{events::EventId{events::ChainNumber{2}, 2}};
  EXPECT_TRUE(has_snapshots({{false, {events::reference_scope, commune}}, {}}));
  EXPECT_FALSE(has_snapshots({{true, {events::reference_scope}}, {}}));
  EXPECT_FALSE(has_snapshots({{false, {events::reference_scope}}, {}}));
  SnapshotReader district{{false, {events::reference_scope}}, {}};
  for (std::uint64_t unit = 1; unit <= protocol::snapshot_units_max; ++unit) {
    district.scope.units.emplace_back(events::EventId{events::ChainNumber{2}, unit});
  }
  EXPECT_FALSE(has_snapshots(district));
}

// On a November evening each of two hundred communes would be folded again and again, for a few
// events more each time.
TEST_F(Snapshots, ALittleOldOneServesUntilTheTailIsLongBesideIt) {
  SnapshotShelf shelf(world.log);
  add_people(200);
  const SnapshotPtr first = *shelf.find_or_make({clerk(), head(), std::nullopt});
  ASSERT_NE(first, nullptr);
  add_people(5);
  EXPECT_EQ(*shelf.find_or_make({clerk(), head(), std::nullopt}), first);
  EXPECT_EQ(shelf.made(), 1U);
  add_people(200);
  const SnapshotPtr second = *shelf.find_or_make({clerk(), head(), std::nullopt});
  EXPECT_EQ(second->manifest.position, head());
  EXPECT_EQ(shelf.made(), 2U);
  const events::Position of_first = first->manifest.position;
  EXPECT_EQ(*shelf.find_or_make({clerk(), head(), of_first}), first) << "somebody has a part of it";
}

// What is kept for communes that nobody asks about any more must not fill the server's memory.
TEST_F(Snapshots, WhatIsDroppedForRoomIsMadeAgainWithTheSameBytes) {
  SnapshotShelf shelf(world.log, 1);
  add_people(100);
  const SnapshotPtr first = *shelf.find_or_make({clerk(), head(), std::nullopt});
  SnapshotReader neighbour = clerk();
  neighbour.private_access = {};
  ASSERT_TRUE(shelf.find_or_make({neighbour, head(), std::nullopt}));
  const SnapshotPtr again = *shelf.find_or_make({clerk(), head(), std::nullopt});
  EXPECT_EQ(shelf.made(), 3U);
  EXPECT_NE(again, first);
  EXPECT_EQ(again->name, first->name);
  EXPECT_EQ(again->content, first->content);
}

// One device's junk made every greeting fold and compress for half a minute what was too long in
// the end, again and again: no device of any commune could synchronise.
TEST_F(Snapshots, AreNotTriedAgainWhereTheyWereTooLong) {
  add_people(100);
  for (const SnapshotBounds bounds :
       {SnapshotBounds{.folded_bytes = 1'000}, SnapshotBounds{.raw_bytes = 1'000}}) {
    SnapshotShelf shelf(world.log, SnapshotShelf::bytes_max_by_default, bounds);
    const auto tried = shelf.find_or_make({clerk(), head(), std::nullopt});
    ASSERT_FALSE(tried);
    EXPECT_EQ(tried.error().code, events::ErrorCode::too_large);
    for (int greeting = 0; greeting < 5; ++greeting) {
      const auto again = shelf.find_or_make({clerk(), head(), std::nullopt});
      ASSERT_TRUE(again);
      EXPECT_EQ(*again, nullptr);
    }
    EXPECT_EQ(shelf.failed(), 1U);
    const events::Position later{head().value + SnapshotShelf::events_before_next_try};
    EXPECT_FALSE(shelf.find({clerk(), later, std::nullopt})) << "the log has grown";
  }
}

// A server that is told to stop would fold a commune to its end first.
TEST_F(Snapshots, AreGivenUpWhenTheServerStops) {
  add_people(50);
  const std::atomic<bool> stop = true;
  const auto made = make_snapshot(world.log, clerk(), head(), nullptr, {}, &stop);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, events::ErrorCode::closed);
}

// A greeting waited for whatever was being made for somebody else.
TEST_F(Snapshots, AreNotWaitedForWhileAnotherIsMade) {
  add_people(100);
  net::io_context timers;
  net::thread_pool thread{1};
  std::promise<void> busy;
  net::post(thread, [&] { busy.get_future().wait(); });
  SnapshotService desk(world.log, SnapshotExecutor{thread.get_executor()}, timers.get_executor());
  int answers = 0;
  SnapshotPtr heard;
  const auto note = [&](const SnapshotPtr& snapshot) {
    ++answers;
    heard = snapshot;
  };
  desk.ask({clerk(), head(), std::nullopt}, note);
  desk.ask({clerk(), head(), std::nullopt}, note);
  timers.run();  // Until both have waited long enough.
  EXPECT_EQ(answers, 2);
  EXPECT_EQ(heard, nullptr);
  busy.set_value();
  thread.join();
  EXPECT_EQ(desk.shelf().made(), 1U) << "one for both, and for those who come later";
  desk.ask({clerk(), head(), std::nullopt}, note);
  EXPECT_EQ(answers, 3);
  EXPECT_NE(heard, nullptr);
}

// Exact positions of the past were folded anew for each connection: all day, for two devices.
TEST_F(Snapshots, OfThePastAreMadeOncePerHourAndDevice) {
  add_people(60);
  const events::Position early = head();
  add_people(60);
  net::io_context timers;
  net::thread_pool thread{1};
  SnapshotService desk(world.log, SnapshotExecutor{thread.get_executor()}, timers.get_executor());
  std::atomic<int> nothing = 0;
  const auto note = [&](const SnapshotPtr& snapshot) { nothing += snapshot == nullptr ? 1 : 0; };
  SnapshotQuestion question{clerk(), head(), early, world.clerk.chain()};
  desk.ask(question, note);
  question.exactly = events::Position{early.value - 1};
  desk.ask(question, note);
  EXPECT_EQ(nothing, 1);
  thread.join();
  EXPECT_LE(desk.shelf().made(), 1U);
}

}  // namespace
}  // namespace server::test
