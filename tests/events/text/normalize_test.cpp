#include "events/text/normalize.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace events {
namespace {

using namespace std::string_view_literals;

std::string utf8_of(char32_t point) {
  const auto tail = [point](unsigned shift) {
    return static_cast<char>(0x80U | ((static_cast<unsigned>(point) >> shift) & 0x3fU));
  };
  const auto head = [point](unsigned mark, unsigned shift) {
    return static_cast<char>(mark | (static_cast<unsigned>(point) >> shift));
  };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {head(0xc0, 6), tail(0)};
  if (point < 0x10000) return {head(0xe0, 12), tail(6), tail(0)};
  return {head(0xf0, 18), tail(12), tail(6), tail(0)};
}

std::string nfc_of(std::string_view text) {
  const Result<std::string> normalized = to_nfc(text);
  EXPECT_TRUE(normalized) << text;
  return normalized ? *normalized : std::string();
}

// "Lò Thị Mai" typed on a Mac and on a PC would be two persons.
TEST(Normalize, ComposesDecomposedVietnamese) {
  const std::string_view composed = "L\u00f2 Th\u1ecb Mai";
  const std::string_view decomposed = "Lo\u0300 Thi\u0323 Mai";
  EXPECT_EQ(nfc_of(decomposed), composed);
  EXPECT_FALSE(is_nfc(decomposed));
  EXPECT_TRUE(is_nfc(composed));
}

// Keyboards differ in the order of the marks; ệ would have three spellings in the log.
TEST(Normalize, ComposesTwoMarksInAnyOrder) {
  const std::string_view composed = "\u1ec7";
  for (const std::string_view spelling :
       {"\u1ec7"sv, "e\u0323\u0302"sv, "e\u0302\u0323"sv, "\u00ea\u0323"sv, "\u1eb9\u0302"sv}) {
    SCOPED_TRACE(spelling);
    EXPECT_EQ(nfc_of(spelling), composed);
    EXPECT_EQ(is_nfc(spelling), spelling == composed);
  }
}

// Signed text would change when it is read back, and its signature break.
TEST(Normalize, LeavesNormalTextAsItIs) {
  for (const std::string_view text : {""sv, "Y Blo"sv, "Y Blô"sv, "Ka Brẽm"sv, "Giàng A Pó"sv,
                                      "Lầu Thị Mỷ"sv, "12/QĐ-UBND"sv, "đ\u0331"sv, "한글 字"sv}) {
    SCOPED_TRACE(text);
    EXPECT_TRUE(is_nfc(text));
    EXPECT_EQ(nfc_of(text), text);
  }
}

// A browser that normalizes by its own library would refuse what the server accepts.
TEST(Normalize, FollowsTheRulesOfUnicodeBeyondVietnamese) {
  EXPECT_EQ(nfc_of("\u212b"), "\u00c5");              // A singleton, the Ångström sign.
  EXPECT_EQ(nfc_of("\u0958"), "\u0915\u093c");        // Excluded from composition.
  EXPECT_EQ(nfc_of("\u1112\u1161\u11ab"), "\ud55c");  // Hangul by its formula.
  EXPECT_EQ(nfc_of("a\u0315\u0300\u05ae\u0300b"), "\u00e0\u05ae\u0300\u0315b");  // Reordered.
  EXPECT_EQ(nfc_of("\ufb01"), "\ufb01");  // Compatibility forms stay.
}

// The short cut for common letters would let text pass that is not NFC.
TEST(Normalize, ShortCutAgreesWithTheFullAlgorithm) {
  for (char32_t point = 1; point <= 0x1eff; ++point) {
    if (point == 0x300) point = 0x1e00;
    SCOPED_TRACE(static_cast<unsigned>(point));
    const std::string letter = utf8_of(point);
    ASSERT_TRUE(is_nfc(letter));
    // The decomposed ê forces the full algorithm on the whole text.
    ASSERT_EQ(nfc_of("e" + letter + "e\u0302"), "e" + letter + "\u00ea");
  }
}

const std::vector<std::string_view> not_utf8 = {
    "\x80"sv,              // A continuation without a beginning.
    "\xc3"sv,              // A beginning without its continuation.
    "\xe1\xbb"sv,          // Cut inside a letter.
    "\xc3\x28"sv,          // The continuation is not one.
    "\xc0\xaf"sv,          // Overlong "/".
    "\xc1\xbf"sv,          // Overlong.
    "\xe0\x80\xaf"sv,      // Overlong "/".
    "\xe0\x9f\xbf"sv,      // Overlong.
    "\xf0\x80\x80\xaf"sv,  // Overlong "/".
    "\xf0\x8f\xbf\xbf"sv,  // Overlong.
    "\xc0\x80"sv,          // Overlong NUL.
    "\xed\xa0\x80"sv,      // The first surrogate.
    "\xed\xbf\xbf"sv,      // The last surrogate.
    "\xf4\x90\x80\x80"sv,  // U+110000.
    "\xf5\x80\x80\x80"sv,  // A byte that never occurs.
    "\xfe"sv,              // A byte that never occurs.
    "\xff"sv,              // A byte that never occurs.
};

// Bytes that other readers refuse or read differently would be signed and stored for ever.
TEST(Normalize, RefusesInvalidUtf8WhereverItStands) {
  for (const std::string_view bad : not_utf8) {
    for (const std::string_view before : {""sv, "Lò "sv, "e\u0302"sv}) {
      for (const std::string_view after : {""sv, " Mai"sv, "\u1ecb"sv}) {
        const std::string text = std::string(before).append(bad).append(after);
        SCOPED_TRACE(testing::PrintToString(text));
        EXPECT_FALSE(is_valid_utf8(text));
        EXPECT_FALSE(is_nfc(text));
        EXPECT_FALSE(is_valid_person_name(text));
        const Result<std::string> normalized = to_nfc(text);
        ASSERT_FALSE(normalized);
        EXPECT_EQ(normalized.error().code, ErrorCode::malformed);
      }
    }
  }
}

// Programs in C, and printed documents, would show only the part of a text before its NUL.
TEST(Normalize, RefusesNul) {
  for (const std::string_view text : {"\0"sv, "Lo\0 Mai"sv, "Lò\0"sv, "e\u0302\0"sv}) {
    SCOPED_TRACE(testing::PrintToString(text));
    EXPECT_FALSE(is_nfc(text));
    ASSERT_FALSE(to_nfc(text));
    EXPECT_EQ(to_nfc(text).error().code, ErrorCode::malformed);
  }
}

// A letter at the edge of its length class would be refused in somebody's name.
TEST(Normalize, AcceptsEveryScalarValueAsUtf8) {
  for (char32_t point = 0; point <= 0x10ffff; ++point) {
    if (point == 0xd800) point = 0xe000;
    const std::string text = utf8_of(point);
    ASSERT_TRUE(is_valid_utf8(text)) << static_cast<unsigned>(point);
    ASSERT_EQ(code_point_count(text), 1U) << static_cast<unsigned>(point);
  }
}

// A limit counted in bytes would give a Vietnamese name a third of its length.
TEST(Normalize, CountsCodePointsAndNotBytes) {
  EXPECT_EQ(code_point_count(""), 0U);
  EXPECT_EQ(code_point_count("Mai"), 3U);
  EXPECT_EQ(code_point_count("L\u00f2 Th\u1ecb"), 6U);
  EXPECT_EQ(code_point_count("\U0001f600"), 1U);
}

// A person whose name is written like this could not be registered at all.
TEST(PersonName, AcceptsTheNamesOfAllPeoples) {
  for (const std::string_view name :
       {"Lò Thị Mai"sv, "Lo\u0300 Thi\u0323 Mai"sv, "H'Nie"sv, "H\u2019Nie"sv, "H\u02bcNie"sv,
        "Y Blô"sv, "Ka Brẽm"sv, "Giàng A Pó"sv, "Lầu Thị Mỷ"sv, "Ksor H-Lan"sv, "Ksor H\u2010Lan"sv,
        "Nguyễn Văn A."sv, "Đ"sv, "Thạch Sa\u0331ng"sv, "ꪶꪕ"sv}) {
    SCOPED_TRACE(name);
    EXPECT_TRUE(is_valid_person_name(name));
  }
}

// A slip of the hand, an identity number for example, would be printed on a certificate.
TEST(PersonName, RefusesWhatNoNameContains) {
  for (const std::string_view name : {""sv,
                                      " "sv,
                                      "'"sv,
                                      "\u02bc"sv,
                                      "-"sv,
                                      "."sv,
                                      "\u0300"sv,
                                      "Mai 2"sv,
                                      "Mai \u0662"sv,
                                      "Mai\u00b2"sv,
                                      "Mai\u2167"sv,
                                      "Mai,"sv,
                                      "Mai_"sv,
                                      "Mai/Lan"sv,
                                      "Mai\tLan"sv,
                                      "Mai\nLan"sv,
                                      "Mai\u00a0Lan"sv,
                                      "Mai\u200bLan"sv,
                                      "Mai\u202eLan"sv,
                                      "Mai\u2014Lan"sv,
                                      "\"Mai\""sv,
                                      "Mai \U0001f600"sv,
                                      "Mai\ue000"sv,
                                      "<b>Mai</b>"sv,
                                      "Mai\0"sv}) {
    SCOPED_TRACE(testing::PrintToString(std::string(name)));
    EXPECT_FALSE(is_valid_person_name(name));
  }
}

// A name of 100 letters would be refused or accepted depending on the keyboard it came from.
TEST(PersonName, IsMeasuredAfterComposition) {
  std::string decomposed;
  for (int i = 0; i < 100; ++i) decomposed += "e\u0323\u0302";
  EXPECT_TRUE(is_valid_person_name(decomposed));
  EXPECT_TRUE(is_valid_person_name(std::string(100, 'a')));
  EXPECT_FALSE(is_valid_person_name(decomposed + "a"));
  EXPECT_FALSE(is_valid_person_name(std::string(101, 'a')));
}

}  // namespace
}  // namespace events
