#include "tests/support/stored_page.h"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

// A browser that was last opened with an older build: its rows are read by today's code, which
// shows the same and writes what it records in the same form.

namespace clients::web {
namespace {

namespace json = boost::json;
using test_support::Given;

std::string file(const std::string& name) {
  std::ifstream in(KHUYENHOC_SOURCE_DIR "/tests/golden/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string bytes_of_hex(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  for (std::size_t index = 0; index < bytes.size(); ++index) {
    unsigned value = 0;
    std::from_chars(hex.data() + 2 * index, hex.data() + 2 * index + 2, value, 16);
    bytes[index] = static_cast<char>(value);
  }
  return bytes;
}

class PageStore : public ::testing::TestWithParam<const char*> {};

TEST_P(PageStore, AnArchivedOneIsReadAndGoesOnAsBefore) {
  const std::string name = GetParam();
  const std::string rows = file(name + ".bin");
  const json::object recorded = json::parse(file(name + ".json")).as_object();
  test_support::StoredPage page(events::bytes_of(rows),
                                recorded.at("now").to_number<std::uint64_t>());
  EXPECT_TRUE(page.call("open").at("locked").as_bool());
  const std::string master = bytes_of_hex(recorded.at("master").as_string());
  const json::object opened = page.call("unlock", {{"master", master}});
  EXPECT_FALSE(opened.at("locked").as_bool()) << json::serialize(opened);
  EXPECT_TRUE(page.device().needs_whole_module()) << "it has own events";

  for (const json::value& each : recorded.at("calls").as_array()) {
    const json::object& call = each.as_object();
    Given given;
    for (const json::value& field : call.at("fields").as_array()) {
      given.emplace_back(std::string(field.as_array()[0].as_string()),
                         std::string(field.as_array()[1].as_string()));
    }
    const json::object answer = page.call(call.at("call").as_string(), given);
    EXPECT_EQ(test_support::first_missing(call.at("answer"), answer), "")
        << json::serialize(call) << "\nis now\n"
        << json::serialize(answer);
    EXPECT_EQ(page.written(), std::string_view(call.at("written").as_string()))
        << "rows are written otherwise by " << json::serialize(call.at("fields"));
  }
}

INSTANTIATE_TEST_SUITE_P(Archived, PageStore,
                         ::testing::Values("page_store_1", "page_store_1_left_chain"));

}  // namespace
}  // namespace clients::web
