#include "projections/texts/catalogue.h"

#include "events/log/event.h"
#include "events/text/normalize.h"
#include "projections/texts/cause_texts.h"
#include "projections/texts/field_texts.h"
#include "projections/texts/report_texts.h"
#include "projections/texts/rule_texts.h"
#include "projections/texts/texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace samples {

enum class Sample : std::uint8_t { one = 1, two = 2 };

}  // namespace samples

template <>
struct events::EnumTable<samples::Sample> {
  using enum samples::Sample;
  static constexpr EnumRow<samples::Sample> rows[] = {{one, "one"}, {two, "two"}};
};

namespace projections {
namespace {

using samples::Sample;

// What these refuse does not compile in the tables of the catalogue.
constexpr TextRow whole[] = {{Sample::one, "một", "one"}, {Sample::two, "hai", "two"}};
constexpr TextRow lacking[] = {{Sample::one, "một", "one"}};
constexpr TextRow without_english[] = {{Sample::one, "một", "one"}, {Sample::two, "hai", ""}};
constexpr TextRow not_translated[] = {{Sample::one, "một", "one"}, {Sample::two, "hai", "hai"}};
constexpr TextRow copied[] = {{Sample::one, "một", "one"}, {Sample::two, "hai", "one"}};
constexpr TextRow number_twice[] = {{Sample::one, "một", "one"}, {Sample::one, "hai", "two"}};
static_assert(cover<Sample>(whole));
static_assert(!cover<Sample>(lacking));
static_assert(!cover<Sample>(without_english));
static_assert(!cover<Sample>(not_translated));
static_assert(!cover<Sample>(copied));
static_assert(!cover<Sample>(number_twice));

/// The English text has no Vietnamese letter: nothing but ASCII and typographic marks.
void expect_english(std::string_view text) {
  EXPECT_FALSE(text.empty());
  std::string plain(text);
  for (const std::string_view mark : {"“", "”", "—", "…"}) {
    for (std::size_t at = plain.find(mark); at != std::string::npos; at = plain.find(mark)) {
      plain.erase(at, mark.size());
    }
  }
  for (const char letter : plain) {
    EXPECT_GE(letter, ' ') << text;
    if (letter < ' ') return;
  }
}

void expect_text(const Text& text) {
  EXPECT_TRUE(text.is_whole()) << text.vi << " / " << text.en;
  EXPECT_TRUE(events::is_nfc(text.vi)) << text.vi;
  expect_english(text.en);
}

template <class... Enums>
std::vector<const EnumTexts*> tables_of() {
  return {&texts_of(Enums{})...};
}

// An English reader of the interface must not meet a gap or Vietnamese in the middle.
TEST(Catalogue, HasEveryNameInBothLanguages) {
  using namespace events;
  const auto tables =
      tables_of<TitleKind, SubjectKind, CollectiveKind, GroupCode, Gender, AgeBand, UnitKind,
                AreaType, OrganisationKind, Role, StreamKind, DossierState, LawfulBasis,
                ProxyReason, Confirmation, EvidenceKind, MediaType, FilePart, ReturnReason,
                ReviewConclusion, AppraisalOutcome, NotRecognizedReason, SigningCapacity,
                CriteriaStatus, CriteriaRuleKind, CycleKind, LatePolicy, DeadlineBasis, VerdictCode,
                HoldReason, PowerFault, TextFault, EventType, ErrorCode>();
  for (const EnumTexts* const table : tables) {
    SCOPED_TRACE(table->noun.en);
    expect_text(table->noun);
    for (const TextRow& row : table->rows) expect_text(row.text);
  }
  EXPECT_EQ(texts_of(EventType{}).rows.size(), std::variant_size_v<PayloadVariant> - 1);
  for (const TextRow& row : flag_texts()) expect_text(row.text);
}

/// How often "{" and "}" stand in a pattern, and with what between them, in any order.
std::vector<std::string> fields_of(std::string_view pattern) {
  std::vector<std::string> fields;
  for (std::size_t open = pattern.find('{'); open != pattern.npos; open = pattern.find('{', open)) {
    const std::size_t close = pattern.find('}', open);
    fields.emplace_back(pattern.substr(open, close - open));
    open = close;
  }
  std::sort(fields.begin(), fields.end());
  return fields;
}

// A translation that drops a field hides the figure that the officer should look at.
TEST(Catalogue, FillsTheSameFieldsInBothLanguages) {
  EXPECT_EQ(all_rule_texts().size(), events::rows_of<events::Rule>().size() - 1);
  for (const RuleTexts& texts : all_rule_texts()) {
    SCOPED_TRACE(word_of(texts.rule));
    expect_text(texts.finding);
    expect_text(texts.remedy);
    EXPECT_EQ(fields_of(texts.filled.vi), fields_of(texts.filled.en));
    if (!texts.filled.vi.empty()) expect_text(texts.filled);
  }
  for (const CauseText& texts : all_cause_texts()) {
    SCOPED_TRACE(word_of(texts.cause));
    expect_text(texts.message);
    expect_text(texts.remedy);
    EXPECT_EQ(fields_of(texts.message.vi), fields_of(texts.message.en));
  }
}

// Whatever the parameters of a verdict are, an English sentence about it is English throughout.
TEST(Catalogue, ExplainsEveryRuleInEnglish) {
  for (const RuleTexts& texts : all_rule_texts()) {
    SCOPED_TRACE(word_of(texts.rule));
    for (std::int64_t first = 0; first <= 73; ++first) {
      events::Verdict verdict;
      verdict.code = events::VerdictCode::refused;
      verdict.rule = texts.rule;
      for (std::size_t count = 0; count <= 4; ++count) {
        const std::string sentence = explain(verdict, Language::en);
        expect_english(sentence);
        EXPECT_EQ(sentence.find_first_of("{}"), std::string::npos) << sentence;
        verdict.parameters.push_back(first);
      }
    }
  }
}

TEST(Catalogue, AnswersInTheLanguageAskedFor) {
  events::Verdict verdict;
  verdict.code = events::VerdictCode::refused;
  verdict.rule = events::Rule::v12_total;
  verdict.parameters = {780, 775};
  verdict.flags = events::flag_late;
  EXPECT_EQ(explain(verdict, Language::en),
            "Refused. V12: The total 78 is not the sum of the indicators 77.5 — correct the score "
            "sheet. Done after the deadline and accepted by the rule for late acts.");
  verdict.rule = events::Rule::v08_cycle_open;
  verdict.parameters = {20'089, 20'178,
                        static_cast<std::int64_t>(events::RuleCause::dated_after_phase)};
  EXPECT_EQ(message(verdict, Language::en),
            "This can only be done from 2025-01-01 to 2025-03-31; the day on the paper is later");
  verdict.rule = events::Rule::o_value;
  verdict.parameters = {static_cast<std::int64_t>(events::RuleCause::field_role)};
  EXPECT_EQ(message(verdict, Language::en), "The value of “role” is not valid");
  EXPECT_EQ(message(verdict), "Giá trị của mục “vai trò” không hợp lệ");
  verdict.rule = events::Rule::t_step;
  verdict.parameters = {2, 65};
  EXPECT_EQ(message(verdict, Language::en),
            "The dossier is “registered”; nobody can record a score sheet now");
  EXPECT_EQ(clock_words(-3'600 * 5, Language::en), "slow by 5 hours");
  EXPECT_EQ(name_en(events::Role::signer), "signer of decisions");
  EXPECT_EQ(text_of(events::Role{99}, Language::en), "unknown (newer than this program)");
  EXPECT_EQ(text_of(events::ErrorCode::not_found, Language::en),
            "What was asked for does not exist. Synchronise and try again.");
}

TEST(Catalogue, NamesFieldsAndWordsOfReports) {
  EXPECT_EQ(field_name("basis"), "căn cứ");
  EXPECT_EQ(field_name("basis", Language::en), "basis");
  EXPECT_EQ(field_name("no_such_field"), "no_such_field");
  EXPECT_EQ(report_text(ReportText::all_units), "Toàn bộ");
  EXPECT_EQ(report_text(ReportText::all_units, Language::en), "All");
}

}  // namespace
}  // namespace projections
