#include "clients/cli/output/text_errors.h"

#include "clients/cli/output/output.h"
#include "projections/texts/field_texts.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace clients {
namespace {

struct OptionOfField {
  std::string_view field;
  std::string_view option;
};

/// Fields whose option is not "--" and their name.
constexpr std::array options{
    OptionOfField{"full_name", "--name"},
    OptionOfField{"id_number", "--id-number"},
    OptionOfField{"paper_form_number", "--paper-form"},
    OptionOfField{"relation_or_office", "--proxy-by"},
    OptionOfField{"text", "--note"},
    OptionOfField{"where_kept", "--kept"},
};

/// Fields that come from files; in messages they go by what people call them alone.
constexpr std::array<std::string_view, 4> of_files{"code", "competency", "label_vi",
                                                   "official_code"};

std::string spell(std::string_view field) {
  const std::string_view label = projections::field_name(field);
  if (std::ranges::find(of_files, field) != of_files.end()) return fmt::format("“{}”", label);
  const auto* const found = std::ranges::find(options, field, &OptionOfField::field);
  const std::string option =
      found != options.end() ? std::string(found->option) : fmt::format("--{}", field);
  return fmt::format("“{}” ({})", option, label);
}

}  // namespace

events::Error bad_text_error(const events::BadText& bad) {
  const std::string field = spell(bad.field);
  switch (bad.fault) {
    case events::TextFault::missing:
      return usage_error(fmt::format("Mục {} để trống; hãy ghi rõ.", field));
    case events::TextFault::too_long: {
      const std::size_t letters = std::max<std::size_t>(bad.letters, 1);
      return usage_error(fmt::format(
          "Mục {} dài {} byte (khoảng {} chữ), tối đa {} byte (khoảng {} chữ); hãy viết ngắn lại.",
          field, bad.bytes, letters, bad.bytes_max, bad.bytes_max * letters / bad.bytes));
    }
    case events::TextFault::form:
      return usage_error(fmt::format("Mục {} không phải chữ Unicode; hãy đổi bảng mã.", field));
    case events::TextFault::characters:
      return usage_error(
          fmt::format("Mục {} có ký tự điều khiển, ký tự ẩn hoặc xuống dòng ở chỗ không được dùng; "
                      "hãy gõ lại thay vì dán vào.",
                      field));
  }
  return usage_error(fmt::format("Mục {} chưa hợp lệ.", field));
}

}  // namespace clients
