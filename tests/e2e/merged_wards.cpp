#include "tests/e2e/merged_wards.h"

#include "events/base/time.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

namespace e2e {

namespace json = boost::json;

namespace {

constexpr const char* old_units =
    "code,name,kind,parent_code,area,valid_from\n"
    "11,Tỉnh Điện Biên,province,,unknown,2020-01-01\n"
    "094,Thành phố Điện Biên Phủ,city_provincial,11,urban,2020-01-01\n"
    "100,Huyện Điện Biên,district,11,rural,2020-01-01\n"
    "03136,Phường Mường Thanh,ward,094,urban,2020-01-01\n"
    "-mt1,Tổ dân phố 1,hamlet,03136,urban,2020-01-01\n"
    "-mt2,Tổ dân phố 2,hamlet,03136,urban,2020-01-01\n"
    "03127,Phường Him Lam,ward,094,urban,2020-01-01\n"
    "-hl1,Tổ dân phố Him Lam 1,hamlet,03127,urban,2020-01-01\n"
    "03124,Phường Noong Bua,ward,094,urban,2020-01-01\n"
    "03334,Xã Thanh Xương,commune,100,rural,2020-01-01\n"
    "-tx1,Bản Bom La,hamlet,03334,rural,2020-01-01\n";
constexpr const char* new_units =
    "code,name,kind,parent_code,area,valid_from\n"
    "03127,Phường Điện Biên Phủ,ward,11,urban,2027-07-01\n"
    "03334,Phường Mường Thanh,ward,11,urban,2027-07-01\n";
constexpr const char* decree =
    "from,to,hamlets\n"
    "03136,03127,\n"
    "Phường Him Lam,Phường Điện Biên Phủ,\n"
    "03124,03334,\n"
    "03334,03334,\n"
    "094,11,\n"
    "100,11,\n";
constexpr const char* always = "2020-01-01..2099-12-31";

}  // namespace

MergedWards::MergedWards()
    : clock_(scratch_ / "shift"),
      worn_(clock_),
      admin_(scratch_ / "admin"),
      muong_thanh_(scratch_ / "muong_thanh"),
      him_lam_(scratch_ / "him_lam"),
      new_ward_(scratch_ / "new_ward") {
  go_to("2027-06-18");
  for (const auto step : {&MergedWards::found, &MergedWards::publish, &MergedWards::appoint}) {
    if (!testing::Test::HasFailure()) (this->*step)();
  }
}

void MergedWards::go_to(const std::string& day) {
  const bool is_founded = server_ != nullptr;
  if (is_founded && server_->is_running()) {
    EXPECT_EQ(server_->stop(), (Ending{0, 0})) << server_->errors();
  }
  const auto then = events::parse_day(day);
  ASSERT_TRUE(then);
  constexpr std::int64_t milliseconds_a_day = 86'400'000;
  constexpr std::int64_t nine_in_vietnam = 2 * 3'600'000;
  const std::chrono::milliseconds morning{then->value * milliseconds_a_day + nine_in_vietnam};
  clock_.set(morning - std::chrono::duration_cast<std::chrono::milliseconds>(
                           std::chrono::system_clock::now().time_since_epoch()));
  server_ = std::make_unique<ServerChild>(scratch_ / "server");
  ASSERT_TRUE(server_->listens()) << server_->errors();
  if (!is_founded) return;
  // Days without a server are nothing that a clock is believed without being asked about.
  const Finished confirmed =
      run_program("khuyenhoc-server", {"clock", "--data", server_->data().string(), "--confirm"});
  EXPECT_EQ(confirmed.exit_code(), 0) << confirmed.all();
}

void MergedWards::sync(const CommandLine& device) const {
  const Finished done = device.run({"sync", "--server", server_->url()});
  EXPECT_EQ(done.exit_code(), 0) << done.all();
}

std::string MergedWards::write(const std::string& name, const std::string& content) const {
  const std::filesystem::path file = scratch_ / name;
  std::ofstream(file) << content;
  return file.string();
}

std::string MergedWards::by(const CommandLine& device, const std::string& officer,
                            std::vector<std::string> arguments) const {
  arguments.insert(arguments.end(), {"--actor", officers_.at(officer)});
  return device.record(std::move(arguments));
}

void MergedWards::found() {
  const Finished founded =
      admin_.run({"init", "--server", server_->url(), "--founding-code", server_->founding_code(),
                  "--name", "Nguyễn Thị Minh Khai", "--origin", "titles.example/e2e"});
  ASSERT_EQ(founded.exit_code(), 0) << founded.all();
  sync(admin_);
}

void MergedWards::publish() {
  admin_.json({"unit-import", write("old.csv", old_units)});
  const std::filesystem::path criteria =
      std::filesystem::path(KHUYENHOC_SOURCE_DIR) / "projections/criteria/sets/cdht-324-2022.json";
  admin_.record({"criteria-publish", criteria.string()});
  std::vector<std::string> cycle{"cycle-open",
                                 "--title",
                                 "learning_citizen",
                                 "--criteria",
                                 "CDHT-324-2022",
                                 "--label",
                                 "2027",
                                 "--reference-day",
                                 "2027-12-31",
                                 "--kind",
                                 "annual",
                                 "--late-policy",
                                 "accept_if_declared_in_time",
                                 "--deadline-basis",
                                 "declared",
                                 "--grace-days",
                                 "7"};
  for (const char* phase :
       {"--registration", "--self-assessment", "--review", "--appraisal", "--decision"}) {
    cycle.insert(cycle.end(), {phase, always});
  }
  admin_.record(cycle);
  for (const auto& [kind, name] : {std::pair{"association", "Hội Khuyến học phường Mường Thanh"},
                                   std::pair{"committee", "UBND phường Mường Thanh"}}) {
    admin_.record({"organisation", "--kind", kind, "--unit", "03136", "--name", name, "--from",
                   "2020-01-01"});
  }
}

std::string MergedWards::grant(const std::string& officer, const std::string& role,
                               const std::string& unit, const std::string& from) const {
  return admin_.record({"grant", "--person", officers_.at(officer), "--role", role, "--unit", unit,
                        "--from", from, "--basis", "QĐ 05"});
}

void MergedWards::appoint() {
  struct Appointed {
    const char* name;
    const char* role;
    const char* unit;
  };
  static constexpr Appointed appointed[] = {{entrant, "proxy_entrant", "03136"},
                                            {head, "branch_head", "03136"},
                                            {chair, "commune_assoc_chair", "03136"},
                                            {appraiser, "appraiser", "03136"},
                                            {signer, "signer", "03136"},
                                            {him_lam_entrant, "proxy_entrant", "03127"},
                                            {new_clerk, "", "03127"}};
  for (const auto& [name, role, unit] : appointed) {
    officers_[name] = admin_.record({"officer", "--name", name, "--birth", "1980", "--unit", unit});
    if (*role != '\0') grant(name, role, unit, "2020-01-01");
  }
  enrol(muong_thanh_, entrant);
  enrol(him_lam_, him_lam_entrant);
}

void MergedWards::enrol(const CommandLine& device, const std::string& officer) const {
  std::vector<std::string> invite{"invite", "--person", officers_.at(officer)};
  // The old ward's tablet serves all of its officers.
  if (&device == &muong_thanh_) {
    for (const char* other : {head, chair, appraiser, signer}) {
      invite.insert(invite.end(), {"--person", officers_.at(other)});
    }
  }
  const json::value invited = admin_.json(invite);
  ASSERT_TRUE(invited.is_object());
  sync(admin_);
  const Finished enrolled =
      device.run({"enrol", "--server", server_->url(), "--label", officer, "--code",
                  std::string(invited.as_object().at("code").as_string())});
  ASSERT_EQ(enrolled.exit_code(), 0) << enrolled.all();
  sync(device);
}

std::string MergedWards::register_citizen(const CommandLine& device, const std::string& officer,
                                          const std::string& name, const std::string& home) const {
  const auto before = rows(device, {"dossiers"});
  by(device, officer,
     {"register", "--consent", "assess", "--confirmed-by", "subject_present", "--cycle", "2027",
      "--group", "farmer_rural", "--name", name, "--birth", "12/03/1990", "--gender", "female",
      "--hamlet", home});
  for (const auto& [id, row] : rows(device, {"dossiers"})) {
    if (!before.contains(id)) return id;
  }
  ADD_FAILURE() << name << " has no dossier";
  return {};
}

std::string MergedWards::grant_title(const std::string& name) {
  const CommandLine& device = muong_thanh_;
  const std::string dossier = register_citizen(device, entrant, name, "Tổ dân phố 1");
  by(device, head, {"accept", dossier});
  by(device, entrant, {"score", dossier, "--scores", "8,8,8,8,8,8,8,8,8,9"});
  by(device, head,
     {"review", "--unit", "Tổ dân phố 1", "--present", "32", "--place", "Nhà văn hóa", "--yes",
      dossier});
  by(device, chair,
     {"submit", "--issuer", "Hội Khuyến học phường Mường Thanh", "--number", "05/TTr-HKH", "--yes",
      dossier});
  by(device, appraiser, {"appraise", "--yes", dossier});
  by(device, signer,
     {"decide", "--issuer", "UBND phường Mường Thanh", "--number", "12", "--symbol", "QĐ-UBND",
      "--capacity", "tm", "--yes", dossier});
  return dossier;
}

void MergedWards::import_new_units() const {
  const json::value imported = admin_.json({"unit-import", write("new.csv", new_units), "--basis",
                                            "NQ 1661/NQ-UBTVQH15", "--closed-from", decree_day});
  ASSERT_TRUE(imported.is_object());
  EXPECT_EQ(imported.as_object().at("recorded").to_number<int>(), 2) << imported;
}

std::string MergedWards::decree_file() const { return write("decree.csv", decree); }

std::map<std::string, json::object> MergedWards::rows(const CommandLine& device,
                                                      std::vector<std::string> list) const {
  std::map<std::string, json::object> by_id;
  const json::value answer = device.json(std::move(list));
  if (!answer.is_array()) return by_id;
  for (const json::value& row : answer.as_array()) {
    by_id.emplace(row.as_object().at("id").as_string(), row.as_object());
  }
  return by_id;
}

std::string MergedWards::unit(const std::string& code, const std::string& day) const {
  for (const auto& [id, row] : rows(admin_, {"units", "--on", day})) {
    if (row.at("code").as_string() == code) return id;
  }
  ADD_FAILURE() << "no unit " << code << " on " << day;
  return {};
}

}  // namespace e2e
