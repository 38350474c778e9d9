#include "projections/texts/field_texts.h"

#include "events/base/ranges.h"

#include <iterator>

namespace projections {
namespace {

struct FieldText {
  std::string_view field;  ///< As in the event or record, and in JSON.
  Text name;
};

constexpr FieldText field_texts[] = {
    {"agenda", {"nội dung cuộc họp", "agenda"}},
    {"basis", {"căn cứ", "basis"}},
    {"closed", {"giờ kết thúc", "end of the meeting"}},
    {"code", {"mã", "code"}},
    {"competency", {"nhóm năng lực", "competency"}},
    {"full_name", {"họ và tên", "full name"}},
    {"id_number", {"số định danh", "identity number"}},
    {"issuer", {"nơi cấp", "issued by"}},
    {"label", {"tên gọi", "name"}},
    {"label_vi", {"tên gọi", "name"}},
    {"name", {"tên", "name"}},
    {"number", {"số văn bản", "document number"}},
    {"official_code", {"mã đơn vị", "code of the unit"}},
    {"opened", {"giờ bắt đầu", "begin of the meeting"}},
    {"origin", {"tên sổ", "name of the log"}},
    {"paper_form_number", {"số phiếu giấy", "number of the paper form"}},
    {"phone", {"số điện thoại", "phone number"}},
    {"place", {"địa điểm", "place"}},
    {"reason", {"lý do", "reason"}},
    {"relation_or_office", {"quan hệ hoặc chức vụ", "relation or office"}},
    {"symbol", {"ký hiệu văn bản", "document symbol"}},
    {"text", {"ghi chú", "note"}},
    {"what", {"nội dung minh chứng", "content of the evidence"}},
    {"where_kept", {"nơi lưu", "where it is kept"}},
    {"witness", {"người làm chứng", "witness"}},
};

}  // namespace

std::string_view field_name(std::string_view field, Language language) {
  const auto* const found = events::ranges::find(field_texts, field, &FieldText::field);
  return found == std::end(field_texts) ? field : found->name.in(language);
}

}  // namespace projections
