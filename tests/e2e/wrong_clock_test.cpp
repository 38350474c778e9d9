#include "projections/texts/texts.h"
#include "tests/e2e/commune_setup.h"
#include "tests/e2e/shifted_clock.h"
#include "tests/e2e/stored_log.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace e2e {
namespace {

using namespace std::chrono_literals;

constexpr int exit_clock_wrong = 3;
constexpr events::ChainNumber commune_chain{3};

/// A commune whose server, and no device, has a clock that can be set.
struct WrongClock : testing::Test {
  ScratchDirectory scratch;
  ShiftedClock clock{scratch / "shift"};
  std::unique_ptr<CommuneSetup> setup;

  void SetUp() override {
    const ShiftedClock::Worn worn(clock);
    setup = std::make_unique<CommuneSetup>(scratch.path());
  }

  /// The same log under a server that is started with the clock as it is set.
  std::unique_ptr<ServerChild> start_again() {
    EXPECT_EQ(setup->server().stop(), (Ending{0, 0}));
    return start();
  }
  std::unique_ptr<ServerChild> start() {
    const ShiftedClock::Worn worn(clock);
    auto server = std::make_unique<ServerChild>(scratch / "server");
    EXPECT_TRUE(server->listens()) << server->errors();
    return server;
  }

  void register_citizen(const std::string& name) const {
    setup->commune().record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                             "--cycle", "2026", "--group", "farmer_rural", "--name", name,
                             "--birth", "12/03/1990", "--gender", "female", "--hamlet",
                             "Bản Nà Tấu", "--actor", setup->officer("proxy_entrant")});
  }
  Finished sync(const ServerChild& server) const {
    return setup->commune().run({"sync", "--server", server.url()});
  }
  void expect_refused_for_the_clock(const ServerChild& server) const {
    const Finished refused = sync(server);
    EXPECT_NE(refused.exit_code(), 0) << refused.all();
    EXPECT_TRUE(is_error_with_code(refused.errors, "server_clock")) << refused.all();
    EXPECT_EQ(refused.all().find("Đã đồng bộ"), std::string::npos) << refused.all();
  }
  void expect_synced(const ServerChild& server) const {
    const Finished synced = sync(server);
    EXPECT_EQ(synced.exit_code(), 0) << synced.all();
  }
  /// The device still reads the names of its people.
  void expect_name(const std::string& name) const {
    const auto people = setup->commune().json({"people"});
    ASSERT_TRUE(people.is_array());
    const bool is_there = std::ranges::any_of(people.as_array(), [&](const auto& person) {
      return person.as_object().at("name").as_string() == name;
    });
    EXPECT_TRUE(is_there) << name;
  }
  /// Everything that the commune's device sent has effect, and the whole log holds together.
  void expect_nothing_held(std::size_t events) const {
    const StoredLog log = StoredLog::read(scratch / "server", commune_chain);
    EXPECT_EQ(log.of_device.size(), events);
    for (const StoredRow& row : log.of_device) {
      EXPECT_TRUE(row.verdict.takes_effect()) << "event " << row.seq;
    }
    expect_audited(scratch / "server");
  }
};

TEST_F(WrongClock, AStepOfTwoDaysUnderWayHoldsNobody) {
  setup->run();
  if (testing::Test::HasFailure()) return;
  register_citizen("Lò Thị Ánh");
  clock.set(48h);
  expect_refused_for_the_clock(setup->server());
  clock.set(0ms);
  expect_synced(setup->server());
  register_citizen("Quàng Văn Tuấn");
  expect_synced(setup->server());
  const auto server = start_again();
  register_citizen("Tòng Thị Lả");
  expect_synced(*server);
  EXPECT_EQ(server->stop(), (Ending{0, 0}));
  expect_nothing_held(9);
}

TEST_F(WrongClock, AServerThatStartsIn1970EmptiesNoTablet) {
  setup->run();
  if (testing::Test::HasFailure()) return;
  register_citizen("Lò Thị Ánh");
  expect_synced(setup->server());
  clock.set(-std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch()));
  auto server = start_again();
  register_citizen("Quàng Văn Tuấn");
  expect_refused_for_the_clock(*server);
  expect_name("Lò Thị Ánh");
  clock.set(0ms);
  expect_synced(*server);
  expect_name("Lò Thị Ánh");
  expect_name("Quàng Văn Tuấn");
  EXPECT_EQ(server->stop(), (Ending{0, 0}));
  expect_nothing_held(6);
}

// The log's last receipt lies three days ahead, because the server and one device agreed on a wrong
// day.  With the right clock back, nothing is taken until the operator says so, and then all is
// well.
TEST_F(WrongClock, ALogThatRanAheadIsCorrectedByTheOperator) {
  setup->run();
  if (testing::Test::HasFailure()) return;
  const auto invited =
      setup->admin().json({"invite", "--person", setup->officer("proxy_entrant"), "--days", "1"});
  const std::string code(invited.as_object().at("code").as_string());
  setup->admin().json({"sync"});

  clock.set(72h);
  auto server = start_again();
  {
    const ShiftedClock::Worn worn(clock);
    register_citizen("Lò Thị Ánh");
    expect_synced(*server);
  }
  EXPECT_EQ(server->stop(), (Ending{0, 0}));

  clock.set(0ms);
  server = start();
  const CommandLine second(scratch / "second");
  const std::vector<std::string> enrolment{"enrol",   "--server", server->url(), "--label",
                                           "Máy bản", "--code",   code};
  const Finished too_early = second.run(enrolment);
  EXPECT_NE(too_early.exit_code(), 0);
  EXPECT_TRUE(is_error_with_code(too_early.errors, "server_clock")) << too_early.all();
  expect_refused_for_the_clock(*server);

  const std::vector<std::string> look{"clock", "--data", scratch / "server"};
  EXPECT_EQ(run_program("khuyenhoc-server", look).exit_code(), exit_clock_wrong);
  std::vector<std::string> confirm = look;
  confirm.emplace_back("--confirm");
  const Finished confirmed = run_program("khuyenhoc-server", confirm);
  EXPECT_EQ(confirmed.exit_code(), 0) << confirmed.all();
  EXPECT_EQ(run_program("khuyenhoc-server", look).exit_code(), 0);

  const Finished enrolled = second.run(enrolment);
  EXPECT_EQ(enrolled.exit_code(), 0) << enrolled.all();
  register_citizen("Quàng Văn Tuấn");
  expect_synced(*server);
  EXPECT_EQ(server->stop(), (Ending{0, 0}));
  expect_nothing_held(6);
}

// A screen in an office shows what comes in for weeks.  Its device knows by its own clock when the
// names on it are no longer its own to show.
TEST(LeaseOfTheWatching, HidesNamesWhenItEndsOnALivingLine) {
  const ScratchDirectory scratch;
  const ShiftedClock clock(scratch / "shift");
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(testing::Test::HasFailure());
  const auto shown_by = [&](const ChildProcess& watch, const std::string& word,
                            const std::string& newcomer) {
    setup.register_citizen(newcomer);
    setup.commune().json({"sync"});
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (watch.output().find(word) == std::string::npos) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(50ms);
    }
    return true;
  };
  std::unique_ptr<ChildProcess> watch;
  {
    const ShiftedClock::Worn worn(clock);
    watch = std::make_unique<ChildProcess>(
        "khuyenhoc", std::vector<std::string>{"--home", setup.admin().home().string(), "watch"});
  }
  ASSERT_TRUE(shown_by(*watch, "Lò Văn Cán", "Lò Thị Ánh")) << watch->output() << watch->errors();
  EXPECT_EQ(watch->output().find(projections::hidden_name_vi), std::string::npos);
  clock.set(24h * 400);
  EXPECT_TRUE(shown_by(*watch, std::string(projections::hidden_name_vi), "Quàng Văn Tuấn"))
      << watch->output() << watch->errors();
  watch->signal(SIGINT);
  EXPECT_EQ(watch->wait(10s), (Ending{0, 0})) << watch->errors();
}

}  // namespace
}  // namespace e2e
