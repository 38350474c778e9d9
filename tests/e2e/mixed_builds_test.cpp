#include "tests/e2e/commune_setup.h"
#include "tests/e2e/scratch_directory.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// Programs of two builds: the shipped one, which judges by version 1 of the rules, and one that
// knows version 2 as well (tests/rules_2).  A province is never updated on one day.

namespace e2e {
namespace {

namespace json = boost::json;

constexpr const char* newer_program = "khuyenhoc-rules-2";
constexpr const char* newer_server = "khuyenhoc-server-rules-2";
constexpr const char* newer_audit = "khuyenhoc-audit-rules-2";

class MixedBuilds : public ::testing::Test {
 protected:
  void SetUp() override { setup.run(); }

  CommandLine newer_commune() const { return CommandLine(setup.commune().home(), newer_program); }

  /// Registers somebody, accepts it and gives 60 points, without a piece of evidence: enough for
  /// version 1.  How the sheet ended; the dossier is named by the person.
  Finished score_low(const CommandLine& device, const std::string& name) const {
    device.json({"register", "--consent", "assess", "--confirmed-by", "subject_present", "--actor",
                 setup.officer("proxy_entrant"), "--name", name, "--birth", "1990", "--gender",
                 "female", "--hamlet", "Bản Nà Tấu", "--cycle", "2026", "--group", "farmer_rural"});
    device.json({"accept", name, "--actor", setup.officer("branch_head")});
    return device.run({"score", name, "--scores", "6,6,6,6,6,6,6,6,6,6", "--actor",
                       setup.officer("proxy_entrant")});
  }
  static json::object rules_of(const CommandLine& device) {
    const json::value status = device.json({"status"});
    if (!status.is_object()) return {};
    return status.as_object().at("rules").as_object();
  }
  static std::int64_t number(const json::object& object, const char* key) {
    return object.contains(key) ? object.at(key).to_number<std::int64_t>() : -1;
  }
  static std::int64_t own(const CommandLine& device, const char* key) {
    const json::value status = device.json({"status"});
    return status.is_object() ? number(status.as_object(), key) : -1;
  }
  void expect_audit(const char* program, int exit_code) {
    const Finished audit =
        run_program(program, {"verify", "--data", (scratch.path() / "server").string()});
    EXPECT_EQ(audit.exit_code(), exit_code) << program << ": " << audit.all();
  }

  ScratchDirectory scratch;
  CommuneSetup setup{scratch.path()};
};

// The province updates its server on Monday, the commune its tablet when somebody comes by.
TEST_F(MixedBuilds, ADeviceOneVersionBehindGoesOnRecording) {
  const CommandLine& older = setup.commune();
  EXPECT_EQ(score_low(older, "Lò Thị Ánh").exit_code(), 0);
  older.json({"sync"});
  EXPECT_EQ(own(older, "refused"), 0);
  EXPECT_FALSE(rules_of(older).at("needs_newer_build").as_bool());
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));

  ServerChild updated(scratch.path() / "server", "", {}, newer_server);
  ASSERT_TRUE(updated.listens()) << updated.errors();
  // Offline still: nobody has told it.
  EXPECT_EQ(score_low(older, "Quàng Văn Tuấn").exit_code(), 0) << "by the rules that it has";
  const Finished synced = older.run({"sync", "--server", updated.url()});
  EXPECT_EQ(synced.exit_code(), 0) << synced.all();
  const json::object rules = rules_of(older);
  EXPECT_EQ(number(rules, "log"), 2);
  EXPECT_EQ(number(rules, "device"), 1);
  EXPECT_TRUE(rules.at("needs_newer_build").as_bool());
  EXPECT_EQ(own(older, "refused"), 1) << "the server judged the sheet by the newer rules";
  const Finished status = older.run({"status"});
  EXPECT_NE(status.output.find("cần bản chương trình mới hơn"), std::string::npos) << status.output;

  // It goes on, and the act that both rules allow is accepted.
  const std::int64_t official = own(older, "official");
  setup.register_citizen("Tòng Thị Lả con");
  older.json({"sync", "--server", updated.url()});
  EXPECT_GT(own(older, "official"), official);

  // The tablet is updated: nothing is lost, nothing is asked for any more.
  const CommandLine newer = newer_commune();
  EXPECT_FALSE(rules_of(newer).at("needs_newer_build").as_bool());
  EXPECT_EQ(newer.json({"dossiers"}).as_array().size(), 3U);
  EXPECT_NE(score_low(newer, "Vàng A Sùng con").exit_code(), 0) << "refused on the spot";
  newer.json({"sync", "--server", updated.url()});
  EXPECT_EQ(updated.stop(), (Ending{0, 0}));
  expect_audit(newer_audit, 0);
  const Finished older_audit =
      run_program("khuyenhoc-audit", {"verify", "--data", (scratch.path() / "server").string()});
  EXPECT_NE(older_audit.exit_code(), 0) << "it must not call verified what it cannot judge";
  EXPECT_NE(older_audit.all().find("newer build"), std::string::npos) << older_audit.all();
}

// An older server than its log would judge by rules that nobody follows any more.
TEST_F(MixedBuilds, AnOlderServerRefusesALogOfNewerRules) {
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));
  {
    ServerChild updated(scratch.path() / "server", "", {}, newer_server);
    ASSERT_TRUE(updated.listens()) << updated.errors();
    EXPECT_EQ(updated.stop(), (Ending{0, 0}));
  }
  ServerChild older(scratch.path() / "server");
  EXPECT_FALSE(older.listens());
  EXPECT_NE(older.errors().find("rules 2"), std::string::npos) << older.errors();
}

// The tablet was updated first: it judges as the server does, by the rules of the log.
TEST_F(MixedBuilds, ADeviceOneVersionAheadJudgesByTheRulesOfTheLog) {
  const CommandLine newer = newer_commune();
  EXPECT_EQ(score_low(newer, "Lò Thị Ánh").exit_code(), 0) << "version 1 is in force";
  newer.json({"sync"});
  EXPECT_EQ(own(newer, "refused"), 0);
  const json::object rules = rules_of(newer);
  EXPECT_EQ(number(rules, "log"), 1);
  EXPECT_EQ(number(rules, "device"), 2);
  EXPECT_FALSE(rules.at("needs_newer_build").as_bool());
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));
  expect_audit("khuyenhoc-audit", 0);
  expect_audit(newer_audit, 0);
}

}  // namespace
}  // namespace e2e
