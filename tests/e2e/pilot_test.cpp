#include "tests/e2e/child_process.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/stored_log.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace e2e {
namespace {

constexpr std::chrono::seconds play_limit{150};

Finished play(const ServerChild& server, const std::filesystem::path& home) {
  return run_program("khuyenhoc-pilot",
                     {"--server", server.url(), "--home", home.string(), "--founding-code-file",
                      (server.data() / "founding-code").string(), "--criteria",
                      std::string(KHUYENHOC_SOURCE_DIR) + "/projections/workflow/criteria"},
                     play_limit);
}

/// From the report's first line on.
std::string report_in(const std::string& output) {
  const std::size_t at = output.find("B01.");
  return at == std::string::npos ? std::string{} : output.substr(at);
}

/// Whether some line holds both texts.
bool has_line(const std::string& text, const std::string& first, const std::string& second) {
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    const bool both =
        line.find(first) != std::string::npos && line.find(second) != std::string::npos;
    if (both) return true;
    start = end + 1;
  }
  return false;
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
  EXPECT_TRUE(has_line(first_report, "599/603", "99,34 %")) << first_report;
  EXPECT_TRUE(has_line(first_report, "441/442", "99,77 %")) << first_report;
  EXPECT_TRUE(has_line(first_report, "140/143", "97,90 %")) << first_report;
  EXPECT_TRUE(has_line(first_report, "18/18", "100,00 %")) << first_report;
  for (const char* const figure : {"90", "2", "9", "7"}) {
    EXPECT_TRUE(has_line(first_report, "Toàn bộ", figure)) << first_report;
  }

  ServerChild again(scratch / "server");
  ASSERT_TRUE(again.listens()) << again.errors();
  const Finished second = play(again, scratch / "pilot");
  EXPECT_EQ(second.exit_code(), 0) << second.all();
  EXPECT_EQ(report_in(second.output), first_report);
  EXPECT_NE(second.output.find("nothing is played again"), std::string::npos) << second.output;
  EXPECT_EQ(again.stop(), (Ending{0, 0})) << again.errors();
  expect_audited(scratch / "server");
  EXPECT_LT(std::chrono::steady_clock::now() - start, play_limit);
}

}  // namespace
}  // namespace e2e
