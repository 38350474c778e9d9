#pragma once

#include "events/base/result.h"
#include "events/base/verdict.h"
#include "events/kinds/access_events.h"
#include "events/kinds/decision_events.h"
#include "events/kinds/dossier_events.h"
#include "events/kinds/event_type.h"
#include "events/kinds/review_events.h"
#include "events/kinds/titles.h"
#include "events/kinds/unit_events.h"

#include <string>
#include <string_view>
#include <vector>

/// The Vietnamese words for values, in UTF-8 and NFC, as people read them.  The log stores and
/// signs the values, never these words.  A value that this build does not know, because a newer
/// build introduced it, is shown as `text_of_unknown`.
namespace projections {

/// What a device shows in the place of names while the lease is over.
inline constexpr std::string_view hidden_name_vi = "(đã khóa: hãy đồng bộ)";

/// The words for a value that this build does not know.
inline constexpr std::string_view text_of_unknown = "không rõ (giá trị mới hơn phần mềm này)";

/// The Vietnamese name of a value.  A name that fits inside a sentence begins with a small letter.
std::string_view name_vi(events::TitleKind title);
std::string_view name_vi(events::CollectiveKind kind);
std::string_view name_vi(events::GroupCode group);
std::string_view name_vi(events::Gender gender);
std::string_view name_vi(events::AgeBand band);
std::string_view name_vi(events::DossierState state);
std::string_view name_vi(events::ReturnReason reason);
std::string_view name_vi(events::EvidenceKind kind);
std::string_view name_vi(events::ReviewConclusion conclusion);
std::string_view name_vi(events::AppraisalOutcome outcome);
std::string_view name_vi(events::NotRecognizedReason reason);
std::string_view name_vi(events::Role role);
std::string_view name_vi(events::UnitKind kind);
std::string_view name_vi(events::VerdictCode code);
/// What an event of this kind does, as a noun phrase: "tiếp nhận đăng ký".
std::string_view name_vi(events::EventType type);

/// What an officer should do when an operation failed with this error code.
std::string_view advice_vi(events::ErrorCode code);
/// "Chờ xử lý: …": why an event waits and which role decides about it; empty for HoldReason::none.
std::string_view explain(events::HoldReason reason);
/// One sentence for each bit of Verdict::flags that is set, in the order of the bits.
std::vector<std::string_view> explain_flags(std::uint32_t flags);

/// The id of a rule as papers cite it: "V12", "T09", "SD1"; empty for Rule::none.
std::string_view id_of(events::Rule rule);
/// What the author should do when this rule found something; empty for Rule::none.
std::string_view remedy(events::Rule rule);
/// What the rule of the verdict found, with the parameters of the verdict where it has them.
std::string message(const events::Verdict& verdict);

/// The whole answer to one event as its author reads it, with rule, finding, remedy and flags:
/// "Bị từ chối. V12: Tổng điểm ghi 78 khác tổng các chỉ số 77,5 — sửa lại phiếu chấm điểm.".
std::string explain(const events::Verdict& verdict);

/// "30/2 phiếu": for and against; "không ghi phiếu" where the minutes give no numbers.
std::string votes_vi(const events::ReviewEntry& entry);

/// How far a clock is off, from seconds: "nhanh 20 phút" (fast), "chậm 56 năm" (slow, negative).
std::string clock_words_vi(std::int64_t seconds);

/// The points of a score that is given in tenths: "78" or "77,5".
std::string points_vi(std::int64_t tenths);

}  // namespace projections
