#include "projections/texts/catalogue.h"

// What the log answers: verdicts, holds, flags, and the faults that stand among their parameters.

namespace projections {

// Tables: one value a row, Vietnamese and English.
// clang-format off

const EnumTexts& texts_of(events::VerdictCode /*any*/) {
  using enum events::VerdictCode;
  static constexpr TextRow rows[] = {
      {accepted, "Đã ghi nhận", "Accepted"},
      {accepted_rebased,
       "Đã ghi nhận; trong lúc đó người khác có bổ sung hồ sơ này",
       "Accepted; others added to this dossier meanwhile"},
      {held, "Chờ xử lý", "Held"},
      {refused, "Bị từ chối", "Refused"},
  };
  static_assert(cover<events::VerdictCode>(rows));
  static constexpr EnumTexts texts{{"Kết quả xử lý", "Verdict"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::HoldReason /*any*/) {
  using enum events::HoldReason;
  static constexpr TextRow rows[] = {
      {none, "Không chờ xử lý", "Not held"},
      {depends_on,
       "Chờ xử lý: dựa trên một việc còn đang chờ; sẽ tự có hiệu lực khi việc đó được giải quyết, "
       "hoặc do văn thư cấp xã, Hội Khuyến học cấp trên xử lý",
       "Held: it builds on an act that is held itself; it takes effect by itself when that one is "
       "settled, or is handled by the commune clerk or the association above"},
      {conflict,
       "Chờ xử lý: có người khác cùng thay đổi hồ sơ; văn thư cấp xã hoặc Hội Khuyến học cấp trên "
       "xử lý",
       "Held: somebody else changed the same dossier; it is handled by the commune clerk or the "
       "association above"},
      {no_authority,
       "Chờ xử lý: vai trò của người thực hiện chưa đủ thẩm quyền; Hội Khuyến học cấp trên hoặc "
       "quản trị hệ thống xử lý",
       "Held: the role of whoever did it does not allow it; it is handled by the association above "
       "or the system registrar"},
      {schema_unknown,
       "Chờ xử lý: máy chủ chưa hiểu nội dung của phần mềm mới; sẽ tự xử lý khi máy chủ được nâng "
       "cấp, hoặc do Hội Khuyến học cấp trên, quản trị hệ thống xử lý",
       "Held: the server does not know content of newer programs; it is settled by itself when the "
       "server is updated, or by the association above or the system registrar"},
      {clock,
       "Chờ xử lý: đồng hồ của thiết bị sai lệch; văn thư cấp xã hoặc Hội Khuyến học cấp trên xem "
       "ngày ghi trên giấy rồi xử lý",
       "Held: the clock of the device is wrong; the commune clerk or the association above looks "
       "at the day on the paper and settles it"},
      {device_revoked,
       "Chờ xử lý: thiết bị đã bị thu hồi trước khi việc này tới; văn thư cấp xã, quản trị thiết "
       "bị hoặc Hội Khuyến học cấp trên đối chiếu giấy tờ rồi xử lý",
       "Held: the device was revoked before this act came; the commune clerk, the device "
       "administrator or the association above compares the papers and settles it"},
      {unit_closed,
       "Chờ xử lý: đơn vị đã sáp nhập hoặc giải thể khi thiết bị chưa biết; văn thư cấp xã hoặc "
       "Hội Khuyến học cấp trên xem đơn vị kế tiếp rồi xử lý",
       "Held: the unit was merged or closed before the device knew; the commune clerk or the "
       "association above looks at its successor and settles it"},
      {superseded_criteria,
       "Chờ xử lý: phiếu chấm theo phiên bản khác của bộ tiêu chí; văn thư cấp xã hoặc Hội Khuyến "
       "học cấp trên xử lý, điểm được nhập lại theo phiên bản của đợt xét",
       "Held: the sheet is scored by another version of the criteria; it is handled by the commune "
       "clerk or the association above, and the scores are entered again by the version of the "
       "cycle"},
      {revoked_late,
       "Chờ xử lý: ghi ngày trước khi thôi vai trò nhưng tới quá muộn; văn thư cấp xã hoặc Hội "
       "Khuyến học cấp trên đối chiếu giấy tờ rồi xử lý",
       "Held: it is dated before the role ended but came too late; the commune clerk or the "
       "association above compares the papers and settles it"},
      {date_ahead,
       "Chờ xử lý: ngày ghi trên giấy ở sau ngày nhận; văn thư cấp xã hoặc Hội Khuyến học cấp trên "
       "xem lại ngày rồi xử lý",
       "Held: the day on the paper is after the day of receipt; the commune clerk or the "
       "association above checks the day and settles it"},
      {cycle_closed,
       "Chờ xử lý: ghi ngày trong hạn nhưng tới sau khi hết hạn gia hạn; văn thư cấp xã hoặc Hội "
       "Khuyến học cấp trên đối chiếu giấy tờ rồi xử lý",
       "Held: it is dated in time but came after the grace period; the commune clerk or the "
       "association above compares the papers and settles it"},
  };
  static_assert(cover<events::HoldReason>(rows));
  static constexpr EnumTexts texts{{"Lý do chờ", "Reason for the hold"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::PowerFault /*any*/) {
  using enum events::PowerFault;
  static constexpr TextRow rows[] = {
      {for_oneself, "tự giao quyền cho mình", "gives power to oneself"},
      {above_own, "vai trò không thấp hơn vai trò của mình", "a role that is not below one's own"},
      {not_covering,
       "vai trò của mình không bao gồm đủ các đơn vị",
       "one's own role does not cover all the units"},
  };
  static_assert(cover<events::PowerFault>(rows));
  static constexpr EnumTexts texts{{"Lý do không được giao quyền", "Why an act that moves power is refused"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::TextFault /*any*/) {
  using enum events::TextFault;
  static constexpr TextRow rows[] = {
      {missing, "bắt buộc nhưng để trống", "must be there and is empty"},
      {too_long, "quá dài", "is too long"},
      {form,
       "không đọc được (không phải Unicode dựng sẵn)",
       "cannot be read (not composed Unicode)"},
      {characters, "chứa ký tự không nhìn thấy được", "holds characters that cannot be seen"},
  };
  static_assert(cover<events::TextFault>(rows));
  static constexpr EnumTexts texts{{"Lỗi của đoạn chữ", "Fault of a text"}, rows};
  return texts;
}

std::span<const TextRow> flag_texts() {
  static constexpr TextRow rows[] = {
      {events::flag_late,
       "Làm sau thời hạn, được chấp nhận theo quy định về nộp muộn.",
       "Done after the deadline and accepted by the rule for late acts."},
      {events::flag_role_revoked_since,
       "Vai trò của người thực hiện nay đã thôi giao.",
       "The role of whoever did it has been revoked since."},
      {events::flag_after_decision,
       "Ghi nhận sau khi đã có quyết định.",
       "Recorded after the decision."},
      {events::flag_clock_ahead,
       "Đồng hồ của thiết bị nhanh hơn 5 phút; xin chỉnh lại.",
       "The clock of the device is more than 5 minutes fast; please set it."},
      {events::flag_list_differs,
       "Danh sách có hồ sơ chưa ở trạng thái yêu cầu; xin đối chiếu.",
       "The list has dossiers that are not in the required state; please compare."},
      {events::flag_id_number_doubtful,
       "Số định danh có điểm chưa khớp; xin đối chiếu giấy tờ.",
       "The identity number does not fit what was declared; please check the papers."},
      {events::flag_duplicate_suspected,
       "Nghi trùng với người đã có; xin đối chiếu.",
       "Perhaps a person who is already there; please compare."},
  };
  static_assert(are_texts(rows));
  return rows;
}

// clang-format on

}  // namespace projections
