#include "tests/e2e/commune_setup.h"
#include "tests/e2e/page_peer.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/tls_tunnel.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

// What a page does, by the code of its module and over a real socket: it enrols, registers, scores
// and synchronises, and another device reads it all.

namespace e2e {
namespace {

namespace json = boost::json;

class PageDevice : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(setup.run());
    const json::value invited =
        setup.admin().json({"invite", "--person", setup.officer("proxy_entrant"), "--person",
                            setup.officer("branch_head")});
    setup.admin().json({"sync"});
    code = std::string(invited.as_object().at("code").as_string());
  }

  std::uint16_t port() { return setup.server().port(); }
  void enrol() {
    page.enrol(port(), code, "Điện thoại bản");
    const json::object synced = page.sync(port());
    ASSERT_TRUE(synced.at("synced").as_bool()) << json::serialize(synced);
  }
  json::object view(const PagePeer::Given& given) { return page.expect("view", given); }
  std::string cycle() {
    return std::string(
        view({{"view", "home"}}).at("cycles").as_array().front().at("id").as_string());
  }
  std::string hamlet() {
    const json::object units = view({{"view", "units"}});
    for (const json::value& unit : units.at("units").as_array()) {
      if (unit.at("kind").as_string() == "hamlet") return std::string(unit.at("id").as_string());
    }
    return {};
  }
  PagePeer::Given registration(const std::string& name) {
    return {{"act", "register"},   {"actor", setup.officer("proxy_entrant")},
            {"name", name},        {"birth", "12/03/1990"},
            {"gender", "female"},  {"unit", hamlet()},
            {"cycle", cycle()},    {"group", "farmer_rural"},
            {"consent", "assess"}, {"confirmation", "subject_present"}};
  }
  std::string status_of(const std::string& name) {
    const json::object roster = view({{"view", "roster"}, {"q", name}, {"cycle", cycle()}});
    const json::array& rows = roster.at("rows").as_array();
    return rows.empty() ? "not listed" : std::string(rows.front().at("status").as_string());
  }

  ScratchDirectory scratch;
  CommuneSetup setup{scratch / ""};
  PagePeer page;
  std::string code;
};

// A browser cannot bind what it says to its TLS connection; it is let in all the same.
TEST_F(PageDevice, EnrolsAndSynchronisesInTls) {
  ASSERT_EQ(setup.server().stop(), (Ending{0, 0}));
  const bench::Certificate certificate = bench::make_certificate(scratch / "tls");
  ServerChild server(setup.server().data(), certificate);
  ASSERT_TRUE(server.listens()) << server.errors();
  const TlsTunnel tunnel(server.port());
  page.enrol(tunnel.port(), code, "Điện thoại bản");
  ASSERT_TRUE(page.sync(tunnel.port()).at("synced").as_bool());
  page.expect("act", registration("Lò Thị Ánh"));
  const json::object synced = page.sync(tunnel.port());
  EXPECT_TRUE(synced.at("synced").as_bool()) << json::serialize(synced);
  EXPECT_EQ(status_of("Ánh"), "official");
}

TEST_F(PageDevice, RegistersWithoutALineAndIsOfficialAfterOne) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const json::object done = page.expect("act", registration("Lò Thị Ánh"));
  ASSERT_TRUE(done.at("stored").as_bool()) << json::serialize(done);
  EXPECT_EQ(done.at("events").as_array().size(), 3U) << "person, dossier, registration";
  EXPECT_EQ(status_of("anh"), "device_only") << "found without marks";

  const json::object synced = page.sync(port());
  EXPECT_TRUE(synced.at("synced").as_bool()) << json::serialize(synced);
  EXPECT_EQ(status_of("Ánh"), "official");
  setup.commune().json({"sync"});
  EXPECT_EQ(setup.commune().json({"dossiers"}).as_array().size(), 1U);
}

// What is enrolled knows nobody's name and role before the log has come.
TEST_F(PageDevice, KnowsItsPeopleOnceTheLogHasCome) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const json::object device = view({{"view", "device"}});
  std::string names;
  for (const json::value& person : device.at("people").as_array()) {
    names.append(person.at("name").as_string()).append(" ");
    EXPECT_FALSE(person.at("roles").as_array().empty());
  }
  EXPECT_EQ(names, "Lò Văn Cán Quàng Thị Hoa ");
  EXPECT_EQ(device.at("place_name").as_string(), "Xã Nà Tấu");
}

TEST_F(PageDevice, ListsThoseOfOneStepAndOneStatus) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  page.expect("act", registration("Lò Thị Ánh"));
  const auto count = [&](const char* field, const char* word) {
    return view({{"view", "roster"}, {"cycle", cycle()}, {field, word}})
        .at("count")
        .to_number<int>();
  };
  EXPECT_EQ(count("state", "registered"), 1);
  EXPECT_EQ(count("state", "returned"), 0);
  EXPECT_EQ(count("status", "device_only"), 1);
  EXPECT_EQ(count("status", "official"), 0);
}

// The rows that each call gives are all that the page has after a reload.
TEST_F(PageDevice, IsTheSameAfterTheBrowserWasKilled) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  page.expect("act", registration("Lò Thị Ánh"));
  const json::object before = view({{"view", "home"}});
  const std::string roster = json::serialize(view({{"view", "roster"}, {"cycle", cycle()}}));

  const json::object device = page.restart();
  EXPECT_TRUE(device.at("enrolled").as_bool());
  EXPECT_FALSE(device.at("locked").as_bool());
  EXPECT_EQ(json::serialize(view({{"view", "home"}})), json::serialize(before));
  EXPECT_EQ(json::serialize(view({{"view", "roster"}, {"cycle", cycle()}})), roster);
  EXPECT_TRUE(page.sync(port()).at("synced").as_bool());
  EXPECT_EQ(status_of("Ánh"), "official");
}

TEST_F(PageDevice, JudgesWhileOneTypesAndRecordsNothing) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  PagePeer::Given typed = registration("Lò Thị Ánh");
  typed.emplace_back("dry", "1");
  const json::object judged = page.expect("act", typed);
  EXPECT_FALSE(judged.at("stored").as_bool());
  EXPECT_TRUE(judged.at("problems").as_array().empty()) << json::serialize(judged);
  EXPECT_EQ(judged.at("events").as_array().size(), 3U);
  EXPECT_EQ(view({{"view", "home"}}).at("own_events").to_number<int>(), 0);

  // What cannot be read is told for all fields at once,
  for (auto& [field, value] : typed) {
    if (field == "birth") value = "hôm qua";
    if (field == "name") value.clear();
  }
  const json::object unread = page.expect("act", typed);
  std::string fields;
  for (const json::value& problem : unread.at("problems").as_array()) {
    fields.append(problem.at("field").as_string()).append(" ");
  }
  EXPECT_EQ(fields, "name birth ") << json::serialize(unread);

  // and what the rules of the server find, by their number.
  for (auto& [field, value] : typed) {
    if (field == "birth") value = "31/02/1990";
    if (field == "name") value = "Lò Thị Ánh";
  }
  const json::object refused = page.expect("act", typed);
  ASSERT_TRUE(refused.contains("refused")) << json::serialize(refused);
  EXPECT_EQ(refused.at("refused").at("rule").as_string(), "V02");
}

TEST_F(PageDevice, AsksForWhatAPersonHasToSayAndWhoIsAlike) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  PagePeer::Given silent = registration("Lò Thị Ánh");
  std::erase_if(silent, [](const auto& field) {
    return field.first == "consent" || field.first == "confirmation";
  });
  const json::object asked = page.expect("act", silent);
  EXPECT_FALSE(asked.at("stored").as_bool());
  EXPECT_EQ(json::serialize(asked.at("missing")), R"(["basis","confirmation"])");

  ASSERT_TRUE(page.expect("act", registration("Lò Thị Ánh")).at("stored").as_bool());
  const json::object twice = page.expect("act", registration("lò thị ánh"));
  EXPECT_FALSE(twice.at("stored").as_bool());
  ASSERT_EQ(twice.at("alike").as_array().size(), 1U);
  PagePeer::Given other = registration("lò thị ánh");
  other.emplace_back("new", "1");
  EXPECT_TRUE(page.expect("act", other).at("stored").as_bool());
}

TEST_F(PageDevice, ShowsASheetAndWhatItComesTo) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  page.expect("act", registration("Lò Thị Ánh"));
  const json::object roster = view({{"view", "roster"}, {"q", "lo anh"}, {"cycle", cycle()}});
  const std::string dossier(roster.at("rows").as_array().front().at("dossier").as_string());
  const json::object sheet = view({{"view", "sheet"}, {"dossier", dossier}});
  const std::size_t columns = sheet.at("columns").as_array().size();
  ASSERT_GT(columns, 0U);
  PagePeer::Given scores{{"dossier", dossier}};
  for (std::size_t column = 0; column < columns; ++column) scores.emplace_back("score", "8");

  PagePeer::Given asked = scores;
  asked.emplace_back("view", "result");
  const json::object result = view(asked);
  EXPECT_EQ(result.at("points").to_number<std::size_t>(), columns * 80);

  PagePeer::Given accepted{
      {"act", "accept"}, {"actor", setup.officer("branch_head")}, {"dossier", dossier}};
  ASSERT_TRUE(page.expect("act", accepted).at("stored").as_bool());
  PagePeer::Given act = scores;
  act.emplace_back("act", "score");
  act.emplace_back("actor", setup.officer("branch_head"));
  const json::object done = page.expect("act", act);
  EXPECT_TRUE(done.at("stored").as_bool()) << json::serialize(done);
  const json::object history = view({{"view", "history"}, {"dossier", dossier}});
  EXPECT_EQ(history.at("lines").as_array().size(), 4U) << json::serialize(history);
  EXPECT_EQ(view({{"view", "items"}}).at("count").to_number<int>(), 5);
  const auto items_in = [&](const std::string& status) {
    return view({{"view", "items"}, {"status", status}, {"rows", "2"}});
  };
  EXPECT_EQ(items_in("official").at("count").to_number<int>(), 0);
  EXPECT_EQ(items_in("device_only").at("count").to_number<int>(), 5);
  EXPECT_EQ(items_in("device_only").at("rows").as_array().size(), 2U);

  EXPECT_TRUE(page.sync(port()).at("synced").as_bool());
  EXPECT_EQ(items_in("official").at("count").to_number<int>(), 5);
  EXPECT_EQ(items_in("device_only").at("count").to_number<int>(), 0);
  const json::object totals = view({{"view", "totals"}});
  EXPECT_EQ(totals.at("sum").at("self_assessed").to_number<int>(), 1);
  EXPECT_EQ(totals.at("sum").at("self_assessed_of_registered").at("den").to_number<int>(), 1);
}

// Whoever goes to town takes the file along; the answer comes back the same way.
TEST_F(PageDevice, TravelsAsASealedFileWhereThereIsNoLine) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  page.expect("act", registration("Lò Thị Ánh"));
  page.expect("bundle");
  const std::string file(page.bytes().begin(), page.bytes().end());
  EXPECT_EQ(file.find("Ánh"), std::string::npos) << "sealed";
  const std::string there = (scratch / "na-tau.csb").string();
  const std::string back = (scratch / "tra-loi.csb").string();
  std::ofstream(there, std::ios::binary) << file;
  const Finished delivered = setup.admin().run(
      {"bundle", "deliver", there, "--server", setup.server().url(), "--return", back});
  ASSERT_EQ(delivered.exit_code(), 0) << delivered.all();
  std::ifstream answer(back, std::ios::binary);
  page.expect("bundle_answer", {{"file", std::string(std::istreambuf_iterator<char>(answer), {})}});
  EXPECT_EQ(status_of("Ánh"), "official");
}

// A copy of the browser's profile went on alone; nothing of either is lost.
TEST_F(PageDevice, GoesOnWithAChainOfItsOwnWhenACopyOfItWrote) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const PagePeer::Disk before = page.disk();
  page.expect("act", registration("Lò Thị Ánh"));
  ASSERT_TRUE(page.sync(port()).at("synced").as_bool());

  page.disk() = before;
  page.restart();
  page.expect("act", registration("Quàng Văn Pản"));
  const json::object forked = page.try_sync(port());
  ASSERT_EQ(forked.at("state").as_string(), "forked") << json::serialize(forked);
  page.take_new_chain(port());
  ASSERT_TRUE(page.sync(port()).at("synced").as_bool());
  page.expect("settle");
  ASSERT_TRUE(page.sync(port()).at("synced").as_bool());
  EXPECT_EQ(status_of("Ánh"), "official");
  EXPECT_EQ(status_of("Pản"), "official");
}

TEST_F(PageDevice, SaysWhyItCannotBeEnrolled) {
  page.restart();
  const json::object unread = page.call("enrol_ask", {{"code", "ABCD"}, {"label", "máy"}});
  EXPECT_EQ(unread.at("error").at("code").as_string(), "invalid_argument");
  EXPECT_EQ(page.call("view", {{"view", "home"}}).at("error").at("code").as_string(),
            "not_enrolled");
  ASSERT_NO_FATAL_FAILURE(enrol());
  EXPECT_TRUE(page.call("enrol_ask", {{"code", code}, {"label", "máy"}}).contains("error"));
}

// A page stays open: names that were on the screen are hidden when the lease ends without a line.
TEST_F(PageDevice, HidesNamesWhenItsLeaseEndsWhileItIsOpen) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  page.expect("act", registration("Lò Thị Ánh"));
  const PagePeer::Given people{{"view", "roster"}};
  EXPECT_NE(json::serialize(view(people)).find("Ánh"), std::string::npos);
  const PagePeer::Given another = registration("Lò Văn Pản");
  page.pass_days(400);
  EXPECT_EQ(json::serialize(view(people)).find("Ánh"), std::string::npos);
  EXPECT_EQ(page.call("act", another).at("error").at("code").as_string(), "locked");
  EXPECT_TRUE(view({{"view", "home"}}).at("hidden").as_bool());
  page.pass_days(-400);
  EXPECT_TRUE(page.sync(port()).at("synced").as_bool()) << "what is unsent can still be sent";
  EXPECT_NE(json::serialize(view(people)).find("Ánh"), std::string::npos);
}

TEST_F(PageDevice, ADossierThatIsNotHereIsSaidSo) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const json::object answer = page.call("view", {{"view", "history"}, {"dossier", "3.99"}});
  EXPECT_EQ(answer.at("error").at("code").as_string(), "not_found");
}

// Whoever reads the database of a locked page reads no name and can sign nothing.
TEST_F(PageDevice, KeepsNoNameAndNoKeyInPlainOnItsDisk) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  page.expect("act", registration("Lò Thị Ánh"));
  for (const auto& [key, value] : page.disk()) {
    EXPECT_EQ(value.find("Ánh"), std::string::npos) << key.front();
  }
  EXPECT_TRUE(page.expect("lock").at("locked").as_bool());
  EXPECT_EQ(page.call("act", registration("Lò Văn Pản")).at("error").at("code").as_string(),
            "locked");
  EXPECT_TRUE(page.call("greet", {{"live", "0"}}).contains("error"));
}

}  // namespace
}  // namespace e2e
