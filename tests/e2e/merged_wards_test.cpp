#include "tests/e2e/merged_wards.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

// SC4 of docs/domain.md, assertion by assertion, with real programs: a ward is merged while its
// device is offline, and elsewhere another ward takes its name.

namespace e2e {
namespace {

namespace json = boost::json;

constexpr int depends_on = 1;
constexpr int unit_closed = 7;
constexpr const char* old_hamlet = "Tổ dân phố 1";

struct MergedWardsTest : testing::Test {
  MergedWards scene;

  json::value change(std::vector<std::string> more) const {
    std::vector<std::string> words{"unit-change", scene.decree_file(),
                                   "--from",      MergedWards::decree_day,
                                   "--basis",     "NQ 1661/NQ-UBTVQH15"};
    words.insert(words.end(), more.begin(), more.end());
    return scene.admin().json(words);
  }
  /// The decree enters the log in the last days of June; the clerk of the new ward is appointed.
  void decree() {
    scene.go_to("2027-06-25");
    scene.sync(scene.admin());
    scene.import_new_units();
    change({"--yes"});
    scene.grant(MergedWards::new_clerk, "commune_clerk", "Phường Điện Biên Phủ",
                MergedWards::decree_day);
    scene.grant(MergedWards::new_clerk, "proxy_entrant", "Phường Điện Biên Phủ",
                MergedWards::decree_day);
    scene.sync(scene.admin());
  }
  /// What B01 counts as registered in a unit; -1: the unit has no line.
  std::int64_t registered(const CommandLine& device, const std::string& unit,
                          std::vector<std::string> options) const {
    return sum_of(device, "B01", unit, "registered", std::move(options));
  }
  std::int64_t sum_of(const CommandLine& device, const char* report, const std::string& unit,
                      const char* column, std::vector<std::string> options) const {
    options.insert(options.begin(), "stats");
    const json::value answer = device.json(options);
    std::int64_t sum = -1;
    if (!answer.is_object() || !answer.as_object().contains(report)) return sum;
    for (const json::value& row : answer.at(report).at("rows").as_array()) {
      const json::object& fields = row.as_object();
      if (!fields.at("unit").is_string() || fields.at("unit").as_string() != unit) continue;
      if (fields.at("line").as_string() == "Cộng" || std::string(report) == "B14") {
        sum = fields.at(column).to_number<std::int64_t>();
      }
    }
    return sum;
  }
};

TEST_F(MergedWardsTest, TheNewWardGoesOnAndTheOldOneIsHeldForIt) {
  ASSERT_FALSE(HasFailure());
  const CommandLine& old_device = scene.muong_thanh();
  // Before 20 June: one dossier has its decision, one is open, and one is open in Him Lam.
  const std::string granted = scene.grant_title("Lò Thị Mai");
  const std::string open =
      scene.register_citizen(old_device, MergedWards::entrant, "Quàng Văn Một", old_hamlet);
  scene.sync(old_device);
  const std::string of_him_lam = scene.register_citizen(
      scene.him_lam(), MergedWards::him_lam_entrant, "Lò Thị Nhung", "Tổ dân phố Him Lam 1");
  scene.sync(scene.him_lam());
  const std::string old_ward = scene.unit("03136", "2027-06-30");
  decree();
  ASSERT_FALSE(HasFailure());
  const std::string new_ward = scene.unit("03127", "2027-07-01");
  const std::string namesake = scene.unit("03334", "2027-07-01");
  EXPECT_NE(namesake, scene.unit("03334", "2027-06-30"));

  // 1. On 28 June, offline: three registrations.
  scene.go_to("2027-06-28");
  for (const char* name : {"Cà Thị Ánh", "Cà Thị Bình", "Cà Thị Chung"}) {
    scene.register_citizen(old_device, MergedWards::entrant, name, old_hamlet);
  }

  // The new ward's device holds the open dossiers of both old wards on the first day, offline.
  scene.go_to("2027-07-01");
  scene.enrol(scene.new_ward(), MergedWards::new_clerk);
  ASSERT_EQ(scene.server().stop(), (Ending{0, 0}));
  const auto held_there = scene.rows(scene.new_ward(), {"dossiers"});
  EXPECT_TRUE(held_there.contains(open));
  EXPECT_TRUE(held_there.contains(of_him_lam));
  EXPECT_FALSE(scene
                   .by(scene.new_ward(), MergedWards::new_clerk,
                       {"evidence", open, "--kind", "certificate", "--indicators", "A1",
                        "--document-date", "2027-06-01", "--what", "Chứng chỉ tin học"})
                   .empty());

  // 2. On 5 July, still offline: two registrations that name the old ward.
  scene.go_to("2027-07-05");
  for (const char* name : {"Cà Thị Dung", "Cà Thị Én"}) {
    scene.register_citizen(old_device, MergedWards::entrant, name, old_hamlet);
  }

  // 3. They arrive on 15 July.
  scene.go_to("2027-07-15");
  scene.sync(scene.new_ward());
  scene.sync(old_device);
  const json::value status = old_device.json({"status"});
  EXPECT_EQ(status.at("refused").to_number<int>(), 0) << status;
  EXPECT_GT(status.at("waiting").to_number<int>(), 0) << status;

  scene.sync(scene.new_ward());
  const json::value inbox = scene.new_ward().json({"inbox"});
  ASSERT_FALSE(inbox.as_array().empty());
  for (const json::value& row : inbox.as_array()) {
    const json::value& verdict = row.at("verdict");
    const bool is_registration = row.at("type") == "DossierRegistered";
    EXPECT_EQ(verdict.at("rule").as_string(), is_registration ? "O402" : "V04") << row;
    EXPECT_EQ(verdict.at("hold").to_number<int>(), is_registration ? depends_on : unit_closed)
        << row;
  }
  const Finished told = scene.new_ward().run({"inbox"});
  EXPECT_NE(told.output.find("Đơn vị kế tiếp: Phường Điện Biên Phủ"), std::string::npos)
      << told.output;

  // The three are there; of the two nothing counts, and nothing landed in the namesake.
  const std::vector<std::string> now{"--on", "2027-07-15", "--rebased"};
  EXPECT_EQ(registered(scene.new_ward(), new_ward, now), 6);
  scene.sync(scene.admin());
  EXPECT_EQ(registered(scene.admin(), namesake, now), 0);

  // The new ward's clerk lets them pass: person, dossier and registration of each of the two.
  std::size_t released = 0;
  for (json::value waiting = inbox; !waiting.as_array().empty() && released < 10; ++released) {
    const std::string work(waiting.as_array().front().at("event").as_string());
    EXPECT_FALSE(scene.by(scene.new_ward(), MergedWards::new_clerk, {"release", work}).empty());
    scene.sync(scene.new_ward());
    waiting = scene.new_ward().json({"inbox"});
  }
  EXPECT_EQ(released, inbox.as_array().size());
  EXPECT_EQ(registered(scene.new_ward(), new_ward, now), 8);

  // The device receives the change; its officer's role in the old ward ended on 30 June.
  scene.sync(old_device);
  EXPECT_TRUE(scene.rows(old_device, {"units", "--on", "2027-07-15"}).contains(new_ward));
  EXPECT_FALSE(scene.rows(old_device, {"units", "--on", "2027-07-15"}).contains(old_ward));
  const Finished ended = old_device.run(
      {"register", "--consent", "assess", "--confirmed-by", "subject_present", "--cycle", "2027",
       "--group", "farmer_rural", "--name", "Cà Thị Giang", "--birth", "1991", "--hamlet",
       old_hamlet, "--actor", scene.officer(MergedWards::entrant)});
  EXPECT_EQ(ended.exit_code(), 1) << ended.all();
  // With a grant in the new ward it goes on, and learns what became of its work.
  scene.sync(scene.admin());
  scene.grant(MergedWards::entrant, "proxy_entrant", "Phường Điện Biên Phủ",
              MergedWards::decree_day);
  scene.sync(scene.admin());
  scene.sync(old_device);
  EXPECT_EQ(old_device.json({"status"}).at("waiting").to_number<int>(), 0);

  // AS_OF 30 June shows the old ward with its count, REBASED shows it under the new one.
  scene.sync(scene.admin());
  EXPECT_EQ(registered(scene.admin(), old_ward, {"--on", "2027-06-30"}), 5);
  EXPECT_EQ(registered(scene.admin(), old_ward, {"--on", "2027-07-01", "--rebased"}), -1);
  EXPECT_EQ(registered(scene.admin(), new_ward, {"--on", "2027-07-01", "--rebased"}), 8);
  EXPECT_EQ(
      sum_of(scene.admin(), "B14", old_ward, "unallocated", {"--on", "2027-07-01", "--rebased"}),
      0);

  // Decisions of June keep the old issuer.
  std::string issuer;
  for (const auto& [id, row] : scene.rows(scene.admin(), {"organisations"})) {
    if (row.at("name").as_string() == "UBND phường Mường Thanh") issuer = id;
  }
  std::size_t decisions = 0;
  const json::value history = scene.admin().json({"history", granted});
  for (const json::value& row : history.as_array()) {
    if (row.at("type") != "DecisionIssued") continue;
    ++decisions;
    EXPECT_NE(json::serialize(row.at("payload")).find("\"" + issuer + "\""), std::string::npos)
        << row;
  }
  EXPECT_EQ(decisions, 1U);
  EXPECT_EQ(scene.rows(scene.admin(), {"dossiers"}).at(granted).at("state").as_string(),
            "recognized");
}

// What would happen is said before anything is recorded; a decree with a bad line records nothing.
TEST_F(MergedWardsTest, ADecreeIsLookedAtFirst) {
  ASSERT_FALSE(HasFailure());
  scene.register_citizen(scene.muong_thanh(), MergedWards::entrant, "Quàng Văn Một", old_hamlet);
  scene.sync(scene.muong_thanh());
  scene.go_to("2027-06-25");
  scene.sync(scene.admin());
  scene.import_new_units();
  const json::value before = scene.admin().json({"status"});
  const json::value seen = change({"--dry-run"});
  EXPECT_EQ(seen.at("ends").as_array().size(), 6U);
  EXPECT_EQ(seen.at("dossiers").as_array().size(), 1U) << seen;
  EXPECT_EQ(seen.at("dossiers").as_array().front().at("open").to_number<int>(), 1);
  EXPECT_EQ(seen.at("roles").as_array().size(), 6U);
  EXPECT_TRUE(seen.at("verdict").is_null()) << seen;
  const Finished unseen = scene.admin().run({"unit-change", scene.decree_file(), "--from",
                                             MergedWards::decree_day, "--basis", "NQ 1661"});
  EXPECT_EQ(unseen.exit_code(), 2) << unseen.all();

  const std::string wrong = scene.write("wrong.csv",
                                        "from,to,hamlets\n03136,03127,\n03136,03334,\n"
                                        "03127,99999,\nkhông có,03127,\n");
  const Finished refused =
      scene.admin().run({"--json", "unit-change", wrong, "--from", MergedWards::decree_day,
                         "--basis", "NQ 1661", "--yes"});
  EXPECT_EQ(refused.exit_code(), 1) << refused.all();
  const json::value bad = json::parse(refused.output);
  ASSERT_EQ(bad.at("bad").as_array().size(), 3U) << bad;
  EXPECT_EQ(bad.at("bad").at(0).at("line").to_number<int>(), 3);
  EXPECT_EQ(bad.at("bad").at(1).at("line").to_number<int>(), 4);
  EXPECT_EQ(bad.at("bad").at(1).at("column").as_string(), "to");
  EXPECT_EQ(bad.at("bad").at(2).at("column").as_string(), "from");
  EXPECT_EQ(scene.admin().json({"status"}).at("own_events"), before.at("own_events"));

  // With the roles of those whose unit ends, but for one, in one step.
  const std::string left_out(seen.at("roles").at(0).at("grant").as_string());
  const json::value recorded = change({"--grant-successors", "--without", left_out, "--yes"});
  EXPECT_EQ(recorded.at("events").as_array().size(), 1U + 5U) << recorded;
  scene.sync(scene.admin());
  EXPECT_EQ(scene.admin().json({"status"}).at("refused").to_number<int>(), 0);
}

// The variant: of a part of the ward nobody knows where it goes.
TEST_F(MergedWardsTest, WhatNobodyCanAllocateIsALineOfItsOwn) {
  ASSERT_FALSE(HasFailure());
  scene.register_citizen(scene.muong_thanh(), MergedWards::entrant, "Quàng Văn Một", old_hamlet);
  scene.register_citizen(scene.muong_thanh(), MergedWards::entrant, "Quàng Văn Hai",
                         "Tổ dân phố 2");
  scene.sync(scene.muong_thanh());
  scene.go_to("2027-06-25");
  scene.sync(scene.admin());
  const std::string old_ward = scene.unit("03136", "2027-06-30");
  scene.import_new_units();
  scene.admin().json({"unit-import", scene.write("holding.csv",
                                                 "code,name,kind,parent_code,area,valid_from\n"
                                                 "-h,Chưa phân bổ: Phường Mường Thanh,holding,11,"
                                                 "unknown,2027-07-01\n")});
  const std::string split = scene.write("split.csv",
                                        "from,to,hamlets\n03136,Phường Điện Biên Phủ,Tổ dân phố 1\n"
                                        "03136,Chưa phân bổ: Phường Mường Thanh,\n");
  scene.admin().json(
      {"unit-change", split, "--from", MergedWards::decree_day, "--basis", "NQ 1661", "--yes"});
  scene.sync(scene.admin());
  scene.go_to("2027-07-02");
  scene.sync(scene.admin());
  const std::vector<std::string> rebased{"--on", "2027-07-01", "--rebased"};
  const std::string new_ward = scene.unit("03127", "2027-07-01");
  EXPECT_EQ(registered(scene.admin(), new_ward, rebased), 1);
  EXPECT_EQ(sum_of(scene.admin(), "B14", old_ward, "dossiers", rebased), 2);
  EXPECT_EQ(sum_of(scene.admin(), "B14", old_ward, "unallocated", rebased), 1);
  const Finished told = scene.admin().run({"stats", "--on", "2027-07-01", "--rebased"});
  EXPECT_NE(told.output.find("Chưa phân bổ"), std::string::npos) << told.output;
}

TEST_F(MergedWardsTest, AUnitIsRenamedAndClosedFromADay) {
  ASSERT_FALSE(HasFailure());
  const CommandLine& admin = scene.admin();
  const std::string ward = scene.unit("03124", "2027-06-18");
  const auto on = [&](const std::string& day) { return scene.rows(admin, {"units", "--on", day}); };
  admin.record({"unit-rename", "03124", "--name", "Phường Noong Bua Mới", "--code=03199", "--from",
                "2027-06-20", "--basis", "NQ 12"});
  EXPECT_EQ(on("2027-06-19").at(ward).at("name").as_string(), "Phường Noong Bua");
  EXPECT_EQ(on("2027-06-20").at(ward).at("name").as_string(), "Phường Noong Bua Mới");
  EXPECT_EQ(scene.unit("03199", "2027-06-20"), ward);
  const Finished taken = admin.run(
      {"unit-rename", "03199", "--code=03127", "--from", "2027-06-21", "--basis", "NQ 13"});
  EXPECT_EQ(taken.exit_code(), 2) << taken.all();
  EXPECT_NE(taken.errors.find("Phường Him Lam"), std::string::npos) << taken.errors;

  std::vector<std::string> close{"unit-close",  "Tổ dân phố 2", "--from",  "2027-06-20",
                                 "--successor", old_hamlet,     "--basis", "NQ 17"};
  EXPECT_EQ(admin.run(close).exit_code(), 2) << "nobody looked at it";
  const std::size_t before = on("2027-06-20").size();
  close.emplace_back("--yes");
  EXPECT_FALSE(admin.record(close).empty());
  EXPECT_EQ(on("2027-06-19").size(), before);
  EXPECT_EQ(on("2027-06-20").size(), before - 1);
  EXPECT_EQ(scene.rows(admin, {"units", "--on", "2027-06-20", "--closed"}).size(), before);
  scene.sync(admin);
  EXPECT_EQ(admin.json({"status"}).at("refused").to_number<int>(), 0);
}

}  // namespace
}  // namespace e2e
