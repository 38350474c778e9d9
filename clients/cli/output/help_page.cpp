#include "clients/cli/output/help_page.h"

#include "events/text/display_width.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <sstream>
#include <string_view>

namespace clients {
namespace {

/// A name that is wider stands on a line of its own.
constexpr std::size_t name_columns_max = 24;
constexpr std::size_t row_indent = 2;

struct SectionOfWork {
  std::string_view title;
  std::string_view commands;  ///< In the order of work, blanks between.
};

constexpr std::array sections = {
    SectionOfWork{"Bắt đầu trên một máy (người giữ thiết bị)",
                  "enrol lock status sync watch server undo"},
    SectionOfWork{"Đăng ký và hồ sơ (người nhập thay, chi hội trưởng, trưởng thôn)",
                  "register register-collective accept evidence files score return resubmit "
                  "withdraw"},
    SectionOfWork{"Bình xét và công nhận (chi hội, Hội Khuyến học xã, thẩm định, người ký)",
                  "review submit appraise decide not-recognised"},
    SectionOfWork{"Xem và tìm (mọi người)",
                  "dossiers people collectives history inbox stats follow receipts"},
    SectionOfWork{"Việc đang chờ (văn thư xã, Hội cấp trên)", "release"},
    SectionOfWork{"Khi không có mạng (người chuyển gói)", "bundle"},
    SectionOfWork{
        "Tổ chức và quyền (quản trị hệ thống, quản trị thiết bị)",
        "init unit-import unit-change unit-rename unit-close organisation officer "
        "grant revoke invite device-revoke quota-raise units organisations grants devices"},
    SectionOfWork{"Kiểm chứng sổ (mọi người, kiểm toán)", "checkpoint compare alarms alarm"},
    SectionOfWork{"Bộ tiêu chí và đợt xét (quản trị hệ thống)",
                  "criteria-publish cycle-open criteria cycles"},
};
constexpr std::string_view other_commands_vi = "Lệnh khác";

void append(Lines& lines, Lines more) { std::ranges::move(more, std::back_inserter(lines)); }

void add_rows(const std::vector<HelpRow>& rows, std::size_t columns, Lines& lines) {
  std::size_t names = 0;
  for (const HelpRow& row : rows) {
    const std::size_t width = events::display_width(row.name);
    if (width <= name_columns_max) names = std::max(names, width);
  }
  const std::size_t at = row_indent + names + (names == 0 ? 0 : 2);
  for (const HelpRow& row : rows) {
    std::string line = std::string(row_indent, ' ') + row.name;
    const std::size_t width = events::display_width(line);
    Lines what = wrap_text(row.what, columns - at, 0);
    if (width + 2 > at && !row.name.empty()) {
      lines.push_back(cut_text(line, columns));
      line.clear();
    }
    for (const std::string& text : what) {
      line.append(at - events::display_width(line), ' ').append(text);
      lines.push_back(std::move(line));
      line.clear();
    }
  }
}

}  // namespace

Lines help_lines(const HelpPage& page, std::size_t columns) {
  Lines lines = wrap_text(page.what, columns, 0);
  append(lines, wrap_text("Cách dùng: " + page.usage, columns, 4));
  for (const HelpSection& section : page.sections) {
    if (section.rows.empty()) continue;
    lines.emplace_back();
    append(lines, wrap_text(section.title + ":", columns, 2));
    add_rows(section.rows, columns, lines);
  }
  if (page.footer.empty()) return lines;
  lines.emplace_back();
  std::istringstream footer(page.footer);
  for (std::string line; std::getline(footer, line);) lines.push_back(std::move(line));
  return lines;
}

std::vector<HelpSection> sections_of_work(const std::vector<HelpRow>& commands) {
  std::vector<HelpSection> work;
  std::set<std::string> placed;
  for (const SectionOfWork& section : sections) {
    work.push_back({std::string(section.title), {}});
    std::istringstream names{std::string(section.commands)};
    for (std::string name; names >> name;) {
      const auto command = std::ranges::find(commands, name, &HelpRow::name);
      if (command == commands.end()) continue;
      work.back().rows.push_back(*command);
      placed.insert(name);
    }
  }
  work.push_back({std::string(other_commands_vi), {}});
  for (const HelpRow& command : commands) {
    if (!placed.contains(command.name)) work.back().rows.push_back(command);
  }
  return work;
}

}  // namespace clients
