#include "clients/cli/output/output.h"
#include "clients/cli/output/text_errors.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace clients {
namespace {

// "A field is longer than its limit" tells nobody which of eight options to shorten, nor by how
// much.
TEST(BadTextError, NamesOptionLengthAndBound) {
  const events::Error error = bad_text_error({events::TextFault::too_long, "basis", 900, 300, 600});
  EXPECT_EQ(error.code, events::ErrorCode::invalid_argument);
  EXPECT_EQ(
      error.message,
      "Mục “--basis” (căn cứ) dài 900 byte (khoảng 300 chữ), tối đa 600 byte (khoảng 200 chữ); "
      "hãy viết ngắn lại.");
  EXPECT_NE(bad_text_error({events::TextFault::characters, "where_kept", 3, 2, 400})
                .message.find("“--kept” (nơi lưu)"),
            std::string::npos);
  EXPECT_NE(bad_text_error({events::TextFault::characters, "label_vi", 3, 2, 200})
                .message.find("“tên gọi” có ký tự"),
            std::string::npos);
}

// A label of another device must not clear the screen or look like another row.
TEST(Output, ShowsTextsOfOthersEscaped) {
  Listing listing;
  listing.columns = {{"id", "Mã"}, {"label", "Tên"}};
  listing.rows = {{"1.9", "\x1b[2J\n1.9 6 Giả\u202e"}};
  std::ostringstream table;
  print_table(table, listing);
  EXPECT_EQ(table.str(), "Mã   Tên\n1.9  \\u{1b}[2J\\u{a}1.9 6 Giả\\u{202e}\n");

  std::ostringstream json;
  print_json(json, json_of(listing));
  EXPECT_EQ(json.str(), "[{\"id\":\"1.9\",\"label\":\"\\u001b[2J\\n1.9 6 Giả\\u202e\"}]\n");

  std::ostringstream line;
  print(line, "\r{} {}\n", std::string("Máy\x1b[2J"), 7);
  EXPECT_EQ(line.str(), "\rMáy\\u{1b}[2J 7\n");
}

}  // namespace
}  // namespace clients
