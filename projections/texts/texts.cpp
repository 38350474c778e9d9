#include "projections/texts/texts.h"

namespace projections {

// Each switch names every enumerator and has no default, so that the compiler asks for the text of
// a new one.

// Tables: one enumerator a line.
// clang-format off

std::string_view name_vi(events::TitleKind title) {
  using enum events::TitleKind;
  switch (title) {
    case learning_citizen: return "Công dân học tập";
    case learning_family: return "Gia đình học tập";
    case learning_clan: return "Dòng họ học tập";
    case learning_community_hamlet: return "Cộng đồng học tập";
    case learning_community_commune: return "Cộng đồng học tập cấp xã";
    case learning_unit_commune: return "Đơn vị học tập";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::CollectiveKind kind) {
  using enum events::CollectiveKind;
  switch (kind) {
    case household: return "hộ gia đình";
    case clan: return "dòng họ";
    case hamlet: return "cộng đồng thôn, bản, tổ dân phố";
    case unit: return "cơ quan, đơn vị";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::GroupCode group) {
  using enum events::GroupCode;
  switch (group) {
    case none: return "tập thể";
    case farmer_rural: return "nông dân, lao động nông thôn";
    case worker_craft: return "công nhân, thợ thủ công, lao động dịch vụ";
    case official_entrepreneur: return "cán bộ, công chức, viên chức, doanh nhân";
    case learner: return "người học";
    case pilot_college_plus: return "người có trình độ cao đẳng trở lên (thí điểm)";
    case pilot_trader: return "người kinh doanh, buôn bán (thí điểm)";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::Gender gender) {
  using enum events::Gender;
  switch (gender) {
    case unspecified: return "không ghi";
    case male: return "nam";
    case female: return "nữ";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::AgeBand band) {
  using enum events::AgeBand;
  switch (band) {
    case unknown: return "chưa rõ tuổi";
    case under_15: return "dưới 15 tuổi";
    case from_15_to_24: return "từ 15 đến 24 tuổi";
    case from_25_to_34: return "từ 25 đến 34 tuổi";
    case from_35_to_44: return "từ 35 đến 44 tuổi";
    case from_45_to_59: return "từ 45 đến 59 tuổi";
    case from_60_to_79: return "từ 60 đến 79 tuổi";
    case from_80: return "từ 80 tuổi trở lên";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::DossierState state) {
  using enum events::DossierState;
  switch (state) {
    case none: return "chưa có";
    case draft: return "nháp";
    case registered: return "đã đăng ký";
    case accepted: return "đã tiếp nhận đăng ký";
    case self_assessed: return "đã tự đánh giá";
    case reviewed: return "đã bình xét";
    case submitted: return "đã trình";
    case appraised: return "đã thẩm định";
    case recognized: return "đã công nhận";
    case not_recognized: return "không công nhận";
    case returned: return "trả lại để bổ sung";
    case withdrawn: return "đã rút";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::ReturnReason reason) {
  using enum events::ReturnReason;
  switch (reason) {
    case missing_evidence: return "thiếu minh chứng";
    case wrong_group: return "sai nhóm đối tượng";
    case wrong_unit: return "sai đơn vị";
    case score_mismatch: return "lệch điểm";
    case identity_unclear: return "chưa rõ định danh";
    case duplicate_suspected: return "nghi trùng hồ sơ";
    case no_meeting: return "thiếu biên bản họp bình xét";
    case consent_missing: return "thiếu sự đồng ý xử lý dữ liệu";
    case other: return "lý do khác";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::EvidenceKind kind) {
  using enum events::EvidenceKind;
  switch (kind) {
    case certificate: return "văn bằng, chứng chỉ";
    case attendance: return "danh sách dự lớp học, hội nghị";
    case library: return "đọc sách, thẻ thư viện";
    case media_use: return "theo dõi báo chí, phát thanh, truyền hình";
    case production: return "sáng kiến, kết quả sản xuất";
    case digital_task: return "kỹ năng số";
    case community: return "hoạt động cộng đồng";
    case family: return "việc học tập của gia đình";
    case statement: return "giấy xác nhận";
    case photo: return "ảnh chụp";
    case other: return "minh chứng khác";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::ReviewConclusion conclusion) {
  using enum events::ReviewConclusion;
  switch (conclusion) {
    case proposed: return "đề nghị công nhận";
    case not_proposed: return "không đề nghị công nhận";
    case deferred: return "để lại, chờ bổ sung";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::AppraisalOutcome outcome) {
  using enum events::AppraisalOutcome;
  switch (outcome) {
    case qualified: return "đủ điều kiện";
    case not_qualified: return "không đủ điều kiện";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::NotRecognizedReason reason) {
  using enum events::NotRecognizedReason;
  switch (reason) {
    case below_total: return "tổng điểm chưa đạt mức quy định";
    case below_floor: return "có chỉ số dưới mức tối thiểu";
    case not_proposed: return "cuộc họp bình xét không đề nghị";
    case disqualified: return "thuộc trường hợp không được xét";
    case not_eligible_age: return "chưa đủ tuổi tham gia";
    case not_eligible_residence: return "không cư trú hoặc làm việc tại địa bàn";
    case withdrawn_late: return "xin rút sau khi đã trình";
    case other: return "lý do khác";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::Role role) {
  using enum events::Role;
  switch (role) {
    case registrar: return "quản trị hệ thống";
    case proxy_entrant: return "người nhập thay";
    case branch_head: return "chi hội trưởng khuyến học";
    case hamlet_head: return "trưởng thôn, tổ trưởng tổ dân phố";
    case unit_board: return "ban khuyến học cơ quan, trường học";
    case clan_board: return "ban khuyến học dòng họ";
    case commune_clerk: return "văn thư, công chức văn hóa – xã hội cấp xã";
    case commune_assoc_chair: return "chủ tịch Hội Khuyến học cấp xã";
    case appraiser: return "thành viên hội đồng thẩm định";
    case signer: return "người ký quyết định";
    case district_assoc: return "cán bộ Hội Khuyến học cấp huyện";
    case province_assoc: return "cán bộ Hội Khuyến học cấp tỉnh";
    case central_assoc: return "cán bộ Hội Khuyến học Việt Nam";
    case auditor: return "cán bộ kiểm tra, giám sát";
    case device_admin: return "quản trị thiết bị";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::UnitKind kind) {
  using enum events::UnitKind;
  switch (kind) {
    case central: return "trung ương";
    case province: return "tỉnh";
    case city_central: return "thành phố trực thuộc trung ương";
    case district: return "huyện";
    case urban_district: return "quận";
    case town_district: return "thị xã";
    case city_provincial: return "thành phố thuộc tỉnh";
    case commune: return "xã";
    case ward: return "phường";
    case township: return "thị trấn";
    case special_zone: return "đặc khu";
    case hamlet: return "thôn, bản, tổ dân phố";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::EventType type) {
  using enum events::EventType;
  switch (type) {
    case log_founded: return "khởi tạo sổ";
    case rules_adopted: return "áp dụng quy tắc mới";
    case log_restored: return "phục hồi sổ từ bản sao lưu";
    case sealing_key_published: return "công bố khóa niêm phong";
    case clock_corrected: return "sửa giờ của sổ";
    case unit_created: return "lập đơn vị";
    case unit_renamed: return "đổi tên đơn vị";
    case unit_closed: return "đóng đơn vị";
    case organisation_established: return "thành lập tổ chức";
    case criteria_published: return "ban hành bộ tiêu chí";
    case cycle_opened: return "mở đợt xét";
    case role_granted: return "giao vai trò";
    case role_revoked: return "thôi giao vai trò";
    case enrolment_offered: return "cấp mã mời";
    case device_enrolled: return "ghi danh thiết bị";
    case device_revoked: return "thu hồi thiết bị";
    case chain_continued: return "cấp chuỗi mới cho thiết bị có bản sao";
    case branch_continued: return "ghi lại việc trên chuỗi mới";
    case scope_purged: return "thiết bị xác nhận đã xóa";
    case quota_raised: return "nâng hạn mức của thiết bị trong một ngày";
    case person_introduced: return "thêm người";
    case collective_introduced: return "thêm tập thể";
    case dossier_opened: return "mở hồ sơ";
    case dossier_registered: return "đăng ký danh hiệu";
    case registration_accepted: return "tiếp nhận đăng ký";
    case dossier_returned: return "trả lại hồ sơ";
    case dossier_resubmitted: return "nộp lại hồ sơ";
    case self_assessment_recorded: return "ghi phiếu tự đánh giá";
    case evidence_sighted: return "đối chiếu minh chứng";
    case dossier_withdrawn: return "rút hồ sơ";
    case evidence_attached: return "đính kèm ảnh minh chứng";
    case evidence_stored: return "máy chủ đã nhận đủ tệp minh chứng";
    case review_held: return "lập biên bản họp bình xét";
    case dossier_reviewed: return "ghi kết quả bình xét";
    case list_submitted: return "lập tờ trình và danh sách";
    case dossier_submitted: return "trình hồ sơ";
    case dossier_appraised: return "thẩm định hồ sơ";
    case decision_issued: return "ban hành quyết định";
    case title_granted: return "công nhận danh hiệu";
    case dossier_not_recognized: return "không công nhận danh hiệu";
    case hold_released: return "cho hiệu lực việc đang chờ";
    case hold_refused: return "từ chối việc đang chờ";
    case hold_changed: return "đổi lý do chờ";
  }
  return text_of_unknown;
}

std::string_view advice_vi(events::ErrorCode code) {
  using enum events::ErrorCode;
  switch (code) {
    case malformed:
      return "Dữ liệu nhận được bị sai cấu trúc. Xin thử đồng bộ lại; nếu vẫn lỗi, xin báo quản "
             "trị thiết bị.";
    case too_large:
      return "Dữ liệu lớn hơn mức cho phép. Xin chia nhỏ danh sách hoặc giảm dung lượng tệp rồi "
             "gửi lại.";
    case unsupported:
      return "Phần mềm trên thiết bị và máy chủ khác phiên bản. Xin cập nhật phần mềm rồi đồng bộ "
             "lại; dữ liệu đã nhập vẫn còn.";
    case bad_signature:
      return "Chữ ký của thiết bị không khớp. Xin ngừng nhập trên thiết bị này và báo ngay quản "
             "trị thiết bị.";
    case gap: return "Máy chủ còn thiếu dữ liệu gửi trước đó. Thiết bị sẽ tự gửi bù; xin giữ kết nối.";
    case fork:
      return "Dữ liệu của thiết bị này đã được gửi từ một bản sao khác. Xin ngừng nhập và báo quản "
             "trị thiết bị để ghi danh lại.";
    case not_enrolled: return "Thiết bị chưa được ghi danh. Xin liên hệ quản trị thiết bị để được cấp mã mời.";
    case revoked: return "Thiết bị đã bị thu hồi. Xin giao lại thiết bị cho quản trị để lấy dữ liệu chưa gửi.";
    case private_missing:
      return "Máy chủ chưa nhận được phần thông tin cá nhân kèm theo. Thiết bị sẽ tự gửi lại; nếu "
             "vẫn lỗi, xin nhập lại thông tin của người này.";
    case wrong_log: return "Thiết bị đang nối với máy chủ của nơi khác. Xin kiểm tra lại địa chỉ máy chủ.";
    case log_diverged:
      return "Dữ liệu của thiết bị và máy chủ không còn khớp nhau. Xin giữ nguyên thiết bị và báo "
             "quản trị hệ thống.";
    case not_permitted:
      return "Vai trò hiện tại không được xem hoặc làm việc này. Xin liên hệ quản trị hệ thống nếu "
             "cần được giao thêm vai trò.";
    // All causes in one sentence: which one it was would help a stranger who tries codes.
    case enrolment_refused: return "Mã mời sai, đã dùng hoặc hết hạn. Xin kiểm tra lại hoặc xin cấp mã mới.";
    case storage_failed:
      return "Máy chủ không ghi được dữ liệu. Dữ liệu đã nhập vẫn còn trên thiết bị; xin báo quản "
             "trị hệ thống và đồng bộ lại sau.";
    case storage_corrupt: return "Dữ liệu lưu trữ bị hỏng. Xin ngừng sử dụng và báo ngay quản trị hệ thống.";
    case storage_rolled_back:
      return "Dữ liệu lưu trữ cũ hơn lần dùng trước. Xin ngừng sử dụng và báo ngay quản trị hệ "
             "thống.";
    case not_found: return "Không tìm thấy nội dung yêu cầu. Xin đồng bộ rồi thử lại.";
    case busy: return "Máy chủ đang bận. Thiết bị sẽ tự thử lại sau ít phút.";
    case closed: return "Kết nối đã ngắt. Thiết bị sẽ tự nối lại khi có mạng; có thể tiếp tục nhập.";
    case timed_out: return "Máy chủ chưa trả lời. Thiết bị sẽ tự thử lại khi mạng tốt hơn; có thể tiếp tục nhập.";
    case invalid_argument: return "Giá trị nhập hoặc cấu hình chưa đúng. Xin kiểm tra lại.";
    case quota:
      return "Thiết bị đã gửi hết hạn mức hôm nay. Phần còn lại vẫn ở trên thiết bị và tự gửi ngày "
             "mai; cần gửi ngay, xin quản trị thiết bị nâng hạn mức.";
    case server_clock:
      return "Máy chủ sai giờ nên tạm không nhận. Dữ liệu đã nhập vẫn còn trên thiết bị; xin báo "
             "quản trị hệ thống rồi đồng bộ lại sau.";
    case unproved_server:
      return "Máy chủ không chứng minh được là máy chủ của sổ này. Chưa gửi gì; xin kiểm tra địa chỉ "
             "máy chủ và báo quản trị hệ thống.";
    case log_alarm:
      return "Sổ trên máy chủ khác với sổ mà máy chủ đã ký trước đây. Xin giữ nguyên thiết bị và báo "
             "ngay kiểm toán, quản trị hệ thống.";
    case device_storage:
      return "Bộ nhớ của thiết bị này không ghi được; việc vừa nhập CHƯA được ghi. Xin kiểm tra bộ "
             "nhớ của thiết bị rồi nhập lại.";
    case device_denied:
      return "Người dùng này không được phép đọc thư mục của thiết bị. Xin dùng đúng tài khoản đã "
             "ghi danh thiết bị.";
    case locked: return "Thiết bị đang khóa. Xin mở bằng mã PIN hoặc tệp khóa; dữ liệu vẫn còn nguyên.";
    case io_failed:
      return "Không nối được với máy chủ. Những gì đã ghi vẫn còn trên thiết bị; xin thử lại khi có "
             "mạng.";
  }
  return text_of_unknown;
}

// clang-format on

}  // namespace projections
