#include "projections/texts/catalogue.h"

// The names of values that stand in dossiers, decisions, criteria and cycles.
namespace projections {

// Tables: one value a row, Vietnamese and English.
// clang-format off

const EnumTexts& texts_of(events::DossierState /*any*/) {
  using enum events::DossierState;
  static constexpr TextRow rows[] = {
      {none, "chưa có", "not there yet"},
      {draft, "nháp", "draft"},
      {registered, "đã đăng ký", "registered"},
      {accepted, "đã tiếp nhận đăng ký", "registration accepted"},
      {self_assessed, "đã tự đánh giá", "self-assessed"},
      {reviewed, "đã bình xét", "reviewed"},
      {submitted, "đã trình", "submitted"},
      {appraised, "đã thẩm định", "appraised"},
      {recognized, "đã công nhận", "recognised"},
      {not_recognized, "không công nhận", "not recognised"},
      {returned, "trả lại để bổ sung", "returned for completion"},
      {withdrawn, "đã rút", "withdrawn"},
      {expired, "hết hiệu lực của năm", "expired with its year"},
      {lapsed, "quá hạn, không hoàn tất", "lapsed, not finished in time"},
  };
  static_assert(cover<events::DossierState>(rows));
  static constexpr EnumTexts texts{{"Trạng thái hồ sơ", "State of the dossier"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::LawfulBasis /*any*/) {
  using enum events::LawfulBasis;
  static constexpr TextRow rows[] = {
      {none, "không có", "none"},
      {consent, "người đó đồng ý", "consent of the person"},
      {state_management, "quản lý nhà nước", "state management"},
      {agreement, "thỏa thuận", "agreement"},
      {other_law, "luật khác", "another law"},
  };
  static_assert(cover<events::LawfulBasis>(rows));
  static constexpr EnumTexts texts{{"Căn cứ xử lý dữ liệu", "Lawful basis"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::ProxyReason /*any*/) {
  using enum events::ProxyReason;
  static constexpr TextRow rows[] = {
      {none, "không", "no proxy"},
      {no_smartphone, "không có điện thoại thông minh", "no smartphone"},
      {no_literacy, "không biết chữ", "cannot read or write"},
      {elderly, "cao tuổi", "old age"},
      {disabled, "khuyết tật", "disability"},
      {no_coverage, "không có sóng", "no signal"},
      {other, "lý do khác", "another reason"},
  };
  static_assert(cover<events::ProxyReason>(rows));
  static constexpr EnumTexts texts{{"Lý do nhập thay", "Reason for a proxy"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::Confirmation /*any*/) {
  using enum events::Confirmation;
  static constexpr TextRow rows[] = {
      {subject_present, "người đăng ký có mặt", "the person was present"},
      {signature_on_paper, "ký trên phiếu giấy", "signature on paper"},
      {thumbprint_on_paper, "điểm chỉ trên phiếu giấy", "thumbprint on paper"},
      {phone_call, "qua điện thoại", "by phone"},
      {witness, "có người làm chứng", "with a witness"},
  };
  static_assert(cover<events::Confirmation>(rows));
  static constexpr EnumTexts texts{{"Cách xác nhận", "Confirmation"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::EvidenceKind /*any*/) {
  using enum events::EvidenceKind;
  static constexpr TextRow rows[] = {
      {certificate, "văn bằng, chứng chỉ", "diploma or certificate"},
      {attendance, "danh sách dự lớp học, hội nghị", "list of people at a course or conference"},
      {library, "đọc sách, thẻ thư viện", "reading, library card"},
      {media_use,
       "theo dõi báo chí, phát thanh, truyền hình",
       "following newspapers, radio, television"},
      {production, "sáng kiến, kết quả sản xuất", "innovation, results of work"},
      {digital_task, "kỹ năng số", "digital skill"},
      {community, "hoạt động cộng đồng", "community activity"},
      {family, "việc học tập của gia đình", "learning in the family"},
      {statement, "giấy xác nhận", "written confirmation"},
      {photo, "ảnh chụp", "photo"},
      {other, "minh chứng khác", "other evidence"},
  };
  static_assert(cover<events::EvidenceKind>(rows));
  static constexpr EnumTexts texts{{"Loại minh chứng", "Kind of evidence"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::MediaType /*any*/) {
  using enum events::MediaType;
  static constexpr TextRow rows[] = {
      {jpeg, "ảnh JPEG", "JPEG picture"},
      {png, "ảnh PNG", "PNG picture"},
      {pdf, "tệp PDF", "PDF file"},
  };
  static_assert(cover<events::MediaType>(rows));
  static constexpr EnumTexts texts{{"Loại tệp", "Type of file"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::FilePart /*any*/) {
  using enum events::FilePart;
  static constexpr TextRow rows[] = {
      {original, "ảnh gốc", "original"},
      {thumbnail, "ảnh nhỏ", "thumbnail"},
  };
  static_assert(cover<events::FilePart>(rows));
  static constexpr EnumTexts texts{{"Phần của minh chứng", "Part of the evidence"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::ReturnReason /*any*/) {
  using enum events::ReturnReason;
  static constexpr TextRow rows[] = {
      {missing_evidence, "thiếu minh chứng", "evidence is missing"},
      {wrong_group, "sai nhóm đối tượng", "wrong population group"},
      {wrong_unit, "sai đơn vị", "wrong unit"},
      {score_mismatch, "lệch điểm", "the scores do not match"},
      {identity_unclear, "chưa rõ định danh", "the identity is not clear"},
      {duplicate_suspected, "nghi trùng hồ sơ", "perhaps a second dossier"},
      {no_meeting, "thiếu biên bản họp bình xét", "the minutes of the review meeting are missing"},
      {consent_missing, "thiếu sự đồng ý xử lý dữ liệu", "consent to data processing is missing"},
      {other, "lý do khác", "another reason"},
  };
  static_assert(cover<events::ReturnReason>(rows));
  static constexpr EnumTexts texts{{"Lý do trả lại", "Reason for the return"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::ReviewConclusion /*any*/) {
  using enum events::ReviewConclusion;
  static constexpr TextRow rows[] = {
      {proposed, "đề nghị công nhận", "proposed for recognition"},
      {not_proposed, "không đề nghị công nhận", "not proposed for recognition"},
      {deferred, "để lại, chờ bổ sung", "deferred until completed"},
  };
  static_assert(cover<events::ReviewConclusion>(rows));
  static constexpr EnumTexts texts{{"Kết luận bình xét", "Conclusion of the review"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::AppraisalOutcome /*any*/) {
  using enum events::AppraisalOutcome;
  static constexpr TextRow rows[] = {
      {qualified, "đủ điều kiện", "qualified"},
      {not_qualified, "không đủ điều kiện", "not qualified"},
  };
  static_assert(cover<events::AppraisalOutcome>(rows));
  static constexpr EnumTexts texts{{"Kết quả thẩm định", "Outcome of the appraisal"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::NotRecognizedReason /*any*/) {
  using enum events::NotRecognizedReason;
  static constexpr TextRow rows[] = {
      {below_total, "tổng điểm chưa đạt mức quy định", "the total is below what is required"},
      {below_floor, "có chỉ số dưới mức tối thiểu", "an indicator is below the least score"},
      {not_proposed, "cuộc họp bình xét không đề nghị", "the review meeting did not propose it"},
      {disqualified, "thuộc trường hợp không được xét", "excluded from titles"},
      {not_eligible_age, "chưa đủ tuổi tham gia", "not old enough"},
      {not_eligible_residence,
       "không cư trú hoặc làm việc tại địa bàn",
       "does not live or work in the area"},
      {withdrawn_late, "xin rút sau khi đã trình", "withdrawn after the submission"},
      {other, "lý do khác", "another reason"},
  };
  static_assert(cover<events::NotRecognizedReason>(rows));
  static constexpr EnumTexts texts{{"Lý do không công nhận", "Reason for the refusal"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::SigningCapacity /*any*/) {
  using enum events::SigningCapacity;
  static constexpr TextRow rows[] = {
      {direct, "trực tiếp", "in their own right"},
      {tm, "thay mặt (TM)", "on behalf of the collective (TM)"},
      {kt, "ký thay (KT)", "for the head as deputy (KT)"},
      {tl, "thừa lệnh (TL)", "by order (TL)"},
      {tuq, "thừa ủy quyền (TUQ)", "by authorisation (TUQ)"},
      {q, "quyền (Q)", "as acting head (Q)"},
  };
  static_assert(cover<events::SigningCapacity>(rows));
  static constexpr EnumTexts texts{{"Thể thức ký", "Signing capacity"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::CriteriaStatus /*any*/) {
  using enum events::CriteriaStatus;
  static constexpr TextRow rows[] = {
      {confirmed, "theo văn bản quyết định", "confirmed by the text of the decision"},
      {reported, "theo báo cáo đã công khai", "taken from published reports"},
      {placeholder, "chưa có nội dung", "contents not known yet"},
  };
  static_assert(cover<events::CriteriaStatus>(rows));
  static constexpr EnumTexts texts{{"Mức chắc chắn của bộ tiêu chí", "How well the criteria are known"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::CriteriaRuleKind /*any*/) {
  using enum events::CriteriaRuleKind;
  static constexpr TextRow rows[] = {
      {total_at_least, "tổng điểm không thấp hơn", "total of at least"},
      {each_indicator_at_least, "điểm từng chỉ số không thấp hơn", "each indicator of at least"},
  };
  static_assert(cover<events::CriteriaRuleKind>(rows));
  static constexpr EnumTexts texts{{"Loại điều kiện của bộ tiêu chí", "Kind of condition"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::CycleKind /*any*/) {
  using enum events::CycleKind;
  static constexpr TextRow rows[] = {
      {annual, "hằng năm", "annual"},
      {pilot, "thí điểm", "pilot"},
      {campaign, "đợt phát động", "campaign"},
  };
  static_assert(cover<events::CycleKind>(rows));
  static constexpr EnumTexts texts{{"Loại đợt xét", "Kind of cycle"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::CyclePhase /*any*/) {
  using enum events::CyclePhase;
  static constexpr TextRow rows[] = {
      {registration, "đăng ký", "registration"},
      {self_assessment, "tự đánh giá", "self-assessment"},
      {review, "bình xét", "review"},
      {appraisal, "thẩm định", "appraisal"},
      {decision, "quyết định", "decision"},
      {validity, "hiệu lực của danh hiệu", "validity of the titles"},
  };
  static_assert(cover<events::CyclePhase>(rows));
  static constexpr EnumTexts texts{{"Giai đoạn của đợt xét", "Phase of a cycle"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::LatePolicy /*any*/) {
  using enum events::LatePolicy;
  static constexpr TextRow rows[] = {
      {refuse, "từ chối", "refused"},
      {accept_flagged, "nhận và ghi chú là muộn", "accepted and marked as late"},
      {accept_if_declared_in_time,
       "nhận nếu giấy ghi ngày trong hạn",
       "accepted when the paper is dated in time"},
  };
  static_assert(cover<events::LatePolicy>(rows));
  static constexpr EnumTexts texts{{"Cách xử lý khi muộn", "What happens to late acts"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::DeadlineBasis /*any*/) {
  using enum events::DeadlineBasis;
  static constexpr TextRow rows[] = {
      {received, "ngày máy chủ nhận", "day of receipt by the server"},
      {declared, "ngày trên giấy", "day on the paper"},
  };
  static_assert(cover<events::DeadlineBasis>(rows));
  static constexpr EnumTexts texts{{"Cách tính hạn", "Day that counts for a deadline"}, rows};
  return texts;
}

// clang-format on

}  // namespace projections
