#include "tests/e2e/commune_setup.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace e2e {
namespace {

namespace json = boost::json;

std::int64_t number(const json::value& object, const char* key) {
  return object.is_object() ? object.as_object().at(key).to_number<std::int64_t>() : -1;
}

/// A registered citizen; the dossier.
std::string register_citizen(const CommuneSetup& setup) {
  setup.commune().record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                          "--cycle", "2026", "--group", "farmer_rural", "--name", "Lò Thị Ánh",
                          "--birth", "1990", "--gender", "female", "--hamlet", "Bản Nà Tấu",
                          "--actor", setup.officer("proxy_entrant")});
  const json::value dossiers = setup.commune().json({"dossiers"});
  if (!dossiers.is_array() || dossiers.as_array().size() != 1) return {};
  return std::string(dossiers.as_array().front().as_object().at("id").as_string());
}

// Somebody acts before the paper that gives the role is typed in.  The act must neither be lost nor
// count: it waits, both sides see it in their inbox with the reason, and a person in charge ends
// it.
TEST(CommandLineHold, ActWithoutTheRoleWaitsInTheInboxUntilSomebodyInChargeRefusesIt) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(HasFailure());
  const CommandLine& commune = setup.commune();
  const CommandLine& admin = setup.admin();
  const std::string dossier = register_citizen(setup);
  ASSERT_FALSE(dossier.empty());

  std::vector<std::string> act{"accept", dossier, "--actor", setup.officer("proxy_entrant")};
  const Finished refused = commune.run(act);
  EXPECT_EQ(refused.exit_code(), 1) << refused.all();
  EXPECT_NE(refused.output.find("A410"), std::string::npos) << refused.output;
  EXPECT_NE(refused.output.find("Việc này do người có vai trò: chi hội trưởng khuyến học"),
            std::string::npos)
      << refused.output;
  act.emplace_back("--without-role");
  EXPECT_FALSE(commune.record(act).empty());
  commune.json({"sync"});
  EXPECT_EQ(number(commune.json({"status"}), "waiting"), 1);

  admin.json({"sync"});
  const json::value inbox = admin.json({"inbox"});
  ASSERT_EQ(inbox.as_array().size(), 1U) << inbox;
  const json::object& waiting = inbox.as_array().front().as_object();
  EXPECT_EQ(waiting.at("stream").as_string(), dossier);
  EXPECT_EQ(waiting.at("verdict").as_object().at("rule").as_string(), "A410") << inbox;
  const std::string position = std::to_string(number(inbox.as_array().front(), "position"));
  const std::string work(waiting.at("event").as_string());
  EXPECT_EQ(admin.run({"release", "việc", "--refuse"}).exit_code(), 2)
      << "neither a place nor an id";
  EXPECT_FALSE(admin.record({"release", work, "--refuse"}).empty());
  const Finished again = admin.run({"release", position});
  EXPECT_EQ(again.exit_code(), 2) << "nothing waits there any more: " << again.all();
  admin.json({"sync"});

  commune.json({"sync"});
  EXPECT_TRUE(commune.json({"inbox"}).as_array().empty());
  const json::value status = commune.json({"status"});
  EXPECT_EQ(number(status, "waiting"), 0);
  EXPECT_EQ(number(status, "refused"), 1);
  // The head of the branch, who has the role, is not in anybody's way.
  EXPECT_FALSE(
      commune.record({"accept", dossier, "--actor", setup.officer("branch_head")}).empty());
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));
}

// A list is no way around the question whether somebody may do this at all.
TEST(CommandLineHold, AUnitFileIsRefusedHereWhenItsReaderHasNoRoleForIt) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(HasFailure());
  const CommandLine& commune = setup.commune();
  const std::filesystem::path file = scratch / "units.csv";
  std::ofstream(file) << "code,name,kind,parent_code,area,valid_from\n"
                         "-moi,Bản Mới,hamlet,03316,rural,2025-07-01\n";
  const json::value before = commune.json({"status"});
  const Finished refused = commune.run(
      {"--json", "unit-import", file.string(), "--actor", setup.officer("proxy_entrant")});
  EXPECT_EQ(refused.exit_code(), 1) << refused.all();
  const json::object answer = json::parse(refused.output).as_object();
  EXPECT_EQ(answer.at("recorded").to_number<int>(), 0);
  EXPECT_EQ(answer.at("verdict").as_object().at("rule").as_string(), "A410");
  EXPECT_EQ(number(commune.json({"status"}), "own_events"), number(before, "own_events"));
  const Finished told =
      commune.run({"unit-import", file.string(), "--actor", setup.officer("proxy_entrant")});
  EXPECT_NE(told.output.find("Vai trò của"), std::string::npos) << told.all();
}

}  // namespace
}  // namespace e2e
