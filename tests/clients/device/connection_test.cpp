#include "clients/device/connection_fault.h"
#include "clients/device/http_answer.h"
#include "clients/device/http_client.h"
#include "clients/device/server_address.h"
#include "events/protocol/frame_codec.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace clients_test {
namespace {

namespace protocol = events::protocol;
using clients::ConnectionFault;
using clients::ServerAddress;

TEST(ServerAddress, KnowsPlainTextFromTls) {
  EXPECT_FALSE(ServerAddress::parse("ws://127.0.0.1:9000")->tls);
  const auto encrypted = ServerAddress::parse("wss://khuyenhoc.example");
  ASSERT_TRUE(encrypted);
  EXPECT_TRUE(encrypted->tls);
  EXPECT_EQ(encrypted->authority(), "khuyenhoc.example:8470");
  const auto six = ServerAddress::parse("wss://[::1]:9000/s");
  ASSERT_TRUE(six);
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->authority(), "[::1]:9000");
}

// In a café every address answers with the café's page.  Taken for a broken server, it would make
// an officer call the province; taken for an answer, it would do worse.
TEST(HttpAnswer, WebPagesAndDetoursAreCaptivePortals) {
  const auto fault = [](unsigned status, const char* type, const char* location) {
    return clients::fault_of(clients::wrong_answer({status, type, location}));
  };
  EXPECT_EQ(fault(200, "text/html; charset=utf-8", ""), ConnectionFault::captive_portal);
  EXPECT_EQ(fault(302, "", "http://login.example/"), ConnectionFault::captive_portal);
  EXPECT_EQ(fault(511, "text/html", ""), ConnectionFault::captive_portal);
  EXPECT_EQ(fault(400, "text/plain", ""), ConnectionFault::no_web_socket);
  EXPECT_EQ(fault(426, "", ""), ConnectionFault::no_web_socket);
  EXPECT_EQ(fault(502, "text/html", ""), ConnectionFault::no_web_socket);
}

// Each fault tells the officer in her language what to do.
TEST(ConnectionFault, EachHasItsAdvice) {
  for (const ConnectionFault fault :
       {ConnectionFault::captive_portal, ConnectionFault::certificate_time,
        ConnectionFault::certificate_untrusted, ConnectionFault::not_tls,
        ConnectionFault::no_web_socket, ConnectionFault::upgrade_cut}) {
    EXPECT_EQ(clients::fault_of(clients::fault_error(fault, "x")), fault);
    EXPECT_NE(clients::advice_vi(fault).find("Hãy"), std::string_view::npos);
  }
  EXPECT_FALSE(clients::fault_of({events::ErrorCode::closed, "receiving: end of file"}));
}

/// Records as long as a record may be, `bytes` together or a little less.
protocol::Message records_of(std::size_t bytes) {
  events::PrivateRecord record;
  record.bytes.assign(std::min(bytes, events::private_record_bytes_max - 16), 7);
  protocol::PrivateRecords frame;
  for (std::size_t size = record.bytes.size(); size <= bytes; size += record.bytes.size()) {
    frame.records.push_back(record);
  }
  return frame;
}

protocol::Message push_of(std::size_t bytes) {
  return protocol::Push{events::Timestamp{1}, events::Bytes(bytes, 9)};
}

// A block without the records it names is refused, again and again.
TEST(HttpClient, BodyHoldsWholeBlocksWithTheirRecords) {
  std::vector<protocol::Message> frames{protocol::Hello{}};
  for (int block = 0; block < 12; ++block) {
    frames.push_back(records_of(4'000));
    frames.push_back(push_of(8'000));
  }
  const auto body = clients::body_of(frames);
  EXPECT_LE(body.size(), 32U * 1024);
  EXPECT_GT(body.size(), 20U * 1024);
  const auto read = protocol::read_frames(body);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size() % 2, 1U) << "the greeting, and pairs";
  EXPECT_TRUE(std::holds_alternative<protocol::Push>(read->back()));
}

// Otherwise the device would post its greeting for ever and the block would stay on it.
TEST(HttpClient, BodyHoldsOneBlockHoweverManyRecordsItHas) {
  const std::vector<protocol::Message> frames{protocol::Hello{},  records_of(14'000),
                                              records_of(14'000), records_of(14'000),
                                              push_of(12'000),    push_of(12'000)};
  const auto read = protocol::read_frames(clients::body_of(frames));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), 5U);
}

TEST(HttpClient, BodyOfAGreetingAloneIsTheGreeting) {
  const std::vector<protocol::Message> frames{protocol::Hello{}};
  EXPECT_EQ(clients::body_of(frames), protocol::encode_frame(frames.front()));
}

}  // namespace
}  // namespace clients_test
