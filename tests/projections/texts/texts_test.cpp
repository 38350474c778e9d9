#include "projections/texts/texts.h"

#include "events/text/normalize.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace projections {
namespace {

using events::HoldReason;
using events::Rule;
using events::Verdict;
using events::VerdictCode;

/// How many values of 0 … `greatest` have a text of their own; each must be in NFC.
template <class Enum, class TextOf>
std::size_t named(std::uint32_t greatest, TextOf text_of) {
  std::set<std::string> texts;
  for (std::uint32_t number = 0; number <= greatest; ++number) {
    const std::string text{text_of(static_cast<Enum>(number))};
    if (text == text_of_unknown) continue;
    EXPECT_TRUE(events::is_nfc(text)) << text;
    EXPECT_FALSE(text.empty()) << number;
    EXPECT_TRUE(texts.insert(text).second) << "twice: " << text;
  }
  return texts.size();
}

template <class Enum>
std::size_t names(std::uint32_t greatest = 0xFF) {
  return named<Enum>(greatest, [](Enum value) { return name_vi(value); });
}

Verdict a_verdict(VerdictCode code, Rule rule, std::vector<std::int64_t> parameters = {}) {
  Verdict verdict;
  verdict.code = code;
  verdict.rule = rule;
  verdict.parameters = std::move(parameters);
  return verdict;
}

Verdict refused(Rule rule, std::vector<std::int64_t> parameters = {}) {
  return a_verdict(VerdictCode::refused, rule, std::move(parameters));
}

// A form with an empty line where a word should stand leaves its reader helpless.  The numbers are
// those of the enumerators.
TEST(Texts, NameEveryEnumeratorOnceAndInNfc) {
  EXPECT_EQ(names<events::TitleKind>(), 6U);
  EXPECT_EQ(names<events::CollectiveKind>(), 4U);
  EXPECT_EQ(names<events::GroupCode>(), 7U);
  EXPECT_EQ(names<events::Gender>(), 3U);
  EXPECT_EQ(names<events::AgeBand>(), 8U);
  EXPECT_EQ(names<events::DossierState>(), 14U);
  EXPECT_EQ(names<events::ReturnReason>(), 9U);
  EXPECT_EQ(names<events::EvidenceKind>(), 11U);
  EXPECT_EQ(names<events::ReviewConclusion>(), 3U);
  EXPECT_EQ(names<events::AppraisalOutcome>(), 2U);
  EXPECT_EQ(names<events::NotRecognizedReason>(), 8U);
  EXPECT_EQ(names<events::Role>(), std::size_t{events::role_max});
  EXPECT_EQ(names<events::UnitKind>(), 13U);
  EXPECT_EQ(names<VerdictCode>(), 4U);
  EXPECT_EQ(names<events::EventType>(200), 45U);
}

TEST(Texts, AdviseOnEveryErrorCode) {
  const auto advice = [](events::ErrorCode code) { return advice_vi(code); };
  EXPECT_EQ(named<events::ErrorCode>(200, advice), 30U);
}

// A held act is never silent: its author learns who deals with it.
TEST(Texts, SayWhoDealsWithEveryHold) {
  std::size_t reasons = 0;
  for (std::uint32_t number = 1; number <= 0xFF; ++number) {
    const std::string_view text = explain(static_cast<HoldReason>(number));
    if (text == text_of_unknown) continue;
    ++reasons;
    EXPECT_TRUE(text.starts_with("Chờ xử lý: ")) << text;
    EXPECT_NE(text.find("xử lý", std::string_view{"Chờ xử lý"}.size()), text.npos) << text;
    EXPECT_TRUE(events::is_nfc(text));
  }
  EXPECT_EQ(reasons, 11U);
  EXPECT_EQ(explain(HoldReason::none), "");
}

TEST(Texts, SayWhatEveryRuleFoundAndWhatToDo) {
  std::set<std::string_view> ids;
  for (std::uint32_t number = 1; number <= 1000; ++number) {
    const Rule rule{static_cast<std::uint16_t>(number)};
    if (id_of(rule) == "?") continue;
    SCOPED_TRACE(number);
    EXPECT_TRUE(ids.insert(id_of(rule)).second);
    EXPECT_FALSE(remedy(rule).empty());
    EXPECT_TRUE(events::is_nfc(remedy(rule)));
    // With none, one … four parameters there is always a sentence, without leftover braces.
    std::vector<std::int64_t> parameters;
    for (int count = 0; count <= 4; ++count) {
      const std::string text = message(refused(rule, parameters));
      EXPECT_FALSE(text.empty());
      EXPECT_TRUE(events::is_nfc(text));
      EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << text;
      parameters.push_back(61);
    }
  }
  EXPECT_EQ(ids.size(), 47U);
  EXPECT_EQ(id_of(Rule::none), "");
  EXPECT_EQ(message(refused(Rule{999})), text_of_unknown);
}

// An officer must see both totals to find the wrong line of the sheet.
TEST(Texts, FillInWhatTheVerdictKnows) {
  EXPECT_EQ(message(refused(Rule::v12_total, {780, 775})),
            "Tổng điểm ghi 78 khác tổng các chỉ số 77,5");
  EXPECT_EQ(message(refused(Rule::v12_total, {780})), "Tổng điểm ghi khác tổng các chỉ số");
  EXPECT_EQ(message(refused(Rule::v11_score_range, {0, 105})),
            "Điểm 10,5 của chỉ số thứ 1 không có trong thang điểm");
  EXPECT_EQ(message(refused(Rule::t_step, {2, 65})),
            "Hồ sơ ở trạng thái “đã đăng ký”, không thể ghi phiếu tự đánh giá");
  EXPECT_EQ(message(refused(Rule::a_role, {3, 80})),
            "Vai trò “chi hội trưởng khuyến học” không được ban hành quyết định");
  EXPECT_EQ(message(refused(Rule::o_unknown_thing, {7, 12})),
            "Sổ chưa có mục được nhắc đến (7.12)");
  EXPECT_EQ(message(refused(Rule::v08_cycle_open, {20'089, 20'178})),
            "Việc này chỉ được làm từ ngày 01/01/2025 đến hết ngày 31/03/2025");
}

// "Hoặc … hoặc" leaves the officer to guess which of three things to put right.
TEST(Texts, SayTheCauseThatApplied) {
  const auto says = [](Rule rule, std::vector<std::int64_t> parameters, const char* cause) {
    const std::string text = explain(refused(rule, std::move(parameters)));
    EXPECT_NE(text.find(cause), std::string::npos) << text;
    EXPECT_EQ(text.find("hoặc không có"), std::string::npos) << text;
  };
  says(Rule::t17_decision, {0}, "chưa được thẩm định");
  says(Rule::t17_decision, {2}, "“không đủ điều kiện”");
  says(Rule::t17_decision, {}, "không có hồ sơ này trong danh sách");
  says(Rule::t12_list, {0}, "chưa được cuộc họp nào bình xét");
  says(Rule::t12_list, {1}, "lập tờ trình mới");
  says(Rule::t12_list, {2}, "“không đề nghị công nhận”");
  says(Rule::v14_criteria, {1, 2}, "chấm theo bản 1 của bộ tiêu chí, đợt xét dùng bản 2");
  says(Rule::v14_criteria, {3}, "đã có bản 3");
  says(Rule::a_actor, {17}, "thu hồi trước khi việc này tới (mục số 17");
  says(Rule::a_actor, {}, "chưa được ghi danh");
  says(Rule::a_release, {}, "không có việc nào đang chờ");
  says(Rule::a_release, {3}, "phải do người khác");
  says(Rule::a_power, {1}, "tự giao quyền cho mình");
  says(Rule::a_power, {3}, "không bao gồm mọi đơn vị");
  says(Rule::v40_evidence_file, {0, 10}, "Tệp minh chứng trống");
  says(Rule::v40_evidence_file, {100, 9'000}, "Ảnh thu nhỏ có 9000 byte");
  says(Rule::v60_document_number, {0, 2026}, "phải từ 1");
  says(Rule::t_step, {2, 65}, "bước tiếp theo là tiếp nhận đăng ký");
  says(Rule::t_step, {9, 65}, "hồ sơ đã kết thúc");
}

TEST(Texts, ExplainAWholeVerdict) {
  EXPECT_EQ(explain(refused(Rule::v12_total, {780, 775})),
            "Bị từ chối. V12: Tổng điểm ghi 78 khác tổng các chỉ số 77,5 — sửa lại phiếu chấm "
            "điểm.");
  EXPECT_EQ(explain(a_verdict(VerdictCode::accepted, Rule::none)), "Đã ghi nhận.");

  Verdict held = a_verdict(VerdictCode::held, Rule::o_conflict, {41});
  held.hold = HoldReason::conflict;
  EXPECT_EQ(explain(held),
            "Chờ xử lý: có người khác cùng thay đổi hồ sơ; văn thư cấp xã hoặc Hội Khuyến học cấp "
            "trên xử lý. O401: Người khác đã thay đổi cùng hồ sơ trước đó (mục số 41 trong sổ) — "
            "đồng bộ và xem thay đổi đó; người có thẩm quyền sẽ quyết định.");
}

// A late acceptance that reads like any other hides what an auditor asks about.
TEST(Texts, NameEveryFlagAndTellOfUnknownOnes) {
  for (std::uint32_t bit = 0; bit < 7; ++bit) {
    const auto sentences = explain_flags(1U << bit);
    ASSERT_EQ(sentences.size(), 1U);
    EXPECT_TRUE(events::is_nfc(sentences.front()));
    EXPECT_NE(sentences.front(), explain_flags(1U << 31U).front());
  }
  EXPECT_TRUE(explain_flags(0).empty());
  EXPECT_EQ(explain_flags(127).size(), 7U);
  EXPECT_EQ(explain_flags(events::flag_late | 1U << 20U).size(), 2U);

  Verdict late = a_verdict(VerdictCode::accepted, Rule::none);
  late.flags = events::flag_late;
  EXPECT_EQ(explain(late),
            "Đã ghi nhận. Làm sau thời hạn, được chấp nhận theo quy định về nộp muộn.");
}

TEST(Texts, WritePointsWithADecimalComma) {
  EXPECT_EQ(points_vi(0), "0");
  EXPECT_EQ(points_vi(5), "0,5");
  EXPECT_EQ(points_vi(700), "70");
  EXPECT_EQ(points_vi(1000), "100");
  EXPECT_EQ(points_vi(-5), "-0,5");
}

}  // namespace
}  // namespace projections
