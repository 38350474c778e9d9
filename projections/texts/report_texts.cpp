#include "projections/texts/report_texts.h"

#include "projections/texts/catalogue.h"

#include <iterator>

namespace projections {
namespace {

// A table: one text a row, Vietnamese and English.
// clang-format off
struct ReportTable {
  using enum ReportText;
  static constexpr TextRow rows[] = {
      {whole_log, "Toàn bộ sổ", "The whole log"},
      {all_units, "Toàn bộ", "All"},
      {in_no_unit, "Chưa phân bổ", "In no unit"},
      {sum_of_groups, "Cộng", "Sum"},
      {not_known, "không rõ", "not known"},
      {unit, "Đơn vị", "Unit"},
      {area, "Địa bàn", "Area"},
      {cycles, "Đợt xét", "Cycle"},
      {as_of, "Số liệu tính đến ngày", "As of"},
      {up_to_entry, "theo sổ đến mục số", "by the log up to entry"},
      {beyond_whole,
       "Số đạt lớn hơn tổng số: xin kiểm tra lại tổng số đã cung cấp.",
       "More were recognised than there are: please check the totals that were given."},
      {b01_title, "Công dân học tập theo nhóm đối tượng", "Learning citizens by population group"},
      {b02_title, "Các mô hình học tập", "Learning models"},
      {group, "Nhóm đối tượng", "Population group"},
      {title, "Danh hiệu", "Title"},
      {group_population, "Tổng số người", "People"},
      {total, "Tổng số", "Total"},
      {registered, "Đăng ký", "Registered"},
      {self_assessed, "Tự đánh giá", "Self-assessed"},
      {recognized, "Đạt", "Recognised"},
      {share_of_registered, "% đạt/đăng ký", "% of registered"},
      {share_of_population, "% đạt/tổng số", "% of total"},
      {grants_so_far, "Lũy kế lượt", "Grants so far"},
      {until, "đến", "until"},
      {rebased_on, "Tính theo nơi ở của hồ sơ, địa giới ngày", "By home, on the map of"},
      {b14_title, "Biến động đơn vị", "Changes of units"},
      {new_unit, "Đơn vị mới, ngày, căn cứ", "New unit, day, document"},
      {dossiers_moved, "Hồ sơ chuyển", "Dossiers moved"},
  };
  static_assert(are_texts(rows));
  static_assert(std::size(rows) == static_cast<std::size_t>(dossiers_moved) + 1);
};
// clang-format on

}  // namespace

std::string report_text(ReportText text, Language language) {
  const TextRow* const row = find_row(ReportTable::rows, static_cast<std::uint64_t>(text));
  return std::string(row->text.in(language));
}

}  // namespace projections
