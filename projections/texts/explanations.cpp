#include "projections/texts/rule_texts.h"
#include "projections/texts/text_pattern.h"
#include "projections/texts/texts.h"
#include "projections/texts/verdict_causes.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

namespace projections {
namespace {

constexpr Text newer_flag{"Có ghi chú mới hơn phần mềm này; xin cập nhật.",
                          "There is a remark newer than this program; please update."};

/// "Chờ xử lý: …" for what is held, otherwise the name of the verdict.
std::string_view answer(const events::Verdict& verdict, Language language) {
  const bool is_held = verdict.code == events::VerdictCode::held;
  if (is_held && verdict.hold != events::HoldReason::none) return explain(verdict.hold, language);
  return text_of(verdict.code, language);
}

}  // namespace

std::string_view advice_vi(events::ErrorCode code) { return text_of(code, Language::vi); }

std::string_view id_of(events::Rule rule) { return word_of(rule); }

std::string_view remedy(events::Rule rule, Language language) {
  return rule_texts(rule).remedy.in(language);
}

std::string message(const events::Verdict& verdict, Language language) {
  if (const std::optional<Cause> cause = cause_of(verdict, language)) return cause->message;
  const RuleTexts& texts = rule_texts(verdict.rule);
  if (const std::string_view pattern = texts.filled.in(language); !pattern.empty()) {
    if (auto filled = fill_all(pattern, verdict.parameters, language)) return *filled;
  }
  return std::string{texts.finding.in(language)};
}

std::string_view explain(events::HoldReason reason, Language language) {
  return reason == events::HoldReason::none ? std::string_view{} : text_of(reason, language);
}

std::vector<std::string_view> explain_flags(std::uint32_t flags, Language language) {
  std::vector<std::string_view> sentences;
  for (const TextRow& row : flag_texts()) {
    const std::uint32_t bit = row.number;
    if ((flags & bit) != 0) sentences.push_back(row.text.in(language));
    flags &= ~bit;
  }
  if (flags != 0) sentences.push_back(newer_flag.in(language));
  return sentences;
}

std::string explain(const events::Verdict& verdict, Language language) {
  std::string text{answer(verdict, language)};
  text += ".";
  if (verdict.rule != events::Rule::none) {
    text.append(" ").append(id_of(verdict.rule)).append(": ").append(message(verdict, language));
    const std::optional<Cause> cause = cause_of(verdict, language);
    text.append(" — ").append(cause ? cause->remedy : remedy(verdict.rule, language)).append(".");
  }
  for (const std::string_view sentence : explain_flags(verdict.flags, language)) {
    text.append(" ").append(sentence);
  }
  return text;
}

std::string votes_vi(const events::ReviewEntry& entry) {
  if (!entry.has_votes()) return "không ghi phiếu";
  return std::to_string(entry.agree) + "/" + std::to_string(entry.disagree) + " phiếu";
}

std::string clock_words(std::int64_t seconds, Language language) {
  constexpr std::int64_t hour = 3'600;
  constexpr std::int64_t day = 24 * hour;
  constexpr std::int64_t year = 365 * day + 6 * hour;
  struct Step {
    std::int64_t from;
    std::int64_t unit;
    Text name;
  };
  static constexpr Step steps[] = {{2 * year, year, {" năm", " years"}},
                                   {2 * day, day, {" ngày", " days"}},
                                   {2 * hour, hour, {" giờ", " hours"}},
                                   {120, 60, {" phút", " minutes"}},
                                   {0, 1, {" giây", " seconds"}}};
  constexpr Text slow{"chậm ", "slow by "};
  constexpr Text fast{"nhanh ", "fast by "};
  std::string text{(seconds < 0 ? slow : fast).in(language)};
  const std::int64_t size = std::abs(std::max(seconds, -std::numeric_limits<std::int64_t>::max()));
  for (const Step& step : steps) {
    if (size < step.from) continue;
    return text.append(std::to_string(size / step.unit)).append(step.name.in(language));
  }
  return text;
}

std::string clock_words_vi(std::int64_t seconds) { return clock_words(seconds, Language::vi); }

std::string points(std::int64_t tenths, Language language) {
  const std::int64_t rest = tenths % 10;
  std::string text = std::to_string(tenths / 10);
  if (tenths < 0 && tenths > -10) text.insert(0, "-");
  if (rest == 0) return text;
  text.append(language == Language::vi ? "," : ".");
  return text.append(std::to_string(rest < 0 ? -rest : rest));
}

std::string points_vi(std::int64_t tenths) { return points(tenths, Language::vi); }

}  // namespace projections
