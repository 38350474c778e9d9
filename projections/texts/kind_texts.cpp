#include "events/log/event.h"
#include "projections/texts/catalogue.h"

// What an event of each kind does, as it stands inside a sentence: in Vietnamese a noun phrase, in
// English what stands behind "can" or "may not".

namespace projections {
namespace {

/// Whether each kind of event has a row, and no number has one that is no kind.
template <class... Kinds>
consteval bool cover_kinds(std::span<const TextRow> rows,
                           const std::variant<events::UnknownPayload, Kinds...>* /*all*/) {
  return rows.size() == sizeof...(Kinds) && are_texts(rows) &&
         (has_row(rows, static_cast<std::uint16_t>(Kinds::type)) && ...);
}
constexpr const events::PayloadVariant* all_kinds = nullptr;

}  // namespace

// A table: one kind a row, Vietnamese and English.
// clang-format off

const EnumTexts& texts_of(events::EventType /*any*/) {
  using enum events::EventType;
  static constexpr TextRow rows[] = {
      {log_founded, "khởi tạo sổ", "found the log"},
      {rules_adopted, "áp dụng quy tắc mới", "adopt new rules"},
      {log_restored, "phục hồi sổ từ bản sao lưu", "restore the log from a backup"},
      {sealing_key_published, "công bố khóa niêm phong", "publish a sealing key"},
      {clock_corrected, "sửa giờ của sổ", "correct the time of the log"},
      {unit_created, "lập đơn vị", "create a unit"},
      {unit_renamed, "đổi tên đơn vị", "rename a unit"},
      {unit_closed, "đóng đơn vị", "close a unit"},
      {units_changed, "sắp xếp đơn vị theo nghị quyết", "change units by a decree"},
      {organisation_established, "thành lập tổ chức", "establish an organisation"},
      {criteria_published, "ban hành bộ tiêu chí", "publish a set of criteria"},
      {cycle_opened, "mở đợt xét", "open a cycle"},
      {phase_closed, "khóa một giai đoạn của đợt xét", "close a phase of a cycle"},
      {role_granted, "giao vai trò", "grant a role"},
      {role_revoked, "thôi giao vai trò", "revoke a role"},
      {enrolment_offered, "cấp mã mời", "issue an enrolment code"},
      {device_enrolled, "ghi danh thiết bị", "enrol a device"},
      {device_revoked, "thu hồi thiết bị", "revoke a device"},
      {chain_continued,
       "cấp chuỗi mới cho thiết bị có bản sao",
       "give a copied device a new chain"},
      {branch_continued, "ghi lại việc trên chuỗi mới", "record acts again on a new chain"},
      {scope_purged, "thiết bị xác nhận đã xóa", "confirm that a device destroyed data"},
      {quota_raised,
       "nâng hạn mức của thiết bị trong một ngày",
       "raise the quota of a device for one day"},
      {person_introduced, "thêm người", "add a person"},
      {collective_introduced, "thêm tập thể", "add a collective"},
      {dossier_opened, "mở hồ sơ", "open a dossier"},
      {dossier_registered, "đăng ký danh hiệu", "register for a title"},
      {registration_accepted, "tiếp nhận đăng ký", "accept a registration"},
      {dossier_returned, "trả lại hồ sơ", "return a dossier"},
      {dossier_resubmitted, "nộp lại hồ sơ", "hand a dossier in again"},
      {self_assessment_recorded, "ghi phiếu tự đánh giá", "record a score sheet"},
      {evidence_sighted, "đối chiếu minh chứng", "check evidence on paper"},
      {dossier_withdrawn, "rút hồ sơ", "withdraw a dossier"},
      {evidence_attached, "đính kèm ảnh minh chứng", "attach a picture of evidence"},
      {evidence_stored,
       "máy chủ đã nhận đủ tệp minh chứng",
       "confirm that a file of evidence is stored"},
      {review_held, "lập biên bản họp bình xét", "record the minutes of a review meeting"},
      {dossier_reviewed, "ghi kết quả bình xét", "record the result of a review"},
      {list_submitted, "lập tờ trình và danh sách", "submit a list"},
      {dossier_submitted, "trình hồ sơ", "submit a dossier"},
      {dossier_appraised, "thẩm định hồ sơ", "appraise a dossier"},
      {decision_issued, "ban hành quyết định", "issue a decision"},
      {title_granted, "công nhận danh hiệu", "grant a title"},
      {dossier_not_recognized, "không công nhận danh hiệu", "refuse a title"},
      {hold_released, "cho hiệu lực việc đang chờ", "release a held act"},
      {hold_refused, "từ chối việc đang chờ", "refuse a held act"},
      {hold_changed, "đổi lý do chờ", "change why an act is held"},
  };
  static_assert(cover_kinds(rows, all_kinds));
  static constexpr EnumTexts texts{{"Việc", "Kind of event"}, rows};
  return texts;
}

// clang-format on

}  // namespace projections
