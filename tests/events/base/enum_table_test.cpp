#include "events/base/enum_table.h"

#include "events/base/result.h"
#include "events/base/rule_cause.h"
#include "events/base/verdict.h"
#include "events/log/event.h"
#include "tests/support/enumerators.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace samples {

/// Two of its values were forgotten in the table.
enum class Forgetful : std::uint8_t { first = 1, second = 2, third = 7 };

}  // namespace samples

template <>
struct events::EnumTable<samples::Forgetful> {
  static constexpr EnumRow<samples::Forgetful> rows[] = {{samples::Forgetful::second, "second"}};
};

namespace events {
namespace {

/// "signer (10)" for each enumerator that the table lacks.
template <class Enum, std::size_t limit = 256>
std::vector<std::string> missing() {
  std::vector<std::string> names;
  for (const auto& [number, name] : test_support::enumerators_of<Enum, limit>()) {
    if (is_known(static_cast<Enum>(number))) continue;
    names.push_back(std::string(name) + " (" + std::to_string(number) + ")");
  }
  return names;
}

template <class Enum, std::size_t limit = 256>
void expect_whole() {
  const auto enumerators = test_support::enumerators_of<Enum, limit>();
  SCOPED_TRACE(__PRETTY_FUNCTION__);
  EXPECT_EQ((missing<Enum, limit>()), std::vector<std::string>{});
  EXPECT_EQ(rows_of<Enum>().size(), enumerators.size()) << "a value stands in the table twice";
  std::set<std::string_view> words;
  for (const auto& [value, word] : rows_of<Enum>()) {
    EXPECT_TRUE(words.insert(word).second) << "twice: " << word;
    EXPECT_EQ(value_of<Enum>(word), value);
    EXPECT_EQ(word_of(value), word);
  }
}

/// Words are what scripts read: each is the name of its enumerator.
template <class Enum, std::size_t limit = 256>
void expect_named_as_in_code() {
  expect_whole<Enum, limit>();
  for (const auto& [number, name] : test_support::enumerators_of<Enum, limit>()) {
    EXPECT_EQ(word_of(static_cast<Enum>(number)), name);
  }
}

// What is forgotten is named, so that its author knows where to write it.
TEST(EnumTables, ATestNamesTheForgottenValues) {
  EXPECT_EQ(missing<samples::Forgetful>(), (std::vector<std::string>{"first (1)", "third (7)"}));
}

// A value without a row is refused by the judge and shown as "?".
TEST(EnumTables, HaveEveryValueOfTheEvents) {
  expect_named_as_in_code<TitleKind>();
  expect_named_as_in_code<SubjectKind>();
  expect_named_as_in_code<CollectiveKind>();
  expect_named_as_in_code<GroupCode>();
  expect_named_as_in_code<Gender>();
  expect_named_as_in_code<UnitKind>();
  expect_named_as_in_code<AreaType>();
  expect_named_as_in_code<OrganisationKind>();
  expect_named_as_in_code<Role>();
  expect_named_as_in_code<StreamKind>();
  expect_named_as_in_code<DossierState>();
  expect_named_as_in_code<LawfulBasis>();
  expect_named_as_in_code<ProxyReason>();
  expect_named_as_in_code<Confirmation>();
  expect_named_as_in_code<EvidenceKind>();
  expect_named_as_in_code<MediaType>();
  expect_named_as_in_code<FilePart>();
  expect_named_as_in_code<ReturnReason>();
  expect_named_as_in_code<ReviewConclusion>();
  expect_named_as_in_code<AppraisalOutcome>();
  expect_named_as_in_code<NotRecognizedReason>();
  expect_named_as_in_code<SigningCapacity>();
  expect_named_as_in_code<CriteriaStatus>();
  expect_named_as_in_code<CriteriaRuleKind>();
  expect_named_as_in_code<CycleKind>();
  expect_named_as_in_code<LatePolicy>();
  expect_named_as_in_code<DeadlineBasis>();
}

// Their words are not the names of the code: "15-24", "V12".
TEST(EnumTables, HaveEveryAgeBandAndRule) {
  expect_whole<AgeBand>();
  EXPECT_EQ(word_of(AgeBand::from_15_to_24), "15-24");
  EXPECT_EQ(word_of(AgeBand::from_80), "80+");
  expect_whole<Rule, 512>();
  EXPECT_EQ(word_of(Rule::v12_total), "V12");
  EXPECT_EQ(word_of(Rule::sd1_own_dossier), "SD1");
  EXPECT_EQ(word_of(Rule::none), "");
}

TEST(EnumTables, HaveEveryAnswerAndError) {
  expect_named_as_in_code<VerdictCode>();
  expect_named_as_in_code<HoldReason>();
  expect_named_as_in_code<PowerFault>();
  expect_named_as_in_code<TextFault>();
  expect_named_as_in_code<RuleCause>();
  expect_named_as_in_code<ErrorCode>();
  EXPECT_STREQ(name_of(ErrorCode::private_missing), "private_missing");
  EXPECT_STREQ(name_of(ErrorCode{999}), "unknown_error");
}

// A newer device may send values that this build has never heard of.
TEST(EnumTables, KnowNothingElse) {
  EXPECT_FALSE(is_known(Role{0}));
  EXPECT_FALSE(is_known(Role{16}));
  EXPECT_FALSE(is_known(TitleKind{6})) << "a gap between the numbers";
  EXPECT_FALSE(is_known(DossierState{8}));
  EXPECT_EQ(word_of(Role{16}), "?");
  EXPECT_EQ(value_of<Role>("Signer"), std::nullopt);
  EXPECT_EQ(value_of<Role>("?"), std::nullopt);
  EXPECT_EQ(greatest_number<Role>(), 15);
  EXPECT_EQ(greatest_number<DossierState>(), 17);
}

TEST(EnumTables, GiveWordsInCapitals) {
  EXPECT_EQ(in_capitals(word_of(TitleKind::learning_citizen)), "LEARNING_CITIZEN");
  EXPECT_EQ(in_capitals("15-24"), "15-24");
}

}  // namespace
}  // namespace events
