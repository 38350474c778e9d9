#include "server/feed/projector.h"

#include "server/store/rocks_event_log.h"
#include "tests/server/api/served_world.h"
#include "tests/support/forwarding_log.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace server::test {
namespace {

using events::ErrorCode;
using events::Position;
using events::Result;

/// The log of a world as a projector reads it: its blocks may stand further on, as if events that
/// the reader does not get lay before them, it may end earlier, and its disk may fail.
class ShownLog final : public test_support::ForwardingLog {
 public:
  explicit ShownLog(events::EventLog& log) : ForwardingLog(log), upto(log.head().position) {}

  Position upto;  ///< The last event that the projector may read, the last of a block.
  std::uint64_t shift = 0;
  bool fails = false;
  mutable int reads = 0;

  Result<std::optional<events::Bytes>> next_block(const events::ReaderScope& reader, Position after,
                                                  Position* scanned_to) const override {
    ++reads;
    if (fails) return events::Error{ErrorCode::storage_failed, "the disk does not answer"};
    const Position here{after.value > shift ? after.value - shift : 0};
    const auto encoded = ForwardingLog::next_block(reader, here, scanned_to);
    if (!encoded || !*encoded) return encoded;
    events::StoredBlock block = *events::decode_stored_block(**encoded);
    if (block.last() > upto) return std::optional<events::Bytes>{};
    block.first.value += shift;
    return std::optional{events::encode_stored_block(block)};
  }
};

/// A projector behind the log of a province, whose thread runs when the test says so.
struct ProjectedLog : testing::Test {
  events::MemoryEventLog whole = log_of(the_scene().world);
  Position head = whole.head().position;
  ShownLog log{whole};
  e2e::ScratchDirectory scratch;
  std::unique_ptr<RocksEventLog> disk = open_disk();
  net::io_context thread;
  std::optional<Projector> projector;

  ProjectedLog() { start(); }

  void start(Folded folded = {}) {
    projector.emplace(log, disk->checkpoints(), ProjectionExecutor{thread.get_executor()},
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
  /// The end of the first block that ends at `position` or behind it.
  Position block_end(Position position) const {
    return events::decode_stored_block(**whole.block_at(position))->last();
  }
  static events::Bytes fold_of(const events::EventLog& log) {
    Folded folded;
    EXPECT_TRUE(fold(log, folded.state, folded.views.on_effect()));
    return events::encode(folded);
  }
  Position saved() const { return restore_checkpoint(disk->checkpoints()).state.applied(); }
};

// The log thread calls it after each append: it must neither wait nor pile up work.
TEST_F(ProjectedLog, FollowsOnItsOwnThreadAndOnceForManyCalls) {
  for (int count = 0; count < 5; ++count) projector->follow();
  EXPECT_EQ(log.reads, 0);
  EXPECT_EQ(projector->progress().applied, Position{});
  EXPECT_TRUE(projector->progress().healthy);
  EXPECT_EQ(run(), 1U);
  EXPECT_EQ(projector->progress().applied, head);
  EXPECT_TRUE(projector->progress().healthy);
  projector->follow();
  EXPECT_EQ(run(), 1U) << "what comes after the fold began is another fold";
}

// A clerk who has just recorded something must find it in what she asks for.
TEST_F(ProjectedLog, AnswersFromAFoldThatHoldsWhatTheLogHadWhenItWasAsked) {
  log.upto = block_end(Position{head.value / 2});
  projector->follow();
  run();
  EXPECT_EQ(projector->progress().applied, log.upto);
  log.upto = head;
  events::Bytes seen;
  projector->ask([&](const Folded& folded) { seen = events::encode(folded); });
  EXPECT_TRUE(seen.empty()) << "on the projection thread";
  run();
  EXPECT_EQ(seen, fold_of(whole)) << "state and views are those of the whole log";
}

// The dashboard of a server whose disk fails must say so instead of showing last week's numbers.
TEST_F(ProjectedLog, SaysThatItFailedAndGoesOnWhenTheLogCanBeReadAgain) {
  log.upto = block_end(Position{head.value / 2});
  projector->follow();
  run();
  log.upto = head;
  log.fails = true;
  projector->follow();
  run();
  EXPECT_FALSE(projector->progress().healthy);
  EXPECT_EQ(projector->progress().applied, block_end(Position{head.value / 2}));
  log.fails = false;
  projector->ask([&](const Folded& folded) { EXPECT_EQ(events::encode(folded), fold_of(whole)); });
  run();
  EXPECT_TRUE(projector->progress().healthy);
  EXPECT_EQ(projector->progress().applied, head);
}

// A restart of a province's server folds seconds, not years.
TEST_F(ProjectedLog, GoesOnAfterARestartFromWhatItSavedAtTheEnd) {
  log.upto = block_end(Position{head.value / 2});
  projector->finish();
  EXPECT_EQ(saved(), Position{}) << "not on the caller's thread";
  run();
  EXPECT_EQ(saved(), log.upto);

  start(restore_checkpoint(disk->checkpoints()));
  EXPECT_EQ(projector->progress().applied, log.upto);
  log.upto = head;
  events::Bytes seen;
  projector->ask([&](const Folded& folded) { seen = events::encode(folded); });
  run();
  EXPECT_EQ(seen, fold_of(whole)) << "the views go on, too";
}

// A server that is killed has only what was saved on the way.
TEST_F(ProjectedLog, SavesOnTheWayAfterEnoughEvents) {
  const Position early = block_end(Position{20});
  const Position enough = block_end(Position{early.value + 1});
  log.shift = Projector::checkpoint_distance - enough.value;
  log.upto = early;
  projector->follow();
  run();
  ASSERT_EQ(projector->progress().applied, Position{early.value + log.shift});
  EXPECT_EQ(saved(), Position{}) << "a block less than that";
  log.upto = enough;
  projector->follow();
  run();
  EXPECT_EQ(saved(), Position{Projector::checkpoint_distance});
  log.upto = head;
  projector->follow();
  run();
  EXPECT_EQ(projector->progress().applied, Position{head.value + log.shift});
  EXPECT_EQ(saved(), Position{Projector::checkpoint_distance}) << "counted from the last one";
  projector->finish();
  run();
  EXPECT_EQ(saved(), Position{head.value + log.shift});
}

// A checkpoint of another build or of another place would be shown as the truth for ever.
TEST_F(ProjectedLog, FoldsFromTheStartWhenTheCheckpointIsNotOfThisBuild) {
  projector->finish();
  run();
  const events::Bytes bytes = events::encode(restore_checkpoint(disk->checkpoints()));
  ASSERT_EQ(saved(), head);
  CheckpointStore& checkpoints = disk->checkpoints();
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
}

}  // namespace
}  // namespace server::test
