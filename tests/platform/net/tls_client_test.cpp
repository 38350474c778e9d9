#include "platform/net/tls_client.h"

#include "tests/platform/net/loopback.h"

#include <openssl/ssl.h>

#include <string>

namespace network::test {
namespace {

TEST(TlsClient, ATextWithoutACertificateIsNothingToTrust) {
  for (const char* const text : {"x", "-----BEGIN CERTIFICATE-----\nMIIB", "\n"}) {
    const auto client = TlsClient::make(text);
    ASSERT_FALSE(client) << text;
    EXPECT_EQ(client.error().code, events::ErrorCode::invalid_argument);
  }
  EXPECT_TRUE(TlsClient::make("")) << "the system's";
}

// Somebody in between has a certificate as well.
TEST(TlsClient, ItTrustsTheAuthoritiesThatItWasGivenAndNoOther) {
  const Trust trust;
  const Trust other;
  Loopback line;
  line.client->use_tls(other.client->connect("localhost", ""));
  line.server->use_tls(trust.server->accept());
  const auto [here, there] = line.shake_hands();
  EXPECT_EQ(here.code, make_error_code(boost::system::errc::protocol_error));
  EXPECT_TRUE(failed_for_certificate(*line.client));
  EXPECT_FALSE(failed_for_its_time(*line.client));
  EXPECT_FALSE(line.client->tls_problem().empty());

  Loopback again;
  trust.secure(again);
  EXPECT_FALSE(again.shake_hands().first.code);
  EXPECT_FALSE(failed_for_certificate(*again.client));
}

// The slip of paper names one machine; another one's certificate of the same authority is no better
// than a stranger's.
TEST(TlsClient, TheCertificateMustBearTheNameOrTheAddressThatWasCalled) {
  const Trust trust;
  for (const auto& [host, is_good] : {std::pair{"localhost", true},
                                      {"127.0.0.1", true},
                                      {"elsewhere.example", false},
                                      {"127.0.0.9", false},
                                      {"::1", false}}) {
    Loopback line;
    trust.secure(line, host);
    EXPECT_EQ(!line.shake_hands().first.code, is_good) << host;
    EXPECT_EQ(failed_for_certificate(*line.client), !is_good) << host;
  }
}

// An old laptop forgets the year: its user must hear of the clock and not of thieves.
TEST(TlsClient, ACertificateOutOfItsDaysFailedForItsTime) {
  for (const auto& [from, to] : {std::pair{-30, -1}, {2, 30}}) {
    const Trust trust(from, to);
    Loopback line;
    trust.secure(line);
    EXPECT_TRUE(line.shake_hands().first.code);
    EXPECT_TRUE(failed_for_its_time(*line.client)) << from;
    EXPECT_TRUE(failed_for_certificate(*line.client));
  }
  const Loopback plain;
  EXPECT_FALSE(failed_for_its_time(*plain.client));
  EXPECT_FALSE(failed_for_certificate(*plain.client));
}

// A full handshake is a second of a village's line.
TEST(TlsClient, ATicketOfAnEarlierConnectionResumesItAndRubbishDoesNoHarm) {
  const Trust trust;
  EXPECT_TRUE(trust.client->ticket().empty());
  {
    Loopback line;
    trust.secure(line);
    ASSERT_FALSE(line.shake_hands().first.code);
    line.carry(*line.server, *line.client, "x");  // The ticket comes before it.
    EXPECT_EQ(SSL_session_reused(line.client->ssl()), 0);
  }
  const std::string ticket = trust.client->ticket();
  ASSERT_FALSE(ticket.empty());
  for (const auto& [session, is_resumed] : {std::pair{ticket, 1},
                                            {std::string("rubbish"), 0},
                                            {ticket.substr(0, ticket.size() / 2), 0},
                                            {std::string(), 0}}) {
    Loopback line;
    trust.secure(line, "localhost", session);
    ASSERT_FALSE(line.shake_hands().first.code);
    EXPECT_EQ(SSL_session_reused(line.client->ssl()), is_resumed) << session.size();
    EXPECT_EQ(line.carry(*line.client, *line.server, "x"), "x");
  }
}

TEST(TlsClient, ItSpeaksNothingOlderThanTls13) {
  const Trust trust;
  const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> old(SSL_CTX_new(TLS_server_method()),
                                                         SSL_CTX_free);
  SSL_CTX_set_max_proto_version(old.get(), TLS1_2_VERSION);
  ASSERT_EQ(SSL_CTX_use_certificate_chain_file(old.get(), trust.made.certificate.c_str()), 1);
  ASSERT_EQ(SSL_CTX_use_PrivateKey_file(old.get(), trust.made.key.c_str(), SSL_FILETYPE_PEM), 1);
  Loopback line;
  line.client->use_tls(trust.client->connect("localhost", ""));
  SslPointer ssl(SSL_new(old.get()));
  SSL_set_accept_state(ssl.get());
  line.server->use_tls(std::move(ssl));
  EXPECT_TRUE(line.shake_hands().first.code);
}

}  // namespace
}  // namespace network::test
