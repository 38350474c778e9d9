#include "clients/cli/output/qr_code.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace clients {
namespace {

/// The squares that are drawn: '#' for a dark one.
std::vector<std::string> squares_of(const std::string& lines) {
  std::vector<std::string> rows;
  std::string upper, lower;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t size = static_cast<unsigned char>(lines[at]) < 0x80 ? 1 : 3;
    const std::string drawn = lines.substr(at, size);
    at += size;
    if (drawn == "\n") {
      rows.push_back(upper);
      rows.push_back(lower);
      upper.clear();
      lower.clear();
      continue;
    }
    upper += drawn == " " || drawn == "▄" ? '#' : '.';
    lower += drawn == " " || drawn == "▀" ? '#' : '.';
  }
  return rows;
}

// A scanner finds a code by the three squares in its corners, with light around them.
TEST(QrCode, HasItsCornersAndItsQuietZone) {
  const auto lines = qr_lines("https://so.example/#/enrol/ABCD-EFGH-2345-6789-ABCDE-FGH23", false);
  ASSERT_TRUE(lines);
  const std::vector<std::string> rows = squares_of(*lines);
  const std::size_t width = rows.front().size();
  ASSERT_GE(rows.size(), width);
  for (std::size_t row = 0; row < 4; ++row) EXPECT_EQ(rows[row], std::string(width, '.'));
  for (const std::string& row : rows) {
    EXPECT_EQ(row.substr(0, 4), "....");
    EXPECT_EQ(row.substr(width - 4), "....");
  }
  const std::string corner[] = {"#######", "#.....#", "#.###.#", "#.###.#",
                                "#.###.#", "#.....#", "#######"};
  for (std::size_t row = 0; row < 7; ++row) {
    EXPECT_EQ(rows[4 + row].substr(4, 7), corner[row]);
    EXPECT_EQ(rows[4 + row].substr(width - 11, 7), corner[row]);
    EXPECT_EQ(rows[width - 11 + row].substr(4, 7), corner[row]);
  }
}

TEST(QrCode, FitsATerminalAndBringsItsColours) {
  const auto lines =
      qr_lines("http://localhost:8471/#/enrol/ABCD-EFGH-2345-6789-ABCDE-FGH23", true);
  ASSERT_TRUE(lines);
  EXPECT_TRUE(lines->starts_with("\x1b[40;97m"));
  EXPECT_TRUE(lines->ends_with("\x1b[0m\n"));
  const auto plain =
      qr_lines("http://localhost:8471/#/enrol/ABCD-EFGH-2345-6789-ABCDE-FGH23", false);
  EXPECT_LE(squares_of(*plain).front().size(), 80U);
}

TEST(QrCode, ATextTooLongIsAnError) {
  EXPECT_TRUE(qr_lines(std::string(300, 'a'), false));
  EXPECT_EQ(qr_lines(std::string(301, 'a'), false).error().code, events::ErrorCode::too_large);
}

}  // namespace
}  // namespace clients
