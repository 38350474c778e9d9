#include "projections/rules/rules.h"
#include "tests/tools/audit/audited_log.h"
#include "tests/tools/audit/golden_log.h"
#include "tools/audit/byte_stream.h"
#include "tools/audit/verify.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

// Logs of each version of the rules, frozen: every later build judges them again to the same
// verdicts and folds them to the same projections.
//
// The tests never write.  Whoever changes the rules of a version that is in no log yet, or the form
// of a projection, writes the files anew with the build that knows all versions of the tests:
//
//   mixed_rules_test --gtest_also_run_disabled_tests --gtest_filter='GoldenLogs.DISABLED_*'
//
// DISABLED_WriteTheLogs makes logs, meanings and digests; DISABLED_WriteTheDigests only the
// digests, when a projection is written otherwise and its revision was raised.

namespace audit {
namespace {

using namespace events;

/// Kinds that no golden log holds yet: whoever adds a kind puts it into a_rich_life() and writes
/// the logs anew, or names it here until then.
const std::set<EventType> not_in_the_logs_yet = {};

std::filesystem::path path_of(std::uint32_t rules, const char* ending) {
  return std::filesystem::path(KHUYENHOC_SOURCE_DIR) / "tests/golden/logs" /
         ("rules_" + std::to_string(rules) + ending);
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << content;
  ASSERT_TRUE(file) << path;
}

Bytes log_of_rules(std::uint32_t rules) {
  const std::string text = read(path_of(rules, ".log"));
  return {text.begin(), text.end()};
}

TEST(GoldenLogs, AreOfEachVersionOfTheRules) {
  for (std::uint32_t rules = 1; rules <= projections::newest_rules().value; ++rules) {
    EXPECT_TRUE(std::filesystem::exists(path_of(rules, ".log"))) << rules;
  }
}

// A title of ten years ago would be called a forgery, or a forgery a title.
TEST(GoldenLogs, AreJudgedAgainToTheSameVerdicts) {
  for (std::uint32_t rules = 1; rules <= projections::newest_rules().value; ++rules) {
    SCOPED_TRACE(rules);
    const Bytes exported = log_of_rules(rules);
    MemorySource source(exported);
    const Result<Report> report = verify_export(source);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->verified()) << problems_of(*report);
    EXPECT_EQ(report->result(Check::verdicts).checked, report->position.value);
  }
}

TEST(GoldenLogs, AreFoldedToTheSameProjections) {
  for (std::uint32_t rules = 1; rules <= projections::newest_rules().value; ++rules) {
    SCOPED_TRACE(rules);
    FoldedExport folded = fold_export(log_of_rules(rules));
    EXPECT_EQ(folded.state.rulebook().rules().value, rules);
    EXPECT_EQ(meaning_of(folded), read(path_of(rules, ".meaning.txt")));
    EXPECT_EQ(digests_of(folded), read(path_of(rules, ".projections.txt")))
        << "where a revision differs: write the digests anew";
  }
}

// A kind that no frozen log holds may change its meaning unseen.
TEST(GoldenLogs, HoldEachKindAndEachVerdict) {
  const FoldedExport folded = fold_export(log_of_rules(projections::newest_rules().value));
  std::map<EventType, std::size_t> kinds;
  std::map<VerdictCode, std::size_t> codes;
  std::set<HoldReason> reasons;
  for (const StoredEvent& stored : folded.events) {
    ++kinds[static_cast<EventType>(stored.event.header.type)];
    ++codes[stored.verdict.code];
    if (stored.verdict.code == VerdictCode::held) reasons.insert(stored.verdict.hold);
  }
  for (std::uint16_t number = 1; number < type_limit; ++number) {
    const auto type = static_cast<EventType>(number);
    const bool is_expected =
        event_name(number) != "Unknown" && !not_in_the_logs_yet.contains(type) &&
        (type != EventType::rules_adopted || projections::newest_rules().value > 1);
    if (is_expected) {
      EXPECT_GT(kinds[type], 0U) << event_name(number);
    }
  }
  for (const VerdictCode code : {VerdictCode::accepted, VerdictCode::accepted_rebased,
                                 VerdictCode::held, VerdictCode::refused}) {
    EXPECT_GT(codes[code], 0U) << word_of(code);
  }
  for (const HoldReason reason :
       {HoldReason::depends_on, HoldReason::conflict, HoldReason::no_authority,
        HoldReason::schema_unknown, HoldReason::clock}) {
    EXPECT_TRUE(reasons.contains(reason)) << word_of(reason);
  }
}

void write_digests(std::uint32_t rules) {
  FoldedExport folded = fold_export(log_of_rules(rules));
  write(path_of(rules, ".projections.txt"), digests_of(folded));
}

TEST(GoldenLogs, DISABLED_WriteTheLogs) {
  for (std::uint32_t rules = 1; rules <= projections::newest_rules().value; ++rules) {
    const test_support::World world = a_rich_life(RulesVersion{rules});
    const Bytes exported = export_of(blocks_of(acts_of(world)));
    write(path_of(rules, ".log"), std::string(exported.begin(), exported.end()));
    FoldedExport folded = fold_export(exported);
    write(path_of(rules, ".meaning.txt"), meaning_of(folded));
    write_digests(rules);
  }
}

TEST(GoldenLogs, DISABLED_WriteTheDigests) {
  for (std::uint32_t rules = 1; rules <= projections::newest_rules().value; ++rules) {
    write_digests(rules);
  }
}

}  // namespace
}  // namespace audit
