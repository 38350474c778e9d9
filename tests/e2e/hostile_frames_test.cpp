#include "events/protocol/frame_codec.h"
#include "tests/e2e/hostile_peer.h"

namespace e2e {
namespace {

namespace protocol = events::protocol;
using events::ErrorCode;

constexpr std::uint8_t about(protocol::FrameKind kind) { return static_cast<std::uint8_t>(kind); }
constexpr std::uint8_t about_hello = about(protocol::FrameKind::hello);
constexpr std::uint8_t about_push = about(protocol::FrameKind::push);

class HostileFrames : public HostilePeer {
 protected:
  static void expect_greeting_refused(const protocol::Hello& hello, ErrorCode code) {
    RawWebSocket socket(port());
    ASSERT_TRUE(socket.send(hello));
    expect_error(socket, code, about_hello);
  }
  /// The same where the word is signed: WELCOME says it, and the connection ends.
  static void expect_action(const protocol::Hello& hello, protocol::WelcomeAction action) {
    RawWebSocket socket(port());
    ASSERT_TRUE(socket.send(hello));
    const auto welcome = socket.next_of<protocol::Welcome>();
    ASSERT_TRUE(welcome);
    EXPECT_EQ(welcome->action, action);
    EXPECT_TRUE(socket.rest().empty());
    EXPECT_TRUE(socket.is_closed());
  }
};

// One device must not make the server reserve what it announces, or others lose their memory.
TEST_F(HostileFrames, FrameThatAnnouncesTooMuchIsRefusedBeforeItsPayload) {
  const auto socket = let_in();
  // PUSH of 2^28 - 1 bytes, of which three come.
  ASSERT_TRUE(socket->send_bytes({0x83, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3}));
  expect_error(*socket, ErrorCode::too_large, about_push);
}

// A message without end must not be collected without end, and its sender must be told why.
TEST_F(HostileFrames, MessageOfMoreThan64KiBEndsTheConnection) {
  const auto socket = let_in();
  socket->send_bytes(events::Bytes(70'000, 0x05));
  expect_error(*socket, ErrorCode::too_large, 0);
  EXPECT_TRUE(socket->is_closed());
  EXPECT_EQ(socket->close_code(), 1009U) << "message too big, as RFC 6455 calls it";
}

// A cut frame must never pass for a shorter one.
TEST_F(HostileFrames, EveryTruncationOfAGreetingIsRefused) {
  const events::Bytes whole = protocol::encode_frame(stolen_hello());
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{20},
                                 whole.size() / 2, whole.size() - 1}) {
    SCOPED_TRACE(size);
    RawWebSocket socket(port());
    const auto end = whole.begin() + static_cast<std::ptrdiff_t>(size);
    ASSERT_TRUE(socket.send_bytes(events::Bytes(whole.begin(), end)));
    expect_error(socket, ErrorCode::malformed, about_hello);
  }
}

// Somebody's browser or a wrong client library must get an answer that tells what is wrong.
TEST_F(HostileFrames, TextIsRefused) {
  RawWebSocket socket(port());
  ASSERT_TRUE(socket.send_message(RawWebSocket::Kind::text, events::bytes_of("xin chào")));
  expect_error(socket, ErrorCode::malformed, 0);
}

// A later device must learn that this server is too old for it, and not be half understood.
TEST_F(HostileFrames, UnknownFrameThatMustBeUnderstoodIsRefusedAndAnotherSkipped) {
  const auto skipped = let_in();
  ASSERT_TRUE(skipped->send_bytes({0x7E, 2, 0xAA, 0xBB}));
  ASSERT_TRUE(skipped->send_bytes({0xFE, 2, 0xAA, 0xBB}));
  expect_error(*skipped, ErrorCode::unsupported, 0xFE);
}

// A frame that only servers send comes from a peer that plays the server.
TEST_F(HostileFrames, FramesThatOnlyServersSendAreRefused) {
  const auto socket = let_in();
  ASSERT_TRUE(socket->send(protocol::PushAck{.upto_seq = 1'000'000, .receipts = {}}));
  expect_error(*socket, ErrorCode::unsupported, about(protocol::FrameKind::push_ack));
}

TEST_F(HostileFrames, GreetingInAnotherVersionIsUnsupported) {
  protocol::Hello hello = stolen_hello();
  hello.version = 2;
  expect_greeting_refused(sign_stolen(hello), ErrorCode::unsupported);
}

// Whoever knows a chain number must not read that device's scope.
TEST_F(HostileFrames, GreetingWithoutTheChainsKeyIsABadSignature) {
  protocol::Hello hello = device().hello();
  expect_greeting_refused(sign_stolen(hello), ErrorCode::bad_signature);
  hello = stolen_hello();
  hello.live = true;  // Changed behind the signature.
  expect_greeting_refused(hello, ErrorCode::bad_signature);
}

// A device of another province must not leave its events here.
TEST_F(HostileFrames, GreetingForAnotherLogIsRefused) {
  protocol::Hello hello = stolen_hello();
  hello.log = events::LogId{2};
  expect_greeting_refused(sign_stolen(hello), ErrorCode::wrong_log);
}

TEST_F(HostileFrames, GreetingOfAnUnknownChainOrTheServersOwnIsRefused) {
  protocol::Hello hello = stolen_hello();
  hello.chain = events::ChainNumber{77};
  expect_greeting_refused(sign_stolen(hello), ErrorCode::not_enrolled);
  hello.chain = events::system_chain;
  expect_greeting_refused(sign_stolen(hello), ErrorCode::not_permitted);
}

// A device whose log is not this one must not go on as if nothing had happened: after a restore
// both sides would hold other events under the same numbers.
TEST_F(HostileFrames, GreetingThatKnowsMoreThanTheLogIsDiverged) {
  protocol::Hello hello = stolen_hello();
  hello.cursor = {events::Epoch{1}, events::Position{1'000'000}, 0};
  expect_action(sign_stolen(hello), protocol::WelcomeAction::diverged);
  hello = stolen_hello();
  hello.cursor = {events::Epoch{1}, events::Position{4}, 4711};
  expect_action(sign_stolen(hello), protocol::WelcomeAction::diverged);
  hello = stolen_hello();
  hello.cursor = {events::Epoch{2}, events::Position{}, 0};
  expect_action(sign_stolen(hello), protocol::WelcomeAction::diverged);
  hello = stolen_hello();
  hello.verdicts_known = 1'000'000;
  expect_action(sign_stolen(hello), protocol::WelcomeAction::diverged);
}

// Of a device that was copied, the copy must be told before it loses a day's work.
TEST_F(HostileFrames, GreetingWithAnotherHistoryOfTheChainIsAFork) {
  protocol::Hello hello = stolen_hello();
  hello.head_seq = 1;
  hello.head_hash.bytes[0] ^= 1;
  expect_action(sign_stolen(hello), protocol::WelcomeAction::forked);
}

// A device that reconnects after a dead line must not be locked out by its own old connection.
TEST_F(HostileFrames, NewestConnectionOfADeviceWinsAndTheOlderIsTold) {
  const auto older = let_in();
  const auto newer = let_in();
  const auto goodbye = older->next_of<protocol::Goaway>();
  ASSERT_TRUE(goodbye);
  EXPECT_EQ(goodbye->reason, protocol::GoawayReason::replaced);
  EXPECT_TRUE(older->rest().empty());
  EXPECT_TRUE(older->is_closed());
  EXPECT_FALSE(newer->next_of<protocol::Goaway>(std::chrono::milliseconds{100}));
  EXPECT_FALSE(newer->is_closed());
}

// A proxy's log holds HELLO: sent again without end it brought events and names, and threw the true
// device off each time.
TEST_F(HostileFrames, ACapturedGreetingReadsNothingAndThrowsNobodyOff) {
  const auto device = let_in();
  for (int replay = 0; replay < 3; ++replay) {
    RawWebSocket socket(port());
    ASSERT_TRUE(socket.send(stolen_hello()));
    ASSERT_TRUE(socket.next_of<protocol::Welcome>());
    ASSERT_TRUE(socket.send(protocol::Prove{{events::Position{1}}}));
    expect_error(socket, ErrorCode::not_permitted, about(protocol::FrameKind::prove));
  }
  RawWebSocket liar(port());
  liar.answer_with(events::SigningKey::from_seed({}));
  ASSERT_TRUE(liar.send(stolen_hello()));
  ASSERT_TRUE(liar.next_of<protocol::Welcome>());
  expect_error(liar, ErrorCode::bad_signature, about(protocol::FrameKind::answer));
  EXPECT_FALSE(device->next_of<protocol::Goaway>(std::chrono::milliseconds{200}));
  EXPECT_FALSE(device->is_closed());
}

// Answers of megabytes to a message of 50 KB do not all have room at once; who reads gets every
// one.
TEST_F(HostileFrames, QuestionsWaitUntilTheirAnswersHaveRoom) {
  constexpr std::size_t questions = 5'000;  // Within the budget of a device.
  const auto socket = let_in();
  events::Bytes message;
  for (std::size_t asked = 0; asked < questions; ++asked) {
    protocol::append_frame(message, protocol::Prove{{events::Position{1}}});
  }
  ASSERT_LE(message.size(), protocol::message_bytes_max);
  ASSERT_TRUE(socket->send_bytes(message));
  for (std::size_t answered = 0; answered < questions; ++answered) {
    const auto proofs = socket->next_of<protocol::Proofs>();
    ASSERT_TRUE(proofs) << answered;
    ASSERT_EQ(proofs->proofs.size(), 1U);
  }
}

// 3,800 a second kept the server busy for as long as one device liked.  It is not refused: it
// waits.
TEST_F(HostileFrames, WhoAsksTooMuchIsReadNoFurtherUntilTheBudgetHasRefilled) {
  const auto socket = let_in();
  protocol::Subscribe subscribe;
  subscribe.mode = protocol::SummaryMode::totals;
  subscribe.interval_seconds = 600;
  events::Bytes message;
  for (int asked = 0; asked < 252; ++asked) protocol::append_frame(message, subscribe);
  protocol::append_frame(message, protocol::Prove{{events::Position{1}}});
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(socket->send_bytes(message));
  ASSERT_TRUE(socket->next_of<protocol::Proofs>());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds{4}) << "two a second";
  EXPECT_FALSE(socket->is_closed());
}

// Records that no push claims must not fill the server's memory.
TEST_F(HostileFrames, FloodOfPrivateRecordsIsRefused) {
  const auto socket = let_in();
  protocol::PrivateRecords frame;
  events::PrivateRecord record;
  record.bytes.assign(4'000, 7);
  frame.records.assign(4, record);
  for (int sent = 0; sent < 6; ++sent) socket->send(frame);
  expect_error(*socket, ErrorCode::too_large, about(protocol::FrameKind::private_records));
}

TEST_F(HostileFrames, SecondGreetingOnAConnectionIsRefused) {
  const auto socket = let_in();
  ASSERT_TRUE(socket->send(stolen_hello()));
  expect_error(*socket, ErrorCode::not_permitted, about_hello);
}

TEST_F(HostileFrames, PushBeforeTheGreetingIsRefused) {
  RawWebSocket socket(port());
  const protocol::Push push{now(), events::encode_device_block(device().blocks().front())};
  ASSERT_TRUE(socket.send(push));
  expect_error(socket, ErrorCode::not_permitted, about_push);
}

// Somebody who tries codes gets three on a connection and no more.
TEST_F(HostileFrames, ThirdWrongEnrolmentCodeEndsTheConnection) {
  const events::SigningKey key = device().key();
  protocol::Enrol enrol;
  enrol.code = "ABCDEFGH23456789";
  enrol.public_key = key.public_key();
  enrol.label = "Máy lạ";
  enrol.proof = key.sign(protocol::enrol_statement(enrol));
  RawWebSocket socket(port());
  for (int attempt = 1; attempt < protocol::enrolment_attempts_max; ++attempt) {
    ASSERT_TRUE(socket.send(enrol));
    const auto refused = socket.next_of<protocol::ErrorFrame>();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->code, ErrorCode::enrolment_refused);
  }
  ASSERT_TRUE(socket.send(enrol));
  expect_error(socket, ErrorCode::enrolment_refused, about(protocol::FrameKind::enrol));
}

}  // namespace
}  // namespace e2e
