#include "server/commit/committer.h"

#include "tests/server/commit/pipeline_fixture.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <utility>

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

/// A committer that looks at a clock which can be set.
struct WatchedTransfers {
  FoundedLog founded;
  net::io_context log_thread;
  events::Timestamp wall = the_morning;
  ClockWatch watch{[this] { return ClockGuard::Sample{wall, 1'000}; }, {}};
  Committer committer{{.pipeline = founded.pipeline,
                       .enrolment = founded.enrolment,
                       .log_thread = LogExecutor{log_thread.get_executor()},
                       .clock = [this] { return wall; },
                       .clock_watch = &watch,
                       .on_commit = {},
                       .on_founded = {},
                       .before_answers = {}}};

  void set(std::int64_t days) {
    const auto moved = days * static_cast<std::int64_t>(events::milliseconds_per_day);
    wall.value = static_cast<std::uint64_t>(static_cast<std::int64_t>(the_morning.value) + moved);
  }
  void run() {
    log_thread.restart();
    log_thread.run();
  }
  /// What keeps the device out; nothing when it is let in.
  std::optional<events::ErrorCode> keeps_out(events::ChainNumber chain) {
    std::optional<events::ErrorCode> code;
    committer.admit(chain, [&](const events::Result<Admission>& admission) {
      if (!admission) code = admission.error().code;
    });
    run();
    return code;
  }
};

// The server was off for a night and started with a clock two years ahead: a tablet whose people's
// roles end within the year destroyed the names it held.
TEST(Committer, LetsNobodyInWhoseRolesAnUnprovedTimeWouldEnd) {
  WatchedTransfers desk;
  FoundedLog& founded = desk.founded;
  const FoundedLog::Deputy deputy = founded.add_deputy();
  events::RoleGranted auditor;
  auditor.person = deputy.person;
  auditor.role = events::Role::auditor;
  auditor.valid_from = events::Day{1};
  auditor.valid_to = events::Day{events::day_in_vietnam(the_morning).value + 365};
  founded.admin.create(auditor, founded.administrator, founded.registrar);
  ASSERT_EQ(ack_of(founded.commit(founded.admin.sign(), founded.admin)).receipts.size(), 1U);

  desk.set(730);
  EXPECT_EQ(desk.keeps_out(deputy.device.chain()), events::ErrorCode::server_clock);
  EXPECT_EQ(desk.keeps_out(founded.admin.chain()), std::nullopt) << "its roles do not end";
  ASSERT_TRUE(desk.watch.hear(founded.admin.chain(), desk.wall));
  EXPECT_EQ(desk.keeps_out(deputy.device.chain()), std::nullopt) << "somebody vouches for the time";
}

// The server believed at its next start what a bundle's receipt said of its own wrong clock.
TEST(Committer, AppendsNothingOnNoDevicesWordByAnUnprovedTime) {
  WatchedTransfers desk;
  FoundedLog& founded = desk.founded;
  const events::Position before = founded.log.head().position;
  desk.set(730);
  founded.add_commune("Xã Thanh Minh");
  PushedRun run = founded.checked(founded.admin.sign(), founded.admin);
  run.transit.emplace();
  std::optional<events::ErrorCode> carried;
  desk.committer.submit(run, [&](const PushOutcome& outcome) { carried = reason_of(outcome); });
  std::optional<events::ErrorCode> enrolled;
  desk.committer.enrol(an_enrolment("NOSUCHCODE234567", founded.admin.key()),
                       [&](const auto& answer) { enrolled = answer.error().code; });
  desk.run();
  EXPECT_EQ(carried, events::ErrorCode::server_clock);
  EXPECT_EQ(enrolled, events::ErrorCode::server_clock);
  EXPECT_EQ(founded.log.head().position, before);

  run.transit.reset();
  run.device_time = desk.wall;
  std::optional<PushOutcome> pushed;
  desk.committer.submit(run, [&](PushOutcome outcome) { pushed = std::move(outcome); });
  desk.run();
  ASSERT_TRUE(pushed);
  EXPECT_EQ(ack_of(*pushed).receipts.size(), 1U) << "a device vouches for the time";
}

// The backup's last receipt was of a clock that had run ahead.  The log could not be corrected
// while it repaired, and could not be repaired while it was not corrected.
TEST(Committer, CorrectsALogThatHealsWhenItIsRepaired) {
  WatchedTransfers desk;
  Pipeline& pipeline = desk.founded.pipeline;
  const events::Position before = pipeline.log().head().position;
  pipeline.set_repair(true);
  desk.set(-30);
  EXPECT_EQ(desk.keeps_out(admin_chain), events::ErrorCode::server_clock);

  std::optional<ClockFault> fault;
  desk.committer.ask_clock(true, [&](const events::Result<Committer::ClockReport>& report) {
    ASSERT_TRUE(report) << report.error().message;
    fault = report->fault;
  });
  desk.run();
  EXPECT_EQ(fault, ClockFault::none);
  EXPECT_EQ(desk.keeps_out(admin_chain), std::nullopt) << "devices give back what was lost";
  EXPECT_EQ(pipeline.log().head().position, before);

  pipeline.set_repair(false);
  EXPECT_EQ(desk.keeps_out(admin_chain), std::nullopt);
  EXPECT_EQ(pipeline.log().head().position.value, before.value + 1) << "ClockCorrected";
  EXPECT_EQ(pipeline.last_received_at(), desk.wall);
}

}  // namespace
}  // namespace server::test
