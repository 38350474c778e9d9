#include "clients/device/connection_fault.h"
#include "clients/device/device.h"
#include "clients/device/ws_client.h"
#include "tests/e2e/command_line.h"
#include "tests/e2e/pushing.h"
#include "tests/e2e/raw_socket.h"
#include "tests/e2e/server_child.h"
#include "tools/bench/pusher.h"
#include "tools/link/relay_thread.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <string>
#include <thread>

namespace e2e {
namespace {

namespace protocol = events::protocol;
using events::ErrorCode;

constexpr std::chrono::seconds patience{30};

/// Founds the log of `server` with a device that trusts `authority`.
Finished found(const CommandLine& device, const ServerChild& server,
               const std::filesystem::path& authority, const std::string& url = "") {
  return device.run({"init", "--server", url.empty() ? server.url() : url, "--ca",
                     authority.string(), "--founding-code", server.founding_code(), "--name",
                     "Lò Văn An", "--origin", "titles.example/e2e"});
}

/// Waits until the server's log has `text`.
bool says(const ServerChild& server, const std::string& text) {
  for (int attempt = 0; attempt < 500; ++attempt) {
    if (server.errors().find(text) != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return false;
}

/// What the server says first to a greeting that `make` signs for the connection it goes over.
ErrorCode answer_to(const std::string& url, const std::string& authorities,
                    const clients::Greeter& make) {
  const auto address = clients::ServerAddress::parse(url).value();
  const auto link =
      clients::WsClient::connect(address, {.authorities = authorities}, make, patience);
  EXPECT_TRUE(link) << link.error().message;
  if (!link) return ErrorCode::closed;
  const auto frames = (*link)->receive(patience);
  if (!frames || !*frames || (*frames)->empty()) return ErrorCode::closed;
  const auto* const error = std::get_if<protocol::ErrorFrame>(&(*frames)->front());
  return error == nullptr ? ErrorCode{} : error->code;
}

// An officer's day of names and birth dates goes over networks of cafés and neighbours.
TEST(Tls, DeviceFoundsAndSyncsAndKeepsWhomItTrusts) {
  const ScratchDirectory scratch;
  const bench::Certificate certificate = bench::make_certificate(scratch / "tls");
  ServerChild server(scratch / "server", certificate);
  ASSERT_TRUE(server.listens()) << server.errors();
  const CommandLine device(scratch / "device");
  const Finished founded = found(device, server, certificate.authority);
  ASSERT_EQ(founded.exit_code(), 0) << founded.all();
  const Finished synced = device.run({"sync"});
  EXPECT_EQ(synced.exit_code(), 0) << "the device has kept the root: " << synced.all();
  const Finished over_http = device.run({"sync", "--http"});
  EXPECT_EQ(over_http.exit_code(), 0) << over_http.all();
  EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
}

// A mast that breaks during the handshake would be told as a wrong address, and nobody would try
// again.
TEST(Tls, ALineThatIsCutInTheHandshakeIsNotAWrongAddress) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  std::thread mast([&] {
    boost::asio::ip::tcp::socket socket = acceptor.accept();
    std::array<char, 64> hello;
    boost::asio::read(socket, boost::asio::buffer(hello));
  });
  const std::string url = "wss://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
  const auto link = clients::WsClient::connect(clients::ServerAddress::parse(url).value(), {},
                                               clients::Greeter{}, patience);
  mast.join();
  ASSERT_FALSE(link);
  EXPECT_EQ(clients::fault_of(link.error()), std::nullopt) << link.error().message;
  EXPECT_TRUE(clients::may_pass(link.error().code));
}

// Somebody in between has a certificate, too, only not one of ours; then nothing may be sent, and
// the officer must be told what to do.
TEST(Tls, CertificateThatIsNotTrustedIsRefusedWithAdvice) {
  const ScratchDirectory scratch;
  const bench::Certificate certificate = bench::make_certificate(scratch / "tls");
  const bench::Certificate other = bench::make_certificate(scratch / "other");
  ServerChild server(scratch / "server", certificate);
  ASSERT_TRUE(server.listens()) << server.errors();
  const Finished refused = found(CommandLine(scratch / "device"), server, other.authority);
  EXPECT_EQ(refused.exit_code(), 3) << refused.all();
  EXPECT_NE(refused.all().find("không tin chứng thư"), std::string::npos) << refused.all();
  EXPECT_NE(refused.all().find("--ca"), std::string::npos) << refused.all();
  EXPECT_FALSE(server.founding_code().empty()) << "nothing was founded";
}

// The certificate is good, but for another machine: somebody else's who was let in by the same
// authority, or a wrong address on the slip of paper.
TEST(Tls, CertificateForAnotherNameIsRefused) {
  const ScratchDirectory scratch;
  const bench::Certificate certificate =
      bench::make_certificate(scratch / "tls", -1, 30, "DNS:elsewhere.example,IP:127.0.0.9");
  ServerChild server(scratch / "server", certificate);
  ASSERT_TRUE(server.listens()) << server.errors();
  const std::string port = std::to_string(server.port());
  for (const std::string& url : {"wss://127.0.0.1:" + port, "wss://localhost:" + port}) {
    const CommandLine device(scratch / "device");
    const Finished refused = found(device, server, certificate.authority, url);
    EXPECT_EQ(refused.exit_code(), 3) << url << refused.all();
    EXPECT_NE(refused.all().find("không tin chứng thư"), std::string::npos) << refused.all();
  }
}

// Old laptops forget the year when their battery is empty.  The message must make people look.
TEST(Tls, CertificateOutOfItsTimeMakesPeopleLookAtTheClock) {
  const ScratchDirectory scratch;
  for (const auto& [name, from, to] :
       {std::tuple{"expired", -30, -1}, std::tuple{"not-yet", 2, 30}}) {
    SCOPED_TRACE(name);
    const bench::Certificate certificate = bench::make_certificate(scratch / name, from, to);
    ServerChild server(scratch / (std::string("server-") + name), "",
                       {"--allow-expired-certificate", "--tls-certificate",
                        certificate.certificate.string(), "--tls-key", certificate.key.string()});
    ASSERT_TRUE(server.listens()) << server.errors();
    const CommandLine device(scratch / (std::string("device-") + name));
    const Finished refused = found(device, server, certificate.authority);
    EXPECT_EQ(refused.exit_code(), 3) << refused.all();
    EXPECT_NE(refused.all().find("ngày giờ của thiết bị"), std::string::npos) << refused.all();
  }
}

// A full handshake is a second of a village's line; the second connection must not need it.
TEST(Tls, SecondConnectionResumesTheSession) {
  const ScratchDirectory scratch;
  const bench::Certificate certificate = bench::make_certificate(scratch / "tls");
  ServerChild server(scratch / "server", certificate);
  ASSERT_TRUE(server.listens()) << server.errors();
  const CommandLine device(scratch / "device");
  ASSERT_EQ(found(device, server, certificate.authority).exit_code(), 0);
  ASSERT_EQ(device.run({"sync"}).exit_code(), 0);

  // Roots in another form of words: the device forgets the session that stood on the old ones.
  const std::filesystem::path same_roots = scratch / "same.crt";
  std::ofstream(same_roots) << "\n" << certificate.authority_pem;
  const auto bytes_down = [&](std::vector<std::string> options) {
    link_emulator::RelayThread relay(server.port(), {});
    options.insert(options.begin(), {"sync", "--server", server.url_of(relay.port())});
    const Finished synced = device.run(options);
    EXPECT_EQ(synced.exit_code(), 0) << synced.all();
    return relay.carried().down;
  };
  const std::uint64_t full = bytes_down({"--ca", same_roots.string()});
  const std::uint64_t resumed = bytes_down({});
  EXPECT_LT(resumed + 300, full) << "a certificate and a signature less";
}

// Certificates are renewed every some weeks; devices in the field must not notice.
TEST(Tls, NewCertificateIsTakenWithoutRestartAndABrokenOneIsNot) {
  const ScratchDirectory scratch;
  const bench::Certificate first = bench::make_certificate(scratch / "tls");
  ServerChild server(scratch / "server", first);
  ASSERT_TRUE(server.listens()) << server.errors();

  std::ofstream(first.certificate) << "-----BEGIN CERTIFICATE-----\nMIIB";
  server.hang_up();
  EXPECT_TRUE(says(server, "certificate_refused")) << server.errors();
  const CommandLine device(scratch / "device");
  EXPECT_EQ(found(device, server, first.authority).exit_code(), 0) << "the old pair is kept";

  const bench::Certificate second = bench::make_certificate(scratch / "tls");
  server.hang_up();
  ASSERT_TRUE(says(server, "certificate_loaded valid_until")) << server.errors();
  EXPECT_EQ(device.run({"sync", "--ca", second.authority.string()}).exit_code(), 0);
  EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
}

// Case 40: a proxy wrote the greeting into its log, and somebody found it.
TEST(Tls, ReplayedGreetingIsRefused) {
  const ScratchDirectory scratch;
  CorpusDevice device(scratch / "server");
  const bench::Certificate certificate = bench::make_certificate(scratch / "tls");
  ServerChild server(scratch / "server", certificate);
  ASSERT_TRUE(server.listens()) << server.errors();

  protocol::Message kept;
  const auto answer = [&](const clients::Greeter& make) {
    return answer_to(server.url(), certificate.authority_pem, make);
  };
  EXPECT_EQ(answer([&](const auto& binding) {
              protocol::Hello hello = device.hello();
              protocol::sign(hello, device.key(), binding);
              kept = hello;
              return events::Result<protocol::Message>(kept);
            }),
            ErrorCode{});
  EXPECT_EQ(answer([&](const auto&) { return events::Result<protocol::Message>(kept); }),
            ErrorCode::bad_signature);
  EXPECT_EQ(answer([&](const auto&) {
              return events::Result<protocol::Message>(protocol::Message(device.hello()));
            }),
            ErrorCode::bad_signature)
      << "nor one that is not bound at all";
}

// Telephones vanish in the middle of an answer; the server must not go with them.
TEST(Tls, ServerOutlivesPeersThatVanishWhileItWrites) {
  const ScratchDirectory scratch;
  CorpusDevice device(scratch / "server");
  const bench::Certificate certificate = bench::make_certificate(scratch / "tls");
  ServerChild server(scratch / "server", certificate);
  ASSERT_TRUE(server.listens()) << server.errors();
  link_emulator::RelayThread relay(server.port(), {});
  const bench::Endpoint endpoint{server.url_of(relay.port()), certificate.authority_pem};
  for (int peer = 0; peer < 20; ++peer) {
    const auto link = bench::greet(endpoint, device.hello(), device.key()).link;
    device.make_block(20);
    ASSERT_TRUE(link->send(device.frames_of(device.blocks().back()), patience));
    relay.cut_all();
  }
  EXPECT_TRUE(server.is_running()) << server.errors();
  EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
}

// A device of the field must not send names in plain text because somebody blocked TLS.
TEST(Tls, PlainTextToATlsPortGetsNoAnswer) {
  const ScratchDirectory scratch;
  const bench::Certificate certificate = bench::make_certificate(scratch / "tls");
  ServerChild server(scratch / "server", certificate);
  ASSERT_TRUE(server.listens()) << server.errors();
  EXPECT_EQ(http_status(server.port(), "/health/live"), 0);
}

// Without a certificate the server must not listen to the world.
TEST(Tls, CertificateAndKeyComeTogetherAndAreCheckedAtStart) {
  const ScratchDirectory scratch;
  const bench::Certificate one = bench::make_certificate(scratch / "one");
  const bench::Certificate other = bench::make_certificate(scratch / "other");
  const std::string data = scratch / "server";
  const Finished alone = run_program(
      "khuyenhoc-server", {"--data", data, "--tls-certificate", one.certificate.string()});
  EXPECT_EQ(alone.exit_code(), 2) << alone.all();
  const Finished mixed =
      run_program("khuyenhoc-server", {"--data", data, "--tls-certificate",
                                       one.certificate.string(), "--tls-key", other.key.string()});
  EXPECT_EQ(mixed.exit_code(), 1) << mixed.all();
  EXPECT_NE(mixed.all().find("does not belong"), std::string::npos) << mixed.all();
  EXPECT_FALSE(std::filesystem::exists(data)) << "checked before anything is made";
}

}  // namespace
}  // namespace e2e
