#include "events/text/text_check.h"

#include "events/text/permitted_characters.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include <string>
#include <string_view>

namespace events {
namespace {

// A label with an escape sequence would clear the screens of everybody who lists the devices.
TEST(TextCheck, RefusesWhatNobodySees) {
  EXPECT_EQ(check_text("Giấy khen của xã, số 12/QĐ-UBND", 600, false), std::nullopt);
  EXPECT_EQ(check_text("", 0, false), std::nullopt);
  for (const char* text :
       {"\x1b[2J",     "a\nb",     "a\tb",    "a\x7f",    "a\u0085",  "a\u00adb", "a\u061c",
        "\u200bx",     "\u200dx",  "a\u200e", "a\u202e",  "a\u2028b", "a\u2066",  "\ufeffa",
        "a\U000e0041", "a\u034fb", "a\u3164", "a\u00a0b", "a\ue000",  "a\u0378",  "\U000e01f0"}) {
    EXPECT_EQ(check_text(text, 600, false), TextFault::characters) << escape_text(text, false);
  }
}

// Two readers that disagree about a text disagree about the verdict and so about the log.
TEST(TextCheck, NamesTheFirstFault) {
  EXPECT_EQ(check_text("Lo\u0300", 600, false), TextFault::form);
  EXPECT_EQ(check_text("\xc3", 600, false), TextFault::form);
  EXPECT_EQ(check_text(std::string(601, 'a'), 600, false), TextFault::too_long);
  EXPECT_EQ(check_text(std::string(600, 'a'), 600, false), std::nullopt);
  EXPECT_EQ(check_text("dòng một\ndòng hai", 600, true), std::nullopt);
  EXPECT_EQ(check_text("dòng một\r\ndòng hai", 600, true), TextFault::characters);
}

// What is permitted must not change when the Unicode library does: the log is judged again later.
TEST(TextCheck, PermitsWhatOneVersionOfUnicodeAssigns) {
  if (utf8proc_unicode_version() != std::string_view(text_unicode_version)) {
    GTEST_SKIP() << "the Unicode library has version " << utf8proc_unicode_version();
  }
  const auto permitted = [](utf8proc_int32_t point) {
    switch (utf8proc_category(point)) {
      case UTF8PROC_CATEGORY_CN:
      case UTF8PROC_CATEGORY_CC:
      case UTF8PROC_CATEGORY_CF:
      case UTF8PROC_CATEGORY_CS:
      case UTF8PROC_CATEGORY_CO:
      case UTF8PROC_CATEGORY_ZL:
      case UTF8PROC_CATEGORY_ZP:
        return false;
      case UTF8PROC_CATEGORY_ZS:
        return point == ' ';
      default:
        return point != 0x034F && point != 0x115F && point != 0x1160 && point != 0x3164 &&
               point != 0xFFA0;
    }
  };
  for (utf8proc_int32_t point = 0; point <= 0x10FFFF; ++point) {
    ASSERT_EQ(is_permitted_character(static_cast<char32_t>(point)), permitted(point)) << point;
  }
  EXPECT_FALSE(is_permitted_character(0x110000));
}

// "Đỗ" with the Icelandic letter and a second blank is found by nobody who types it rightly.
TEST(TypedText, IsKeptAsOthersWouldTypeIt) {
  EXPECT_EQ(*clean_typed_text("  \u00d0ỗ \u00a0 Thị\t Đào\u3000"), "Đỗ Thị Đào");
  EXPECT_EQ(*clean_typed_text("\u00f0iêu"), "điêu");
  EXPECT_EQ(*clean_typed_text(" Lo\u0300  Thi\u0323 "), "Lò Thị");
  EXPECT_EQ(*clean_typed_text(" \u00a0 "), "");
  EXPECT_FALSE(clean_typed_text("\xc3"));
}

// Minutes typed on Windows would be refused for their line ends.
TEST(TypedText, KeepsLinesInOneForm) {
  EXPECT_EQ(*clean_typed_text("\r\n một \r\n\r\n hai\rba \n"), "một\n\nhai\nba");
}

// Texts of others reach terminals, pages and logs; there they may say nothing but themselves.
TEST(EscapedText, ShowsWhatItHolds) {
  EXPECT_EQ(escape_text("Lò Thị Mai", false), "Lò Thị Mai");
  EXPECT_EQ(escape_text("\x1b]0;x\x07 \u202e\xc3", false), "\\u{1b}]0;x\\u{7} \\u{202e}\\x{c3}");
  EXPECT_EQ(escape_text("a\nb", true), "a\nb");
  EXPECT_EQ(escape_text("a\nb", false), "a\\u{a}b");
  EXPECT_EQ(escape_text("\xed\xa0\x80", false), "\\x{ed}\\x{a0}\\x{80}");
}

// Programs must read the same text; people must not see it turned around.
TEST(EscapedText, IsTheSameJson) {
  EXPECT_EQ(escape_json("{\"a\": \"Đ\\u001b\u202e\U000e0041\x7f\"}\n"),
            "{\"a\": \"Đ\\u001b\\u202e\\udb40\\udc41\\u007f\"}\n");
}

}  // namespace
}  // namespace events
