#include "tests/e2e/command_line.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/server_child.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>
#include <string>

// The units of a province are taken over 1 July 2025 by the commands, from the open data set.

namespace e2e {
namespace {

namespace json = boost::json;

struct NationalUnits : testing::Test {
  ScratchDirectory scratch;
  ServerChild server{scratch / "server"};
  CommandLine admin{scratch / "admin"};
  std::string basis = "NQ 1661/NQ-UBTVQH15";

  void SetUp() override {
    const std::string source = KHUYENHOC_SOURCE_DIR;
    const std::string command = "python3 '" + source + "/tools/national_units.py' '" + source +
                                "/tests/support/national_units' --province 11 --into '" +
                                (scratch / "files").string() + "' > '" +
                                (scratch / "summary").string() + "'";
    ASSERT_EQ(std::system(command.c_str()), 0);
    const Finished founded =
        admin.run({"init", "--server", server.url(), "--founding-code", server.founding_code(),
                   "--name", "Nguyễn Thị Minh Khai", "--origin", "titles.example/e2e"});
    ASSERT_EQ(founded.exit_code(), 0) << founded.all();
    admin.json({"sync"});
  }
  std::string file(const std::string& name) const { return (scratch / "files" / name).string(); }
  json::array units_on(const std::string& day) const {
    return admin.json({"units", "--on", day}).as_array();
  }
  /// How many units there are of each kind.
  static std::map<std::string, int> kinds(const json::array& units) {
    std::map<std::string, int> counted;
    for (const json::value& unit : units) {
      ++counted[std::string(unit.as_object().at("kind").as_string())];
    }
    return counted;
  }
  /// The names by code, each of which names one unit.
  static std::map<std::string, std::string> codes(const json::array& units) {
    std::map<std::string, std::string> names;
    for (const json::value& unit : units) {
      const std::string code(unit.as_object().at("code").as_string());
      if (code.empty()) continue;
      const bool is_new =
          names.emplace(code, std::string(unit.as_object().at("name").as_string())).second;
      EXPECT_TRUE(is_new) << code << " names two units on one day";
    }
    return names;
  }
};

TEST_F(NationalUnits, GoFromThreeLevelsToTwo) {
  ASSERT_FALSE(HasFailure());
  EXPECT_EQ(admin.json({"unit-import", file("1-before.csv"), "--dry-run"}).at("would_record"), 140);
  EXPECT_EQ(admin.json({"unit-import", file("1-before.csv")}).at("recorded"), 140);
  const Finished taken = admin.run({"--json", "unit-import", file("2-after.csv"), "--dry-run"});
  EXPECT_EQ(taken.exit_code(), 1) << "codes of units that nobody says will end: " << taken.output;

  admin.json({"unit-import", file("2-after.csv"), "--basis", basis, "--closed-from", "2025-07-01"});
  const std::vector<std::string> decree{
      "unit-change", file("3-changes.csv"), "--from", "2025-07-01", "--basis", basis};
  std::vector<std::string> look = decree;
  look.emplace_back("--dry-run");
  const json::value seen = admin.json(look);
  EXPECT_TRUE(seen.at("verdict").is_null()) << seen.at("verdict");
  EXPECT_EQ(seen.at("ends").as_array().size(), seen.at("rows").to_number<std::size_t>());
  std::vector<std::string> record = decree;
  record.emplace_back("--yes");
  const json::value recorded = admin.json(record);
  EXPECT_TRUE(recorded.at("stored").as_bool());
  EXPECT_GT(recorded.at("events").as_array().size(), 1U) << "more rows than one event holds";
  admin.json({"sync"});
  EXPECT_EQ(admin.json({"status"}).at("refused").to_number<int>(), 0);

  const json::array before = units_on("2025-06-30");
  const json::array after = units_on("2025-07-01");
  const auto then = kinds(before);
  EXPECT_EQ(then.at("province"), 1);
  EXPECT_EQ(then.at("district") + then.at("town_district") + then.at("city_provincial"), 10);
  EXPECT_EQ(then.at("commune") + then.at("ward") + then.at("township"), 129);
  auto now = kinds(after);
  EXPECT_EQ(now["district"] + now["town_district"] + now["city_provincial"], 0);
  EXPECT_EQ(now["commune"] + now["ward"] + now["township"], 45);
  EXPECT_GT(now["holding"], 0);

  // The same code names another unit on another day; the same name, too.
  EXPECT_EQ(codes(before).at("03334"), "Xã Thanh Xương");
  EXPECT_EQ(codes(before).at("03136"), "Phường Mường Thanh");
  EXPECT_EQ(codes(after).at("03334"), "Phường Mường Thanh");
  EXPECT_EQ(codes(after).count("03136"), 0U);
  // What is left lies in the province, since the districts' heir is the province.
  std::string province;
  for (const json::value& unit : after) {
    if (unit.at("kind") == "province") province = unit.at("id").as_string();
  }
  for (const json::value& unit : after) {
    if (unit.at("kind") == "province") continue;
    EXPECT_EQ(unit.at("parent").as_string(), province) << unit;
  }
}

}  // namespace
}  // namespace e2e
