#include "platform/clock.h"
#include "tests/e2e/child_process.h"
#include "tests/e2e/command_line.h"
#include "tests/e2e/page_peer.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/server_child.h"
#include "tests/support/page_fields.h"
#include "tests/support/stored_page.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

// What a page's device leaves in its database, beside the archived store of an older build.  With
// KHUYENHOC_PAGE_STORE=tests/golden/page_store_N the store is written to that name, with .bin and
// .json behind it: done once for a build whose rows an older archive no longer stands for.

namespace e2e {
namespace {

namespace json = boost::json;
using test_support::Given;

/// A server on which the pilot's communes live, so that a device begins with a snapshot.
class PageStore : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server.listens()) << server.errors();
    const Finished played =
        run_program("khuyenhoc-pilot",
                    {"--server", server.url(), "--home", (scratch / "pilot").string(),
                     "--founding-code-file", (server.data() / "founding-code").string(),
                     "--criteria", KHUYENHOC_SOURCE_DIR "/projections/criteria/sets"},
                    std::chrono::seconds{150});
    ASSERT_EQ(played.exit_code(), 0) << played.all();
    // Of the last commune.
    const json::value grants = admin.json({"grants"});
    for (const json::value& grant : grants.as_array()) {
      if (!grant.at("revoked").is_null()) continue;
      officers[std::string(grant.at("role").as_string())] = grant.at("person").as_string();
    }
  }

  std::string invite() {
    const json::value invited = admin.json(
        {"invite", "--person", officers["proxy_entrant"], "--person", officers["branch_head"]});
    const Finished sent = admin.run({"sync", "--server", server.url()});
    EXPECT_EQ(sent.exit_code(), 0) << sent.all();
    return std::string(invited.as_object().at("code").as_string());
  }
  void enrol(PagePeer& page) {
    page.enrol(port(), invite(), "Điện thoại bản");
    ASSERT_TRUE(page.sync(port()).at("synced").as_bool());
  }
  std::uint16_t port() { return server.port(); }
  static std::string cycle(PagePeer& page) {
    const json::object home = page.expect("view", {{"view", "home"}});
    return std::string(home.at("cycles").as_array().front().at("id").as_string());
  }
  static std::string hamlet(PagePeer& page) {
    const json::object units = page.expect("view", {{"view", "units"}});
    for (const json::value& unit : units.at("units").as_array()) {
      if (unit.at("kind").as_string() == "hamlet") return std::string(unit.at("id").as_string());
    }
    return {};
  }
  Given registration(PagePeer& page, const std::string& name) {
    return {{"act", "register"},    {"actor", officers["proxy_entrant"]},
            {"name", name},         {"birth", "12/03/1990"},
            {"gender", "female"},   {"unit", hamlet(page)},
            {"cycle", cycle(page)}, {"group", "farmer_rural"},
            {"consent", "assess"},  {"confirmation", "subject_present"}};
  }
  void record(PagePeer& page, const Given& act) {
    const json::object done = page.expect("act", act);
    ASSERT_TRUE(done.at("stored").as_bool()) << json::serialize(done);
  }
  /// Of the first person whom the roster finds.
  static std::string dossier(PagePeer& page, const std::string& name) {
    const json::object roster =
        page.expect("view", {{"view", "roster"}, {"q", name}, {"cycle", cycle(page)}});
    return std::string(roster.at("rows").as_array().front().at("dossier").as_string());
  }
  void accept_and_score(PagePeer& page, const std::string& name) {
    const std::string branch_head = officers["branch_head"];
    const std::string scored = dossier(page, name);
    record(page, {{"act", "accept"}, {"actor", branch_head}, {"dossier", scored}});
    record(page, {{"act", "evidence"},
                  {"actor", branch_head},
                  {"dossier", scored},
                  {"kind", "certificate"},
                  {"what", "Giấy khen của Chủ tịch"}});
    Given scores{{"act", "score"}, {"actor", branch_head}, {"dossier", scored}};
    const json::object sheet = page.expect("view", {{"view", "sheet"}, {"dossier", scored}});
    for (std::size_t column = 0; column < sheet.at("columns").as_array().size(); ++column) {
      scores.emplace_back("score", column % 2 == 0 ? "8" : "7,5");
    }
    record(page, scores);
  }
  /// Begins with a snapshot, sends, takes a sealed file along, and has something unsent.
  void work_for_a_day(PagePeer& page) {
    ASSERT_NO_FATAL_FAILURE(enrol(page));
    record(page, registration(page, "Lò Thị Ánh"));
    accept_and_score(page, "Ánh");
    ASSERT_TRUE(page.sync(port()).at("synced").as_bool());
    record(page, registration(page, "Tòng Thị Yến"));
    page.expect("bundle");
    record(page, registration(page, "Vàng A Khôi"));
    accept_and_score(page, "Khôi");
  }
  /// A copy of it goes on with its chain, so it goes on with another one.
  void leave_the_chain(PagePeer& page) {
    const PagePeer::Disk copy = page.disk();
    record(page, registration(page, "Cà Văn Sùng"));
    ASSERT_TRUE(page.sync(port()).at("synced").as_bool());
    page.disk() = copy;
    page.restart();
    record(page, registration(page, "Quàng Văn Pản"));
    ASSERT_EQ(page.try_sync(port()).at("state").as_string(), "forked");
    page.take_new_chain(port());
    ASSERT_TRUE(page.sync(port()).at("synced").as_bool());
    page.expect("settle");
  }

  /// The calls by which an archived store is compared, without their answers.
  json::array calls_for(PagePeer& page) {
    const std::string official = dossier(page, "Ánh");
    const std::string unsent = dossier(page, "Khôi");
    const std::vector<Given> views = {{{"view", "device"}},
                                      {{"view", "home"}},
                                      {{"view", "units"}},
                                      {{"view", "totals"}},
                                      {{"view", "items"}},
                                      {{"view", "roster"}, {"cycle", cycle(page)}, {"rows", "8"}},
                                      {{"view", "roster"}, {"q", "yen"}},
                                      {{"view", "dossier"}, {"dossier", official}},
                                      {{"view", "history"}, {"dossier", official}},
                                      {{"view", "sheet"}, {"dossier", official}},
                                      {{"view", "dossier"}, {"dossier", unsent}},
                                      {{"view", "history"}, {"dossier", unsent}}};
    json::array calls;
    for (const Given& view : views) calls.push_back(call_of("view", view));
    Given act = registration(page, "Lò Văn Dũng");
    act.emplace_back("dry", "0");
    act.emplace_back("new", "1");
    calls.push_back(call_of("act", act));
    calls.push_back(call_of("view", {{"view", "roster"}, {"q", "dung"}}));
    return calls;
  }
  static json::object call_of(const char* name, const Given& given) {
    json::array fields;
    for (const auto& [field, value] : given) fields.push_back(json::array{field, value});
    return {{"call", name}, {"fields", fields}};
  }

  void archive(PagePeer& page, const char* scene) {
    const char* const wanted = std::getenv("KHUYENHOC_PAGE_STORE");
    if (wanted == nullptr) return;
    const std::string name = wanted + std::string(scene);
    events::Bytes rows;
    for (const auto& [key, value] : page.disk()) test_support::append_row(rows, key, value);
    std::ofstream(name + ".bin", std::ios::binary)
        .write(reinterpret_cast<const char*>(rows.data()),
               static_cast<std::streamsize>(rows.size()));
    const std::uint64_t now = platform::now().value;
    test_support::StoredPage stored(rows, now);
    stored.call("open");
    const events::ByteView master = page.master();
    stored.call("unlock", {{"master", std::string(master.begin(), master.end())}});
    std::ofstream text(name + ".json");
    text << "{\"now\": " << now << ", \"master\": \"" << events::to_hex(master)
         << "\", \"calls\": [\n";
    json::array calls = calls_for(page);
    for (std::size_t index = 0; index < calls.size(); ++index) {
      json::object& call = calls[index].as_object();
      Given given;
      for (const json::value& field : call.at("fields").as_array()) {
        given.emplace_back(std::string(field.as_array()[0].as_string()),
                           std::string(field.as_array()[1].as_string()));
      }
      const json::object answer = stored.call(call.at("call").as_string(), given);
      call["answer"] = test_support::without_texts(answer);
      call["written"] = stored.written();
      text << json::serialize(call) << (index + 1 < calls.size() ? ",\n" : "\n");
    }
    text << "]}\n";
  }

  ScratchDirectory scratch;
  ServerChild server{scratch / "server"};
  CommandLine admin{scratch / "pilot" / "administrator"};
  std::map<std::string, std::string> officers;  ///< Person by role.
};

/// The first letters of the keys: docs/device_store.md.
std::set<char> sorts_of(const PagePeer::Disk& rows) {
  std::set<char> sorts;
  for (const auto& [key, value] : rows) sorts.insert(key.front());
  return sorts;
}

std::set<char> sorts_of_archives() {
  std::set<char> sorts;
  for (const char* const name : {"page_store_1", "page_store_1_left_chain"}) {
    const std::string path = KHUYENHOC_SOURCE_DIR "/tests/golden/" + std::string(name) + ".bin";
    std::ifstream file(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    const auto size_at = [&](std::size_t at) {
      std::size_t size = 0;
      for (std::size_t index = 4; index > 0; --index) {
        size = (size << 8U) | static_cast<std::uint8_t>(bytes[at + index - 1]);
      }
      return size;
    };
    for (std::size_t at = 0; at < bytes.size();) {
      sorts.insert(bytes[at + 5]);
      at += 5 + size_at(at + 1);
      at += 4 + size_at(at);
    }
  }
  return sorts;
}

TEST_F(PageStore, LeavesNoSortOfRowThatTheArchivesLack) {
  PagePeer page;
  ASSERT_NO_FATAL_FAILURE(work_for_a_day(page));
  archive(page, "");
  std::set<char> sorts = sorts_of(page.disk());
  EXPECT_TRUE(sorts.contains('a')) << "it began with a snapshot";
  ASSERT_NO_FATAL_FAILURE(leave_the_chain(page));
  archive(page, "_left_chain");
  sorts.merge(sorts_of(page.disk()));
  EXPECT_TRUE(sorts.contains('b')) << "it left a chain";
  const std::set<char> archived = sorts_of_archives();
  for (const char sort : sorts) {
    EXPECT_TRUE(archived.contains(sort)) << "a new sort of row, " << sort << ": an archive is due";
  }
}

}  // namespace
}  // namespace e2e
