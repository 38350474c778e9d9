#include "events/archive/json_writer.h"

#include "events/log/private_record.h"

#include <gtest/gtest.h>

#include <string>

namespace events {
namespace {

/// An object with an empty object, an empty list, a list, a row and a list of objects.
std::string an_object(JsonLayout layout) {
  std::string text;
  JsonWriter writer(text, layout);
  writer.begin_object();
  writer.key("none");
  writer.begin_object();
  writer.end();
  writer.key("empty");
  writer.begin_list();
  writer.end();
  writer.key("list");
  writer.begin_list();
  writer.number(std::uint64_t{1});
  writer.number(std::int64_t{-2});
  writer.end();
  writer.key("row");
  writer.begin_row();
  writer.text("a");
  writer.text("b");
  writer.end();
  writer.key("objects");
  writer.begin_list();
  writer.begin_object();
  writer.member("flag", "x");
  writer.key("is");
  writer.boolean(true);
  writer.end();
  writer.null();
  writer.end();
  writer.end();
  return text;
}

// Scripts compare these lines as text.
TEST(JsonWriter, WritesOneLineWithBlanksBehindColonsOnly) {
  EXPECT_EQ(an_object(JsonLayout::one_line),
            R"({"none": {},"empty": [],"list": [1,-2],"row": ["a","b"],)"
            R"("objects": [{"flag": "x","is": true},null]})");
}

// People edit criteria files: a member a line, a row of codes in one.
TEST(JsonWriter, IndentsByTwoBlanksALevel) {
  EXPECT_EQ(an_object(JsonLayout::indented),
            "{\n"
            "  \"none\": {},\n"
            "  \"empty\": [],\n"
            "  \"list\": [\n"
            "    1,\n"
            "    -2\n"
            "  ],\n"
            "  \"row\": [\"a\", \"b\"],\n"
            "  \"objects\": [\n"
            "    {\n"
            "      \"flag\": \"x\",\n"
            "      \"is\": true\n"
            "    },\n"
            "    null\n"
            "  ]\n"
            "}");
}

TEST(JsonWriter, WritesAValueWithoutAnObject) {
  std::string text;
  JsonWriter(text).text("a\"b");
  JsonWriter(text).number(~std::uint64_t{0});
  EXPECT_EQ(text, "\"a\\\"b\"18446744073709551615");
}

// Who has the right to see a record reads it by the names of its fields.
TEST(JsonOutput, WritesAPrivateRecord) {
  PersonRecord person{"Lò Thị Ban", {1984, 3, 0}, 1, "011184000001", "+84912345678"};
  std::string text;
  JsonWriter writer(text);
  JsonOutput archive(writer);
  writer.begin_object();
  person.serialize(archive);
  writer.end();
  EXPECT_EQ(text, R"({"full_name": "Lò Thị Ban","birth": {"year": 1984,"month": 3,"day": 0},)"
                  R"("ethnicity": 1,"id_number": "011184000001","phone": "+84912345678"})");
}

}  // namespace
}  // namespace events
