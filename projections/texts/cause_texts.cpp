#include "projections/texts/cause_texts.h"

#include "events/base/ranges.h"

#include <algorithm>

namespace projections {
namespace {

// A table: one cause a row.
// clang-format off
constexpr CauseText cause_texts[] = {
    {events::RuleCause::unit_not_yet, events::Rule::v04_unit_open, "unit_not_yet",
        "Vào ngày ghi trên giấy, đơn vị chưa được lập",
        "kiểm tra ngày ghi trên giấy, chọn đơn vị đã có vào ngày đó"},
    {events::RuleCause::unit_closed, events::Rule::v04_unit_open, "unit_closed",
        "Vào ngày ghi trên giấy, đơn vị không còn hoạt động",
        "chọn đơn vị kế tiếp của đơn vị này"},
    {events::RuleCause::unit_above_commune, events::Rule::v04_unit_open, "unit_above_commune",
        "Đơn vị này ở trên cấp xã, hồ sơ phải thuộc một xã, phường",
        "chọn xã, phường, thôn nơi đối tượng sinh sống"},
    {events::RuleCause::title_of_others, events::Rule::v05_group, "title_of_others",
        "Danh hiệu “{0:title}” không dành cho loại đối tượng này",
        "chọn đợt xét của đúng danh hiệu"},
    {events::RuleCause::group_without_variant, events::Rule::v05_group, "group_without_variant",
        "Bộ tiêu chí của đợt xét không có nhóm “{0:group}”",
        "chọn nhóm đối tượng có trong bộ tiêu chí"},
    {events::RuleCause::phase_not_begun, events::Rule::v08_cycle_open, "phase_not_begun",
        "Việc này chỉ được làm từ ngày {0:day} đến hết ngày {1:day}; ngày ghi trên giấy còn sớm hơn",
        "kiểm tra ngày ghi trên giấy, chờ đến ngày bắt đầu"},
    {events::RuleCause::dated_after_phase, events::Rule::v08_cycle_open, "dated_after_phase",
        "Việc này chỉ được làm từ ngày {0:day} đến hết ngày {1:day}; ngày ghi trên giấy đã muộn hơn",
        "kiểm tra ngày ghi trên giấy, đề nghị cấp trên gia hạn"},
    {events::RuleCause::came_after_phase, events::Rule::v08_cycle_open, "came_after_phase",
        "Việc này chỉ được làm từ ngày {0:day} đến hết ngày {1:day}; việc gửi đến sau thời hạn đó",
        "đề nghị cấp trên gia hạn"},
    {events::RuleCause::score_above_max, events::Rule::v11_score_range, "score_above_max",
        "Điểm {1:points} của chỉ số thứ {0:ordinal} lớn hơn điểm tối đa {3:points}",
        "sửa điểm của chỉ số này"},
    {events::RuleCause::score_off_step, events::Rule::v11_score_range, "score_off_step",
        "Điểm {1:points} của chỉ số thứ {0:ordinal} không theo bước điểm {3:points}",
        "sửa điểm của chỉ số này"},
    {events::RuleCause::criteria_of_other_round, events::Rule::v14_criteria, "criteria_of_other_round",
        "Phiếu chấm theo bộ tiêu chí của đợt xét khác",
        "đồng bộ rồi dùng bộ tiêu chí của đợt xét này"},
    {events::RuleCause::criteria_without_group, events::Rule::v14_criteria, "criteria_without_group",
        "Bộ tiêu chí của đợt xét không có nhóm đối tượng của hồ sơ",
        "chuyển hồ sơ sang đúng đợt xét"},
    {events::RuleCause::criteria_not_scorable, events::Rule::v14_criteria, "criteria_not_scorable",
        "Bộ tiêu chí này chưa có chỉ số để chấm điểm",
        "chờ bộ tiêu chí đầy đủ được ban hành"},
    {events::RuleCause::criteria_of_other_title, events::Rule::v14_criteria, "criteria_of_other_title",
        "Bộ tiêu chí là của danh hiệu khác với danh hiệu của đợt xét",
        "chọn bộ tiêu chí của đúng danh hiệu"},
    {events::RuleCause::consent_missing, events::Rule::v30_consent, "consent_missing",
        "Công dân chưa đồng ý cho xử lý dữ liệu để xét danh hiệu",
        "xin ý kiến đồng ý của công dân rồi ghi lại"},
    {events::RuleCause::basis_unknown, events::Rule::v30_consent, "basis_unknown",
        "Chưa ghi căn cứ xử lý dữ liệu cá nhân",
        "ghi rõ căn cứ xử lý dữ liệu"},
    {events::RuleCause::proxy_unnamed, events::Rule::v30_consent, "proxy_unnamed",
        "Việc nhập thay chưa ghi rõ người được nhập thay và giấy tờ kèm theo",
        "ghi đủ thông tin nhập thay"},
    {events::RuleCause::list_empty, events::Rule::v50_list, "list_empty",
        "Danh sách không có hồ sơ nào",
        "chọn các hồ sơ đưa vào danh sách"},
    {events::RuleCause::list_row_twice, events::Rule::v50_list, "list_row_twice",
        "Danh sách có một hồ sơ ghi hai lần",
        "bỏ dòng trùng"},
    {events::RuleCause::list_count_differs, events::Rule::v50_list, "list_count_differs",
        "Số lượng ghi {0} khác số hồ sơ trong danh sách {1}",
        "đếm lại danh sách"},
    {events::RuleCause::list_rows_not_ready, events::Rule::v50_list, "list_rows_not_ready",
        "{0} trong {1} hồ sơ của danh sách chưa ở trạng thái yêu cầu",
        "đối chiếu các hồ sơ ấy; chúng chưa có hiệu lực theo danh sách này"},
    {events::RuleCause::number_below_one, events::Rule::v60_document_number, "number_below_one",
        "Số quyết định phải từ 1",
        "ghi số trong sổ đăng ký văn bản"},
    {events::RuleCause::number_of_other_year, events::Rule::v60_document_number, "number_of_other_year",
        "Năm {1} của số quyết định khác năm ghi trên giấy",
        "kiểm tra năm của số quyết định và ngày ban hành"},
    {events::RuleCause::number_taken, events::Rule::v60_document_number, "number_taken",
        "Số quyết định {0} năm {1} đã được dùng",
        "lấy số mới từ sổ đăng ký văn bản của cơ quan ban hành"},
    {events::RuleCause::votes_above_present, events::Rule::t09_minutes, "votes_above_present",
        "Biên bản có số phiếu nhiều hơn số người dự họp",
        "đối chiếu số phiếu với biên bản giấy"},
    {events::RuleCause::nobody_present, events::Rule::t09_minutes, "nobody_present",
        "Biên bản ghi không có ai dự họp",
        "ghi số người dự họp"},
    {events::RuleCause::fewer_invited, events::Rule::t09_minutes, "fewer_invited",
        "Biên bản có số người dự họp nhiều hơn số người được mời",
        "đối chiếu hai số ấy với biên bản giấy"},
    {events::RuleCause::conclusion_unknown, events::Rule::t09_minutes, "conclusion_unknown",
        "Biên bản có một kết luận mà phần mềm không biết",
        "cập nhật phần mềm rồi ghi lại biên bản"},
    {events::RuleCause::not_minutes, events::Rule::t09_minutes, "not_minutes",
        "Văn bản được dẫn không phải là biên bản họp bình xét",
        "chọn đúng biên bản"},
    {events::RuleCause::not_in_minutes, events::Rule::t09_minutes, "not_in_minutes",
        "Biên bản họp không có hồ sơ này",
        "chọn đúng biên bản có hồ sơ này"},
    {events::RuleCause::conclusion_differs, events::Rule::t09_minutes, "conclusion_differs",
        "Kết luận khác với kết luận trong biên bản họp",
        "đối chiếu với biên bản giấy rồi ghi lại"},
    {events::RuleCause::minutes_of_another, events::Rule::t09_minutes, "minutes_of_another",
        "Biên bản họp do người khác ghi",
        "để người ghi biên bản ghi kết quả bình xét"},
    {events::RuleCause::own_dossier, events::Rule::sd1_own_dossier, "own_dossier",
        "Đây là hồ sơ của chính người thực hiện",
        "chuyển hồ sơ cho người khác có cùng thẩm quyền"},
    {events::RuleCause::own_household, events::Rule::sd1_own_dossier, "own_household",
        "Đây là hồ sơ của gia đình người thực hiện",
        "chuyển hồ sơ cho người khác có cùng thẩm quyền"},
    {events::RuleCause::own_collective, events::Rule::sd1_own_dossier, "own_collective",
        "Đây là hồ sơ của tập thể do người thực hiện đứng đầu",
        "chuyển hồ sơ cho người khác có cùng thẩm quyền"},
    {events::RuleCause::grant_unknown, events::Rule::a_grant, "grant_unknown",
        "Sổ chưa ghi việc giao vai trò này",
        "đồng bộ thiết bị của người giao vai trò rồi thử lại"},
    {events::RuleCause::grant_of_another, events::Rule::a_grant, "grant_of_another",
        "Vai trò này được giao cho người khác",
        "dùng vai trò được giao cho chính mình"},
    {events::RuleCause::grant_not_begun, events::Rule::a_grant, "grant_not_begun",
        "Vào ngày đó, vai trò chưa bắt đầu có hiệu lực",
        "kiểm tra ngày ghi trên giấy, xem ngày bắt đầu của vai trò"},
    {events::RuleCause::grant_over, events::Rule::a_grant, "grant_over",
        "Vào ngày đó, vai trò đã hết hạn",
        "liên hệ người quản trị để được gia hạn vai trò"},
    {events::RuleCause::grant_revoked, events::Rule::a_grant, "grant_revoked",
        "Vào ngày đó, vai trò đã thôi giao",
        "chuyển việc cho người đang giữ vai trò"},
    {events::RuleCause::commune_of_others, events::Rule::a_unit, "commune_of_others",
        "Việc này thuộc một xã mà thiết bị không phụ trách",
        "chuyển việc cho người phụ trách xã ấy"},
    {events::RuleCause::unit_outside_grant, events::Rule::a_unit, "unit_outside_grant",
        "Vai trò được giao không bao gồm đơn vị này",
        "chuyển việc cho người phụ trách đơn vị, xin giao thêm phạm vi nếu cần"},
    {events::RuleCause::field_unit_kind, events::Rule::o_value, "field_unit_kind",
        "Giá trị của mục “loại đơn vị, vùng” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_closing_day, events::Rule::o_value, "field_closing_day",
        "Giá trị của mục “ngày đóng đơn vị” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_organisation_kind, events::Rule::o_value, "field_organisation_kind",
        "Giá trị của mục “loại tổ chức” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_criteria, events::Rule::o_value, "field_criteria",
        "Giá trị của mục “nội dung bộ tiêu chí” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_round_policy, events::Rule::o_value, "field_round_policy",
        "Giá trị của mục “loại đợt xét, cách tính hạn” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_phases, events::Rule::o_value, "field_phases",
        "Giá trị của mục “thời hạn các bước của đợt xét” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_role, events::Rule::o_value, "field_role",
        "Giá trị của mục “vai trò” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_role_term, events::Rule::o_value, "field_role_term",
        "Giá trị của mục “thời hạn của vai trò” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_invitation, events::Rule::o_value, "field_invitation",
        "Giá trị của mục “người và mã của giấy mời” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_branch, events::Rule::o_value, "field_branch",
        "Giá trị của mục “các việc mang sang chuỗi mới” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_quota_factor, events::Rule::o_value, "field_quota_factor",
        "Giá trị của mục “hệ số hạn mức (từ 2 đến 20)” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_release, events::Rule::o_value, "field_release",
        "Giá trị của mục “kết quả giải quyết việc đang chờ” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_gender_or_age, events::Rule::o_value, "field_gender_or_age",
        "Giá trị của mục “giới tính, nhóm tuổi” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_collective_kind, events::Rule::o_value, "field_collective_kind",
        "Giá trị của mục “loại tập thể” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_subject_kind, events::Rule::o_value, "field_subject_kind",
        "Giá trị của mục “loại đối tượng của hồ sơ” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_registration, events::Rule::o_value, "field_registration",
        "Giá trị của mục “cách xác nhận, lý do nhập thay” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_return_reason, events::Rule::o_value, "field_return_reason",
        "Giá trị của mục “lý do trả lại” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_return_note, events::Rule::o_value, "field_return_note",
        "Giá trị của mục “lời ghi cho lý do trả lại khác” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_evidence_kind, events::Rule::o_value, "field_evidence_kind",
        "Giá trị của mục “loại minh chứng” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_media_type, events::Rule::o_value, "field_media_type",
        "Giá trị của mục “loại tệp (JPEG, PNG, PDF)” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_stored_file, events::Rule::o_value, "field_stored_file",
        "Giá trị của mục “tệp máy chủ đã nhận” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_refusal_reason, events::Rule::o_value, "field_refusal_reason",
        "Giá trị của mục “lý do không công nhận” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
    {events::RuleCause::field_capacity, events::Rule::o_value, "field_capacity",
        "Giá trị của mục “tư cách ký quyết định” không hợp lệ",
        "nhập lại mục này; nếu vẫn lỗi, cập nhật phần mềm"},
};
// clang-format on

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

std::span<const CauseText> all_cause_texts() { return cause_texts; }

const CauseText* cause_text_of(const events::Verdict& verdict) {
  // Four parameters of V04 name the unit and its successor.
  constexpr std::size_t with_successor = 4;
  std::int64_t value = 0;
  if (verdict.rule == events::Rule::v04_unit_open && verdict.parameters.size() == with_successor) {
    value = static_cast<std::int64_t>(events::RuleCause::unit_closed);
  } else {
    const std::size_t place = place_of_cause(verdict.rule);
    if (place >= verdict.parameters.size()) return nullptr;
    value = verdict.parameters[place];
  }
  const auto* const found = events::ranges::find_if(cause_texts, [&](const CauseText& text) {
    return text.rule == verdict.rule && static_cast<std::int64_t>(text.cause) == value;
  });
  return found == std::end(cause_texts) ? nullptr : found;
}

}  // namespace projections
