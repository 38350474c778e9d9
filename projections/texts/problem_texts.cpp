#include "projections/texts/problem_texts.h"

#include <array>
#include <cstddef>

namespace projections {
namespace {

constexpr std::array texts = {
    ProblemText{ProblemKind::malformed_request, "malformed_request",
                "The request is not well formed", "Yêu cầu sai cấu trúc"},
    ProblemText{ProblemKind::invalid_parameter, "invalid_parameter", "A parameter is not valid",
                "Tham số không hợp lệ"},
    ProblemText{ProblemKind::credentials_missing, "credentials_missing", "Credentials are needed",
                "Cần có thông tin xác thực"},
    ProblemText{ProblemKind::credentials_refused, "credentials_refused",
                "These credentials are not accepted", "Thông tin xác thực không được chấp nhận"},
    ProblemText{ProblemKind::not_found, "not_found",
                "There is nothing here, or it is outside your scope",
                "Không có nội dung này, hoặc ngoài phạm vi được xem"},
    ProblemText{ProblemKind::method_not_allowed, "method_not_allowed",
                "This method is not allowed here", "Không dùng được phương thức này ở đây"},
    ProblemText{ProblemKind::position_unknown, "position_unknown",
                "The log has not come to this position", "Sổ chưa tới vị trí này"},
    ProblemText{ProblemKind::position_too_far, "position_too_far",
                "The log is too long to count up to this earlier position",
                "Sổ quá dài, không đếm lại được tới vị trí trước đây này"},
    ProblemText{ProblemKind::history_too_long, "history_too_long",
                "The history is too long; ask for an earlier position",
                "Quá trình của hồ sơ quá dài; hãy hỏi ở một vị trí sớm hơn"},
    ProblemText{ProblemKind::target_too_long, "target_too_long",
                "The target of the request is too long", "Địa chỉ của yêu cầu quá dài"},
    ProblemText{ProblemKind::too_many_requests, "too_many_requests",
                "Too many requests; come again later", "Quá nhiều yêu cầu; hãy thử lại sau"},
    ProblemText{ProblemKind::busy, "busy", "The server is busy; come again later",
                "Máy chủ đang bận; hãy thử lại sau"},
    ProblemText{ProblemKind::repairing, "repairing",
                "The server was restored and takes back what it lost",
                "Máy chủ vừa được phục hồi và đang lấy lại phần bị mất"},
    ProblemText{ProblemKind::clock_wrong, "clock_wrong", "The server's clock is wrong",
                "Máy chủ sai giờ"},
    ProblemText{ProblemKind::storage, "storage", "The server cannot read its log",
                "Máy chủ không đọc được sổ"},
};

constexpr bool is_in_order() {
  for (std::size_t index = 0; index < texts.size(); ++index) {
    if (static_cast<std::size_t>(texts[index].kind) != index) return false;
  }
  return texts.size() == static_cast<std::size_t>(ProblemKind::storage) + 1;
}
static_assert(is_in_order());

}  // namespace

std::span<const ProblemText> all_problem_texts() { return texts; }

const ProblemText& text_of(ProblemKind kind) { return texts[static_cast<std::size_t>(kind)]; }

}  // namespace projections
