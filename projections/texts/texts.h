#pragma once

#include "events/base/verdict.h"
#include "events/kinds/review_events.h"
#include "projections/texts/catalogue.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What people read: sentences about verdicts, scores and clocks, from the texts of the catalogue.
/// Where no language is named it is Vietnamese.
namespace projections {

/// What a device shows in the place of names while the lease is over.
inline constexpr std::string_view hidden_name_vi = "(đã khóa: hãy đồng bộ)";

/// The Vietnamese words for a value that this build does not know.
inline constexpr std::string_view text_of_unknown = unknown_text.vi;

/// What an officer should do when an operation failed with this error code.
std::string_view advice_vi(events::ErrorCode code);
/// "Chờ xử lý: …": why an event waits and which role decides about it; empty for HoldReason::none.
std::string_view explain(events::HoldReason reason, Language language = Language::vi);
/// One sentence for each bit of Verdict::flags that is set, in the order of the bits.
std::vector<std::string_view> explain_flags(std::uint32_t flags, Language language = Language::vi);

/// The id of a rule as papers cite it: "V12", "T09", "SD1"; empty for Rule::none.
std::string_view id_of(events::Rule rule);
/// What the author should do when this rule found something; empty for Rule::none.
std::string_view remedy(events::Rule rule, Language language = Language::vi);
/// What the rule of the verdict found, with the parameters of the verdict where it has them.
std::string message(const events::Verdict& verdict, Language language = Language::vi);

/// The whole answer to one event as its author reads it, with rule, finding, remedy and flags:
/// "Bị từ chối. V12: Tổng điểm ghi 78 khác tổng các chỉ số 77,5 — sửa lại phiếu chấm điểm.".
std::string explain(const events::Verdict& verdict, Language language = Language::vi);

/// "30/2 phiếu": for and against; "không ghi phiếu" where the minutes give no numbers.
std::string votes_vi(const events::ReviewEntry& entry);

/// How far a clock is off, from seconds: "nhanh 20 phút" (fast), "chậm 56 năm" (slow, negative).
std::string clock_words(std::int64_t seconds, Language language);
std::string clock_words_vi(std::int64_t seconds);

/// The points of a score that is given in tenths: "78" or "77,5"; "77.5" in English.
std::string points(std::int64_t tenths, Language language);
std::string points_vi(std::int64_t tenths);

}  // namespace projections
