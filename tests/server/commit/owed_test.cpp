#include "server/commit/committer.h"
#include "tests/server/commit/pipeline_fixture.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What the server appends because a day came.

namespace server::test {
namespace {

using events::CyclePhase;
using events::Timestamp;

/// A founded log with a cycle whose phases end one after the other, a day apart, from tomorrow on.
struct CycleLog {
  FoundedLog founded;
  events::CycleId cycle;

  CycleLog() {
    events::CycleOpened year = test_support::a_cycle();
    year.criteria = events::CriteriaId{founded.admin.create(
        test_support::a_criteria_set(), founded.administrator, founded.registrar)};
    year.grace_days = 0;
    const events::Day today = events::day_in_vietnam(the_morning);
    std::uint32_t after = 0;
    for (events::Phase* const phase : {&year.registration, &year.self_assessment, &year.review,
                                       &year.appraisal, &year.decision}) {
      *phase = {today, events::Day{today.value + after++}};
    }
    cycle = events::CycleId{founded.admin.create(year, founded.administrator, founded.registrar)};
    founded.commit(founded.admin.sign(), founded.admin);
  }

  static Timestamp end(std::uint32_t days_from_now) {
    const events::Day today = events::day_in_vietnam(the_morning);
    return events::midnight_in_vietnam(events::Day{today.value + days_from_now});
  }
  bool is_closed(CyclePhase phase) const {
    return founded.pipeline.state().rulebook().find(cycle)->is_closed(phase);
  }
  PushedRun a_run() {
    founded.add_commune("Xã " + std::to_string(founded.admin.seq()));
    return founded.checked(founded.admin.sign(), founded.admin);
  }
  events::StoredBlock block_at(events::Position position) const {
    return *events::decode_stored_block(**founded.log.block_at(position));
  }
};

// An event would be judged by a log that does not say yet what had come to an end before it.
TEST(Owed, ComesBeforeTheEventThatIsReceived) {
  CycleLog world;
  EXPECT_EQ(world.founded.pipeline.next_deadline(), CycleLog::end(1));
  const events::Position before = world.founded.log.head().position;
  world.founded.now = CycleLog::end(2);
  std::vector<PushedRun> runs;
  runs.push_back(world.a_run());
  world.founded.commit(std::move(runs));
  ASSERT_EQ(world.founded.log.head().position.value, before.value + 3);
  const events::StoredBlock owed = world.block_at(events::Position{before.value + 1});
  EXPECT_EQ(owed.chain, events::system_chain);
  EXPECT_EQ(owed.received_at, CycleLog::end(2)) << "when it was appended";
  EXPECT_EQ(owed.entries.size(), 2U) << "registration and self-assessment";
  EXPECT_EQ(world.block_at(events::Position{before.value + 3}).chain, admin_chain);
  EXPECT_TRUE(world.is_closed(CyclePhase::self_assessment));
  EXPECT_FALSE(world.is_closed(CyclePhase::review));
  // Whoever reads only reference scope is woken, too.
  EXPECT_NE(std::ranges::find(world.founded.pipeline.last_scopes(),
                              events::ScopeSet{events::reference_scope}),
            world.founded.pipeline.last_scopes().end());
}

// The scope of what was owed would be forgotten, and its readers not be woken.
TEST(Owed, WakesTheReadersOfItsScopesWithThoseOfTheAppendBehindIt) {
  CycleLog world;
  const events::UnitId commune = world.founded.add_commune("Xã Nà Tấu");
  world.founded.commit(world.founded.admin.sign(), world.founded.admin);
  events::PersonIntroduced person;
  person.home_unit = commune;
  const auto record = test_support::a_private_record(test_support::a_person_record(), 0x78);
  person.private_digest = record.digest();
  world.founded.admin.create(person, world.founded.administrator, world.founded.registrar);
  std::vector<PushedRun> runs;
  runs.push_back(world.founded.checked(world.founded.admin.sign(), world.founded.admin, {record}));
  world.founded.now = CycleLog::end(1);
  world.founded.commit(std::move(runs));
  const std::vector<events::ScopeSet> expected{events::ScopeSet{events::reference_scope},
                                               events::ScopeSet{commune}};
  EXPECT_EQ(world.founded.pipeline.last_scopes(), expected);
}

TEST(Owed, ComesBeforeAnEventOfTheServerAndNotAgain) {
  CycleLog world;
  const events::Position before = world.founded.log.head().position;
  ASSERT_TRUE(world.founded.pipeline.append_owed(Timestamp{CycleLog::end(1).value - 1}));
  EXPECT_EQ(world.founded.log.head().position, before);
  ASSERT_TRUE(world.founded.pipeline.append_owed(CycleLog::end(1)));
  ASSERT_TRUE(world.founded.pipeline.append_owed(CycleLog::end(1)));
  EXPECT_EQ(world.founded.log.head().position.value, before.value + 1);
  const events::SealingKey key = events::sealing_key_of(events::SealingSecret{{0x51}});
  ASSERT_TRUE(world.founded.pipeline.publish_sealing_key(key, CycleLog::end(2)));
  EXPECT_EQ(world.founded.log.head().position.value, before.value + 3);
  EXPECT_TRUE(world.is_closed(CyclePhase::self_assessment));
}

// A refused event of the server would take what was owed with it, and fold the log again each time.
TEST(Owed, StaysWhenTheEventBehindItIsRefused) {
  CycleLog world;
  std::vector<events::Payload> wrong;
  wrong.emplace_back(events::PhaseClosed{world.cycle, CyclePhase::decision});
  const auto refused = world.founded.pipeline.append_system(std::move(wrong), CycleLog::end(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, events::ErrorCode::not_permitted);
  EXPECT_TRUE(world.is_closed(CyclePhase::registration));
  EXPECT_FALSE(world.is_closed(CyclePhase::decision));
  EXPECT_EQ(world.founded.pipeline.state().applied(), world.founded.log.head().position);
}

// A restarted server would close a phase twice or never.
TEST(Owed, IsTheSameForAServerThatStartsAgain) {
  CycleLog world;
  ASSERT_TRUE(world.founded.pipeline.append_owed(CycleLog::end(1)));
  Pipeline again(world.founded.log, world.founded.private_store, test_support::a_key(1));
  ASSERT_TRUE(again.recover());
  EXPECT_EQ(again.next_deadline(), CycleLog::end(2));
  const events::Position before = world.founded.log.head().position;
  ASSERT_TRUE(again.append_owed(CycleLog::end(5)));
  EXPECT_EQ(world.founded.log.head().position.value, before.value + 4);
}

// A wrong clock would close the year, and the log could not be mended in front of its next event.
TEST(Owed, IsOpenAgainWhenTheClockIsCorrected) {
  CycleLog world;
  ASSERT_TRUE(world.founded.pipeline.append_owed(CycleLog::end(5)));
  EXPECT_TRUE(world.founded.pipeline.state().rulebook().is_closed(world.cycle));
  const events::Position before = world.founded.log.head().position;
  ASSERT_TRUE(world.founded.pipeline.correct_clock(CycleLog::end(1)));
  EXPECT_EQ(world.founded.log.head().position.value, before.value + 1);
  EXPECT_FALSE(world.founded.pipeline.state().rulebook().is_closed(world.cycle));
  EXPECT_EQ(world.founded.pipeline.next_deadline(), CycleLog::end(2));
  ASSERT_TRUE(world.founded.pipeline.append_owed(CycleLog::end(2)));
  EXPECT_TRUE(world.is_closed(CyclePhase::self_assessment));
}

// A log that takes back what it lost would say something in between.
TEST(Owed, WaitsWhileTheLogIsRepaired) {
  CycleLog world;
  const events::Position before = world.founded.log.head().position;
  world.founded.pipeline.set_repair(true);
  EXPECT_EQ(world.founded.pipeline.next_deadline(), std::nullopt);
  ASSERT_TRUE(world.founded.pipeline.append_owed(CycleLog::end(3)));
  EXPECT_EQ(world.founded.log.head().position, before);
}

/// A committer that looks at a clock which can be set.
struct WatchedCycle : CycleLog {
  net::io_context log_thread;
  Timestamp wall = the_morning;
  std::uint64_t steady = 1'000;
  std::vector<Commit> commits;
  ClockWatch watch{[this] { return ClockGuard::Sample{wall, steady}; }, {}};
  Committer committer{{.pipeline = founded.pipeline,
                       .enrolment = founded.enrolment,
                       .log_thread = LogExecutor{log_thread.get_executor()},
                       .clock = [this] { return wall; },
                       .clock_watch = &watch,
                       .on_commit = [this](const Commit& commit) { commits.push_back(commit); },
                       .on_founded = {},
                       .before_answers = {}}};

  void run() {
    log_thread.restart();
    log_thread.run();
  }
  void look() {
    committer.look_at_clock([] {});
    run();
  }
  /// The server's clock goes on rightly.
  void pass_to(Timestamp moment) {
    steady += moment.value - wall.value;
    wall = moment;
  }
};

// At night nobody pushes: the phase would end when the first one comes to the office.
TEST(Owed, IsAppendedByTheWatchWhileNobodyComes) {
  WatchedCycle world;
  world.look();
  EXPECT_EQ(world.committer.next_deadline(), CycleLog::end(1));
  EXPECT_TRUE(world.commits.empty());
  world.pass_to(CycleLog::end(1));
  world.look();
  EXPECT_TRUE(world.is_closed(CyclePhase::registration));
  EXPECT_EQ(world.committer.next_deadline(), CycleLog::end(2));
  ASSERT_EQ(world.commits.size(), 1U) << "readers are told";
  world.look();
  EXPECT_EQ(world.commits.size(), 1U);
}

// A server that started years ahead would close everything on nobody's word.
TEST(Owed, WaitsUntilSomebodyVouchesForTheClock) {
  WatchedCycle world;
  world.wall = CycleLog::end(700);
  const events::Position before = world.founded.log.head().position;
  world.look();
  EXPECT_EQ(world.founded.log.head().position, before);
  PushedRun stranger = world.a_run();
  stranger.device_time = the_morning;
  std::optional<events::ErrorCode> refused;
  world.committer.submit(std::move(stranger),
                         [&](const PushOutcome& outcome) { refused = reason_of(outcome); });
  world.run();
  EXPECT_EQ(refused, events::ErrorCode::server_clock);
  EXPECT_EQ(world.founded.log.head().position, before) << "also where nothing else is appended";
  ASSERT_TRUE(world.watch.hear(admin_chain, world.wall));
  world.look();
  EXPECT_TRUE(world.is_closed(CyclePhase::validity));
}

// A clock that was set while the server ran would end what is not over.
TEST(Owed, WaitsWhileTheClockIsWrong) {
  WatchedCycle world;
  world.look();
  world.wall = CycleLog::end(3);
  world.look();
  EXPECT_EQ(world.watch.fault(), ClockFault::stepped);
  EXPECT_FALSE(world.is_closed(CyclePhase::registration));
}

}  // namespace
}  // namespace server::test
