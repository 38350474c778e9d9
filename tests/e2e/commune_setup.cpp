#include "tests/e2e/commune_setup.h"

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <fstream>

namespace e2e {
namespace {

constexpr const char* units =
    "code,name,kind,parent_code,area,valid_from\n"
    "11,Tỉnh Điện Biên,province,,unknown,2020-01-01\n"
    "03316,Xã Nà Tấu,commune,11,rural,2020-01-01\n"
    "-bnt,Bản Nà Tấu,hamlet,03316,rural,2020-01-01\n";
constexpr const char* always = "2020-01-01..2099-12-31";

}  // namespace

CommuneSetup::CommuneSetup(const std::filesystem::path& directory)
    : directory_(directory),
      server_(directory / "server"),
      admin_(directory / "admin"),
      commune_(directory / "commune") {}

void CommuneSetup::run() {
  ASSERT_TRUE(server_.listens()) << server_.errors();
  for (const auto step : {&CommuneSetup::found, &CommuneSetup::publish, &CommuneSetup::appoint,
                          &CommuneSetup::enrol}) {
    (this->*step)();
    if (testing::Test::HasFailure()) return;
  }
}

void CommuneSetup::found() {
  const std::string code = server_.founding_code();
  const Finished founded =
      admin_.run({"init", "--server", server_.url(), "--founding-code", code, "--name",
                  "Nguyễn Thị Minh Khai", "--origin", "titles.example/e2e"});
  ASSERT_EQ(founded.exit_code(), 0) << founded.all();
  EXPECT_TRUE(server_.founding_code().empty()) << "the founding code is of no use any more";
  admin_.json({"sync"});
}

void CommuneSetup::publish() {
  const std::filesystem::path file = directory_ / "units.csv";
  std::ofstream(file) << units;
  const auto imported = admin_.json({"unit-import", file.string(), "--basis", "NQ 1661"});
  ASSERT_TRUE(imported.is_object());
  EXPECT_EQ(imported.as_object().at("recorded").to_number<int>(), 3);

  const std::filesystem::path criteria =
      std::filesystem::path(KHUYENHOC_SOURCE_DIR) / "projections/criteria/sets/cdht-324-2022.json";
  admin_.record({"criteria-publish", criteria.string()});
  admin_.record({"cycle-open",
                 "--title",
                 "learning_citizen",
                 "--criteria",
                 "CDHT-324-2022",
                 "--label",
                 "2026",
                 "--registration",
                 always,
                 "--self-assessment",
                 always,
                 "--review",
                 always,
                 "--appraisal",
                 always,
                 "--decision",
                 always,
                 "--reference-day",
                 "2026-12-31",
                 "--kind",
                 "annual",
                 "--late-policy",
                 "accept_if_declared_in_time",
                 "--deadline-basis",
                 "declared",
                 "--grace-days",
                 "7"});
  admin_.record({"organisation", "--kind", "association", "--unit", "03316", "--name",
                 "Hội Khuyến học xã Nà Tấu", "--from", "2020-01-01"});
  admin_.record({"organisation", "--kind", "committee", "--unit", "03316", "--name",
                 "UBND xã Nà Tấu", "--from", "2020-01-01"});
}

void CommuneSetup::appoint() {
  struct Officer {
    const char* role;
    const char* name;
  };
  static constexpr Officer officers[] = {{"proxy_entrant", "Lò Văn Cán"},
                                         {"branch_head", "Quàng Thị Hoa"},
                                         {"commune_assoc_chair", "Cà Văn Pánh"},
                                         {"appraiser", "Tòng Thị Lả"},
                                         {"signer", "Vàng A Sùng"}};
  for (const auto& [role, name] : officers) {
    const std::string person =
        admin_.record({"officer", "--name", name, "--birth", "1980", "--unit", "03316"});
    admin_.record({"grant", "--person", person, "--role", role, "--unit", "03316", "--from",
                   "2020-01-01", "--basis", "QĐ 05"});
    officers_[role] = person;
  }
}

void CommuneSetup::enrol() {
  std::vector<std::string> invite{"invite"};
  for (const auto& [role, person] : officers_) {
    invite.insert(invite.end(), {"--person", person});
  }
  const auto invited = admin_.json(invite);
  ASSERT_TRUE(invited.is_object());
  const std::string code(invited.as_object().at("code").as_string());
  admin_.json({"sync"});

  const std::vector<std::string> enrolment{"enrol",   "--server", server_.url(),
                                           "--label", "Máy xã",   "--code"};
  std::vector<std::string> wrong = enrolment;
  std::string guess = code;
  guess.front() = guess.front() == 'A' ? 'B' : 'A';
  wrong.push_back(guess);
  const Finished refused = commune_.run(wrong);
  EXPECT_EQ(refused.exit_code(), 2) << refused.all();
  EXPECT_TRUE(is_error_with_code(refused.errors, "enrolment_refused")) << refused.all();

  std::vector<std::string> right = enrolment;
  right.push_back(code);
  const Finished enrolled = commune_.run(right);
  ASSERT_EQ(enrolled.exit_code(), 0) << enrolled.all();
  std::vector<std::string> again = right;
  const Finished spent = CommandLine(directory_ / "thief").run(again);
  EXPECT_EQ(spent.exit_code(), 2) << spent.all();
  EXPECT_TRUE(is_error_with_code(spent.errors, "enrolment_refused")) << spent.all();
  commune_.json({"sync"});
}

void CommuneSetup::register_citizen(const std::string& name) const {
  commune_.record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                   "--actor", officer("proxy_entrant"), "--name", name, "--birth", "1990",
                   "--gender", "female", "--hamlet", "Bản Nà Tấu", "--cycle", "2026", "--group",
                   "farmer_rural"});
}

}  // namespace e2e
