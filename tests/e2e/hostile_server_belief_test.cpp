#include "events/protocol/greeting_proof.h"
#include "tests/e2e/commune_setup.h"
#include "tests/e2e/hostile_server.h"
#include "tests/e2e/scratch_directory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>

// What a device tells a server that has not proved that it holds the log's key, and what it
// believes of what that server says.

namespace e2e {
namespace {

namespace protocol = events::protocol;
namespace json = boost::json;
using events::ErrorCode;
using Frames = std::vector<protocol::Message>;

/// A key that is not the log's.
events::SigningKey another_key() {
  events::SecretSeed seed;
  seed.bytes.fill(0x66);
  return events::SigningKey::from_seed(seed);
}

/// Of a server that has stopped.
events::SigningKey key_of_log(const std::filesystem::path& data) {
  events::SecretSeed seed;
  std::ifstream file(data / "server.key", std::ios::binary);
  file.read(reinterpret_cast<char*>(seed.bytes.data()), 32);
  return events::SigningKey::from_seed(seed);
}

/// Answers each greeting with what `make` makes of it.
HostileServer::Script to_greetings(std::function<Frames(const protocol::Hello&)> make) {
  return [make = std::move(make)](const HostileServer::Heard& heard) -> Frames {
    const auto* const hello = std::get_if<protocol::Hello>(&heard.frame);
    return hello == nullptr ? Frames{} : make(*hello);
  };
}

/// A commune with something official, and something that has not been sent.
class HostileServerTest : public testing::Test {
 protected:
  void SetUp() override {
    setup_.run();
    ASSERT_FALSE(HasFailure());
    setup_.register_citizen("Lò Thị Ánh");
    setup_.commune().json({"sync"});
    setup_.register_citizen("Quàng Văn Mai");
  }

  /// The device comes to it, over plain text and over TLS with the right name.
  Finished visit(const HostileServer& server) {
    return setup_.commune().run(
        {"sync", "--server", server.url(), "--ca", certificate_.authority.string()});
  }

  /// It has heard greetings and nothing else.
  static void expect_told_nothing(const HostileServer& server) {
    EXPECT_GE(server.heard_of<protocol::Hello>(), 1U);
    EXPECT_EQ(server.heard_of<protocol::Hello>(), server.heard().size());
  }

  /// The device has everything that it had, on the chain that it had, and goes on.
  void expect_untouched() {
    const json::value synced = setup_.commune().json({"sync"});
    const json::object& report = synced.as_object();
    EXPECT_TRUE(report.at("synced").as_bool());
    EXPECT_FALSE(report.contains("left_chain"));
    EXPECT_EQ(report.at("recorded_again").to_number<int>(), 0);
    EXPECT_EQ(setup_.commune().json({"dossiers"}).as_array().size(), 2U);
    // Dropped receipts and pulled blocks would have to come again.
    EXPECT_LE(report.at("bytes_received").to_number<int>(), 8'000);
  }

  ScratchDirectory scratch_;
  CommuneSetup setup_{scratch_ / ""};
  bench::Certificate certificate_ = bench::make_certificate(scratch_ / "tls");
};

// A stolen certificate, an office proxy: "heal" harvested 270 names within two seconds.
TEST_F(HostileServerTest, WithoutTheKeyIsToldNothingWhateverItSaysInWelcome) {
  for (const bool tls : {false, true}) {
    for (const auto action : {protocol::WelcomeAction::proceed, protocol::WelcomeAction::repair,
                              protocol::WelcomeAction::diverged, protocol::WelcomeAction::forked,
                              protocol::WelcomeAction::restart_pull}) {
      const HostileServer server(to_greetings([&](const protocol::Hello& hello) {
                                   protocol::Welcome welcome = plausible_welcome(hello);
                                   welcome.action = action;
                                   protocol::sign(welcome, another_key(),
                                                  protocol::greeting_digest(hello), std::nullopt);
                                   return Frames{welcome};
                                 }),
                                 tls ? std::optional(certificate_) : std::nullopt);
      const Finished visited = visit(server);
      EXPECT_NE(visited.exit_code(), 0);
      EXPECT_TRUE(is_error_with_code(visited.all(), "unproved_server")) << visited.all();
      expect_told_nothing(server);
    }
  }
  expect_untouched();
}

// An ERROR needs no key, and neither do acknowledgements that make a device forget what it has.
TEST_F(HostileServerTest, WithoutTheKeyIsBelievedNothing) {
  const Frames lies[] = {
      {protocol::ErrorFrame{ErrorCode::log_diverged, 0x81, "begin anew"}},
      {protocol::ErrorFrame{ErrorCode::fork, 0x81, "another copy goes on"}},
      {protocol::ErrorFrame{ErrorCode::revoked, 0x81, "hand it in"}},
      {protocol::PushAck{1'000, {}}},
      {protocol::Mark{}},
      {protocol::ScopeGrant{}},
      {protocol::Reconcile{}},
  };
  for (const Frames& lie : lies) {
    const HostileServer server(to_greetings([&](const protocol::Hello&) { return lie; }));
    const Finished visited = visit(server);
    EXPECT_NE(visited.exit_code(), 0);
    EXPECT_TRUE(is_error_with_code(visited.all(), "unproved_server")) << visited.all();
    expect_told_nothing(server);
  }
  expect_untouched();
}

// The answer that the log's own server gave yesterday.
TEST_F(HostileServerTest, AWelcomeOfAnotherGreetingIsNotBelieved) {
  const events::SigningKey key = key_of_log(setup_.server().data());
  const HostileServer server(to_greetings([&](const protocol::Hello& hello) {
    protocol::Hello earlier = hello;
    earlier.nonce.fill(1);
    protocol::Welcome welcome = plausible_welcome(hello);
    protocol::sign(welcome, key, protocol::greeting_digest(earlier), std::nullopt);
    return Frames{welcome};
  }));
  const Finished visited = visit(server);
  EXPECT_TRUE(is_error_with_code(visited.all(), "unproved_server")) << visited.all();
  expect_told_nothing(server);
  expect_untouched();
}

// The fingerprint on the paper is that of the log's key: whoever answers first has another.
TEST(HostileServer, GetsNoDeviceThatWasInvitedToTheLog) {
  const ScratchDirectory scratch;
  const ServerChild real(scratch / "server");
  ASSERT_TRUE(real.listens());
  const HostileServer server([](const HostileServer::Heard& heard) -> Frames {
    const auto* const enrol = std::get_if<protocol::Enrol>(&heard.frame);
    if (enrol == nullptr) return {};
    protocol::Enrolled enrolled;
    enrolled.log = events::LogId{1};
    enrolled.chain = events::ChainNumber{2};
    enrolled.server_key = another_key().public_key();
    protocol::sign(enrolled, another_key(), protocol::greeting_digest(*enrol), std::nullopt);
    return {enrolled};
  });
  const CommandLine device(scratch / "device");
  const auto found = [&](const std::string& url, const std::string& code) {
    return device.run({"init", "--server", url, "--founding-code", code, "--name", "Lò Văn An",
                       "--origin", "titles.example/e2e"});
  };
  const std::string code = real.founding_code();
  const Finished refused = found(server.url(), code);
  EXPECT_NE(refused.exit_code(), 0);
  EXPECT_TRUE(is_error_with_code(refused.all(), "unproved_server")) << refused.all();
  EXPECT_NE(found(real.url(), code.substr(0, 19)).exit_code(), 0) << "a code without fingerprint";
  const Finished founded = found(real.url(), code);
  EXPECT_EQ(founded.exit_code(), 0) << founded.all();
}

// With the log's key, too: names that went over TLS do not go over plain text.
TEST(HostileServer, WithTheKeyLeadsNoDeviceFromTlsToPlainText) {
  const ScratchDirectory scratch;
  const bench::Certificate certificate = bench::make_certificate(scratch / "tls");
  ServerChild real(scratch / "server", certificate);
  ASSERT_TRUE(real.listens()) << real.errors();
  const CommandLine device(scratch / "device");
  const Finished founded = device.run(
      {"init", "--server", real.url(), "--ca", certificate.authority.string(), "--founding-code",
       real.founding_code(), "--name", "Lò Văn An", "--origin", "titles.example/e2e"});
  ASSERT_EQ(founded.exit_code(), 0) << founded.all();
  device.json({"sync"});

  const HostileServer plain([](const HostileServer::Heard&) { return Frames{}; });
  const events::SigningKey key = key_of_log(real.data());
  const HostileServer mover(to_greetings([&](const protocol::Hello& hello) {
                              return Frames{protocol::sign_moved(hello.log, plain.url(), key)};
                            }),
                            certificate);
  const Finished moved = device.run({"sync", "--server", mover.url()});
  EXPECT_NE(moved.exit_code(), 0);
  EXPECT_NE(moved.all().find(plain.url()), std::string::npos) << moved.all();
  const Finished named = device.run({"sync", "--server", plain.url()});
  EXPECT_NE(named.exit_code(), 0);
  EXPECT_NE(named.all().find("--insecure-plain"), std::string::npos) << named.all();
  EXPECT_TRUE(plain.heard().empty()) << "not even a greeting";
  EXPECT_TRUE(device.json({"sync"}).as_object().at("synced").as_bool());
}

}  // namespace
}  // namespace e2e
