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

// A page whose browser holds the signing key: the module asks for each signature, over real
// sockets.

namespace e2e {
namespace {

namespace json = boost::json;

class PageSigning : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(setup.run());
    code = invitation();
    page.hold_keys();
  }
  std::string invitation() {
    const json::value invited =
        setup.admin().json({"invite", "--person", setup.officer("proxy_entrant"), "--person",
                            setup.officer("branch_head")});
    setup.admin().json({"sync"});
    return std::string(invited.as_object().at("code").as_string());
  }
  std::uint16_t port() { return setup.server().port(); }
  void enrol() {
    page.enrol(port(), code, "Điện thoại bản");
    sync();
  }
  void sync() {
    const json::object synced = page.sync(port());
    ASSERT_TRUE(synced.at("synced").as_bool()) << json::serialize(synced);
  }
  std::string key() {
    const json::object device = page.expect("view", {{"view", "device"}});
    const auto* const held = device.if_contains("browser_key");
    return held == nullptr ? "" : std::string(held->as_string());
  }
  std::string cycle() {
    const json::object home = page.expect("view", {{"view", "home"}});
    return std::string(home.at("cycles").as_array().front().at("id").as_string());
  }
  void record(const std::string& name) {
    const json::object units = page.expect("view", {{"view", "units"}});
    std::string hamlet;
    for (const json::value& unit : units.at("units").as_array()) {
      if (unit.at("kind").as_string() == "hamlet") hamlet = unit.at("id").as_string();
    }
    const std::size_t before = page.signatures();
    const json::object done = page.expect("act", {{"act", "register"},
                                                  {"actor", setup.officer("proxy_entrant")},
                                                  {"name", name},
                                                  {"birth", "12/03/1990"},
                                                  {"gender", "female"},
                                                  {"unit", hamlet},
                                                  {"cycle", cycle()},
                                                  {"group", "farmer_rural"},
                                                  {"consent", "assess"},
                                                  {"confirmation", "subject_present"}});
    ASSERT_TRUE(done.at("stored").as_bool()) << json::serialize(done);
    EXPECT_EQ(page.signatures(), before) << "an act signs nothing";
  }
  std::string status_of(const std::string& name) {
    const json::object roster =
        page.expect("view", {{"view", "roster"}, {"q", name}, {"cycle", cycle()}});
    const json::array& rows = roster.at("rows").as_array();
    return rows.empty() ? "not listed" : std::string(rows.front().at("status").as_string());
  }
  /// What lies under that name among the page's secrets.
  std::string secret(const std::string& name) {
    const auto row = page.disk().find("K" + name);
    return row == page.disk().end() ? "" : row->second;
  }

  ScratchDirectory scratch;
  CommuneSetup setup{scratch / ""};
  PagePeer page;
  std::string code;
};

TEST_F(PageSigning, EnrolsRegistersAndIsOfficialAndTheModuleHasNoSecret) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  EXPECT_EQ(key().size(), 64U);
  EXPECT_EQ(secret("device.key").size(), 33U) << "a public key";
  ASSERT_NO_FATAL_FAILURE(record("Lò Thị Ánh"));
  page.restart();
  ASSERT_NO_FATAL_FAILURE(sync());
  EXPECT_EQ(status_of("Ánh"), "official");
  EXPECT_EQ(page.signatures(), 6U) << "request, two greetings, two answers, a run: each once";
}

// No browser can bind its greeting to the line.
TEST_F(PageSigning, AnswersTheChallengeInTls) {
  ASSERT_EQ(setup.server().stop(), (Ending{0, 0}));
  const bench::Certificate certificate = bench::make_certificate(scratch / "tls");
  ServerChild server(setup.server().data(), certificate);
  ASSERT_TRUE(server.listens()) << server.errors();
  const TlsTunnel tunnel(server.port());
  page.enrol(tunnel.port(), code, "Điện thoại bản");
  ASSERT_TRUE(page.sync(tunnel.port()).at("synced").as_bool());
  ASSERT_NO_FATAL_FAILURE(record("Lò Thị Ánh"));
  const json::object synced = page.sync(tunnel.port());
  EXPECT_TRUE(synced.at("synced").as_bool()) << json::serialize(synced);
  EXPECT_EQ(status_of("Ánh"), "official");
  EXPECT_EQ(page.signatures(), 6U) << "request, two greetings, two answers, a run";
}

TEST_F(PageSigning, TravelsAsASealedFile) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  ASSERT_NO_FATAL_FAILURE(record("Lò Thị Ánh"));
  const std::size_t before = page.signatures();
  page.expect("bundle");
  EXPECT_EQ(page.signatures(), before + 4) << "greeting, run, header, end";
  const std::string file(page.bytes().begin(), page.bytes().end());
  const std::string there = (scratch / "na-tau.csb").string();
  const std::string back = (scratch / "tra-loi.csb").string();
  std::ofstream(there, std::ios::binary) << file;
  const Finished delivered = setup.admin().run(
      {"bundle", "deliver", there, "--server", setup.server().url(), "--return", back});
  ASSERT_EQ(delivered.exit_code(), 0) << delivered.all();
  std::ifstream answer(back, std::ios::binary);
  page.expect("bundle_answer", {{"file", std::string(std::istreambuf_iterator<char>(answer), {})}});
  EXPECT_EQ(page.signatures(), before + 4) << "nothing is said to an answer";
  EXPECT_EQ(status_of("Ánh"), "official");
}

// The run that went into the file goes over the line with the signature that it had.
TEST_F(PageSigning, WhatWentIntoAFileIsNotSignedAgain) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  ASSERT_NO_FATAL_FAILURE(record("Lò Thị Ánh"));
  page.expect("bundle");
  const std::size_t before = page.signatures();
  page.restart();
  ASSERT_NO_FATAL_FAILURE(sync());
  EXPECT_EQ(page.signatures(), before + 2) << "greeting and answer";
  EXPECT_EQ(status_of("Ánh"), "official");
}

TEST_F(PageSigning, ACopyGetsAChainWithAKeyOfItsOwn) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const std::string first = key();
  const PagePeer::Disk before = page.disk();
  ASSERT_NO_FATAL_FAILURE(record("Lò Thị Ánh"));
  ASSERT_NO_FATAL_FAILURE(sync());

  page.disk() = before;
  page.restart();
  ASSERT_NO_FATAL_FAILURE(record("Quàng Văn Pản"));
  const json::object forked = page.try_sync(port());
  ASSERT_EQ(forked.at("state").as_string(), "forked") << json::serialize(forked);
  page.take_new_chain(port());
  EXPECT_NE(key(), first);
  page.restart();
  EXPECT_NE(key(), first);
  ASSERT_NO_FATAL_FAILURE(sync());
  page.expect("settle");
  ASSERT_NO_FATAL_FAILURE(sync());
  EXPECT_EQ(status_of("Ánh"), "official");
  EXPECT_EQ(status_of("Pản"), "official");
}

// Devices of before have their seed sealed in their rows, whatever the browser can do today.
TEST_F(PageSigning, ADeviceWithASealedSeedGoesOnWithIt) {
  PagePeer old;
  old.enrol(port(), code, "Máy cũ");
  ASSERT_TRUE(old.sync(port()).at("synced").as_bool());
  std::swap(page, old);
  page.hold_keys();
  page.restart();
  EXPECT_EQ(key(), "");
  EXPECT_EQ(secret("device.key").size(), 60U) << "a sealed seed";
  ASSERT_NO_FATAL_FAILURE(record("Lò Thị Ánh"));
  ASSERT_NO_FATAL_FAILURE(sync());
  EXPECT_EQ(status_of("Ánh"), "official");
  EXPECT_EQ(page.signatures(), 0U);
}

TEST_F(PageSigning, WithoutItsKeyItSaysNothingAndKeepsEverything) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  ASSERT_NO_FATAL_FAILURE(record("Lò Thị Ánh"));
  page.lose_keys();
  EXPECT_TRUE(page.call("bundle").contains("to_sign")) << "draws the key for its answer";
  const PagePeer::Disk before = page.disk();
  EXPECT_TRUE(page.call("greet", {{"live", "0"}}).contains("to_sign"));
  EXPECT_TRUE(page.bytes().empty());
  const json::object bundle = page.call("bundle");
  EXPECT_EQ(bundle.at("error").at("code").as_string(), "needs_signature");
  EXPECT_TRUE(page.bytes().empty());
  EXPECT_TRUE(page.disk() == before) << "nothing was cut or sent";
  EXPECT_EQ(status_of("Ánh"), "device_only");
}

TEST_F(PageSigning, ALockedPageAsksForNoSignature) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  page.expect("lock");
  const json::object refused = page.call("greet", {{"live", "0"}});
  EXPECT_EQ(refused.at("error").at("code").as_string(), "locked");
  EXPECT_FALSE(refused.contains("to_sign"));
  EXPECT_TRUE(page.call("bundle").contains("error"));
  EXPECT_FALSE(page.call("bundle").contains("to_sign"));
}

// The answer got lost: the same pair asks again, and gets the chain that the server gave it.
TEST_F(PageSigning, ALostAnswerIsAskedForAgainWithTheSameKey) {
  page.restart();
  const PagePeer::Given ask{
      {"code", code}, {"label", "máy"}, {"browser_key", std::string(32, 'k')}};
  const json::object first = page.call("enrol_ask", ask);
  EXPECT_EQ(first.at("error").at("code").as_string(), "needs_signature");
  EXPECT_EQ(secret("device.key").substr(1), std::string(32, 'k')) << "durable before it is sent";
  EXPECT_EQ(page.call("enrol_ask", {{"code", code}, {"label", "máy"}, {"browser_key", "short"}})
                .at("error")
                .at("code")
                .as_string(),
            "malformed");
  ASSERT_NO_FATAL_FAILURE(enrol()) << "with a pair that is still there";
}

}  // namespace
}  // namespace e2e
