#include "clients/cli/commands.h"
#include "events/text/display_width.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace clients_test {
namespace {

struct Said {
  int exit_code = 0;
  std::string out;
  std::string err;
};

Said say(std::vector<std::string> words) {
  std::vector<const char*> arguments{"khuyenhoc"};
  for (const std::string& word : words) arguments.push_back(word.c_str());
  std::ostringstream out;
  std::ostringstream err;
  const int code =
      clients::run_command_line(static_cast<int>(arguments.size()), arguments.data(), out, err);
  return {code, out.str(), err.str()};
}

/// The commands of a page of help, which stand behind two blanks before the options.
std::vector<std::string> commands_in(const std::string& help) {
  std::vector<std::string> names;
  std::istringstream lines(help.substr(0, help.find("\nLựa chọn:")));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("  ") || line.size() < 3 || line[2] == ' ') continue;
    names.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return names;
}

std::vector<std::vector<std::string>> every_page() {
  std::vector<std::vector<std::string>> pages{{"--help"}};
  for (const std::string& name : commands_in(say({"--help"}).out))
    pages.push_back({name, "--help"});
  for (const char* name : {"export", "import", "deliver", "inspect"}) {
    pages.push_back({"bundle", name, "--help"});
  }
  return pages;
}

// Half of the help stood in English, up to 143 columns wide.
TEST(Help, FitsEightyColumnsAndSpeaksVietnamese) {
  const auto pages = every_page();
  EXPECT_GE(pages.size(), 45U);
  for (const std::vector<std::string>& page : pages) {
    SCOPED_TRACE(page.front());
    const Said help = say(page);
    EXPECT_EQ(help.exit_code, clients::exit_ok);
    EXPECT_NE(help.out.find("Cách dùng: khuyenhoc"), std::string::npos);
    std::istringstream lines(help.out);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(events::display_width(line), 80U) << line;
    }
    for (const char* english : {"Usage", "Options", "REQUIRED", "TEXT", "UINT", "Subcommand"}) {
      EXPECT_EQ(help.out.find(english), std::string::npos) << english;
    }
    // Words of JSON are for programs.
    for (const char* word : {"farmer_rural", "accept_flagged", "learning_citizen", "self_assessed",
                             "subject_present", "below_total", "association", "unspecified"}) {
      EXPECT_EQ(help.out.find(word), std::string::npos) << word;
    }
  }
}

TEST(Help, NamesEveryCommandOnceInTheOrderOfWork) {
  const std::string help = say({"--help"}).out;
  EXPECT_EQ(help.find("Lệnh khác"), std::string::npos)
      << "a command stands in no section: " << help;
  EXPECT_LT(help.find("  register "), help.find("  review "));
  EXPECT_LT(help.find("  review "), help.find("  decide "));
}

TEST(Help, SaysTheVersion) {
  const Said version = say({"--version"});
  EXPECT_EQ(version.exit_code, clients::exit_ok);
  EXPECT_TRUE(version.out.starts_with("khuyenhoc 0.")) << version.out;
}

// The first thing that a new user types.
TEST(Help, WithoutACommandTheNextStepIsShown) {
  const Said bare = say({});
  EXPECT_EQ(bare.exit_code, clients::exit_ok);
  EXPECT_NE(bare.out.find("enrol"), std::string::npos) << bare.out;
  EXPECT_TRUE(bare.err.empty());
}

// "A subcommand is required" told nobody which word was wrong.
TEST(WrongLine, NamesWhatIsWrongTheNearestMatchAndTheHelp) {
  const std::pair<std::vector<std::string>, std::vector<const char*>> cases[] = {
      {{"regsiter"}, {"“regsiter”", "“register”", "khuyenhoc --help"}},
      {{"--home", "/x", "bundle", "exprot"}, {"“exprot”", "“export”", "khuyenhoc bundle --help"}},
      {{"--home", "/x", "grant", "--persn", "1.2"}, {"“--persn”", "“--person”"}},
      {{"--home", "/x", "score", "7.1", "--score", "8"}, {"“--score”", "“--scores”"}},
      {{"--home", "/x", "grant", "--role", "x"}, {"--person", "còn thiếu", "grant --help"}},
      {{"--home", "/x", "history"}, {"còn thiếu", "Mã hồ sơ"}},
      {{"--home", "/x", "bundle"}, {"export, import"}},
      {{"--home", "/x", "bundle", "export"}, {"--to"}},
      {{"--home", "/x", "stats", "--as-of-position", "abc"}, {"abc", "số từ 0"}},
      {{"--home", "/x", "inbox", "Lò", "Thị"}, {"“Lò”", "ngoặc kép"}},
      {{"--home", "/x", "grant", "--person"}, {"--person"}},
      {{"status"}, {"--home", "KHUYENHOC_HOME"}},
  };
  for (const auto& [line, words] : cases) {
    const Said wrong = say(line);
    SCOPED_TRACE(wrong.err);
    EXPECT_EQ(wrong.exit_code, clients::exit_usage);
    EXPECT_TRUE(wrong.err.starts_with("Lỗi: "));
    for (const char* const word : words) EXPECT_NE(wrong.err.find(word), std::string::npos) << word;
    for (const char* english : {"required", "expected", "Could not", "usage"}) {
      EXPECT_EQ(wrong.err.find(english), std::string::npos) << english;
    }
  }
}

}  // namespace
}  // namespace clients_test
