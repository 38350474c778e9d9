#include "clients/core/acts/person_input.h"

#include "events/base/ranges.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr std::size_t id_number_digits = 12;
/// Behind +84: 9 digits of a mobile number, 10 of a landline with its area.
constexpr std::size_t mobile_digits = 9;
constexpr std::size_t landline_digits = 10;
constexpr std::uint32_t peoples = 54;
constexpr std::uint32_t foreign_code = 55;
constexpr std::uint32_t unknown_code = 99;

Error wrong(std::string what) { return Error{ErrorCode::invalid_argument, std::move(what)}; }

std::string without(std::string_view text, std::string_view letters) {
  std::string kept;
  for (const char letter : text) {
    if (letters.find(letter) == std::string_view::npos) kept.push_back(letter);
  }
  return kept;
}

bool has_only_digits(std::string_view text) {
  return events::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

/// Drops `prefix` where the text begins with it.
bool drop(std::string& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.erase(0, prefix.size());
  return true;
}

}  // namespace

Result<std::string> read_id_number(std::string_view typed) {
  std::string number = without(typed, " .");
  if (number.size() != id_number_digits || !has_only_digits(number)) {
    return wrong("Số định danh “" + std::string(typed) + "” phải có đúng 12 chữ số.");
  }
  return number;
}

Result<std::string> read_phone(std::string_view typed) {
  std::string number = without(typed, " .-()");
  const bool has_prefix = drop(number, "+84") || drop(number, "0");
  // 84 may begin a number that was typed without anything before it.
  if (!has_prefix && number.size() > mobile_digits) drop(number, "84");
  const bool is_mobile = number.size() == mobile_digits && number[0] >= '3' && number[0] <= '9';
  const bool is_landline = number.size() == landline_digits && number[0] == '2';
  if (!has_only_digits(number) || (!is_mobile && !is_landline)) {
    return wrong("Số điện thoại “" + std::string(typed) +
                 "” chưa đúng; hãy viết ví dụ 0912 345 678 hoặc +84912345678.");
  }
  return "+84" + number;
}

Result<std::uint8_t> read_ethnicity(std::uint32_t typed) {
  const bool is_listed = typed >= 1 && typed <= peoples;
  if (!is_listed && typed != foreign_code && typed != unknown_code) {
    return wrong("Mã dân tộc “" + std::to_string(typed) +
                 "” không có; hãy dùng 1–54, 55 là người nước ngoài, 99 khi không rõ.");
  }
  return static_cast<std::uint8_t>(typed);
}

Result<events::PartialDate> read_birth(std::string_view typed) {
  const auto birth = events::parse_partial_date(typed);
  if (!birth) return wrong("Ngày sinh phải viết 1990, 03/1990 hoặc 12/03/1990.");
  return *birth;
}

Result<std::uint32_t> read_count(std::string_view typed, std::string_view what) {
  std::uint32_t number = 0;
  const char* const end = typed.data() + typed.size();
  const auto [stop, failure] = std::from_chars(typed.data(), end, number);
  if (failure != std::errc{} || stop != end || number == 0) {
    return wrong(std::string(what) + " “" + std::string(typed) + "” phải là số từ 1.");
  }
  return number;
}

}  // namespace clients
