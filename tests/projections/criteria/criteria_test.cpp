#include "projections/criteria/criteria.h"

#include "events/log/event.h"
#include "events/text/normalize.h"
#include "platform/json_text.h"
#include "projections/criteria/rule_causes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace projections {
namespace {

using events::CriteriaPublished;
using events::CriteriaRuleKind;
using events::CriteriaStatus;
using events::GroupCode;
using events::GroupVariant;
using events::Rule;
using events::RuleCause;

/// Four indicators of 10 points; the group is scored on all but the second.
CriteriaPublished a_set() {
  CriteriaPublished set;
  set.code = "CDHT-TEST";
  set.version = 1;
  set.title = events::TitleKind::learning_citizen;
  set.status = CriteriaStatus::confirmed;
  set.basis = "Quyết định 1/QĐ-KHVN";
  set.indicators = {{"A1", "A", "Đọc", 100, 5},
                    {"A2", "A", "Lập kế hoạch", 100, 5},
                    {"B1", "B", "Tính toán", 100, 10},
                    {"C1", "C", "Hợp tác", 50, 5}};
  set.groups = {
      {GroupCode::farmer_rural,
       "Nông dân",
       {0, 2, 3},
       {{CriteriaRuleKind::total_at_least, 175}, {CriteriaRuleKind::each_indicator_at_least, 50}}}};
  return set;
}

Evaluation evaluated(const CriteriaPublished& set, const std::vector<std::uint16_t>& scores) {
  return evaluate(set, set.groups.front(), scores);
}

/// Path by name of each file beside the sources.
std::vector<std::filesystem::path> shipped_files() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path folder =
      std::filesystem::path{KHUYENHOC_SOURCE_DIR} / "projections/criteria/sets";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

events::Result<CriteriaPublished> read(std::string_view text) {
  return read_criteria_file(platform::read_json(text, criteria_file_limits));
}

CriteriaPublished shipped(const std::string& name) {
  const auto set = read(
      text_of(std::filesystem::path{KHUYENHOC_SOURCE_DIR} / "projections/criteria/sets" / name));
  EXPECT_TRUE(set) << (set ? "" : set.error().message);
  return set.value();
}

// A citizen with exactly the mark must not be refused a title over a wrong comparison.
TEST(Evaluate, PassesASheetThatJustMeetsEveryRule) {
  const Evaluation sheet = evaluated(a_set(), {75, 50, 50});
  EXPECT_TRUE(sheet.scorable);
  EXPECT_FALSE(sheet.finding);
  EXPECT_EQ(sheet.total_tenths, 175);
  EXPECT_TRUE(sheet.passes);
  EXPECT_TRUE(sheet.failed_rules.empty());
}

// A refusal names its rules; a missing one hides what the citizen should work on.
TEST(Evaluate, NamesEveryRuleThatFails) {
  EXPECT_EQ(evaluated(a_set(), {70, 50, 50}).failed_rules, std::vector<std::uint8_t>{0});
  EXPECT_EQ(evaluated(a_set(), {100, 100, 45}).failed_rules, std::vector<std::uint8_t>{1});
  const Evaluation both = evaluated(a_set(), {0, 0, 0});
  EXPECT_EQ(both.failed_rules, (std::vector<std::uint8_t>{0, 1}));
  EXPECT_FALSE(both.passes);
}

TEST(Evaluate, FindsAWrongNumberOfScores) {
  const Evaluation sheet = evaluated(a_set(), {75, 50, 50, 50});
  ASSERT_TRUE(sheet.finding);
  EXPECT_EQ(*sheet.finding, (SheetFinding{Rule::v10_indicators, {3, 4}}));
  EXPECT_FALSE(sheet.passes);
  EXPECT_TRUE(evaluated(a_set(), {}).finding);
}

SheetFinding outside(std::int64_t place, std::int64_t score, RuleCause cause, std::int64_t bound) {
  return {Rule::v11_score_range, {place, score, parameter(cause), bound}};
}

// Bounds and step are those of the variant's indicators, not of the first ones of the set.
TEST(Evaluate, FindsScoresOutOfRangeOrOffTheStep) {
  EXPECT_EQ(evaluated(a_set(), {75, 50, 55}).finding,
            outside(2, 55, RuleCause::score_above_max, 50));
  EXPECT_EQ(evaluated(a_set(), {75, 55, 50}).finding,
            outside(1, 55, RuleCause::score_off_step, 10));
  EXPECT_EQ(evaluated(a_set(), {72, 50, 50}).finding, outside(0, 72, RuleCause::score_off_step, 5));
}

// What cannot be scored must not pass: without rules every sheet would.
TEST(Evaluate, ScoresNothingItDoesNotUnderstand) {
  std::vector<CriteriaPublished> sets(6, a_set());
  sets[0].status = CriteriaStatus::placeholder;
  sets[1].groups.front().rules.clear();
  sets[2].groups.front().rules.front().kind = CriteriaRuleKind{9};
  sets[3].groups.front().indicators.back() = 4;
  sets[4].indicators.front().step_tenths = 0;
  for (events::Indicator& indicator : sets[5].indicators) indicator.max_tenths = 65'535;
  for (const CriteriaPublished& set : sets) {
    const Evaluation sheet = evaluated(set, {100, 100, 50});
    EXPECT_FALSE(sheet.scorable);
    EXPECT_FALSE(sheet.passes);
  }
}

// A file that does not load stops a province from opening its year.
TEST(CriteriaFile, ReadsAndRewritesEveryShippedFile) {
  const auto files = shipped_files();
  EXPECT_EQ(files.size(), 6U);
  for (const auto& path : files) {
    SCOPED_TRACE(path.filename());
    const std::string text = text_of(path);
    const auto set = read(text);
    ASSERT_TRUE(set) << set.error().message;
    EXPECT_EQ(write_criteria_file(*set), text);
    EXPECT_TRUE(events::is_nfc(text));

    std::string code = set->code;
    std::ranges::transform(code, code.begin(), [](unsigned char letter) {
      return static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
    });
    EXPECT_EQ(path.filename(), code + ".json");
    const auto bytes = events::make_event({}, *set).canonical.size();
    EXPECT_LT(bytes, events::event_bytes_max / 2);
  }
}

// Decision 324/QĐ-KHVN (2022) is reported with 80 points, the pilot passed with 70.
TEST(CriteriaFile, ShipsTheMarksOfPilotAndRollOut) {
  struct Known {
    std::string file;
    std::uint16_t pass;
    std::vector<GroupCode> groups;
  };
  using enum GroupCode;
  const std::vector<Known> known = {
      {"cdht-pilot-2020.json", 700, {pilot_college_plus, farmer_rural, pilot_trader}},
      {"cdht-324-2022.json", 800, {farmer_rural, worker_craft, official_entrepreneur, learner}}};
  for (const Known& expected : known) {
    SCOPED_TRACE(expected.file);
    const CriteriaPublished set = shipped(expected.file);
    EXPECT_EQ(set.status, CriteriaStatus::reported);
    ASSERT_EQ(set.indicators.size(), 10U);
    ASSERT_EQ(set.groups.size(), expected.groups.size());
    for (std::size_t index = 0; index < set.groups.size(); ++index) {
      const GroupVariant& variant = set.groups[index];
      EXPECT_EQ(variant.group, expected.groups[index]);
      std::vector<std::uint16_t> scores(10, static_cast<std::uint16_t>(expected.pass / 10));
      EXPECT_TRUE(evaluate(set, variant, scores).passes);
      scores.front() = static_cast<std::uint16_t>(scores.front() - 5);
      EXPECT_FALSE(evaluate(set, variant, scores).passes);
      scores.assign(10, 100);
      scores.back() = 45;
      EXPECT_EQ(evaluate(set, variant, scores).failed_rules, std::vector<std::uint8_t>{1});
    }
  }
}

// Nobody may be scored by invented criteria of a decision whose text was never seen.
TEST(CriteriaFile, ShipsPlaceholdersThatCannotBeScored) {
  for (const std::string name : {"gdht", "dhht", "cdong", "dv"}) {
    SCOPED_TRACE(name);
    const CriteriaPublished set = shipped(name + "-448-2015.json");
    EXPECT_EQ(set.status, CriteriaStatus::placeholder);
    ASSERT_EQ(set.groups.size(), 1U);
    EXPECT_EQ(set.groups.front().group, GroupCode::none);
    EXPECT_FALSE(evaluate(set, set.groups.front(), {}).scorable);
  }
}

/// The file of `a_set()` with `from` replaced by `to` once.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = write_criteria_file(a_set());
  const std::size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return text.replace(place, from.size(), to);
}

// An officer who edits a file needs to be told where it is wrong.
TEST(CriteriaFile, NamesTheFieldThatIsWrong) {
  struct Mistake {
    std::string from;
    std::string to;
    std::string message;
  };
  const std::vector<Mistake> mistakes = {
      {"\"version\": 1", "\"version\": 0", "version: counts from 1"},
      {"\"version\": 1", "\"version\": \"1\"",
       "version: must be a whole number from 0 to 4294967295"},
      {"\"version\": 1", "\"versoin\": 1", "versoin: is not a field of the file"},
      {"\"version\": 1", "\"code\": \"X\"", "code: stands there twice"},
      {"\"CONFIRMED\"", "\"SURE\"", "status: \"SURE\" is none of CONFIRMED, REPORTED, PLACEHOLDER"},
      {"\"A2\",\n", "\"A1\",\n", "indicators[1].code: \"A1\" stands there twice"},
      {"\"max_tenths\": 50", "\"max_tenths\": 1001", "indicators[3].max_tenths: must be 1 to 1000"},
      {"\"step_tenths\": 10", "\"step_tenths\": 7",
       "indicators[2].step_tenths: must divide max_tenths"},
      {"\"step_tenths\": 10", "\"step_tenths\": 10, \"weight\": 2",
       "indicators[2].weight: is not a field of the file"},
      {"\"step_tenths\": 10", "\"step_tenths\": 70000",
       "indicators[2].step_tenths: must be a whole number from 0 to 65535"},
      {"[\"A1\", \"B1\", \"C1\"]", "[\"A1\", \"B2\", \"C1\"]",
       "groups[0].indicators[1]: \"B2\" is not among the indicators"},
      {"[\"A1\", \"B1\", \"C1\"]", "[\"B1\", \"A1\", \"C1\"]",
       "groups[0].indicators[1]: is not in the order of the set, or twice"},
      {"[\"A1\", \"B1\", \"C1\"]", "\"A1\"", "groups[0].indicators: must be a list"},
      {"\"FARMER_RURAL\"", "\"NONE\"",
       "groups[0].group: citizens have groups, collectives have the group NONE"},
      {"\"tenths\": 175", "\"tenths\": 251",
       "groups[0].rules[0].tenths: must be 1 to 250, what a sheet can reach"},
      {"\"tenths\": 50\n", "\"tenths\": 51\n",
       "groups[0].rules[1].tenths: must be 1 to 50, what a sheet can reach"},
      {"\"Nông dân\"", "\"No\\u0302ng dân\"", "groups[0].label_vi: is not UTF-8 in NFC"},
      {"\"Nông dân\"", "\"\"", "groups[0].label_vi: is empty"},
      {"\"Nông dân\"", "\"" + std::string(201, 'a') + "\"",
       "groups[0].label_vi: is longer than 200 bytes"},
      {"\"version\": 1,", "\"version\": 1", "line 4, byte 3: this is not JSON in UTF-8"},
      {"\"Nông dân\"", "\"N\xC3ng\"", "line 40, byte 21: this is not JSON in UTF-8"},
  };
  ASSERT_TRUE(read(write_criteria_file(a_set())));
  for (const Mistake& mistake : mistakes) {
    SCOPED_TRACE(mistake.to);
    const auto set = read(changed(mistake.from, mistake.to));
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, events::ErrorCode::malformed);
    EXPECT_EQ(set.error().message, mistake.message);
  }
}

// Editors of Windows put a mark before the text.
TEST(CriteriaFile, MayBeginWithAByteOrderMark) {
  EXPECT_TRUE(read("\xEF\xBB\xBF" + write_criteria_file(a_set())));
}

// The parser recurses: a file of brackets must not take the server's stack.
TEST(CriteriaFile, RefusesDepthAndSizeBeforeParsing) {
  const auto deep = read(std::string(17, '['));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().message, "file: brackets nest deeper than 16");
  EXPECT_NE(read(std::string(16, '[')).error().message, deep.error().message);
  // Brackets inside a text do not nest.
  EXPECT_TRUE(read(changed("Nông dân", "\\\"[[[[[[[[[[[[[[[[[[[[{{")));

  const auto large = read(std::string(criteria_file_bytes_max + 1, ' '));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, events::ErrorCode::too_large);
}

TEST(CriteriaFile, RefusesWhatFollowsTheSet) {
  const std::string text = write_criteria_file(a_set());
  EXPECT_FALSE(read(text + "{}"));
  EXPECT_FALSE(read(text + std::string("\0x", 2)));
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read("[]"));
}

// What a file may not say, an event may not say either: the judge asks the same function.
TEST(CheckCriteria, RefusesSetsThatNoFileCanHold) {
  std::vector<CriteriaPublished> sets(6, a_set());
  sets[0].title = events::TitleKind{7};
  sets[1].status = CriteriaStatus{0};
  sets[2].groups.front().group = GroupCode{7};
  sets[3].status = CriteriaStatus::placeholder;
  sets[4].groups.push_back(sets[4].groups.front());
  sets[5].groups.clear();
  EXPECT_TRUE(check_criteria(a_set()));
  for (const CriteriaPublished& set : sets) EXPECT_FALSE(check_criteria(set));
}

}  // namespace
}  // namespace projections
