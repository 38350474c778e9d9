#include "server/commit/committer.h"

#include "tests/server/commit/pipeline_fixture.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace server::test {
namespace {

/// A committer whose log thread runs when the test says so.
struct Desk {
  FoundedLog founded;
  net::io_context log_thread;
  std::vector<Commit> commits;
  Committer committer{{.pipeline = founded.pipeline,
                       .enrolment = founded.enrolment,
                       .log_thread = LogExecutor{log_thread.get_executor()},
                       .clock = [] { return the_morning; },
                       .on_commit = [this](const Commit& commit) { commits.push_back(commit); },
                       .on_founded = {},
                       .before_answers = {}}};
  std::vector<PushOutcome> outcomes;

  void submit_one() {
    founded.add_commune("Xã " + std::to_string(founded.admin.seq()));
    PushedRun run = founded.checked(founded.admin.sign(), founded.admin);
    committer.submit(std::move(run),
                     [this](PushOutcome outcome) { outcomes.push_back(std::move(outcome)); });
  }
};

// One sync costs as much as many events: what waits together must share it.
TEST(Committer, GroupsWhatWaitsIntoOneAppend) {
  Desk desk;
  for (int count = 0; count < 10; ++count) desk.submit_one();
  EXPECT_TRUE(desk.outcomes.empty());
  desk.log_thread.run();
  ASSERT_EQ(desk.outcomes.size(), 10U);
  for (const PushOutcome& outcome : desk.outcomes) EXPECT_EQ(ack_of(outcome).receipts.size(), 1U);
  ASSERT_EQ(desk.commits.size(), 1U);
  EXPECT_EQ(desk.commits[0].head, events::Position{14});
}

TEST(Committer, AnswersBusyWhenTooManyWait) {
  Desk desk;
  for (std::size_t count = 0; count < waiting_runs_max; ++count) desk.submit_one();
  EXPECT_TRUE(desk.outcomes.empty());
  desk.submit_one();
  ASSERT_EQ(desk.outcomes.size(), 1U);
  EXPECT_EQ(reason_of(desk.outcomes[0]), events::ErrorCode::busy);
  desk.log_thread.run();
  EXPECT_EQ(desk.outcomes.size(), waiting_runs_max + 1);
  EXPECT_EQ(desk.commits.size(), waiting_runs_max / group_runs_max);
}

}  // namespace
}  // namespace server::test
