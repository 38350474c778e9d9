#include "projections/texts/cause_texts.h"

#include "events/base/ranges.h"

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace projections {
namespace {

using events::RuleCause;

constexpr Text of_any_field{"Giá trị của mục “{field}” không hợp lệ",
                            "The value of “{field}” is not valid"};
constexpr Text enter_again{"nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm",
                           "enter it again; if it still fails, update the program"};

/// A field that holds a value which its enumeration or rule lacks, by what an officer calls it.
constexpr CauseText field(RuleCause cause, std::string_view vi, std::string_view en) {
  return {cause, events::Rule::o_value, of_any_field, enter_again, {vi, en}};
}

// A table: one cause a row, each text in Vietnamese and English.
// clang-format off
struct CauseTable {
  using enum events::Rule;
  using enum events::RuleCause;
  static constexpr CauseText rows[] = {
    {RuleCause::unit_not_yet, v04_unit_open,
        {"Vào ngày ghi trên giấy, đơn vị chưa được lập",
         "On the day on the paper the unit did not exist yet"},
        {"kiểm tra ngày ghi trên giấy, chọn đơn vị đã có vào ngày đó",
         "check the day on the paper, choose a unit that existed on that day"}},
    {RuleCause::unit_closed, v04_unit_open,
        {"Vào ngày ghi trên giấy, đơn vị không còn hoạt động",
         "On the day on the paper the unit was no longer active"},
        {"chọn đơn vị kế tiếp của đơn vị này", "choose the successor of this unit"}},
    {RuleCause::unit_above_commune, v04_unit_open,
        {"Đơn vị này ở trên cấp xã, hồ sơ phải thuộc một xã, phường",
         "This unit is above commune level; a dossier belongs to a commune or ward"},
        {"chọn xã, phường, thôn nơi đối tượng sinh sống",
         "choose the commune, ward or hamlet where the subject lives"}},
    {RuleCause::title_of_others, v05_group,
        {"Danh hiệu “{0:title}” không dành cho loại đối tượng này",
         "The title “{0:title}” is not for subjects of this kind"},
        {"chọn đợt xét của đúng danh hiệu", "choose the cycle of the right title"}},
    {RuleCause::group_without_variant, v05_group,
        {"Bộ tiêu chí của đợt xét không có nhóm “{0:group}”",
         "The criteria of the cycle have no group “{0:group}”"},
        {"chọn nhóm đối tượng có trong bộ tiêu chí",
         "choose a population group that the criteria have"}},
    {RuleCause::phase_not_begun, v08_cycle_open,
        {"Việc này chỉ được làm từ ngày {0:day} đến hết ngày {1:day}; ngày ghi trên giấy còn sớm "
         "hơn",
         "This can only be done from {0:day} to {1:day}; the day on the paper is earlier"},
        {"kiểm tra ngày ghi trên giấy, chờ đến ngày bắt đầu",
         "check the day on the paper, wait until the first day"}},
    {RuleCause::dated_after_phase, v08_cycle_open,
        {"Việc này chỉ được làm từ ngày {0:day} đến hết ngày {1:day}; ngày ghi trên giấy đã muộn "
         "hơn",
         "This can only be done from {0:day} to {1:day}; the day on the paper is later"},
        {"kiểm tra ngày ghi trên giấy, đề nghị cấp trên gia hạn",
         "check the day on the paper, ask those above for more time"}},
    {RuleCause::came_after_phase, v08_cycle_open,
        {"Việc này chỉ được làm từ ngày {0:day} đến hết ngày {1:day}; việc gửi đến sau thời hạn đó",
         "This can only be done from {0:day} to {1:day}; it came after that time"},
        {"đề nghị cấp trên gia hạn", "ask those above for more time"}},
    {RuleCause::score_above_max, v11_score_range,
        {"Điểm {1:points} của chỉ số thứ {0:ordinal} lớn hơn điểm tối đa {3:points}",
         "The score {1:points} of indicator {0:ordinal} is above the greatest score {3:points}"},
        {"sửa điểm của chỉ số này", "correct the score of this indicator"}},
    {RuleCause::score_off_step, v11_score_range,
        {"Điểm {1:points} của chỉ số thứ {0:ordinal} không theo bước điểm {3:points}",
         "The score {1:points} of indicator {0:ordinal} is not a multiple of {3:points}"},
        {"sửa điểm của chỉ số này", "correct the score of this indicator"}},
    {RuleCause::criteria_of_other_round, v14_criteria,
        {"Phiếu chấm theo bộ tiêu chí của đợt xét khác",
         "The sheet is scored by the criteria of another cycle"},
        {"đồng bộ rồi dùng bộ tiêu chí của đợt xét này",
         "synchronise, then use the criteria of this cycle"}},
    {RuleCause::criteria_without_group, v14_criteria,
        {"Bộ tiêu chí của đợt xét không có nhóm đối tượng của hồ sơ",
         "The criteria of the cycle lack the population group of the dossier"},
        {"chuyển hồ sơ sang đúng đợt xét", "move the dossier to the right cycle"}},
    {RuleCause::criteria_not_scorable, v14_criteria,
        {"Bộ tiêu chí này chưa có chỉ số để chấm điểm",
         "These criteria have no indicators to score yet"},
        {"chờ bộ tiêu chí đầy đủ được ban hành", "wait until the criteria are published in full"}},
    {RuleCause::criteria_of_other_title, v14_criteria,
        {"Bộ tiêu chí là của danh hiệu khác với danh hiệu của đợt xét",
         "The criteria are for another title than the cycle"},
        {"chọn bộ tiêu chí của đúng danh hiệu", "choose the criteria of the right title"}},
    {RuleCause::consent_missing, v30_consent,
        {"Công dân chưa đồng ý cho xử lý dữ liệu để xét danh hiệu",
         "The person has not agreed to the processing of data for the title"},
        {"xin ý kiến đồng ý của công dân rồi ghi lại",
         "ask the person for consent, then record it again"}},
    {RuleCause::basis_unknown, v30_consent,
        {"Chưa ghi căn cứ xử lý dữ liệu cá nhân",
         "The basis for processing personal data is not recorded"},
        {"ghi rõ căn cứ xử lý dữ liệu", "record the basis for processing the data"}},
    {RuleCause::proxy_unnamed, v30_consent,
        {"Việc nhập thay chưa ghi rõ người được nhập thay và giấy tờ kèm theo",
         "The entry by a proxy does not name the proxy and the paper"},
        {"ghi đủ thông tin nhập thay", "record the proxy in full"}},
    {RuleCause::list_empty, v50_list,
        {"Danh sách không có hồ sơ nào", "The list has no dossiers"},
        {"chọn các hồ sơ đưa vào danh sách", "choose the dossiers of the list"}},
    {RuleCause::list_row_twice, v50_list,
        {"Danh sách có một hồ sơ ghi hai lần", "The list has a dossier twice"},
        {"bỏ dòng trùng", "remove the double row"}},
    {RuleCause::list_count_differs, v50_list,
        {"Số lượng ghi {0} khác số hồ sơ trong danh sách {1}",
         "The number {0} that was written differs from the number of dossiers in the list {1}"},
        {"đếm lại danh sách", "count the list again"}},
    {RuleCause::list_rows_not_ready, v50_list,
        {"{0} trong {1} hồ sơ của danh sách chưa ở trạng thái yêu cầu",
         "{0} of {1} dossiers of the list are not in the required state"},
        {"đối chiếu các hồ sơ ấy; chúng chưa có hiệu lực theo danh sách này",
         "compare those dossiers; this list has no effect for them yet"}},
    {RuleCause::number_below_one, v60_document_number,
        {"Số quyết định phải từ 1", "Numbers of decisions begin with 1"},
        {"ghi số trong sổ đăng ký văn bản", "enter the number of the document register"}},
    {RuleCause::number_of_other_year, v60_document_number,
        {"Năm {1} của số quyết định khác năm ghi trên giấy",
         "The year {1} of the number differs from the year on the paper"},
        {"kiểm tra năm của số quyết định và ngày ban hành",
         "check the year of the number and the day of issue"}},
    {RuleCause::number_taken, v60_document_number,
        {"Số quyết định {0} năm {1} đã được dùng",
         "Decision number {0} of the year {1} is already used"},
        {"lấy số mới từ sổ đăng ký văn bản của cơ quan ban hành",
         "take a new number from the document register of the issuer"}},
    {RuleCause::votes_above_present, t09_minutes,
        {"Biên bản có số phiếu nhiều hơn số người dự họp",
         "The minutes have more votes than people who were present"},
        {"đối chiếu số phiếu với biên bản giấy", "compare the votes with the minutes on paper"}},
    {RuleCause::nobody_present, t09_minutes,
        {"Biên bản ghi không có ai dự họp", "The minutes say that nobody was present"},
        {"ghi số người dự họp", "record how many were present"}},
    {RuleCause::fewer_invited, t09_minutes,
        {"Biên bản có số người dự họp nhiều hơn số người được mời",
         "The minutes have more people present than invited"},
        {"đối chiếu hai số ấy với biên bản giấy",
         "compare both numbers with the minutes on paper"}},
    {RuleCause::conclusion_unknown, t09_minutes,
        {"Biên bản có một kết luận mà phần mềm không biết",
         "The minutes have a conclusion that the program does not know"},
        {"cập nhật phần mềm rồi ghi lại biên bản",
         "update the program, then record the minutes again"}},
    {RuleCause::not_minutes, t09_minutes,
        {"Văn bản được dẫn không phải là biên bản họp bình xét",
         "The document that is named is not the minutes of a review meeting"},
        {"chọn đúng biên bản", "choose the right minutes"}},
    {RuleCause::not_in_minutes, t09_minutes,
        {"Biên bản họp không có hồ sơ này", "The minutes do not have this dossier"},
        {"chọn đúng biên bản có hồ sơ này", "choose the minutes that have this dossier"}},
    {RuleCause::conclusion_differs, t09_minutes,
        {"Kết luận khác với kết luận trong biên bản họp",
         "The conclusion differs from the one in the minutes"},
        {"đối chiếu với biên bản giấy rồi ghi lại",
         "compare with the minutes on paper, then record it again"}},
    {RuleCause::minutes_of_another, t09_minutes,
        {"Biên bản họp do người khác ghi", "Another person recorded the minutes"},
        {"để người ghi biên bản ghi kết quả bình xét",
         "let the person who recorded the minutes record the result"}},
    {RuleCause::own_dossier, sd1_own_dossier,
        {"Đây là hồ sơ của chính người thực hiện", "This is the actor's own dossier"},
        {"chuyển hồ sơ cho người khác có cùng thẩm quyền",
         "pass the dossier to somebody else with the same authority"}},
    {RuleCause::own_household, sd1_own_dossier,
        {"Đây là hồ sơ của gia đình người thực hiện", "This is a dossier of the actor's family"},
        {"chuyển hồ sơ cho người khác có cùng thẩm quyền",
         "pass the dossier to somebody else with the same authority"}},
    {RuleCause::own_collective, sd1_own_dossier,
        {"Đây là hồ sơ của tập thể do người thực hiện đứng đầu",
         "This is a dossier of a collective that the actor heads"},
        {"chuyển hồ sơ cho người khác có cùng thẩm quyền",
         "pass the dossier to somebody else with the same authority"}},
    {RuleCause::grant_unknown, a_grant,
        {"Sổ chưa ghi việc giao vai trò này", "The log does not have the grant of this role"},
        {"đồng bộ thiết bị của người giao vai trò rồi thử lại",
         "synchronise the device of who granted the role, then try again"}},
    {RuleCause::grant_of_another, a_grant,
        {"Vai trò này được giao cho người khác", "This role was granted to another person"},
        {"dùng vai trò được giao cho chính mình", "use a role that was granted to you"}},
    {RuleCause::grant_not_begun, a_grant,
        {"Vào ngày đó, vai trò chưa bắt đầu có hiệu lực", "On that day the role had not begun"},
        {"kiểm tra ngày ghi trên giấy, xem ngày bắt đầu của vai trò",
         "check the day on the paper, look at the first day of the role"}},
    {RuleCause::grant_over, a_grant,
        {"Vào ngày đó, vai trò đã hết hạn", "On that day the role had expired"},
        {"liên hệ người quản trị để được gia hạn vai trò",
         "ask the administrator to prolong the role"}},
    {RuleCause::grant_revoked, a_grant,
        {"Vào ngày đó, vai trò đã thôi giao", "On that day the role had been revoked"},
        {"chuyển việc cho người đang giữ vai trò", "pass it to who holds the role now"}},
    {RuleCause::commune_of_others, a_unit,
        {"Việc này thuộc một xã mà thiết bị không phụ trách",
         "This belongs to a commune that the device is not in charge of"},
        {"chuyển việc cho người phụ trách xã ấy", "pass it to who is in charge of that commune"}},
    {RuleCause::unit_outside_grant, a_unit,
        {"Vai trò được giao không bao gồm đơn vị này", "The role does not cover this unit"},
        {"chuyển việc cho người phụ trách đơn vị, xin giao thêm phạm vi nếu cần",
         "pass it to who is in charge of the unit, ask for a wider scope if needed"}},
    {RuleCause::grant_unit_closed, a_grant,
        {"Vào ngày đó, đơn vị của vai trò không còn nữa",
         "On that day the unit of the role had been merged or closed"},
        {"chuyển việc cho người có vai trò ở đơn vị kế tiếp, hoặc xin giao vai trò ở đó",
         "pass it to who holds a role in the successor, or ask for a role there"}},
    field(field_unit_kind, "loại đơn vị, vùng", "kind or area of the unit"),
    field(field_closing_day, "ngày đóng đơn vị", "closing day of the unit"),
    field(field_organisation_kind, "loại tổ chức", "kind of organisation"),
    field(field_criteria, "nội dung bộ tiêu chí", "content of the criteria"),
    field(field_round_policy, "loại đợt xét, cách tính hạn", "kind of cycle, deadlines"),
    field(field_phases, "thời hạn các bước của đợt xét", "phases of the cycle"),
    field(field_role, "vai trò", "role"),
    field(field_role_term, "thời hạn của vai trò", "term of the role"),
    field(field_invitation, "người và mã của giấy mời", "people and code of the enrolment code"),
    field(field_branch, "các việc mang sang chuỗi mới", "acts carried to the new chain"),
    field(field_quota_factor, "hệ số hạn mức (từ 2 đến 20)", "quota factor (2 to 20)"),
    field(field_release, "kết quả giải quyết việc đang chờ", "outcome for what is held"),
    field(field_gender_or_age, "giới tính, nhóm tuổi", "gender, age band"),
    field(field_collective_kind, "loại tập thể", "kind of collective"),
    field(field_subject_kind, "loại đối tượng của hồ sơ", "kind of subject of the dossier"),
    field(field_registration, "cách xác nhận, lý do nhập thay", "confirmation, reason for a proxy"),
    field(field_return_reason, "lý do trả lại", "reason for the return"),
    field(field_return_note,
          "lời ghi cho lý do trả lại khác",
          "note for another reason of the return"),
    field(field_evidence_kind, "loại minh chứng", "kind of evidence"),
    field(field_media_type, "loại tệp (JPEG, PNG, PDF)", "type of file (JPEG, PNG, PDF)"),
    field(field_stored_file, "tệp máy chủ đã nhận", "file that the server has received"),
    field(field_refusal_reason, "lý do không công nhận", "reason for the refusal"),
    field(field_capacity, "tư cách ký quyết định", "signing capacity of the decision"),
    field(field_units_change, "đơn vị trong nghị quyết sắp xếp", "units of the decree"),
  };
};
// clang-format on

/// Whether each cause has a row with all its texts, in the order of the causes.
consteval bool cover_causes() {
  const auto known = events::rows_of<RuleCause>();
  if (known.size() != std::size(CauseTable::rows)) return false;
  for (std::size_t place = 0; place < known.size(); ++place) {
    const CauseText& row = CauseTable::rows[place];
    const bool names_field = row.message.vi == of_any_field.vi;
    if (row.cause != known[place].value || !row.message.is_whole() || !row.remedy.is_whole() ||
        row.field.is_whole() != names_field) {
      return false;
    }
  }
  return true;
}
static_assert(cover_causes());

/// Where the cause stands among the parameters of the rule.
std::size_t place_of_cause(events::Rule rule) {
  using enum events::Rule;
  switch (rule) {
    case v04_unit_open:
    case v08_cycle_open:
    case v11_score_range:
    case v14_criteria:
    case v50_list:
    case v60_document_number:
      return 2;
    case v05_group:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

std::span<const CauseText> all_cause_texts() { return CauseTable::rows; }

const CauseText* cause_text_of(const events::Verdict& verdict) {
  // Four parameters of V04 name the unit and its successor.
  constexpr std::size_t with_successor = 4;
  std::int64_t value = 0;
  if (verdict.rule == events::Rule::v04_unit_open && verdict.parameters.size() == with_successor) {
    value = static_cast<std::int64_t>(RuleCause::unit_closed);
  } else {
    const std::size_t place = place_of_cause(verdict.rule);
    if (place >= verdict.parameters.size()) return nullptr;
    value = verdict.parameters[place];
  }
  const auto* const found = events::ranges::find_if(CauseTable::rows, [&](const CauseText& text) {
    return text.rule == verdict.rule && static_cast<std::int64_t>(text.cause) == value;
  });
  return found == std::end(CauseTable::rows) ? nullptr : found;
}

}  // namespace projections
