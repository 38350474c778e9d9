#include "events/text/display_width.h"
#include "tests/e2e/commune_setup.h"
#include "tests/e2e/scratch_directory.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

// What people see fits their terminal and is in their language; what programs read is in words and
// numbers.

namespace e2e {
namespace {

namespace json = boost::json;

/// COLUMNS while it lives.
class Columns {
 public:
  explicit Columns(const char* columns) { ::setenv("COLUMNS", columns, 1); }
  ~Columns() { ::unsetenv("COLUMNS"); }
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;
};

class CommandLineScreens : public ::testing::Test {
 protected:
  void SetUp() override {
    setup.run();
    const auto by = [&](const std::string& role, std::vector<std::string> words) {
      words.insert(words.end(), {"--actor", setup.officer(role)});
      const Finished done = setup.commune().run(std::move(words));
      ASSERT_EQ(done.exit_code(), 0) << done.all();
    };
    // Vietnamese words, with marks and without.
    by("proxy_entrant", {"register", "--cycle", "2026", "--group", "nông dân", "--name",
                         "Công Tằng Tôn Nữ Thị Phương Thảo", "--birth", "12/03/1990", "--gender",
                         "Nữ", "--hamlet", "Bản Nà Tấu", "--consent", "xét danh hiệu,thống kê",
                         "--confirmed-by", "nguoi dang ky co mat"});
    by("proxy_entrant", {"register", "--cycle", "2026", "--group", "nguoi hoc", "--name",
                         "Giàng A Páo", "--birth", "1999", "--gender", "nam", "--hamlet",
                         "Bản Nà Tấu", "--consent", "assess", "--confirmed-by", "subject_present"});
    dossier = std::string(
        setup.commune().json({"dossiers"}).as_array().front().as_object().at("id").as_string());
    by("branch_head", {"accept", dossier});
    by("proxy_entrant", {"score", dossier, "--scores", "8,8,8,8,8,8,8,8,8,9"});
    by("branch_head", {"evidence", dossier, "--kind", "chứng chỉ", "--what", "Chứng chỉ tin học"});
    // Somebody without the role for it: it will wait in the inbox.
    by("proxy_entrant", {"accept", "Giàng A Páo", "--without-role"});
    const Finished synced = setup.commune().run({"sync"});
    ASSERT_EQ(synced.exit_code(), 0) << synced.all();
    by("branch_head", {"evidence", dossier, "--kind", "ảnh chụp", "--what", "Giấy khen"});
  }

  std::vector<std::vector<std::string>> screens() const {
    return {{"dossiers"},
            {"people"},
            {"people", "--duplicates"},
            {"units"},
            {"collectives"},
            {"organisations"},
            {"grants"},
            {"devices"},
            {"cycles"},
            {"criteria"},
            {"inbox"},
            {"stats"},
            {"receipts"},
            {"files"},
            {"files", "policy"},
            {"status"},
            {"status", "--records"},
            {"history", dossier},
            {"undo", "--list"},
            {"lock", "status"},
            {"follow", "totals", "--count", "1"},
            {"follow", "standings", "--count", "1"}};
  }

  ScratchDirectory scratch;
  CommuneSetup setup{scratch.path()};
  std::string dossier;
};

// Lists of 92 to 357 columns broke on every terminal.
TEST_F(CommandLineScreens, NoLineIsWiderThanTheTerminal) {
  ASSERT_FALSE(HasFailure());
  for (const char* const columns : {"80", "120"}) {
    const Columns terminal(columns);
    const std::size_t width = std::strtoul(columns, nullptr, 10);
    for (const std::vector<std::string>& screen : screens()) {
      SCOPED_TRACE(screen.front());
      const Finished shown = setup.commune().run(screen);
      EXPECT_EQ(shown.exit_code(), 0) << shown.all();
      EXPECT_FALSE(shown.output.empty());
      std::istringstream lines(shown.output);
      for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(events::display_width(line), width) << line;
      }
    }
  }
}

/// Fields that hold what people typed, or names made of that.
const std::set<std::string, std::less<>> typed_fields = {
    "name",  "label",     "subject_name", "cycle",  "unit", "actor_name", "device", "actor",
    "title", "unit_name", "line",         "cycles", "area", "text_vi",    "code",   "what"};

/// Collects the fields whose value is neither a word nor a number.
void collect_sentences(const json::value& value, const std::string& field,
                       std::vector<std::string>& found) {
  if (const json::object* const object = value.if_object()) {
    for (const auto& member : *object) {
      collect_sentences(member.value(), std::string(member.key()), found);
    }
  } else if (const json::array* const array = value.if_array()) {
    for (const json::value& row : *array) collect_sentences(row, field, found);
  } else if (const json::string* const text = value.if_string()) {
    const auto is_beyond_ascii = [](char byte) { return static_cast<signed char>(byte) < 0; };
    const bool is_vietnamese = std::any_of(text->begin(), text->end(), is_beyond_ascii);
    if (is_vietnamese && !typed_fields.contains(field)) {
      found.push_back(field + ": " + std::string(*text));
    }
  }
}

// A program that compares "đã tự đánh giá" breaks with the next better wording.
TEST_F(CommandLineScreens, JsonHoldsWordsAndNumbersAndNoSentences) {
  ASSERT_FALSE(HasFailure());
  for (const std::vector<std::string>& screen : screens()) {
    const bool goes_on = screen.front() == "follow";
    std::vector<std::string> found;
    collect_sentences(setup.commune().json(screen), "", found);
    for (const std::string& sentence : found) {
      ADD_FAILURE() << screen.front() << (goes_on ? " " + screen[1] : "") << ": " << sentence;
    }
  }
  // A refusal, too.
  const Finished refused =
      setup.commune().run({"accept", dossier, "--json", "--actor", setup.officer("branch_head")});
  EXPECT_EQ(refused.exit_code(), 1) << refused.all();
  EXPECT_EQ(refused.output.find("Hồ sơ"), std::string::npos) << refused.output;
}

// Codes say nothing to an officer.
TEST_F(CommandLineScreens, ScreensHaveNoWordsOfPrograms) {
  ASSERT_FALSE(HasFailure());
  for (const std::vector<std::string>& screen : screens()) {
    const Finished shown = setup.commune().run(screen);
    for (const char* const word :
         {"accept_if_declared_in_time", "accept_flagged", "farmer_rural", "learner", "association",
          "committee", "unknown", "commune_clerk", "branch_head", "device_only", "self_assessed"}) {
      EXPECT_EQ(shown.output.find(word), std::string::npos)
          << screen.front() << ": " << shown.output;
    }
  }
}

// The cause that applied, and what to do next.
TEST_F(CommandLineScreens, ARefusalSaysWhichRolesThereAreOrWhatComesNext) {
  ASSERT_FALSE(HasFailure());
  const Finished no_role =
      setup.commune().run({"appraise", dossier, "--actor", setup.officer("branch_head")});
  EXPECT_EQ(no_role.exit_code(), 1) << no_role.all();
  EXPECT_NE(no_role.output.find("chi hội trưởng khuyến học ở"), std::string::npos) << no_role.all();
  const Finished too_early =
      setup.commune().run({"accept", dossier, "--actor", setup.officer("branch_head")});
  EXPECT_NE(too_early.output.find("khuyenhoc review " + dossier), std::string::npos)
      << too_early.all();
  const Finished misspelt = setup.commune().run({"history", "Giàng A Pao"});
  EXPECT_EQ(misspelt.exit_code(), 2) << misspelt.all();
  EXPECT_NE(misspelt.errors.find("“Giàng A Páo”"), std::string::npos) << misspelt.errors;
  const Finished nobody = setup.commune().run({"accept", dossier});
  EXPECT_EQ(nobody.exit_code(), 2) << nobody.all();
  EXPECT_NE(nobody.errors.find(setup.officer("branch_head")), std::string::npos) << nobody.errors;
  const Finished bare = setup.commune().run({});
  EXPECT_EQ(bare.exit_code(), 0) << bare.all();
  EXPECT_NE(bare.output.find("khuyenhoc sync"), std::string::npos) << bare.all();
  EXPECT_NE(bare.output.find("khuyenhoc inbox"), std::string::npos) << bare.all();
}

}  // namespace
}  // namespace e2e
