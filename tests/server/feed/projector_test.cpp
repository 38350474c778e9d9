#include "server/feed/projector.h"

#include "projections/state/pieces.h"
#include "server/store/rocks_event_log.h"
#include "tests/server/api/served_world.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace server::test {
namespace {

using events::Position;

/// The log thread of a province, as a projector hears of it.
class JudgedLog {
 public:
  explicit JudgedLog(const test_support::World& world) : world_(world) {}

  /// Takes in the events up to `upto`.
  Changes go_on_to(Position upto) {
    Changes changes;
    while (state_.applied() < upto) {
      const auto& act = world_.at(Position{state_.applied().value + 1});
      state_.apply(act.stored, act.scope,
                   [&](const projections::EffectiveEvent& effective, const projections::State&) {
                     changes.changes.emplace_back(effective);
                   });
    }
    changes.state = state_;
    return changes;
  }
  /// Goes on as a process that was started with what was saved.
  void restart(projections::State restored) { state_ = std::move(restored); }
  /// Lets as many positions pass by without an event that anybody hears of.
  void pass(std::uint64_t events) { state_.advance(Position{state_.applied().value + events}); }

 private:
  const test_support::World& world_;
  projections::State state_;
};

/// Lets every row fall asleep that can.
void rest_all(projections::State& state) {
  const std::uint64_t looks = projections::rest_events / projections::rest_step_events;
  for (std::uint64_t look = 0; look < 2 * looks; ++look) {
    projections::rest_parts(state.members());
  }
}

/// A projector behind the log of a province, whose thread runs when the test says so.
struct ProjectedLog : testing::Test {
  const test_support::World& world = the_scene().world;
  Position head = world.head();
  Position middle{head.value / 2};
  JudgedLog judged{world};
  e2e::ScratchDirectory scratch;
  std::unique_ptr<RocksEventLog> disk = open_disk();
  net::io_context thread;
  std::optional<Projector> projector;

  ProjectedLog() { start(); }

  void start(Folded folded = {}) {
    projector.emplace(disk->checkpoints(), ProjectionExecutor{thread.get_executor()},
                      std::move(folded));
  }
  std::unique_ptr<RocksEventLog> open_disk() const {
    RocksEventLog::Options options;
    options.path = scratch / "log";
    options.create_if_missing = true;
    options.log = events::LogId{1};
    options.epoch = events::Epoch{1};
    auto opened = RocksEventLog::open(options);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }
  /// Lets the projection thread come to rest; how many pieces of work that was.
  std::size_t run() {
    thread.restart();
    return thread.run();
  }
  events::Bytes seen() {
    events::Bytes bytes;
    projector->ask([&](const Folded& folded) { bytes = events::encode(folded); });
    run();
    return bytes;
  }
  events::Bytes fold_to(Position upto) const {
    Folded folded;
    while (folded.state.applied() < upto) {
      const auto& act = world.at(Position{folded.state.applied().value + 1});
      folded.state.apply(act.stored, act.scope, folded.views.on_effect());
    }
    return events::encode(folded);
  }
  Position saved() const { return restore_checkpoint(disk->checkpoints()).state.applied(); }
};

// The log thread calls it with each append: it must neither wait nor pile up work.
TEST_F(ProjectedLog, TakesInOnItsOwnThreadAndOnceForManyAppends) {
  for (Position upto{5}; upto < middle; upto.value += 5) projector->take(judged.go_on_to(upto));
  projector->take(judged.go_on_to(middle));
  EXPECT_EQ(projector->applied(), Position{});
  EXPECT_EQ(run(), 1U);
  EXPECT_EQ(projector->applied(), middle);
  EXPECT_EQ(seen(), fold_to(middle));
  projector->take(judged.go_on_to(head));
  EXPECT_EQ(run(), 1U) << "what comes after the fold began is another fold";
  EXPECT_EQ(seen(), fold_to(head));
}

// A clerk who has just recorded something must find it in what she asks for.
TEST_F(ProjectedLog, AnswersFromAFoldThatHoldsWhatTheLogHadWhenItWasAsked) {
  projector->take(judged.go_on_to(middle));
  run();
  projector->take(judged.go_on_to(head));
  events::Bytes bytes;
  projector->ask([&](const Folded& folded) { bytes = events::encode(folded); });
  EXPECT_TRUE(bytes.empty()) << "on the projection thread";
  run();
  EXPECT_EQ(bytes, fold_to(head)) << "state and views are those of the whole log";
}

// A restart of a province's server folds seconds, not years.
TEST_F(ProjectedLog, GoesOnAfterARestartFromWhatItSavedAtTheEnd) {
  projector->take(judged.go_on_to(middle));
  projector->finish();
  EXPECT_EQ(saved(), Position{}) << "not on the caller's thread";
  run();
  EXPECT_EQ(saved(), middle);

  Folded restored = restore_checkpoint(disk->checkpoints());
  EXPECT_EQ(events::encode(restored), fold_to(middle));
  judged.restart(restored.state);
  start(std::move(restored));
  EXPECT_EQ(projector->applied(), middle);
  projector->take(judged.go_on_to(head));
  EXPECT_EQ(seen(), fold_to(head)) << "the views go on, too";
}

// A checkpoint that missed one row that changed would be the truth for ever.
TEST_F(ProjectedLog, EveryCheckpointOnTheWayIsWhatWasFolded) {
  for (Position upto{7}; upto < head; upto.value += 7) {
    projector->take(judged.go_on_to(upto));
    projector->finish();
    run();
    Folded restored = restore_checkpoint(disk->checkpoints());
    ASSERT_EQ(events::encode(restored), fold_to(upto)) << upto.value;
    // A restart in between: the next checkpoint goes on from what another process wrote.
    if (upto.value % 3 != 0) continue;
    judged.restart(restored.state);
    start(std::move(restored));
  }
}

// Whether a row sleeps must show nowhere: not in bytes, not in checkpoints, not in what follows.
TEST(RowsThatSleep, AreTheSameRows) {
  test_support::World world;
  std::vector<events::DossierId> dossiers;
  for (std::size_t index = 0; index < 400; ++index) {
    dossiers.push_back(world.register_citizen(index % 3));
  }
  JudgedLog awake(world);
  JudgedLog asleep(world);
  const projections::State whole = awake.go_on_to(world.head()).state;
  Folded folded;
  folded.state = asleep.go_on_to(world.head()).state;
  rest_all(folded.state);
  EXPECT_EQ(events::encode(folded.state), events::encode(whole));

  e2e::ScratchDirectory scratch;
  RocksEventLog::Options options;
  options.path = scratch / "log";
  options.create_if_missing = true;
  options.log = events::LogId{1};
  options.epoch = events::Epoch{1};
  const auto disk = RocksEventLog::open(options);
  ASSERT_TRUE(disk);
  FoldedCheckpoints checkpoints((*disk)->checkpoints(), Folded{});
  const auto first = checkpoints.save(folded);
  ASSERT_TRUE(first);
  world.assess(1, dossiers[1]);
  world.assess(0, dossiers[300]);
  asleep.restart(folded.state);
  folded.state = asleep.go_on_to(world.head()).state;
  const auto next = checkpoints.save(folded);
  ASSERT_TRUE(next);
  EXPECT_LT(*next, *first) << "only what changed";
  const Folded restored = restore_checkpoint((*disk)->checkpoints());
  const events::Bytes expected = events::encode(awake.go_on_to(world.head()).state);
  EXPECT_EQ(events::encode(folded.state), expected);
  EXPECT_EQ(events::encode(restored.state), expected);
  for (const events::DossierId dossier : dossiers) {
    const projections::Dossier* const row = restored.state.dossiers().find(dossier);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(restored.state.dossiers().active_of(row->subject, row->cycle), row);
  }
}

// A server that is killed has only what was saved on the way.
TEST_F(ProjectedLog, SavesOnTheWayAfterEnoughEvents) {
  projector->take(judged.go_on_to(Position{20}));
  run();
  EXPECT_EQ(saved(), Position{});
  judged.pass(Projector::checkpoint_distance - 21);
  projector->take(judged.go_on_to(Position{20}));
  run();
  EXPECT_EQ(saved(), Position{}) << "an event less than that";
  judged.pass(1);
  projector->take(judged.go_on_to(Position{20}));
  run();
  EXPECT_EQ(saved(), Position{Projector::checkpoint_distance});
  judged.pass(1);
  projector->take(judged.go_on_to(Position{20}));
  run();
  EXPECT_EQ(saved(), Position{Projector::checkpoint_distance}) << "counted from the last one";
  projector->finish();
  run();
  EXPECT_EQ(saved(), Position{Projector::checkpoint_distance + 1});
}

// A checkpoint of another build or of another place would be shown as the truth for ever.
TEST_F(ProjectedLog, FoldsFromTheStartWhenTheCheckpointIsNotOfThisBuild) {
  projector->take(judged.go_on_to(head));
  projector->finish();
  run();
  ASSERT_EQ(saved(), head);
  CheckpointStore& checkpoints = disk->checkpoints();
  const auto whole = checkpoints.get(folded_checkpoint, projections_revision());
  ASSERT_TRUE(whole && *whole);
  const events::Bytes& bytes = (*whole)->bytes;
  ASSERT_TRUE(checkpoints.put(folded_checkpoint, projections_revision() + 1, head, bytes));
  EXPECT_EQ(saved(), Position{}) << "of another revision";
  ASSERT_TRUE(
      checkpoints.put(folded_checkpoint, projections_revision(), Position{head.value + 1}, bytes));
  EXPECT_EQ(saved(), Position{}) << "of another place";
  const events::Bytes half(bytes.begin(),
                           bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2));
  ASSERT_TRUE(checkpoints.put(folded_checkpoint, projections_revision(), head, half));
  EXPECT_EQ(saved(), Position{}) << "not the bytes of a fold";
  ASSERT_TRUE(checkpoints.put(folded_checkpoint, projections_revision(), head, bytes));
  EXPECT_EQ(saved(), head);
  auto update = checkpoints.update(folded_checkpoint, false);
  ASSERT_TRUE(update.put({0, 1'000}, bytes));
  ASSERT_TRUE(update.finish(projections_revision(), head, bytes));
  EXPECT_EQ(saved(), Position{}) << "a piece that belongs to nothing";
  auto again = checkpoints.update(folded_checkpoint, true);
  ASSERT_TRUE(again.finish(projections_revision(), head, bytes));
  EXPECT_EQ(saved(), Position{}) << "pieces are missing";
}

}  // namespace
}  // namespace server::test
