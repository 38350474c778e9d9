#include "tests/e2e/commune_setup.h"
#include "tests/e2e/scratch_directory.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// What people type is what is kept: nothing is filled in, several dossiers are looked at first, and
// what has not left the device can be taken back.

namespace e2e {
namespace {

namespace json = boost::json;

class CommandLineActs : public ::testing::Test {
 protected:
  void SetUp() override { setup.run(); }

  Finished run(const std::string& role, std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--actor", setup.officer(role)});
    return setup.commune().run(std::move(arguments));
  }
  std::vector<std::string> registration(const std::string& name) const {
    return {"register", "--cycle", "2026",       "--group",  "farmer_rural", "--name",
            name,       "--birth", "12/03/1990", "--hamlet", "Bản Nà Tấu"};
  }
  static std::vector<std::string> with(std::vector<std::string> arguments,
                                       const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::size_t rows(const std::string& list) const {
    return setup.commune().json({list}).as_array().size();
  }
  void register_person(const std::string& name) const {
    const Finished done = run("proxy_entrant", with(registration(name), said));
    ASSERT_EQ(done.exit_code(), 0) << done.all();
  }

  const std::vector<std::string> said{"--consent", "assess,statistics", "--confirmed-by",
                                      "subject_present"};
  ScratchDirectory scratch;
  CommuneSetup setup{scratch.path()};
};

// "basis":1,"consent_purposes":5,"confirmation":1 stood in the log, and nobody had said it.
TEST_F(CommandLineActs, ConsentIsNeverInvented) {
  const Finished nothing_said = run("proxy_entrant", registration("Lò Thị Ánh"));
  EXPECT_EQ(nothing_said.exit_code(), 2) << nothing_said.all();
  for (const char* named : {"V30", "--consent", "--confirmed-by"}) {
    EXPECT_NE(nothing_said.errors.find(named), std::string::npos) << nothing_said.errors;
  }
  const Finished no_witness = run(
      "proxy_entrant", with(registration("Lò Thị Ánh"), {"--consent", "assess", "--confirmed-by",
                                                         "witness", "--proxy", "elderly"}));
  EXPECT_EQ(no_witness.exit_code(), 2) << no_witness.all();
  EXPECT_NE(no_witness.errors.find("--witness"), std::string::npos) << no_witness.errors;
  EXPECT_EQ(rows("dossiers"), 0U);
  for (const auto& wrong : std::vector<std::vector<std::string>>{{"--id-number", "01109000012"},
                                                                 {"--phone", "gọi tôi"},
                                                                 {"--ethnicity", "77"},
                                                                 {"--place", ""}}) {
    const Finished refused =
        run("proxy_entrant", with(with(registration("Lò Thị Ánh"), said), wrong));
    EXPECT_EQ(refused.exit_code(), 2) << wrong.front() << refused.all();
  }
  EXPECT_EQ(rows("dossiers"), 0U);
}

// The same citizen at two tables was two people in B01.
TEST_F(CommandLineActs, SomebodyWhoIsHereAlreadyIsNoticed) {
  register_person("Giàng A Páo");
  const Finished twice = run("proxy_entrant", with(registration("giàng a páo"), said));
  EXPECT_EQ(twice.exit_code(), 1) << twice.all();
  EXPECT_NE(twice.output.find("Giống"), std::string::npos) << twice.output;
  EXPECT_NE(twice.output.find("--person"), std::string::npos) << twice.output;
  EXPECT_EQ(rows("dossiers"), 1U);
  const Finished other =
      run("proxy_entrant", with(with(registration("Giàng A Páo"), said), {"--new"}));
  EXPECT_EQ(other.exit_code(), 0) << other.all();
  EXPECT_EQ(setup.commune().json({"people", "--duplicates"}).as_array().size(), 1U);
}

// An act on all went through without anybody seeing whom it was about.
TEST_F(CommandLineActs, SeveralDossiersAreLookedAtFirst) {
  register_person("Lò Thị Ánh");
  register_person("Quàng Văn Một");
  const Finished unseen = run("branch_head", {"accept", "--all"});
  EXPECT_EQ(unseen.exit_code(), 2) << unseen.all();
  EXPECT_NE(unseen.output.find("Quàng Văn Một"), std::string::npos) << unseen.output;
  const Finished looked = run("branch_head", {"accept", "--all", "--dry-run"});
  EXPECT_EQ(looked.exit_code(), 0) << looked.all();
  const json::value dossiers = setup.commune().json({"dossiers"});
  for (const json::value& row : dossiers.as_array()) {
    EXPECT_EQ(row.as_object().at("state").as_string(), "registered");
  }
  EXPECT_EQ(run("branch_head", {"accept", "--all", "--yes"}).exit_code(), 0);
}

TEST_F(CommandLineActs, ASheetIsWholeAndCanBeRedoneBeforeTheReview) {
  register_person("Lò Thị Ánh");
  ASSERT_EQ(run("branch_head", {"accept", "--all", "--yes"}).exit_code(), 0);
  const std::string dossier(
      setup.commune().json({"dossiers"}).as_array().front().as_object().at("id").as_string());
  EXPECT_EQ(run("proxy_entrant", {"score", dossier, "--scores", "A1=8,A2=8"}).exit_code(), 2);
  const Finished first =
      run("proxy_entrant", {"score", dossier, "--scores", "7,5 8 8 8 8 8 8 8 8 8"});
  ASSERT_EQ(first.exit_code(), 0) << first.all();
  EXPECT_NE(first.output.find("tổng 79,5, cần 80: không đủ (79,5 < 80)"), std::string::npos)
      << first.output;
  const Finished second = run("proxy_entrant", {"score", dossier, "--scores", "8", "8", "8", "8",
                                                "8", "8", "8", "8", "8", "8,5"});
  EXPECT_EQ(second.exit_code(), 0) << second.all();
  EXPECT_NE(second.output.find("tổng 80,5, cần 80: đủ"), std::string::npos) << second.output;
  EXPECT_EQ(setup.commune().json({"dossiers"}).as_array().front().as_object().at("points"), "80.5");

  // Silence is not a vote.
  const Finished held =
      run("branch_head", {"review", "--unit", "Bản Nà Tấu", "--present", "32", "--all", "--yes"});
  EXPECT_EQ(held.exit_code(), 0) << held.all();
  EXPECT_NE(held.output.find("không ghi phiếu"), std::string::npos) << held.output;
}

TEST_F(CommandLineActs, WhatHasNotLeftTheDeviceCanBeTakenBack) {
  register_person("Lò Thị Ánh");
  const Finished unseen = setup.commune().run({"undo"});
  EXPECT_EQ(unseen.exit_code(), 2) << unseen.all();
  const json::value undone = setup.commune().json({"undo", "--yes"});
  EXPECT_EQ(undone.as_object().at("undone").to_number<int>(), 3);
  EXPECT_EQ(rows("dossiers"), 0U);
  EXPECT_EQ(setup.commune().run({"undo", "--yes"}).exit_code(), 1) << "nothing is left";

  // A line that fails in the middle: nobody knows what arrived.
  register_person("Lò Thị Ánh");
  ASSERT_EQ(setup.server().stop(), (Ending{0, 0})) << setup.server().errors();
  ASSERT_EQ(setup.commune()
                .run({"bundle", "export", "--to", (scratch / "ra.csb").string(), "--no-files"})
                .exit_code(),
            0);
  const Finished late = setup.commune().run({"undo", "--yes"});
  EXPECT_EQ(late.exit_code(), 1) << late.all();
  EXPECT_NE(late.output.find("đã nằm trong một lần gửi"), std::string::npos) << late.output;
  EXPECT_EQ(rows("dossiers"), 1U);
}

// "A subcommand is required" told nobody which word was wrong.
TEST_F(CommandLineActs, AWrongWordIsNamedWithTheNearestOne) {
  const Finished wrong = setup.commune().run({"regsiter"});
  EXPECT_EQ(wrong.exit_code(), 2);
  EXPECT_NE(wrong.errors.find("“regsiter”"), std::string::npos) << wrong.errors;
  EXPECT_NE(wrong.errors.find("“register”"), std::string::npos) << wrong.errors;
  const Finished no_dossier = setup.commune().run({"history", "9.99", "--json"});
  EXPECT_NE(no_dossier.output.find(R"({"error":{"code":"not_found","exit":2}})"), std::string::npos)
      << no_dossier.output;
}

}  // namespace
}  // namespace e2e
