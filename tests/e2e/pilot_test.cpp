#include "tests/e2e/child_process.h"
#include "tests/e2e/command_line.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/stored_log.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace e2e {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds play_limit{150};

Finished play(const ServerChild& server, const std::filesystem::path& home) {
  return run_program("khuyenhoc-pilot",
                     {"--server", server.url(), "--home", home.string(), "--founding-code-file",
                      (server.data() / "founding-code").string(), "--criteria",
                      std::string(KHUYENHOC_SOURCE_DIR) + "/projections/criteria/sets"},
                     play_limit);
}

/// From the report's first line on.
std::string report_in(const std::string& output) {
  const std::size_t at = output.find("B01.");
  return at == std::string::npos ? std::string{} : output.substr(at);
}

/// The lines of `report` from the one that starts with "Toàn bộ" to the next empty one, with single
/// blanks between columns.
std::string totals_of(const std::string& report) {
  const std::size_t start = report.find("\nToàn bộ");
  if (start == std::string::npos) return {};
  std::string squeezed;
  for (const char letter : report.substr(start, report.find("\n\n", start) - start)) {
    if (letter != ' ' || squeezed.back() != ' ') squeezed += letter;
  }
  return squeezed;
}

/// 441, 140 and 18 reached 70 points; of the others one had exactly 50 and three 50 to 69.
void expect_published_scores(const std::string& report) {
  for (const char* const line :
       {": 70–100 điểm 441, 50–69 điểm "
        "1, trong đó đúng 50 điểm 1",
        ": 70–100 điểm 140, 50–69 điểm 3,", ": 70–100 điểm 18, 50–69 điểm 0,"}) {
    EXPECT_NE(report.find(line), std::string::npos) << line << "\nis not in\n" << report;
  }
}

void expect_published_totals(const std::string& report) {
  const std::string citizens = totals_of(report);
  for (const char* const line : {"Người có trình độ cao đẳng trở lên không rõ 442 442 441 99,77 %",
                                 "Nông dân, lao động nông thôn không rõ 143 143 140 97,90 %",
                                 "Người kinh doanh, buôn bán không rõ 18 18 18 100,00 %",
                                 "Cộng không rõ 603 603 599 99,34 %"}) {
    EXPECT_NE(citizens.find(line), std::string::npos) << line << "\nis not in\n" << report;
  }
  const std::size_t second = report.find("B02.");
  ASSERT_NE(second, std::string::npos) << report;
  const std::string models = totals_of(report.substr(second));
  for (const char* const line : {"Gia đình học tập không rõ 90 ", "Dòng họ học tập không rõ 2 ",
                                 "Cộng đồng học tập không rõ 9 ", "Đơn vị học tập không rõ 7 "}) {
    EXPECT_NE(models.find(line), std::string::npos) << line << "\nis not in\n" << report;
  }
}

constexpr const char* new_units =
    "code,name,kind,parent_code,area,valid_from\n"
    "03127,Phường Điện Biên Phủ,ward,11,urban,2025-07-01\n"
    "03316,Xã Nà Tấu,commune,11,rural,2025-07-01\n";
constexpr const char* decree =
    "from,to,hamlets\n"
    "03136,03127,\n"
    "03127,03127,\n"
    "03316,03316,\n"
    "094,11,\n";

/// The sum of a column over the lines of a report that are called so.
std::uint64_t sum_of(const json::value& report, std::string_view line, const char* column) {
  std::uint64_t sum = 0;
  for (const json::value& row : report.at("rows").as_array()) {
    const bool counts = row.at("unit").is_string() && row.at("line").as_string() == line;
    if (counts) sum += row.at(column).to_number<std::uint64_t>();
  }
  return sum;
}

/// 1 July 2025: two of the three communes become one ward, the third becomes another unit with the
/// same code and name.  All dossiers go along, those without a decision, too.
void carry_over(const ServerChild& server, const std::filesystem::path& scratch) {
  const CommandLine admin(scratch / "pilot" / "administrator");
  const auto sync = [&] {
    const Finished synced = admin.run({"sync", "--server", server.url()});
    EXPECT_EQ(synced.exit_code(), 0) << synced.all();
  };
  sync();
  std::ofstream(scratch / "new.csv") << new_units;
  std::ofstream(scratch / "decree.csv") << decree;
  admin.json({"unit-import", (scratch / "new.csv").string(), "--closed-from", "2025-07-01"});
  std::vector<std::string> change{"unit-change", (scratch / "decree.csv").string(),
                                  "--from",      "2025-07-01",
                                  "--basis",     "NQ 1661/NQ-UBTVQH15"};
  change.emplace_back("--dry-run");
  const json::value seen = admin.json(change);
  std::uint64_t dossiers = 0;
  std::uint64_t open = 0;
  for (const json::value& flow : seen.at("dossiers").as_array()) {
    dossiers += flow.at("dossiers").to_number<std::uint64_t>();
    open += flow.at("open").to_number<std::uint64_t>();
  }
  EXPECT_EQ(dossiers, 603U + 108U) << seen;
  EXPECT_EQ(open, 108U) << "the collectives cannot be scored yet";
  change.back() = "--yes";
  admin.json(change);
  sync();
  const json::value stats = admin.json({"stats", "--on", "2025-07-01", "--rebased"});
  EXPECT_EQ(sum_of(stats.at("B01"), "Cộng", "registered"), 603U);
  EXPECT_EQ(sum_of(stats.at("B01"), "Cộng", "recognized"), 599U);
  std::set<std::string> places;
  for (const json::value& row : stats.at("B01").at("rows").as_array()) {
    if (row.at("unit").is_string()) places.emplace(row.at("unit_name").as_string());
  }
  EXPECT_EQ(places, (std::set<std::string>{"Phường Điện Biên Phủ", "Xã Nà Tấu"}));
  std::uint64_t moved = 0;
  for (const json::value& row : stats.at("B14").at("rows").as_array()) {
    if (!row.at("unit").is_string()) continue;
    moved += row.at("dossiers").to_number<std::uint64_t>();
    EXPECT_EQ(row.at("unallocated").to_number<int>(), 0) << row;
  }
  EXPECT_EQ(moved, 711U);
}

// The pilot's totals are published; whoever tries the system compares them.  The play goes over
// real sockets and through offline devices, so a figure that differs means that events were lost,
// doubled or misjudged on the way.
TEST(Pilot, PrintsThePublishedTotalsTwiceAndIsPlayedOnce) {
  const ScratchDirectory scratch;
  const auto start = std::chrono::steady_clock::now();
  std::string first_report;
  {
    ServerChild server(scratch / "server");
    ASSERT_TRUE(server.listens()) << server.errors();
    const Finished first = play(server, scratch / "pilot");
    ASSERT_EQ(first.exit_code(), 0) << first.all();
    first_report = report_in(first.output);
    ASSERT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
  }
  expect_published_totals(first_report);
  expect_published_scores(first_report);

  ServerChild again(scratch / "server");
  ASSERT_TRUE(again.listens()) << again.errors();
  const Finished second = play(again, scratch / "pilot");
  EXPECT_EQ(second.exit_code(), 0) << second.all();
  EXPECT_EQ(report_in(second.output), first_report);
  EXPECT_NE(second.output.find("nothing is played again"), std::string::npos) << second.output;
  carry_over(again, scratch.path());
  EXPECT_EQ(again.stop(), (Ending{0, 0})) << again.errors();
  expect_audited(scratch / "server");
  EXPECT_LT(std::chrono::steady_clock::now() - start, play_limit);
}

// From another folder the pilot spent the founding code and then missed its files: the server's
// data had to be removed.
TEST(Pilot, MissesItsFilesBeforeItSpendsTheFoundingCode) {
  const ScratchDirectory scratch;
  ServerChild server(scratch / "server");
  ASSERT_TRUE(server.listens()) << server.errors();
  std::filesystem::create_directories(scratch / "empty");
  const Finished missed = run_program(
      "khuyenhoc-pilot",
      {"--server", server.url(), "--home", (scratch / "pilot").string(), "--founding-code-file",
       (server.data() / "founding-code").string(), "--criteria", (scratch / "empty").string()},
      play_limit);
  EXPECT_EQ(missed.exit_code(), 1);
  EXPECT_NE(missed.errors.find("cannot read the criteria file"), std::string::npos)
      << missed.errors;
  EXPECT_FALSE(server.founding_code().empty()) << "the log is founded by somebody without files";
}

}  // namespace
}  // namespace e2e
