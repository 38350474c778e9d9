#include "tests/e2e/commune_setup.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <thread>

namespace e2e {
namespace {

namespace json = boost::json;

std::int64_t number(const json::value& object, const char* key) {
  return object.is_object() ? object.as_object().at(key).to_number<std::int64_t>() : -1;
}

/// The rows of a listing.
std::size_t rows(const json::value& listing) {
  return listing.is_array() ? listing.as_array().size() : 0;
}

/// What a commune does with one citizen, from the registration to the decision.
/// Returns the dossier.
std::string record_a_life(const CommuneSetup& setup) {
  const CommandLine& device = setup.commune();
  const auto by = [&](const std::string& role, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--actor", setup.officer(role)});
    return device.record(std::move(arguments));
  };
  by("proxy_entrant", {"register", "--consent", "assess", "--confirmed-by", "subject_present",
                       "--cycle", "2026", "--group", "farmer_rural", "--name", "Lò Thị Ánh",
                       "--birth", "12/03/1990", "--gender", "female", "--hamlet", "Bản Nà Tấu"});
  const json::value dossiers = device.json({"dossiers"});
  if (rows(dossiers) != 1) return {};
  const std::string dossier(dossiers.as_array().front().as_object().at("id").as_string());
  by("branch_head", {"accept", dossier});
  by("branch_head", {"evidence", dossier, "--kind", "certificate", "--indicators", "A1",
                     "--document-date", "2026-06-01", "--what", "Chứng chỉ tin học"});
  by("proxy_entrant", {"score", dossier, "--scores", "8,8,8,8,8,8,8,8,8,9"});
  by("branch_head", {"review", "--unit", "Bản Nà Tấu", "--present", "32", "--all", "--place",
                     "Nhà văn hóa", "--yes"});
  by("commune_assoc_chair", {"submit", "--all", "--issuer", "Hội Khuyến học xã Nà Tấu", "--number",
                             "05/TTr-HKH", "--yes"});
  by("appraiser", {"appraise", "--all", "--yes"});
  by("signer", {"decide", "--all", "--issuer", "UBND xã Nà Tấu", "--number", "12", "--symbol",
                "QĐ-UBND", "--capacity", "tm", "--yes"});
  return dossier;
}

void expect_offline_answers(const CommuneSetup& setup, const std::string& dossier) {
  const CommandLine& device = setup.commune();
  // An act that the rules forbid: nobody accepts the registration of a title that is granted.
  const std::vector<std::string> forbidden{"accept", dossier, "--actor",
                                           setup.officer("branch_head")};
  const Finished refused = device.run(forbidden);
  EXPECT_EQ(refused.exit_code(), 1) << refused.all();
  EXPECT_NE(refused.output.find("Bị từ chối ngay"), std::string::npos) << refused.output;
  std::vector<std::string> as_json = forbidden;
  as_json.emplace_back("--json");
  boost::system::error_code wrong;
  const json::value answer = json::parse(device.run(as_json).output, wrong);
  ASSERT_FALSE(wrong);
  const json::object& verdict =
      answer.at("events").as_array().front().as_object().at("verdict").as_object();
  EXPECT_EQ(verdict.at("code").as_string(), "refused");
  EXPECT_FALSE(verdict.at("rule").as_string().empty());

  // A long text is refused where it is typed, with the option, and nothing of it is recorded: what
  // was recorded before is sent afterwards.
  std::string long_text;
  for (int count = 0; count < 1'400; ++count) long_text += "ễ";
  const Finished too_long = device.run({"evidence", dossier, "--kind", "certificate", "--what",
                                        long_text, "--actor", setup.officer("branch_head")});
  EXPECT_EQ(too_long.exit_code(), 2) << too_long.all();
  EXPECT_NE(too_long.errors.find("“--what”"), std::string::npos) << too_long.errors;
  EXPECT_NE(too_long.errors.find("4200 byte"), std::string::npos) << too_long.errors;
  const Finished hidden = device.run(
      {"withdraw", dossier, "--note", "a\u202eb", "--actor", setup.officer("branch_head")});
  EXPECT_EQ(hidden.exit_code(), 2) << hidden.all();
  EXPECT_NE(hidden.errors.find("“--note”"), std::string::npos) << hidden.errors;

  const Finished no_such_command = device.run({"xoa-het"});
  EXPECT_EQ(no_such_command.exit_code(), 2) << no_such_command.all();
  const Finished no_such_option = device.run({"score", dossier, "--points", "8"});
  EXPECT_EQ(no_such_option.exit_code(), 2) << no_such_option.all();
  const Finished no_such_dossier = device.run({"history", "99.99"});
  EXPECT_EQ(no_such_dossier.exit_code(), 2) << no_such_dossier.all();
  EXPECT_TRUE(no_such_dossier.errors.starts_with("Lỗi: ")) << no_such_dossier.errors;

  const Finished no_line = device.run({"sync"});
  EXPECT_EQ(no_line.exit_code(), 3) << no_line.all();
  EXPECT_TRUE(is_error_with_code(no_line.errors, "io_failed")) << no_line.all();
}

void expect_reports(const CommandLine& device) {
  const json::value stats = device.json({"stats"});
  ASSERT_TRUE(stats.is_object());
  bool found = false;
  for (const json::value& row : stats.at("B01").at("rows").as_array()) {
    std::ostringstream text;
    text << row;
    if (text.str().find("Xã Nà Tấu") == std::string::npos) continue;
    found = found || text.str().find("100,00 %") != std::string::npos;
  }
  EXPECT_TRUE(found) << "one of one citizen was recognised: " << stats;
}

/// Lists tell what was known at a position: at `opened` the dossier had just begun.
void expect_past(const CommandLine& device, std::int64_t opened) {
  const auto dossiers_at = [&device](std::int64_t position) {
    return device.json({"dossiers", "--as-of-position", std::to_string(position)});
  };
  const json::value then = dossiers_at(opened);
  ASSERT_EQ(rows(then), 1U);
  EXPECT_EQ(then.at(0).at("state").as_string(), "draft");
  EXPECT_EQ(rows(dossiers_at(opened - 1)), 0U);
  const std::int64_t head = number(device.json({"status"}), "position");
  EXPECT_EQ(dossiers_at(head).at(0).at("state"),
            device.json({"dossiers", "--official"}).at(0).at("state"));
  const Finished ahead = device.run({"dossiers", "--as-of-position", std::to_string(head + 1)});
  EXPECT_EQ(ahead.exit_code(), 2) << ahead.all();
  EXPECT_NE(ahead.errors.find("vị trí " + std::to_string(head)), std::string::npos) << ahead.errors;
}

// People see nothing of the protocol; they see this program.  A commune's whole year must work on
// it, without a line from the registration to the decision, and say the truth at every step.
TEST(CommandLineProgram, CarriesACommuneFromTheFoundingToTheDecision) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(HasFailure());
  const CommandLine& commune = setup.commune();

  // The line goes down; the year goes on.
  ASSERT_EQ(setup.server().stop(), (Ending{0, 0})) << setup.server().errors();
  const std::string dossier = record_a_life(setup);
  ASSERT_FALSE(dossier.empty());
  ASSERT_FALSE(HasFailure());
  expect_offline_answers(setup, dossier);
  const json::value offline = commune.json({"status"});
  EXPECT_GT(number(offline, "device_only"), 10);
  EXPECT_EQ(number(offline, "device_only"), number(offline, "own_events"));

  // The line is back, at another address.
  ServerChild server(scratch / "server");
  ASSERT_TRUE(server.listens()) << server.errors();
  const json::value synced = commune.json({"sync", "--server", server.url()});
  EXPECT_EQ(number(synced, "verdicts_known"), number(offline, "own_events"));
  const json::value online = commune.json({"status"});
  EXPECT_EQ(number(online, "device_only"), 0);
  EXPECT_EQ(number(online, "waiting"), 0);
  EXPECT_EQ(number(online, "refused"), 0);
  EXPECT_EQ(rows(commune.json({"inbox"})), 0U);
  const json::value history = commune.json({"history", dossier});
  EXPECT_GE(rows(history), 9U);
  EXPECT_EQ(history.as_array().back().as_object().at("standing").as_string(), "official");
  expect_reports(commune);
  expect_past(commune, number(history.as_array().front(), "position"));
  EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
}

// The association's screen shows what comes in while it looks at it, and a script that waits for
// three events ends after three.
TEST(CommandLineProgram, WatchShowsWhatComesInAndEndsAfterTheCount) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(HasFailure());
  setup.admin().json({"sync"});

  ChildProcess watch("khuyenhoc",
                     {"--home", setup.admin().home().string(), "watch", "--count", "3", "--json"});
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  ASSERT_FALSE(record_a_life(setup).empty());
  setup.commune().json({"sync"});
  ASSERT_EQ(watch.wait(std::chrono::seconds{30}), (Ending{0, 0})) << watch.errors();
  std::istringstream lines(watch.output());
  int shown = 0;
  for (std::string line; std::getline(lines, line); ++shown) {
    boost::system::error_code wrong;
    const json::value event = json::parse(line, wrong);
    ASSERT_FALSE(wrong) << line;
    EXPECT_GT(number(event, "position"), 0);
  }
  EXPECT_EQ(shown, 3) << watch.output();

  // Without a count it stays until Ctrl-C, and Ctrl-C is not a failure.
  ChildProcess endless("khuyenhoc", {"--home", setup.admin().home().string(), "watch"});
  std::this_thread::sleep_for(std::chrono::milliseconds{500});
  EXPECT_TRUE(endless.is_running()) << endless.errors();
  endless.signal(SIGINT);
  EXPECT_EQ(endless.wait(std::chrono::seconds{10}), (Ending{0, 0})) << endless.errors();
}

// A device that was never enrolled, and a founding with a guessed code, must say what to do.
TEST(CommandLineProgram, SaysWhatToDoBeforeAnythingIsSetUp) {
  const ScratchDirectory scratch;
  ServerChild server(scratch / "server");
  ASSERT_TRUE(server.listens()) << server.errors();
  const CommandLine nobody(scratch / "nobody");
  const Finished status = nobody.run({"status"});
  EXPECT_EQ(status.exit_code(), 2) << status.all();
  EXPECT_TRUE(is_error_with_code(status.errors, "not_found")) << status.errors;

  const auto init_with = [&](const std::string& code) {
    return nobody.run({"init", "--server", server.url(), "--founding-code", code, "--name",
                       "Kẻ Gian", "--origin", "titles.example/e2e"});
  };
  // The fingerprint of the log's key is no secret; the code before it is.
  const Finished guessed = init_with("AAAA-BBBB-CCCC-DDDD" + server.founding_code().substr(19));
  EXPECT_EQ(guessed.exit_code(), 2) << guessed.all();
  EXPECT_TRUE(is_error_with_code(guessed.errors, "enrolment_refused")) << guessed.errors;
  EXPECT_FALSE(server.founding_code().empty()) << "a guess does not spend the code";
  EXPECT_EQ(init_with(server.founding_code()).exit_code(), 0);

  const Finished help = nobody.run({"register", "--help"});
  EXPECT_EQ(help.exit_code(), 0);
  EXPECT_NE(help.output.find("Ví dụ"), std::string::npos) << help.output;
}

}  // namespace
}  // namespace e2e
