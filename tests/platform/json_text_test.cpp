#include "platform/json_text.h"

#include <gtest/gtest.h>

#include <string>

namespace platform {
namespace {

using events::JsonTree;
using Kind = events::JsonTree::Kind;

constexpr events::JsonLimits limits{"a test", 1'000, 4};

events::Result<JsonTree> read(std::string_view text) { return read_json(text, limits); }

std::string fault_of(std::string_view text) {
  const auto tree = read(text);
  return tree ? "none" : tree.error().message;
}

// Two members of one name are one too many; only who sees both can say so.
TEST(JsonText, KeepsMembersInTheirOrderAndTwice) {
  const auto tree = read(R"({"b": 1, "a": "x", "b": [true, null, {}]})");
  ASSERT_TRUE(tree) << tree.error().message;
  ASSERT_TRUE(tree->is_object());
  EXPECT_EQ(tree->names, (std::vector<std::string>{"b", "a", "b"}));
  ASSERT_EQ(tree->elements.size(), 3U);
  EXPECT_EQ(tree->elements[0].whole_number, 1U);
  EXPECT_EQ(tree->elements[1].text, "x");
  ASSERT_TRUE(tree->elements[2].is_list());
  ASSERT_EQ(tree->elements[2].elements.size(), 3U);
  EXPECT_EQ(tree->elements[2].elements[0].kind, Kind::boolean);
  EXPECT_EQ(tree->elements[2].elements[1].kind, Kind::null);
  EXPECT_TRUE(tree->elements[2].elements[2].is_object());
}

// 1.0 and 1e2 in a score are slips; no program may round them silently.
TEST(JsonText, TellsWholeNumbersFromOthers) {
  EXPECT_EQ(read("18446744073709551615")->whole_number, 18'446'744'073'709'551'615U);
  EXPECT_EQ(read("0")->kind, Kind::whole_number);
  for (const char* const other : {"-1", "1.0", "1e2", "18446744073709551616"}) {
    EXPECT_EQ(read(other)->kind, Kind::other_number) << other;
  }
}

TEST(JsonText, ReadsEscapesAndUtf8) {
  EXPECT_EQ(read(R"("\"\\\/\n\u00e9 \ud834\udd1e")")->text, "\"\\/\n\xC3\xA9 \xF0\x9D\x84\x9E");
  EXPECT_EQ(read("\"Nà Tấu\"")->text, "Nà Tấu");
  EXPECT_TRUE(read("\xEF\xBB\xBF{}")) << "with a byte order mark";
}

TEST(JsonText, NamesThePlaceThatIsNoJson) {
  EXPECT_EQ(fault_of("{\n  \"a\": 1\n  \"b\": 2}"), "line 3, byte 3: this is not JSON in UTF-8");
  EXPECT_EQ(fault_of("{} {}"), "line 1, byte 4: this is not JSON in UTF-8");
  EXPECT_EQ(fault_of(""), "line 1, byte 1: this is not JSON in UTF-8");
  for (const char* const wrong :
       {"[1,]", "{a: 1}", "/* x */ 1", "NaN", "01", "\"\x01\"", "\"\\ud800\"", "\"\xC3\"", "[1"}) {
    EXPECT_NE(fault_of(wrong).find("this is not JSON in UTF-8"), std::string::npos) << wrong;
  }
}

// A file of brackets must not take the stack, nor a large one the memory.
TEST(JsonText, RefusesDepthSizeAndNul) {
  EXPECT_EQ(fault_of("[[[[1]]]]"), "none");
  EXPECT_EQ(fault_of("[[[[[1]]]]]"), "file: brackets nest deeper than 4");
  EXPECT_EQ(fault_of(std::string(1'001, ' ')), "a test is at most 1000 bytes");
  EXPECT_EQ(read(std::string(1'001, ' ')).error().code, events::ErrorCode::too_large);
  EXPECT_EQ(fault_of(std::string_view("\"a\0b\"", 5)), "file: contains NUL");
}

}  // namespace
}  // namespace platform
