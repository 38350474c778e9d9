#include "clients/cli/output/words.h"

// The Vietnamese names of values that only the command line shows.  Each switch names every
// enumerator and has no default, so that the compiler asks for the name of a new one.

namespace clients {

using projections::text_of_unknown;

// Tables: one enumerator a line.
// clang-format off

std::string_view name_vi(events::AreaType area) {
  using enum events::AreaType;
  switch (area) {
    case unknown: return "chưa rõ";
    case urban: return "thành thị";
    case rural: return "nông thôn";
    case island: return "hải đảo";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::OrganisationKind kind) {
  using enum events::OrganisationKind;
  switch (kind) {
    case association: return "Hội Khuyến học";
    case committee: return "Ủy ban nhân dân";
    case branch: return "Chi hội khuyến học";
    case board: return "Ban khuyến học";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::LawfulBasis basis) {
  using enum events::LawfulBasis;
  switch (basis) {
    case none: return "không có";
    case consent: return "người đó đồng ý";
    case state_management: return "quản lý nhà nước";
    case agreement: return "thỏa thuận";
    case other_law: return "luật khác";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::Confirmation confirmation) {
  using enum events::Confirmation;
  switch (confirmation) {
    case subject_present: return "người đăng ký có mặt";
    case signature_on_paper: return "ký trên phiếu giấy";
    case thumbprint_on_paper: return "điểm chỉ trên phiếu giấy";
    case phone_call: return "qua điện thoại";
    case witness: return "có người làm chứng";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::ProxyReason reason) {
  using enum events::ProxyReason;
  switch (reason) {
    case none: return "không";
    case no_smartphone: return "không có điện thoại thông minh";
    case no_literacy: return "không biết chữ";
    case elderly: return "cao tuổi";
    case disabled: return "khuyết tật";
    case no_coverage: return "không có sóng";
    case other: return "lý do khác";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::SigningCapacity capacity) {
  using enum events::SigningCapacity;
  switch (capacity) {
    case direct: return "trực tiếp";
    case tm: return "thay mặt (TM)";
    case kt: return "ký thay (KT)";
    case tl: return "thừa lệnh (TL)";
    case tuq: return "thừa ủy quyền (TUQ)";
    case q: return "quyền (Q)";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::CycleKind kind) {
  using enum events::CycleKind;
  switch (kind) {
    case annual: return "hằng năm";
    case pilot: return "thí điểm";
    case campaign: return "đợt phát động";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::LatePolicy policy) {
  using enum events::LatePolicy;
  switch (policy) {
    case refuse: return "từ chối";
    case accept_flagged: return "nhận và ghi chú là muộn";
    case accept_if_declared_in_time: return "nhận nếu giấy ghi ngày trong hạn";
  }
  return text_of_unknown;
}

std::string_view name_vi(events::DeadlineBasis basis) {
  using enum events::DeadlineBasis;
  switch (basis) {
    case received: return "ngày máy chủ nhận";
    case declared: return "ngày trên giấy";
  }
  return text_of_unknown;
}

// clang-format on

}  // namespace clients
