#include "clients/core/acts/typed_text.h"

#include "events/text/text_check.h"

#include <exception>
#include <optional>
#include <utility>

namespace clients {

using events::Result;

namespace {

events::Error wrong(std::string what) {
  return {events::ErrorCode::invalid_argument, std::move(what)};
}

}  // namespace

Result<std::string> typed_text(std::string_view text) {
  Result<std::string> cleaned = events::clean_typed_text(text);
  if (!cleaned) return wrong("Chữ nhập vào không phải UTF-8; hãy đổi bảng mã rồi thử lại.");
  return cleaned;
}

Result<events::EventId> parse_event_id(std::string_view text) {
  try {
    return events::EventId::parse_or_throw(std::string(text));
  } catch (const std::exception&) {
    return wrong("“" + std::string(text) + "” không phải là mã dạng 7.12; hãy xem lại danh sách.");
  }
}

Result<events::Day> parse_business_day(std::string_view text) {
  if (const std::optional<events::Day> day = events::parse_day(text)) return *day;
  return wrong("“" + std::string(text) +
               "” không phải là ngày; hãy viết 30/11/2025 hoặc 2025-11-30.");
}

Result<void> clean_texts(std::initializer_list<std::string*> texts) {
  for (std::string* const text : texts) {
    Result<std::string> cleaned = typed_text(*text);
    if (!cleaned) return cleaned.error();
    *text = std::move(*cleaned);
  }
  return {};
}

}  // namespace clients
