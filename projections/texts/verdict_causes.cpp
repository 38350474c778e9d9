#include "projections/texts/verdict_causes.h"

#include "events/kinds/evidence_events.h"
#include "events/kinds/review_events.h"
#include "projections/texts/cause_texts.h"
#include "projections/texts/text_pattern.h"
#include "projections/texts/texts.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace projections {
namespace {

using Parameters = std::vector<std::int64_t>;

std::string quoted(std::string_view text) { return "“" + std::string(text) + "”"; }

/// What comes next for a dossier in that state, as it stands in the table of steps.
std::string_view what_comes_next(events::DossierState state) {
  using enum events::DossierState;
  switch (state) {
    case none:
      return "mở hồ sơ trước";
    case draft:
      return "bước tiếp theo là đăng ký danh hiệu";
    case registered:
      return "bước tiếp theo là tiếp nhận đăng ký";
    case accepted:
      return "bước tiếp theo là ghi phiếu tự đánh giá";
    case self_assessed:
      return "bước tiếp theo là họp bình xét; trước đó phiếu còn ghi lại được";
    case reviewed:
      return "bước tiếp theo là trình hồ sơ";
    case submitted:
      return "bước tiếp theo là thẩm định";
    case appraised:
      return "bước tiếp theo là quyết định công nhận hoặc không công nhận";
    case returned:
      return "bổ sung rồi nộp lại hồ sơ trước";
    case recognized:
    case not_recognized:
    case withdrawn:
      return "hồ sơ đã kết thúc; không còn bước nào nữa";
  }
  return "đồng bộ rồi xem trạng thái hiện tại của hồ sơ";
}

Cause wrong_step(events::DossierState state, events::EventType act) {
  return {
      "Hồ sơ ở trạng thái " + quoted(name_vi(state)) + ", không thể " + std::string(name_vi(act)),
      what_comes_next(state)};
}

Cause criteria_of_another_version(std::int64_t version, std::int64_t bound) {
  return {"Phiếu chấm theo bản " + std::to_string(version) + " của bộ tiêu chí, đợt xét dùng bản " +
              std::to_string(bound),
          "chấm lại theo bản của đợt xét"};
}

Cause version_taken(std::int64_t latest) {
  return {"Bộ tiêu chí này đã có bản " + std::to_string(latest),
          "ghi số phiên bản lớn hơn trong tệp rồi ban hành lại"};
}

Cause not_to_be_submitted(events::ReviewConclusion conclusion) {
  if (conclusion == events::ReviewConclusion::proposed) {
    return {"Tờ trình của người này không có hồ sơ này trong danh sách",
            "lập tờ trình mới có hồ sơ này"};
  }
  if (conclusion == events::ReviewConclusion{}) {
    return {"Hồ sơ chưa được cuộc họp nào bình xét", "ghi biên bản họp bình xét trước"};
  }
  return {"Cuộc họp bình xét kết luận " + quoted(name_vi(conclusion)),
          "chỉ trình hồ sơ được đề nghị công nhận"};
}

Cause not_to_be_granted(events::AppraisalOutcome outcome) {
  if (outcome == events::AppraisalOutcome{}) {
    return {"Hồ sơ chưa được thẩm định", "thẩm định hồ sơ trước"};
  }
  return {"Kết quả thẩm định của hồ sơ là " + quoted(name_vi(outcome)),
          "ghi không công nhận, có lý do"};
}

std::optional<Cause> power_cause(events::PowerFault fault) {
  switch (fault) {
    case events::PowerFault::for_oneself:
      return Cause{"Không ai được tự giao quyền cho mình", "để người khác có thẩm quyền giao"};
    case events::PowerFault::above_own:
      return Cause{"Vai trò được giao không thấp hơn vai trò của người giao",
                   "chuyển việc cho người có vai trò cao hơn"};
    case events::PowerFault::not_covering:
      return Cause{"Vai trò của người giao không bao gồm mọi đơn vị của người được nhắc đến",
                   "chuyển việc cho người phụ trách đủ các đơn vị ấy"};
  }
  return std::nullopt;
}

Cause file_of_wrong_size(std::int64_t original, std::int64_t thumbnail) {
  if (original <= 0) return {"Tệp minh chứng trống", "chụp lại rồi đính kèm lại"};
  if (original > events::original_bytes_max) {
    return {"Tệp minh chứng có " + std::to_string(original) + " byte, tối đa " +
                std::to_string(events::original_bytes_max),
            "chụp lại ở cỡ nhỏ hơn hoặc nén tệp"};
  }
  return {"Ảnh thu nhỏ có " + std::to_string(thumbnail) + " byte, phải từ 1 đến " +
              std::to_string(events::thumbnail_bytes_max),
          "chụp lại rồi đính kèm lại"};
}

std::optional<Cause> wrong_number(std::int64_t number) {
  if (number >= 1) return std::nullopt;  // Taken, or of another year than the paper.
  return Cause{"Số quyết định phải từ 1", "ghi số trong sổ đăng ký văn bản"};
}

}  // namespace

std::optional<Cause> cause_of(const events::Verdict& verdict) {
  const Parameters& given = verdict.parameters;
  const bool is_bare = given.empty();
  if (const CauseText* const text = cause_text_of(verdict)) {
    if (auto filled = fill_all(text->message, given)) {
      return Cause{std::move(*filled), text->remedy};
    }
  }
  using enum events::Rule;
  switch (verdict.rule) {
    case t_step:
      if (given.size() < 2) return std::nullopt;
      return wrong_step(static_cast<events::DossierState>(given[0]),
                        static_cast<events::EventType>(given[1]));
    case v14_criteria:
      if (given.size() == 1) return version_taken(given[0]);
      if (given.size() < 2) return std::nullopt;
      return criteria_of_another_version(given[0], given[1]);
    case v40_evidence_file:
      if (given.size() < 2) return std::nullopt;
      return file_of_wrong_size(given[0], given[1]);
    case v60_document_number:
      if (is_bare) return std::nullopt;
      return wrong_number(given[0]);
    case t12_list:
      if (is_bare) return std::nullopt;
      return not_to_be_submitted(static_cast<events::ReviewConclusion>(given[0]));
    case t17_decision:
      if (!is_bare) return not_to_be_granted(static_cast<events::AppraisalOutcome>(given[0]));
      return Cause{"Quyết định do người này ghi không có hồ sơ này trong danh sách",
                   "đối chiếu với quyết định đã ký; lập quyết định có hồ sơ này"};
    case a_actor:
      if (is_bare || given[0] == 0) {  // No position of a revocation.
        return Cause{"Người thực hiện chưa được ghi danh trên thiết bị này",
                     "dùng thiết bị của mình, hoặc xin mã mời cho thiết bị này"};
      }
      return Cause{"Thiết bị đã bị thu hồi trước khi việc này tới (mục số " +
                       std::to_string(given[0]) + " trong sổ)",
                   "giao lại thiết bị cho quản trị; việc cũ được đối chiếu với giấy tờ"};
    case a_release:
      if (is_bare) {
        return Cause{"Ở vị trí đó không có việc nào đang chờ như đã thấy",
                     "đồng bộ rồi xem lại danh sách việc đang chờ"};
      }
      return Cause{
          "Việc đang chờ này phải do người khác, có vai trò được giải quyết nó, quyết định",
          "chuyển cho người được nêu trong danh sách việc đang chờ"};
    case a_power:
      if (is_bare) return std::nullopt;
      return power_cause(static_cast<events::PowerFault>(given[0]));
    default:
      return std::nullopt;
  }
}

std::string_view cause_word(const events::Verdict& verdict) {
  const CauseText* const text = cause_text_of(verdict);
  return text == nullptr ? std::string_view{} : text->word;
}

}  // namespace projections
