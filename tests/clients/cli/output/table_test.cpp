#include "clients/cli/output/table.h"

#include "clients/cli/output/output.h"
#include "clients/cli/output/progress.h"
#include "clients/cli/output/report_text.h"
#include "events/text/display_width.h"
#include "projections/texts/texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace clients {
namespace {

const std::vector<std::vector<std::string>> dossiers = {
    {"Mã", "Tên", "Nhóm", "Trạng thái", "Kết quả"},
    {"7.12", "Lò Thị Ánh", "nông dân, lao động nông thôn", "đã tự đánh giá",
     "tổng 79,5, cần 80: không đủ (79,5 < 80)"},
    {"7.15", "Giàng A Páo", "người học", "đã đăng ký", ""},
};

std::size_t widest(const Lines& lines) {
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, events::display_width(line));
  return width;
}

TEST(DisplayWidth, CountsWhatTheScreenShows) {
  EXPECT_EQ(events::display_width("Lò Thị Ánh"), 10U);
  EXPECT_EQ(events::display_width("La\xCC\x80"), 2U) << "a mark stands on its letter";
  EXPECT_EQ(events::display_width("漢字"), 4U);
  EXPECT_EQ(events::display_width("\xFF"), 1U);
  EXPECT_EQ(events::beginning_within("La\xCC\x80o", 2), "La\xCC\x80") << "a letter keeps its mark";
  EXPECT_EQ(events::beginning_within("漢字", 3), "漢");
}

TEST(Table, IsAsWideAsItsCellsWhereNothingBoundsIt) {
  const Lines lines = table_lines(dossiers, std::nullopt);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[2], "7.15  Giàng A Páo  người học                     đã đăng ký");
}

// A table of 185 columns breaks on a terminal of 80, and nobody can tell which cell is whose.
TEST(Table, IsNeverWiderThanTheTerminal) {
  for (std::size_t columns = 20; columns <= 120; ++columns) {
    SCOPED_TRACE(columns);
    const Lines lines = table_lines(dossiers, columns);
    EXPECT_LE(widest(lines), columns);
    std::string whole;
    for (const std::string& line : lines) whole += line + " ";
    for (const char* id : {"7.12", "7.15"}) EXPECT_NE(whole.find(id), std::string::npos) << whole;
  }
}

TEST(Table, WrapsTheWidestCellsBetweenWords) {
  const Lines lines = table_lines(dossiers, 80);
  EXPECT_TRUE(lines[0].starts_with("Mã    Tên"));
  EXPECT_GT(lines.size(), dossiers.size());
  EXPECT_TRUE(std::ranges::none_of(lines, [](const std::string& line) {
    return line.find("…") != std::string::npos || line.ends_with(' ');
  }));
}

TEST(Table, BecomesParagraphsWhereAColumnWouldHoldLessThanAWord) {
  const Lines lines = table_lines(dossiers, 40);
  ASSERT_FALSE(lines.empty());
  EXPECT_TRUE(lines[0].starts_with("7.12 · Tên: Lò Thị Ánh")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with("  ")) << lines[1];
  EXPECT_EQ(lines.back(), "  học · Trạng thái: đã đăng ký");
}

TEST(Table, CutsAWordThatIsWiderThanTheLine) {
  EXPECT_EQ(wrap_text("0123456789abcdef ễễ", 10, 0), (Lines{"012345678…", "ễễ"}));
  EXPECT_EQ(cut_text("ễễễễ", 3), "ễễ…");
  EXPECT_EQ(cut_text("ễễễ", 3), "ễễễ");
}

TEST(Report, FitsTheTerminalToo) {
  projections::Table report;
  report.code = "B01";
  report.title = "Công dân học tập theo nhóm đối tượng trong toàn địa bàn, từ đầu năm đến nay";
  report.area = "Toàn bộ";
  report.line_heading = "Nhóm đối tượng";
  for (const char* heading : {"Tổng số", "Đăng ký", "Tự đánh giá", "Thẩm định", "Đạt", "Tỷ lệ"}) {
    report.columns.push_back({"key", heading});
  }
  report.rows.push_back({{},
                         "Xã Nà Tấu",
                         "Nông dân, lao động nông thôn",
                         {projections::Unknown{}, std::uint64_t{4}, std::uint64_t{3},
                          std::uint64_t{2}, std::uint64_t{1}, projections::Unknown{}}});
  EXPECT_GT(widest(report_lines(report, std::nullopt)), 80U);
  const Lines lines = report_lines(report, 80);
  EXPECT_LE(widest(lines), 80U);
  EXPECT_TRUE(std::ranges::any_of(
      lines, [](const std::string& line) { return line.find("không rõ") != std::string::npos; }));
}

// A line that wraps is not replaced by the next one: the screen filled with bars.
TEST(ProgressLine, IsCutToTheTerminalAndShowsEventsThenFiles) {
  std::ostringstream screen;
  ProgressLine line(screen, true, 40);
  SyncProgress progress;
  progress.own_events = 40;
  progress.accepted = 12;
  progress.log_head = events::Position{90};
  FileProgress files;
  files.files_to_send = 3;
  files.bytes_to_send = 3 << 20;
  files.bytes_sent = 1 << 20;
  line.note(files);
  line.show(progress, events::Timestamp{1});
  const std::string of_events = screen.str();
  EXPECT_EQ(of_events.find("tệp"), std::string::npos) << "one bar at a time: " << of_events;
  EXPECT_LE(events::display_width(of_events.substr(of_events.find("2K") + 2)), 39U);
  screen.str({});
  line.show_cut();
  const std::string cut = screen.str();
  EXPECT_LE(events::display_width(cut.substr(cut.find("Đường"))), 39U);
}

TEST(Print, WrapsSentencesBetweenWordsWhereTheTerminalEnds) {
  ::setenv("COLUMNS", "40", 1);
  std::ostringstream out;
  print(out, "  Đã ghi: {}\n{}\n", "mở hồ sơ, đăng ký danh hiệu, tiếp nhận", "ngắn");
  ::unsetenv("COLUMNS");
  EXPECT_EQ(out.str(), "  Đã ghi: mở hồ sơ, đăng ký danh hiệu,\n    tiếp nhận\nngắn\n");
}

// A sentence for people is printed; a detail in English is put behind a sentence for people.
TEST(PrintError, NeverLeavesAnOfficerWithEnglishAlone) {
  const auto printed = [](const events::Error& error, std::string_view advice) {
    std::ostringstream out;
    print_error(out, error, advice);
    return out.str();
  };
  using enum events::ErrorCode;
  EXPECT_EQ(printed({invalid_argument, "Hãy ghi rõ số."}, ""),
            "Lỗi: Hãy ghi rõ số. [invalid_argument]\n");
  for (const auto code : {not_found, invalid_argument, locked}) {
    const std::string text = printed({code, "no certificate in PEM"}, "Tệp không có chứng thư.");
    EXPECT_TRUE(text.starts_with("Lỗi: Tệp không có chứng thư. [")) << text;
    const std::string plain = printed({code, "no certificate in PEM"}, "");
    EXPECT_FALSE(plain.starts_with("Lỗi: no ")) << plain;
  }
}

// A command that knows no better leaves it to what is said of the code; who helps by telephone
// needs the detail as well.
TEST(PrintError, SaysWhatIsSaidOfTheCodeAndThenTheDetail) {
  for (const auto code : {events::ErrorCode::not_found, events::ErrorCode::locked}) {
    std::ostringstream out;
    print_error(out, {code, "no certificate in PEM"}, "");
    const std::string advice(projections::advice_vi(code));
    ASSERT_TRUE(is_for_people({code, advice})) << advice;
    EXPECT_EQ(out.str(), "Lỗi: " + advice + " [" + std::string(events::name_of(code)) +
                             ": no certificate in PEM]\n");
  }
}

// A folder with a Vietnamese name does not make a sentence of a detail.
TEST(PrintError, ADetailWithVietnameseLettersIsNoSentence) {
  for (const char* const detail :
       {"/home/bàn học/LOCK: Permission denied", "file “xã.csv” is cut"}) {
    EXPECT_FALSE(is_for_people({events::ErrorCode::device_denied, detail})) << detail;
    std::ostringstream out;
    print_error(out, {events::ErrorCode::device_denied, detail}, "");
    EXPECT_FALSE(out.str().starts_with(std::string("Lỗi: ") + detail)) << out.str();
  }
}

}  // namespace
}  // namespace clients
