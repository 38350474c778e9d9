#include "events/kinds/criteria_events.h"
#include "events/log/event.h"
#include "tests/e2e/commune_setup.h"
#include "tests/e2e/shifted_clock.h"
#include "tests/e2e/stored_log.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

// Months pass in seconds: the clocks of the server and of all devices are set ahead week by week,
// and an operator says that they are right.

namespace e2e {
namespace {

using namespace std::chrono_literals;
using events::CyclePhase;

constexpr int days_a_week = 7;

events::Day today() {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return events::day_in_vietnam(events::Timestamp{static_cast<std::uint64_t>(now.count())});
}

/// "2026-12-05", so many days from today.
std::string in_days(std::uint32_t days) {
  return events::to_iso(events::Day{today().value + days});
}

struct PassingMonths : testing::Test {
  ScratchDirectory scratch;
  ShiftedClock clock{scratch / "shift"};
  ShiftedClock::Worn worn{clock};  // Everybody has the same clock.
  CommuneSetup setup{scratch.path()};

  /// The week is over for everybody, and the operator says that it is.
  void pass_to_week(int week) {
    clock.set(24h * days_a_week * week);
    const Finished confirmed = run_program(
        "khuyenhoc-server", {"clock", "--data", (scratch / "server").string(), "--confirm"});
    EXPECT_EQ(confirmed.exit_code(), 0) << confirmed.all();
  }
  /// A cycle whose phases end after one week, two weeks, and so on, without grace.
  void open_cycle() {
    const auto until = [](int weeks) {
      return "2020-01-01.." + in_days(static_cast<std::uint32_t>(weeks * days_a_week - 1));
    };
    setup.admin().record({"cycle-open",
                          "--title",
                          "learning_citizen",
                          "--criteria",
                          "CDHT-324-2022",
                          "--label",
                          "Mau",
                          "--registration",
                          until(1),
                          "--self-assessment",
                          until(2),
                          "--review",
                          until(3),
                          "--appraisal",
                          until(4),
                          "--decision",
                          until(5),
                          "--reference-day",
                          in_days(0),
                          "--kind",
                          "campaign",
                          "--late-policy",
                          "accept_if_declared_in_time",
                          "--deadline-basis",
                          "declared",
                          "--grace-days",
                          "0"});
    setup.admin().json({"sync"});
    sync();
  }
  void sync() {
    const Finished synced = setup.commune().run({"sync"});
    EXPECT_EQ(synced.exit_code(), 0) << synced.all();
  }
  void register_in(const std::string& cycle, const std::string& name,
                   const std::string& business_day) const {
    const Finished registered = setup.commune().run({"--business-date",
                                                     business_day,
                                                     "register",
                                                     "--consent",
                                                     "assess",
                                                     "--confirmed-by",
                                                     "subject_present",
                                                     "--actor",
                                                     setup.officer("proxy_entrant"),
                                                     "--name",
                                                     name,
                                                     "--birth",
                                                     "1990",
                                                     "--gender",
                                                     "female",
                                                     "--hamlet",
                                                     "Bản Nà Tấu",
                                                     "--cycle",
                                                     cycle,
                                                     "--group",
                                                     "farmer_rural"});
    EXPECT_EQ(registered.exit_code(), 0) << registered.all();
  }
  /// How many dossiers the commune's device shows in that state.
  std::size_t count_in(const std::string& state) const {
    const auto rows = setup.commune().json({"dossiers"});
    if (!rows.is_array()) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(rows.as_array(), [&](const auto& row) {
      return row.as_object().at("state").as_string() == state;
    }));
  }
  /// An auditor of the commune until so many days from now, on a device of their own.
  CommandLine enrol_auditor(std::uint32_t days) {
    const CommandLine& admin = setup.admin();
    const std::string person =
        admin.record({"officer", "--name", "Vàng Thị Sua", "--birth", "1980", "--unit", "03316"});
    admin.record({"grant", "--person", person, "--role", "auditor", "--unit", "03316", "--from",
                  "2020-01-01", "--to", in_days(days), "--basis", "QĐ 06"});
    const auto invited = admin.json({"invite", "--person", person});
    const std::string code(invited.as_object().at("code").as_string());
    admin.json({"sync"});
    CommandLine auditor(scratch / "auditor");
    const Finished enrolled = auditor.run(
        {"enrol", "--server", setup.server().url(), "--label", "Máy kiểm tra", "--code", code});
    EXPECT_EQ(enrolled.exit_code(), 0) << enrolled.all();
    return auditor;
  }
  static std::size_t dossiers_of(const CommandLine& device) {
    const auto rows = device.json({"dossiers"});
    return rows.is_array() ? rows.as_array().size() : 0;
  }
};

TEST_F(PassingMonths, PhasesCloseHoldsEndAndRolesEndAndTheAuditComesToTheSame) {
  setup.run();
  ASSERT_FALSE(testing::Test::HasFailure());
  open_cycle();
  const CommandLine auditor = enrol_auditor(3 * days_a_week);
  register_in("Mau", "Lò Thị Ánh", in_days(0));
  // Recorded by a clock that was a day ahead, on a paper of the day after that; and by one that was
  // a week ahead.  Both wait: for their day, and for somebody who decides.
  clock.set(23h + 59min);
  register_in("2026", "Quàng Văn Tuấn", in_days(2));
  clock.set(24h * days_a_week);
  register_in("2026", "Tòng Thị Lả", in_days(days_a_week));
  clock.set(0ms);
  sync();
  EXPECT_EQ(count_in("registered"), 1U);

  pass_to_week(2);
  sync();
  EXPECT_EQ(count_in("registered"), 1U) << "its day has come";
  EXPECT_EQ(count_in("lapsed"), 1U) << "nobody scored it in time";
  auditor.json({"sync"});
  EXPECT_GE(dossiers_of(auditor), 1U);

  pass_to_week(4);
  sync();
  auditor.run({"sync"});
  EXPECT_EQ(dossiers_of(auditor), 0U) << "the role ended with its last day";
  for (const int week : {5, 6, 12, 14, 20, 27}) {
    pass_to_week(week);
    sync();
  }
  EXPECT_EQ(count_in("lapsed"), 1U);
  const auto inbox = setup.commune().json({"inbox"});
  ASSERT_TRUE(inbox.is_array());
  EXPECT_TRUE(inbox.as_array().empty()) << "nobody decided, and the time was over";

  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));
  const StoredLog log = StoredLog::read(scratch / "server", events::system_chain);
  std::vector<CyclePhase> closed;
  std::map<events::EventType, int> kinds;
  for (const StoredRow& row : log.of_device) {
    EXPECT_TRUE(row.verdict.takes_effect());
    const auto event = events::read_event(row.canonical);
    ASSERT_TRUE(event);
    ++kinds[static_cast<events::EventType>(event->header.type)];
    if (const auto* const each = std::get_if<events::PhaseClosed>(&event->payload)) {
      closed.push_back(each->phase);
    }
  }
  EXPECT_TRUE(std::ranges::is_sorted(closed));
  EXPECT_GE(closed.size(), 5U) << "and the validity of its titles, where a year ends in between";
  EXPECT_GE(kinds[events::EventType::hold_released], 1);
  EXPECT_GE(kinds[events::EventType::hold_refused], 1);
  expect_audited(scratch / "server");
}

}  // namespace
}  // namespace e2e
