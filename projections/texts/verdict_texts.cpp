#include "projections/texts/text_pattern.h"
#include "projections/texts/texts.h"
#include "projections/texts/verdict_causes.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace projections {
namespace {

/// What is said about one rule, of whatever cause.  `filled` is used when the verdict has the
/// parameters it asks for; see text_pattern.h.  What is said about one cause stands in
/// verdict_causes.cpp.
struct RuleText {
  std::string_view id;
  std::string_view plain;
  std::string_view filled;
  std::string_view remedy;
};

// A table: one rule a paragraph.
// clang-format off
RuleText text_of(events::Rule rule) {
  using enum events::Rule;
  switch (rule) {
    case none: return {};
    case v01_name: return {"V01",
        "Họ và tên chưa hợp lệ",
        "",
        "nhập họ tên bằng chữ có dấu, không có chữ số, dài không quá 100 ký tự"};
    case v02_birth_date: return {"V02",
        "Ngày sinh chưa hợp lệ",
        "",
        "nhập đúng năm sinh, hoặc cả ngày và tháng nếu biết"};
    case v03_business_day: return {"V03",
        "Ngày ghi trên giấy ở sau hôm nay",
        "Ngày ghi trên giấy ({0:day}) ở sau ngày nhận ({1:day})",
        "sửa lại ngày ghi trên giấy"};
    case v04_unit_open: return {"V04",
        "Đơn vị không hoạt động vào ngày ghi trên giấy",
        "",
        "chọn đúng thôn, xã đang hoạt động vào ngày đó"};
    case v05_group: return {"V05",
        "Nhóm đối tượng không phù hợp với danh hiệu và bộ tiêu chí của đợt xét",
        "",
        "chọn lại đợt xét hoặc nhóm đối tượng"};
    case v06_unit_nesting: return {"V06",
        "Loại đơn vị không thể nằm dưới đơn vị cấp trên này",
        "Đơn vị loại “{0:unit_kind}” không thể nằm dưới đơn vị loại “{1:unit_kind}”",
        "chọn đúng loại đơn vị và đơn vị cấp trên"};
    case v08_cycle_open: return {"V08",
        "Việc này không nằm trong thời hạn của đợt xét",
        "Việc này chỉ được làm từ ngày {0:day} đến hết ngày {1:day}",
        "kiểm tra ngày ghi trên giấy, hoặc đề nghị cấp trên gia hạn"};
    case v10_indicators: return {"V10",
        "Chỉ số không khớp với bộ tiêu chí",
        "Phiếu chấm điểm có {1} chỉ số, bộ tiêu chí yêu cầu {0}",
        "ghi đủ và đúng các chỉ số của nhóm đối tượng"};
    case v11_score_range: return {"V11",
        "Có điểm không có trong thang điểm",
        "Điểm {1:points} của chỉ số thứ {0:ordinal} không có trong thang điểm",
        "sửa điểm của chỉ số này"};
    case v12_total: return {"V12",
        "Tổng điểm ghi khác tổng các chỉ số",
        "Tổng điểm ghi {0:points} khác tổng các chỉ số {1:points}",
        "sửa lại phiếu chấm điểm"};
    case v13_outcome: return {"V13",
        "Kết luận thẩm định không khớp với điểm và bộ tiêu chí",
        "Kết luận “{0:outcome}”, trong khi theo điểm và bộ tiêu chí là “{1:outcome}”",
        "xem lại phiếu chấm điểm rồi kết luận theo đúng bộ tiêu chí"};
    case v14_criteria: return {"V14",
        "Bộ tiêu chí không dùng được cho việc này",
        "",
        "đồng bộ rồi dùng bộ tiêu chí của đợt xét"};
    case v20_id_number: return {"V20",
        "Số định danh có điểm chưa khớp với thông tin đã khai",
        "",
        "đối chiếu lại với giấy tờ gốc; hồ sơ vẫn được tiếp tục"};
    case v23_one_dossier: return {"V23",
        "Đã có hồ sơ của đối tượng này trong đợt xét",
        "Đã có hồ sơ của đối tượng này trong đợt xét (hồ sơ {0:id})",
        "dùng hồ sơ đã có, hoặc rút hồ sơ đó trước khi mở hồ sơ mới"};
    case v30_consent: return {"V30",
        "Chưa đủ điều kiện để xử lý dữ liệu cá nhân",
        "",
        "xin ý kiến đồng ý của công dân hoặc ghi rõ căn cứ, và ghi đủ thông tin nhập thay"};
    case v40_evidence_file: return {"V40",
        "Tệp minh chứng chưa hợp lệ",
        "",
        "chụp lại hoặc nén tệp còn không quá 5 MB (ảnh thu nhỏ không quá 8 KB), loại JPEG, PNG "
        "hoặc PDF"};
    case v42_sighted: return {"V42",
        "Việc đối chiếu minh chứng chưa hợp lệ",
        "",
        "kiểm tra ngày ghi trên minh chứng; ngày đó không được sau ngày đối chiếu"};
    case v50_list: return {"V50",
        "Danh sách hồ sơ chưa hợp lệ",
        "",
        "đếm lại, bỏ các dòng trùng"};
    case v51_decision_list: return {"V51",
        "Danh sách của quyết định khác danh sách đã thẩm định đủ điều kiện",
        "{0} trong {1} hồ sơ của quyết định chưa được thẩm định đủ điều kiện",
        "đối chiếu các hồ sơ khác nhau trước khi ký"};
    case v60_document_number: return {"V60",
        "Số quyết định không dùng được",
        "Số quyết định {0} năm {1} không dùng được",
        "lấy số mới từ sổ đăng ký văn bản của cơ quan ban hành"};
    case v61_issue_date: return {"V61",
        "Ngày ban hành không hợp lệ",
        "",
        "ghi đúng ngày ký; ngày này không sau hôm nay và không trước các văn bản làm căn cứ"};
    case v70_text: return {"V70",
        "Có đoạn chữ chưa hợp lệ",
        "Có đoạn chữ {0:text}",
        "viết ngắn lại, bỏ các ký tự điều khiển rồi nhập lại"};
    case t_step: return {"T",
        "Hồ sơ đang ở trạng thái không cho phép làm việc này",
        "Hồ sơ ở trạng thái “{0:state}”, không thể {1:event}",
        "đồng bộ, xem trạng thái hiện tại rồi làm đúng trình tự"};
    case t_return_to: return {"T04",
        "Không thể trả hồ sơ về trạng thái này",
        "Hồ sơ ở trạng thái “{0:state}”, không thể trả về “{1:state}”",
        "chọn một trạng thái mà hồ sơ đã qua"};
    case t09_minutes: return {"T09",
        "Kết quả bình xét và biên bản họp không khớp nhau",
        "",
        "đối chiếu với biên bản giấy rồi ghi lại"};
    case t12_list: return {"T12",
        "Tờ trình không có hồ sơ được đề nghị này",
        "",
        "chỉ trình hồ sơ được đề nghị; bổ sung vào một danh sách mới rồi trình"};
    case t17_decision: return {"T17",
        "Quyết định không có hồ sơ đủ điều kiện này",
        "",
        "đối chiếu với quyết định đã ký"};
    case t18_reason: return {"T18",
        "Lý do không công nhận trái với hồ sơ",
        "Lý do “{0:reason}” trái với hồ sơ: tổng điểm {1:points}, mức cần đạt {2:points}",
        "xem lại phiếu và biên bản rồi chọn đúng lý do"};
    case sd1_own_dossier: return {"SD1",
        "Không ai được quyết định về hồ sơ của chính mình, của gia đình mình",
        "",
        "chuyển hồ sơ cho người khác có cùng thẩm quyền"};
    case sd2_separate_hands: return {"SD2",
        "Người nhập, người thẩm định và người ký của một hồ sơ phải là những người khác nhau",
        "",
        "chuyển việc này cho người khác có cùng thẩm quyền"};
    case o_conflict: return {"O401",
        "Người khác đã thay đổi cùng hồ sơ trước đó",
        "Người khác đã thay đổi cùng hồ sơ trước đó (mục số {0} trong sổ)",
        "đồng bộ và xem thay đổi đó; người có thẩm quyền sẽ quyết định"};
    case o_depends_on: return {"O402",
        "Việc làm trước đó còn đang chờ xử lý",
        "Việc làm trước đó ({0:id}) còn đang chờ xử lý",
        "không cần nhập lại; việc này được xét khi việc trước được giải quyết"};
    case o_unknown_thing: return {"O403",
        "Sổ chưa có mục được nhắc đến",
        "Sổ chưa có mục được nhắc đến ({0:id})",
        "đồng bộ đầy đủ các thiết bị liên quan rồi nhập lại"};
    case o_stream: return {"O404",
        "Nội dung không đúng với đối tượng được ghi",
        "",
        "cập nhật phần mềm trên thiết bị rồi nhập lại"};
    case o_seen: return {"O405",
        "Thiết bị dựa trên dữ liệu mà sổ không có",
        "",
        "giữ nguyên thiết bị và báo quản trị thiết bị"};
    case o_value: return {"O406",
        "Nội dung đã nhập có một giá trị không hợp lệ",
        "",
        "kiểm tra lại từng mục đã nhập; nếu vẫn lỗi, cập nhật phần mềm"};
    case a_grant: return {"A410",
        "Vai trò không cho quyền làm việc này vào ngày đó",
        "",
        "liên hệ người quản trị để được giao hoặc gia hạn vai trò"};
    case a_unit: return {"A411",
        "Vai trò được giao không bao gồm đơn vị này",
        "",
        "chuyển việc cho người phụ trách đơn vị, hoặc xin giao thêm phạm vi"};
    case a_role: return {"A412",
        "Vai trò này không được làm việc đó",
        "Vai trò “{0:role}” không được {1:event}",
        "chuyển việc cho người có thẩm quyền"};
    case a_actor: return {"A413",
        "Người thực hiện chưa được ghi danh trên thiết bị này",
        "",
        "dùng đúng thiết bị của mình, hoặc xin mã mời cho thiết bị này"};
    case a_system: return {"A414",
        "Chỉ máy chủ mới được ghi nội dung này",
        "",
        "báo quản trị thiết bị"};
    case a_release: return {"A415",
        "Người này không giải quyết được việc đang chờ ở mục đó",
        "",
        "đồng bộ để xem danh sách chờ; việc của mình phải do người khác giải quyết"};
    case a_power: return {"A416",
        "Việc giao quyền vượt quá quyền của người giao",
        "",
        "chuyển việc cho người có vai trò cao hơn và phụ trách đủ các đơn vị"};
    case a_revoked_late: return {"A417",
        "Việc ghi ngày trước khi thôi vai trò nhưng gửi đến quá muộn",
        "Vai trò thôi từ ngày {0:day}; việc ghi ngày trước đó phải gửi đến trong {1} ngày",
        "người có thẩm quyền xem xét rồi cho hiệu lực hoặc từ chối"};
    case s_schema: return {"S420",
        "Nội dung do phần mềm mới hơn máy chủ tạo ra",
        "Nội dung do phần mềm mới hơn máy chủ tạo ra (loại {0}, phiên bản {1})",
        "chờ máy chủ được nâng cấp; không cần nhập lại"};
    case c_clock: return {"C430",
        "Đồng hồ của thiết bị sai lệch, chưa xác định được việc làm có đúng hạn không",
        "Đồng hồ của thiết bị {0:clock}, chưa xác định được việc làm có đúng hạn không",
        "chỉnh lại đồng hồ; người có thẩm quyền sẽ xem xét ngày ghi trên giấy"};
  }
  return {"?", text_of_unknown, "", "cập nhật phần mềm để xem lý do"};
}
// clang-format on

}  // namespace

std::string_view id_of(events::Rule rule) { return text_of(rule).id; }

std::string_view remedy(events::Rule rule) { return text_of(rule).remedy; }

std::string message(const events::Verdict& verdict) {
  if (const std::optional<Cause> cause = cause_of(verdict)) return cause->message;
  const RuleText text = text_of(verdict.rule);
  if (!text.filled.empty()) {
    if (auto filled = fill_all(text.filled, verdict.parameters)) return *filled;
  }
  return std::string{text.plain};
}

std::string_view name_vi(events::VerdictCode code) {
  switch (code) {
    case events::VerdictCode::accepted:
      return "Đã ghi nhận";
    case events::VerdictCode::accepted_rebased:
      return "Đã ghi nhận; trong lúc đó người khác có bổ sung hồ sơ này";
    case events::VerdictCode::held:
      return "Chờ xử lý";
    case events::VerdictCode::refused:
      return "Bị từ chối";
  }
  return text_of_unknown;
}

std::string_view explain(events::HoldReason reason) {
  switch (reason) {
    case events::HoldReason::none:
      return "";
    case events::HoldReason::depends_on:
      return "Chờ xử lý: dựa trên một việc còn đang chờ; sẽ tự có hiệu lực khi việc đó được giải "
             "quyết, hoặc do văn thư cấp xã, Hội Khuyến học cấp trên xử lý";
    case events::HoldReason::conflict:
      return "Chờ xử lý: có người khác cùng thay đổi hồ sơ; văn thư cấp xã hoặc Hội Khuyến học "
             "cấp trên xử lý";
    case events::HoldReason::no_authority:
      return "Chờ xử lý: vai trò của người thực hiện chưa đủ thẩm quyền; Hội Khuyến học cấp trên "
             "hoặc quản trị hệ thống xử lý";
    case events::HoldReason::schema_unknown:
      return "Chờ xử lý: máy chủ chưa hiểu nội dung của phần mềm mới; sẽ tự xử lý khi máy chủ "
             "được nâng cấp, hoặc do Hội Khuyến học cấp trên, quản trị hệ thống xử lý";
    case events::HoldReason::clock:
      return "Chờ xử lý: đồng hồ của thiết bị sai lệch; văn thư cấp xã hoặc Hội Khuyến học cấp "
             "trên xem ngày ghi trên giấy rồi xử lý";
    case events::HoldReason::device_revoked:
      return "Chờ xử lý: thiết bị đã bị thu hồi trước khi việc này tới; văn thư cấp xã, quản trị "
             "thiết bị hoặc Hội Khuyến học cấp trên đối chiếu giấy tờ rồi xử lý";
    case events::HoldReason::unit_closed:
      return "Chờ xử lý: đơn vị đã sáp nhập hoặc giải thể khi thiết bị chưa biết; văn thư cấp xã "
             "hoặc Hội Khuyến học cấp trên xem đơn vị kế tiếp rồi xử lý";
    case events::HoldReason::superseded_criteria:
      return "Chờ xử lý: phiếu chấm theo phiên bản khác của bộ tiêu chí; văn thư cấp xã hoặc Hội "
             "Khuyến học cấp trên xử lý, điểm được nhập lại theo phiên bản của đợt xét";
    case events::HoldReason::revoked_late:
      return "Chờ xử lý: ghi ngày trước khi thôi vai trò nhưng tới quá muộn; văn thư cấp xã hoặc "
             "Hội "
             "Khuyến học cấp trên đối chiếu giấy tờ rồi xử lý";
    case events::HoldReason::date_ahead:
      return "Chờ xử lý: ngày ghi trên giấy ở sau ngày nhận; văn thư cấp xã hoặc Hội Khuyến học "
             "cấp "
             "trên xem lại ngày rồi xử lý";
    case events::HoldReason::cycle_closed:
      return "Chờ xử lý: ghi ngày trong hạn nhưng tới sau khi hết hạn gia hạn; văn thư cấp xã hoặc "
             "Hội Khuyến học cấp trên đối chiếu giấy tờ rồi xử lý";
  }
  return text_of_unknown;
}

std::vector<std::string_view> explain_flags(std::uint32_t flags) {
  struct FlagText {
    std::uint32_t bit;
    std::string_view text;
  };
  static constexpr FlagText texts[] = {
      {events::flag_late, "Làm sau thời hạn, được chấp nhận theo quy định về nộp muộn."},
      {events::flag_role_revoked_since, "Vai trò của người thực hiện nay đã thôi giao."},
      {events::flag_after_decision, "Ghi nhận sau khi đã có quyết định."},
      {events::flag_clock_ahead, "Đồng hồ của thiết bị nhanh hơn 5 phút; xin chỉnh lại."},
      {events::flag_list_differs, "Danh sách có hồ sơ chưa ở trạng thái yêu cầu; xin đối chiếu."},
      {events::flag_id_number_doubtful, "Số định danh có điểm chưa khớp; xin đối chiếu giấy tờ."},
      {events::flag_duplicate_suspected, "Nghi trùng với người đã có; xin đối chiếu."},
  };
  std::vector<std::string_view> sentences;
  for (const FlagText& flag : texts) {
    if ((flags & flag.bit) != 0) sentences.push_back(flag.text);
    flags &= ~flag.bit;
  }
  if (flags != 0) sentences.push_back("Có ghi chú mới hơn phần mềm này; xin cập nhật.");
  return sentences;
}

std::string explain(const events::Verdict& verdict) {
  const bool is_held = verdict.code == events::VerdictCode::held;
  std::string text{is_held && verdict.hold != events::HoldReason::none ? explain(verdict.hold)
                                                                       : name_vi(verdict.code)};
  text += ".";
  if (verdict.rule != events::Rule::none) {
    text.append(" ").append(id_of(verdict.rule)).append(": ").append(message(verdict));
    const std::optional<Cause> cause = cause_of(verdict);
    text.append(" — ").append(cause ? cause->remedy : remedy(verdict.rule)).append(".");
  }
  for (const std::string_view sentence : explain_flags(verdict.flags)) {
    text.append(" ").append(sentence);
  }
  return text;
}

std::string votes_vi(const events::ReviewEntry& entry) {
  if (!entry.has_votes()) return "không ghi phiếu";
  return std::to_string(entry.agree) + "/" + std::to_string(entry.disagree) + " phiếu";
}

std::string clock_words_vi(std::int64_t seconds) {
  constexpr std::int64_t hour = 3'600;
  constexpr std::int64_t day = 24 * hour;
  constexpr std::int64_t year = 365 * day + 6 * hour;
  struct Step {
    std::int64_t from;
    std::int64_t unit;
    std::string_view name;
  };
  static constexpr Step steps[] = {{2 * year, year, " năm"},
                                   {2 * day, day, " ngày"},
                                   {2 * hour, hour, " giờ"},
                                   {120, 60, " phút"},
                                   {0, 1, " giây"}};
  const std::string_view side = seconds < 0 ? "chậm " : "nhanh ";
  const std::int64_t size = std::abs(std::max(seconds, -std::numeric_limits<std::int64_t>::max()));
  for (const Step& step : steps) {
    if (size < step.from) continue;
    return std::string(side) + std::to_string(size / step.unit) + std::string(step.name);
  }
  return std::string(side);
}

std::string points_vi(std::int64_t tenths) {
  const std::int64_t rest = tenths % 10;
  std::string text = std::to_string(tenths / 10);
  if (tenths < 0 && tenths > -10) text.insert(0, "-");
  if (rest != 0) text.append(",").append(std::to_string(rest < 0 ? -rest : rest));
  return text;
}

}  // namespace projections
