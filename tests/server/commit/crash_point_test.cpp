#include "server/commit/crash_point.h"

#include "events/log/memory_event_log.h"
#include "tests/support/block_builder.h"
#include "tests/support/forwarding_log.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <string>

namespace server::test {
namespace {

/// A log that says on standard error what is written, since it dies with its process.
class TellingLog final : public test_support::ForwardingLog {
 public:
  using ForwardingLog::ForwardingLog;

  events::Result<void> append(std::span<const events::StoredBlock> blocks,
                              const events::Frontier& after) override {
    std::fprintf(stderr, "wrote %d;", static_cast<int>(blocks.front().first.value));
    return ForwardingLog::append(blocks, after);
  }
};

/// A log on which a process may die.
struct DeadlyLog {
  events::MemoryEventLog memory{events::LogId{7}, events::Epoch{1}};
  TellingLog telling{memory};
  CrashingLog log;
  test_support::BlockBuilder pushes;

  explicit DeadlyLog(const std::string& crash_at) : log(telling, *CrashPoint::parse(crash_at)) {}
  void append_one() {
    const events::StoredBlock block =
        pushes.next(events::ChainNumber{2}, 1, test_support::scope_of({events::UnitId{}}));
    ASSERT_TRUE(log.append({&block, 1}, pushes.frontier()));
  }
};

/// A process that appends three events, one a commit, and answers each.
void append_three(const std::string& crash_at) {
  DeadlyLog deadly(crash_at);
  for (int count = 0; count < 3; ++count) {
    deadly.append_one();
    deadly.log.before_answers();
    std::fprintf(stderr, "answered %d;", count + 1);
  }
  test_support::expect_whole(deadly.log);
  std::fprintf(stderr, "lives");
}

// The crash tests prove nothing when the server dies somewhere else than they think.
TEST(CrashPoint, KillsInTheMiddleOfTheCommitAndAtTheStageAskedFor) {
  const auto killed = testing::KilledBySignal(SIGKILL);
  EXPECT_EXIT(append_three("1:before_batch"), killed, "^$");
  EXPECT_EXIT(append_three("2:before_batch"), killed, "^wrote 1;answered 1;$");
  EXPECT_EXIT(append_three("2:before_sync"), killed, "^wrote 1;answered 1;wrote 2;$");
  EXPECT_EXIT(append_three("1:before_ack"), killed, "^wrote 1;$");
  EXPECT_EXIT(append_three("2:before_ack"), killed, "^wrote 1;answered 1;wrote 2;$");
}

TEST(CrashPoint, LetsLiveWhoMakesFewerCommits) {
  testing::internal::CaptureStderr();
  append_three("4:before_batch");
  append_three("4:before_ack");
  const std::string once = "wrote 1;answered 1;wrote 2;answered 2;wrote 3;answered 3;lives";
  EXPECT_EQ(testing::internal::GetCapturedStderr(), once + once);
}

// The founding's answer waits for more than one append.
TEST(CrashPoint, KillsBeforeAnAnswerAlsoWhenMoreWasAppendedThanAskedFor) {
  const auto answer_to_two = [] {
    DeadlyLog deadly("1:before_ack");
    deadly.append_one();
    deadly.append_one();
    deadly.log.before_answers();
  };
  EXPECT_EXIT(answer_to_two(), testing::KilledBySignal(SIGKILL), "^wrote 1;wrote 2;$");
}

// A typing error would make a crash test pass without a crash.
TEST(CrashPoint, IsNothingElseThanACommitAndAStage) {
  for (const char* const text :
       {"1:before_batch", "12:before_sync", "18446744073709551615:before_ack"}) {
    EXPECT_TRUE(CrashPoint::parse(text)) << text;
  }
  for (const char* const text :
       {"", ":", "1", "1:", "before_ack", ":before_ack", "one:before_ack", "1x:before_ack",
        " 1:before_ack", "-1:before_ack", "18446744073709551616:before_ack", "1:before_ack ",
        "1:before", "1:BEFORE_ACK", "1:2:before_ack", "0:before_ack"}) {
    EXPECT_FALSE(CrashPoint::parse(text)) << '"' << text << '"';
  }
}

}  // namespace
}  // namespace server::test
