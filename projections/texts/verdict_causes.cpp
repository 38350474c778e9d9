#include "projections/texts/verdict_causes.h"

#include "events/kinds/evidence_events.h"
#include "projections/texts/catalogue.h"
#include "projections/texts/cause_texts.h"
#include "projections/texts/rule_texts.h"
#include "projections/texts/text_pattern.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace projections {
namespace {

using Parameters = std::vector<std::int64_t>;

/// The texts of a cause that parameters of the rule tell without a RuleCause among them.
struct PlainCause {
  Text message;  ///< A pattern of text_pattern.h.
  Text remedy;
};

// Tables: Vietnamese and English.
// clang-format off

/// What comes next for a dossier in that state, as it stands in the table of steps.
constexpr TextRow next_steps[] = {
    {events::DossierState::none, "mở hồ sơ trước", "open the dossier first"},
    {events::DossierState::draft,
     "bước tiếp theo là đăng ký danh hiệu", "the next step is to register for the title"},
    {events::DossierState::registered,
     "bước tiếp theo là tiếp nhận đăng ký", "the next step is to accept the registration"},
    {events::DossierState::accepted,
     "bước tiếp theo là ghi phiếu tự đánh giá", "the next step is the score sheet"},
    {events::DossierState::self_assessed,
     "bước tiếp theo là họp bình xét; trước đó phiếu còn ghi lại được",
     "the next step is the review meeting; until then the sheet can be recorded again"},
    {events::DossierState::reviewed,
     "bước tiếp theo là trình hồ sơ", "the next step is to submit the dossier"},
    {events::DossierState::submitted,
     "bước tiếp theo là thẩm định", "the next step is the appraisal"},
    {events::DossierState::appraised,
     "bước tiếp theo là quyết định công nhận hoặc không công nhận",
     "the next step is the decision to recognise or refuse"},
    {events::DossierState::returned,
     "bổ sung rồi nộp lại hồ sơ trước", "complete the dossier and hand it in again first"},
};
static_assert(are_texts(next_steps));

constexpr Text no_next_step{"hồ sơ đã kết thúc; không còn bước nào nữa",
                            "the dossier has ended; there is no further step"};
constexpr Text look_at_state{"đồng bộ rồi xem trạng thái hiện tại của hồ sơ",
                             "synchronise, then look at the present state of the dossier"};

constexpr PlainCause another_version{
    {"Phiếu chấm theo bản {0} của bộ tiêu chí, đợt xét dùng bản {1}",
     "The sheet is scored by version {0} of the criteria, the cycle uses version {1}"},
    {"chấm lại theo bản của đợt xét", "score again by the version of the cycle"}};
constexpr PlainCause version_taken{
    {"Bộ tiêu chí này đã có bản {0}", "These criteria already have version {0}"},
    {"ghi số phiên bản lớn hơn trong tệp rồi ban hành lại",
     "write a greater version into the file and publish it again"}};
constexpr PlainCause not_in_list{
    {"Tờ trình của người này không có hồ sơ này trong danh sách",
     "The list that this person submitted does not have this dossier"},
    {"lập tờ trình mới có hồ sơ này", "submit a new list with this dossier"}};
constexpr PlainCause not_reviewed{
    {"Hồ sơ chưa được cuộc họp nào bình xét", "No meeting has reviewed the dossier"},
    {"ghi biên bản họp bình xét trước", "record the minutes of a review meeting first"}};
constexpr PlainCause not_proposed{
    {"Cuộc họp bình xét kết luận “{0:conclusion}”",
     "The review meeting concluded “{0:conclusion}”"},
    {"chỉ trình hồ sơ được đề nghị công nhận", "submit only dossiers proposed for recognition"}};
constexpr PlainCause not_in_decision{
    {"Quyết định do người này ghi không có hồ sơ này trong danh sách",
     "The decision that this person recorded does not have this dossier"},
    {"đối chiếu với quyết định đã ký; lập quyết định có hồ sơ này",
     "compare with the signed decision; record a decision with this dossier"}};
constexpr PlainCause not_appraised{
    {"Hồ sơ chưa được thẩm định", "The dossier has not been appraised"},
    {"thẩm định hồ sơ trước", "appraise the dossier first"}};
constexpr PlainCause not_qualified{
    {"Kết quả thẩm định của hồ sơ là “{0:outcome}”",
     "The outcome of the appraisal is “{0:outcome}”"},
    {"ghi không công nhận, có lý do", "record the refusal with its reason"}};

constexpr PlainCause power_for_oneself{
    {"Không ai được tự giao quyền cho mình", "Nobody may give power to themselves"},
    {"để người khác có thẩm quyền giao", "let somebody else with authority give it"}};
constexpr PlainCause power_above_own{
    {"Vai trò được giao không thấp hơn vai trò của người giao",
     "The role is not below the role of who gives it"},
    {"chuyển việc cho người có vai trò cao hơn", "pass it to somebody with a higher role"}};
constexpr PlainCause power_not_covering{
    {"Vai trò của người giao không bao gồm mọi đơn vị của người được nhắc đến",
     "The role of who gives it does not cover all units of the person named"},
    {"chuyển việc cho người phụ trách đủ các đơn vị ấy",
     "pass it to somebody who covers all those units"}};

// Behind the parameters of V40 stand the greatest sizes, as {2} and {3}.
constexpr PlainCause file_empty{
    {"Tệp minh chứng trống", "The file of evidence is empty"},
    {"chụp lại rồi đính kèm lại", "take the picture again and attach it again"}};
constexpr PlainCause file_too_large{
    {"Tệp minh chứng có {0} byte, tối đa {2}", "The file of evidence has {0} bytes, at most {2}"},
    {"chụp lại ở cỡ nhỏ hơn hoặc nén tệp", "take a smaller picture or compress the file"}};
constexpr PlainCause thumbnail_size{
    {"Ảnh thu nhỏ có {1} byte, phải từ 1 đến {3}",
     "The thumbnail has {1} bytes, it must have 1 to {3}"},
    {"chụp lại rồi đính kèm lại", "take the picture again and attach it again"}};

constexpr PlainCause number_below_one{
    {"Số quyết định phải từ 1", "Numbers of decisions begin with 1"},
    {"ghi số trong sổ đăng ký văn bản", "enter the number of the document register"}};

constexpr PlainCause not_enrolled{
    {"Người thực hiện chưa được ghi danh trên thiết bị này",
     "The person is not enrolled on this device"},
    {"dùng thiết bị của mình, hoặc xin mã mời cho thiết bị này",
     "use your own device, or ask for an enrolment code for this one"}};
constexpr PlainCause device_revoked{
    {"Thiết bị đã bị thu hồi trước khi việc này tới (mục số {0} trong sổ)",
     "The device was revoked before this came (entry {0} of the log)"},
    {"giao lại thiết bị cho quản trị; việc cũ được đối chiếu với giấy tờ",
     "hand the device to the administrator; older acts are compared with the papers"}};
constexpr PlainCause nothing_held{
    {"Ở vị trí đó không có việc nào đang chờ như đã thấy",
     "Nothing is held there as it was seen"},
    {"đồng bộ rồi xem lại danh sách việc đang chờ",
     "synchronise, then look at the list of held acts again"}};
constexpr PlainCause released_by_others{
    {"Việc đang chờ này phải do người khác, có vai trò được giải quyết nó, quyết định",
     "Somebody else, whose role may settle it, must decide about this held act"},
    {"chuyển cho người được nêu trong danh sách việc đang chờ",
     "pass it to who is named in the list of held acts"}};

// clang-format on

Text what_comes_next(events::DossierState state) {
  const TextRow* const row = find_row(next_steps, static_cast<std::uint64_t>(state));
  if (row != nullptr) return row->text;
  return is_known(state) ? no_next_step : look_at_state;
}

/// V14 without a RuleCause: the sheet's version and the cycle's, or the latest version.
const PlainCause* criteria_cause(const Parameters& given) {
  if (given.empty()) return nullptr;
  return given.size() == 1 ? &version_taken : &another_version;
}

const PlainCause* file_cause(std::int64_t original_bytes) {
  if (original_bytes <= 0) return &file_empty;
  return original_bytes > events::original_bytes_max ? &file_too_large : &thumbnail_size;
}

const PlainCause* submission_cause(events::ReviewConclusion conclusion) {
  if (conclusion == events::ReviewConclusion::proposed) return &not_in_list;
  return conclusion == events::ReviewConclusion{} ? &not_reviewed : &not_proposed;
}

const PlainCause* power_cause(events::PowerFault fault) {
  switch (fault) {
    case events::PowerFault::for_oneself:
      return &power_for_oneself;
    case events::PowerFault::above_own:
      return &power_above_own;
    case events::PowerFault::not_covering:
      return &power_not_covering;
  }
  return nullptr;
}

const PlainCause* plain_cause_of(events::Rule rule, const Parameters& given) {
  const bool is_bare = given.empty();
  using enum events::Rule;
  switch (rule) {
    case v14_criteria:
      return criteria_cause(given);
    case v40_evidence_file:
      return given.size() < 2 ? nullptr : file_cause(given[0]);
    case v60_document_number:
      // From 1 on the number is taken, or of another year than the paper.
      return is_bare || given[0] >= 1 ? nullptr : &number_below_one;
    case t12_list:
      return is_bare ? nullptr : submission_cause(static_cast<events::ReviewConclusion>(given[0]));
    case t17_decision:
      if (is_bare) return &not_in_decision;
      return given[0] == 0 ? &not_appraised : &not_qualified;
    case a_actor:
      // The parameter is the position of a revocation.
      return is_bare || given[0] == 0 ? &not_enrolled : &device_revoked;
    case a_release:
      return is_bare ? &nothing_held : &released_by_others;
    case a_power:
      return is_bare ? nullptr : power_cause(static_cast<events::PowerFault>(given[0]));
    default:
      return nullptr;
  }
}

/// The message of a cause with the name of its field in it.
std::string pattern_of(const CauseText& text, Language language) {
  constexpr std::string_view mark = "{field}";
  std::string pattern(text.message.in(language));
  if (const std::size_t place = pattern.find(mark); place != std::string::npos) {
    pattern.replace(place, mark.size(), text.field.in(language));
  }
  return pattern;
}

}  // namespace

std::optional<Cause> cause_of(const events::Verdict& verdict, Language language) {
  Parameters given = verdict.parameters;
  if (const CauseText* const text = cause_text_of(verdict)) {
    if (auto filled = fill_all(pattern_of(*text, language), given, language)) {
      return Cause{std::move(*filled), text->remedy.in(language)};
    }
  }
  if (verdict.rule == events::Rule::t_step) {
    auto filled = fill_all(rule_texts(verdict.rule).filled.in(language), given, language);
    if (!filled) return std::nullopt;
    const auto state = static_cast<events::DossierState>(given[0]);
    return Cause{std::move(*filled), what_comes_next(state).in(language)};
  }
  const PlainCause* const cause = plain_cause_of(verdict.rule, given);
  if (cause == nullptr) return std::nullopt;
  if (verdict.rule == events::Rule::v40_evidence_file) {
    given.resize(2);
    given.push_back(events::original_bytes_max);
    given.push_back(events::thumbnail_bytes_max);
  }
  auto filled = fill_all(cause->message.in(language), given, language);
  if (!filled) return std::nullopt;
  return Cause{std::move(*filled), cause->remedy.in(language)};
}

std::string_view cause_word(const events::Verdict& verdict) {
  const CauseText* const text = cause_text_of(verdict);
  return text == nullptr ? std::string_view{} : word_of(text->cause);
}

}  // namespace projections
