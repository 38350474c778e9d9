#include "tests/e2e/hostile_peer.h"

#include "tests/e2e/stored_log.h"

#include <algorithm>

namespace e2e {

namespace protocol = events::protocol;

std::unique_ptr<ScratchDirectory> HostilePeer::scratch_;
std::unique_ptr<CorpusDevice> HostilePeer::device_;
std::unique_ptr<ServerChild> HostilePeer::server_;
std::unique_ptr<RawWebSocket> HostilePeer::good_connection_;

namespace {

constexpr events::ChainNumber stolen_chain{2};

}  // namespace

events::SigningKey HostilePeer::stolen_key() {
  events::SecretSeed seed;
  seed.bytes.fill(2);
  return events::SigningKey::from_seed(seed);
}

void HostilePeer::SetUpTestSuite() {
  scratch_ = std::make_unique<ScratchDirectory>();
  device_ = std::make_unique<CorpusDevice>(*scratch_ / "server");
  server_ = std::make_unique<ServerChild>(*scratch_ / "server");
  ASSERT_TRUE(server_->listens()) << server_->errors();
  good_connection_ = std::make_unique<RawWebSocket>(port());
  good_connection_->answer_with(device_->key());
  ASSERT_TRUE(good_connection_->send(device_->hello()));
  ASSERT_TRUE(good_connection_->next_of<protocol::Welcome>());
  push_one_more();
}

void HostilePeer::TearDownTestSuite() {
  good_connection_.reset();
  EXPECT_EQ(server_->stop(), (Ending{0, 0})) << server_->errors();
  expect_audited(server_->data());
  const StoredLog log = StoredLog::read(server_->data(), device_->chain());
  expect_each_once(log);
  EXPECT_EQ(log.of_device.size(), device_->last_seq());
  server_.reset();
  device_.reset();
  scratch_.reset();
}

void HostilePeer::TearDown() {
  push_one_more();
  EXPECT_EQ(http_status(port(), "/health/ready"), 200);
  ASSERT_TRUE(server_->is_running()) << server_->errors();
}

void HostilePeer::push_one_more() {
  device().make_block(10);
  push_last();
}

void HostilePeer::push_last() {
  ASSERT_TRUE(good_connection().send(device().frames_of(device().blocks().back())));
  while (device().acknowledged_upto() < device().last_seq()) {
    const auto ack = good_connection().next_of<protocol::PushAck>();
    ASSERT_TRUE(ack) << "the good device is not served any more";
    device().take(*ack);
  }
}

protocol::Hello HostilePeer::sign_stolen(protocol::Hello hello) {
  hello.signature = stolen_key().sign(protocol::hello_statement(hello));
  return hello;
}

protocol::Hello HostilePeer::stolen_hello() {
  protocol::Hello hello;
  hello.log = events::LogId{1};
  hello.chain = stolen_chain;
  hello.device_time = now();
  hello.head_hash = events::chain_start(stolen_chain, stolen_key().public_key());
  hello.rules = events::RulesVersion{1};
  return sign_stolen(std::move(hello));
}

std::unique_ptr<RawWebSocket> HostilePeer::let_in() {
  auto socket = std::make_unique<RawWebSocket>(port());
  socket->answer_with(stolen_key());
  EXPECT_TRUE(socket->send(stolen_hello()));
  EXPECT_TRUE(socket->next_of<protocol::Welcome>());
  return socket;
}

void HostilePeer::expect_error(RawWebSocket& socket, events::ErrorCode code, std::uint8_t about) {
  const auto error = socket.next_of<protocol::ErrorFrame>();
  ASSERT_TRUE(error) << "the connection ended without a word";
  EXPECT_STREQ(events::name_of(error->code), events::name_of(code)) << error->message;
  EXPECT_EQ(error->about, about) << error->message;
  EXPECT_TRUE(socket.rest().empty()) << "ERROR is the last frame";
  EXPECT_TRUE(socket.is_closed());
}

void HostilePeer::expect_nak(RawWebSocket& socket, const protocol::Message& push,
                             events::ErrorCode reason) {
  ASSERT_TRUE(socket.send(push));
  const auto nak = socket.next_of<protocol::PushNak>();
  ASSERT_TRUE(nak) << "a refused push is answered and the connection stays open";
  EXPECT_STREQ(events::name_of(nak->reason), events::name_of(reason)) << nak->message;
}

}  // namespace e2e
