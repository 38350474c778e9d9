#include "events/protocol/frame_codec.h"

#include "events/archive/compact.h"
#include "events/text/normalize.h"
#include "tests/support/event_builders.h"
#include "tests/support/example_session.h"
#include "tests/support/restored_builders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace events::protocol {
namespace {

using test_support::a_chain;
using test_support::a_key;
using test_support::a_log;
using test_support::a_moment;
using test_support::from_hex;

Hello a_hello() {
  Hello hello;
  hello.log = a_log;
  hello.chain = a_chain;
  hello.device_time = a_moment;
  hello.nonce.fill(9);
  hello.head_seq = 3;
  hello.head_hash = test_support::a_digest(3);
  hello.verdicts_known = 2;
  hello.cursor = {Epoch{1}, Position{11}, 0x0123'4567'89AB'CDEF};
  hello.scope_digest = 77;
  hello.rules = RulesVersion{1};
  hello.live = true;
  hello.signature = a_key().sign(hello_statement(hello));
  return hello;
}

Enrol an_enrolment() {
  Enrol enrol;
  enrol.code = "A1B2C3D4E5F6G7H8";
  enrol.public_key = a_key().public_key();
  enrol.label = "Laptop Hội Khuyến học xã";
  enrol.founding = Founding{"titles.example/default",
                            test_support::a_private_record(test_support::a_person_record())};
  enrol.proof = a_key().sign(enrol_statement(enrol));
  return enrol;
}

const FileName a_file{EventId{ChainNumber{7}, 12}, FilePart::original};

std::vector<Message> one_of_each() {
  const Bytes pushed = encode_device_block(test_support::a_device_block());
  const StoredBlock stored = test_support::a_stored_block();
  const ReaderScope scope{false, {reference_scope, test_support::commune}};
  return {
      a_hello(),
      Welcome{5, a_moment, a_log, Epoch{1}, Position{14}, 3, test_support::a_digest(3), scope,
              WelcomeAction::restart_pull, RulesVersion{1}, Bytes(challenge_size, 7),
              a_key(1).sign({})},
      Push{a_moment, pushed},
      PushAck{3, {receipt_of(stored)}},
      PushNak{ErrorCode::gap, 5, 4, "events 4 to 4 are missing"},
      Events{encode_stored_block(stored)},
      Mark{{Epoch{1}, Position{14}, 42}, true},
      PrivateRecords{{test_support::a_private_record(test_support::a_person_record())}},
      an_enrolment(),
      Enrolled{a_log,
               a_chain,
               DeviceId{EventId{system_chain, 5}},
               a_key(1).public_key(),
               {test_support::officer},
               a_moment,
               a_key(1).sign({})},
      Goaway{GoawayReason::scope_changed, 5000},
      ErrorFrame{ErrorCode::unsupported, 0xBF, "frame 191 is newer than this build"},
      test_support::a_signed_receipt(),
      Reconcile{Position{14}, true, {test_support::a_signed_receipt()}, {{Position{7}, 8}}},
      Recover{encode_stored_block(stored)},
      test_support::a_new_chain_request(),
      Parked{201, 210, 101},
      Live{true, {4, 2, 3}},
      Prove{{Position{3}, Position{7}}},
      Proofs{{proof_of(test_support::a_stored_block())}},
      Subscribe{SummaryMode::totals, test_support::commune, Position{14}, 30},
      Unsubscribe{},
      test_support::some_totals(),
      test_support::some_dossier_statuses(),
      ScopeGrant{a_log,
                 a_chain,
                 Position{9},
                 scope,
                 {false, {test_support::commune}},
                 a_moment,
                 a_moment,
                 false,
                 {}},
      Purged{
          a_log, a_chain, Position{9}, {test_support::commune}, 2, test_support::a_digest(4), {}},
      BlobOffer{a_file, test_support::a_digest(5)},
      BlobState{a_file, FileStatus::wanted, {}, {0x06}, 2'000},
      BlobChunk{a_file, 22'384, {1, 2, 3}},
      BlobWant{a_file, 16'384},
      Credit{0, 8'192},
      Moved{a_log, "wss://new.example:8470", {}},
      SnapOffer{{1, 2, 3}},
      SnapWant{test_support::a_digest(6), Position{9}, {0x05}, 17},
      Snap{2, {1, 2, 3}},
      Answer{{5}, a_key(1).sign({})},
  };
}

ErrorCode refusal_of(const std::string& hex) {
  const Bytes bytes = from_hex(hex);
  const Result<std::vector<Message>> read = read_frames(bytes);
  return read ? ErrorCode{} : read.error().code;
}

// A message that its own sender cannot read would end every session.
TEST(Frame, EveryMessageReadsBack) {
  const std::vector<Message> messages = one_of_each();
  ASSERT_EQ(messages.size(), std::variant_size_v<MessageVariant>);
  Bytes together;
  for (std::size_t index = 0; index < messages.size(); ++index) {
    SCOPED_TRACE(index);
    ASSERT_EQ(messages[index].index(), index);
    const Bytes frame = encode_frame(messages[index]);
    ByteView rest = frame;
    const Result<std::optional<Message>> read = read_frame(&rest);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_TRUE(*read);
    EXPECT_TRUE(rest.empty());
    EXPECT_EQ(to_hex(encode_frame(**read)), to_hex(frame));
    append_frame(together, messages[index]);
  }
  const Result<std::vector<Message>> all = read_frames(together);
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ(all->size(), messages.size());
  for (std::size_t index = 0; index < all->size(); ++index) {
    EXPECT_EQ((*all)[index].index(), index) << "frames keep their order";
  }
}

// One number for two kinds would make an old device misread a new server.
TEST(Frame, EveryKindHasItsOwnNumber) {
  std::set<std::uint8_t> kinds;
  for (const Message& message : one_of_each()) kinds.insert(encode_frame(message).front());
  EXPECT_EQ(kinds.size(), std::variant_size_v<MessageVariant>);
}

// A connection cut at any byte must never pass for a shorter, valid frame.
TEST(Frame, RefusesEveryTruncation) {
  for (const Message& message : one_of_each()) {
    const Bytes whole = encode_frame(message);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      SCOPED_TRACE(size);
      ByteView cut = ByteView(whole).first(size);
      const Result<std::optional<Message>> read = read_frame(&cut);
      ASSERT_FALSE(read);
      ASSERT_EQ(read.error().code, ErrorCode::malformed);
    }
  }
}

// Fields missing inside a frame whose length is right are an error too, not defaults.
TEST(Frame, RefusesEveryShortenedPayload) {
  for (const Message& message : one_of_each()) {
    if (std::holds_alternative<Live>(message))
      continue;  // Its block fills the frame: see LiveBlock.
    const Bytes whole = encode_frame(message);
    CompactInput archive(whole);
    const std::uint8_t kind = archive.read_byte();
    archive.read_varint();
    const ByteView payload = archive.rest();
    for (std::size_t size = 0; size < payload.size(); ++size) {
      Bytes shortened{kind};
      CompactOutput output(shortened);
      output.write_varint(size);
      output.write_bytes(payload.first(size));
      ASSERT_FALSE(read_frames(shortened)) << int{kind} << " " << size;
    }
    Bytes longer{kind};
    CompactOutput output(longer);
    output.write_varint(payload.size() + 1);
    output.write_bytes(payload);
    output.write_byte(0);
    ASSERT_FALSE(read_frames(longer)) << int{kind};
  }
}

// A later server may add hints; a device that does not know them goes on with the rest.
TEST(Frame, SkipsUnknownKindsThatMayBeSkipped) {
  Bytes bytes = from_hex("01 03 ffffff 7f 00");
  append_frame(bytes, Mark{});
  const Result<std::vector<Message>> read = read_frames(bytes);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 1U);
  EXPECT_TRUE(std::holds_alternative<Mark>(read->front()));
  EXPECT_TRUE(read_frames({})->empty());
}

// What must be understood and is not would otherwise be lost in silence.
TEST(Frame, RefusesUnknownKindsThatMustBeUnderstood) {
  EXPECT_EQ(refusal_of("80 00"), ErrorCode::unsupported);
  EXPECT_EQ(refusal_of("ff 02 0000"), ErrorCode::unsupported);
  EXPECT_EQ(refusal_of("ff 02 00"), ErrorCode::malformed) << "cut comes before unknown";
}

// A length from a hostile peer would make the server wait for, and hold, that many bytes.
TEST(Frame, RefusesFramesAboveTheLimit) {
  EXPECT_EQ(refusal_of("86 818001"), ErrorCode::too_large) << "16,385 bytes";
  EXPECT_EQ(refusal_of("01 818001"), ErrorCode::too_large) << "also of a kind to be skipped";
  EXPECT_EQ(refusal_of("86 ffffffffffffffffff01"), ErrorCode::too_large);
  EXPECT_EQ(refusal_of("86 808001"), ErrorCode::malformed) << "16,384 bytes, but cut";
  EXPECT_EQ(refusal_of("86 8000"), ErrorCode::malformed) << "a length in two bytes that needs one";
}

// The largest blocks of both kinds must travel, or they would be stored and never sent.
TEST(Frame, CarriesTheLargestBlocks) {
  const Bytes block(encoded_block_bytes_max, 1);
  EXPECT_TRUE(read_frames(encode_frame(Push{Timestamp{UINT64_MAX}, block})));
  EXPECT_TRUE(read_frames(encode_frame(Events{block})));
}

// The good frames before a bad one were said, and the answer to them must not be lost.
TEST(Frame, GivesTheFramesBeforeABadOne) {
  Bytes bytes = encode_frame(Mark{});
  append_frame(bytes, Goaway{});
  append_bytes(bytes, from_hex("ff00"));
  std::vector<Message> before;
  ASSERT_FALSE(read_frames(bytes, &before));
  EXPECT_EQ(before.size(), 2U);
}

// A receiver takes at most 256 bytes of explanation; a longer one would read as a broken frame.
TEST(Frame, CutsLongExplanationsBetweenCharacters) {
  std::string text = "x";
  while (text.size() < 1000) text += "ế";
  for (const Message& message : {Message{ErrorFrame{ErrorCode::busy, 0, text}},
                                 Message{PushNak{ErrorCode::busy, 1, 1, text}}}) {
    const Result<std::vector<Message>> read = read_frames(encode_frame(message));
    ASSERT_TRUE(read) << read.error().message;
    const auto* error = std::get_if<ErrorFrame>(&read->front());
    const std::string& sent =
        error != nullptr ? error->message : std::get<PushNak>(read->front()).message;
    EXPECT_EQ(sent, text.substr(0, 256));
    EXPECT_TRUE(is_valid_utf8(sent));
  }
  const Message shorter{ErrorFrame{ErrorCode::busy, 0, std::string(254, 'x') + "ế"}};
  const Result<std::vector<Message>> read = read_frames(encode_frame(shorter));
  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<ErrorFrame>(read->front()).message, std::string(254, 'x'));
}

// A later program must hear "update", not "you sent rubbish".
TEST(Greeting, OfAnotherVersionIsUnsupportedWhateverFollows) {
  EXPECT_EQ(refusal_of("81 02 02ff"), ErrorCode::unsupported);
  EXPECT_EQ(refusal_of("89 02 02ff"), ErrorCode::unsupported);
  EXPECT_EQ(refusal_of("81 00"), ErrorCode::malformed);
  EXPECT_EQ(refusal_of("81 01 01"), ErrorCode::malformed);
}

// Somebody who saw one greeting could make another from it: with another cursor, code or key.
TEST(Greeting, SignsEveryField) {
  const Hello hello = a_hello();
  ASSERT_TRUE(verify(a_key().public_key(), hello_statement(hello), hello.signature));
  const Bytes frame = encode_frame(hello);
  std::size_t read_back = 0;
  for (std::size_t place = 3; place < frame.size(); ++place) {
    Bytes altered = frame;
    altered[place] = static_cast<std::uint8_t>(altered[place] ^ 2U);
    const Result<std::vector<Message>> read = read_frames(altered);
    if (!read) continue;
    ++read_back;
    const Hello& other = std::get<Hello>(read->front());
    EXPECT_FALSE(verify(a_key().public_key(), hello_statement(other), other.signature)) << place;
  }
  EXPECT_GT(read_back, 100U);

  Enrol enrol = an_enrolment();
  ASSERT_TRUE(verify(enrol.public_key, enrol_statement(enrol), enrol.proof));
  enrol.founding->administrator.salt[0] ^= 1U;
  EXPECT_FALSE(verify(enrol.public_key, enrol_statement(enrol), enrol.proof));
  enrol = an_enrolment();
  enrol.code = "A1B2C3D4E5F6G7H9";
  EXPECT_FALSE(verify(enrol.public_key, enrol_statement(enrol), enrol.proof));
}

// A signature for one purpose must not serve another.
TEST(Greeting, StatementsNameTheirPurpose) {
  const Bytes hello = hello_statement(a_hello());
  const Bytes enrol = enrol_statement(an_enrolment());
  const auto begins_with = [](const Bytes& statement, std::string_view text) {
    const ByteView prefix = bytes_of(text);
    return statement.size() > prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), statement.begin());
  };
  EXPECT_TRUE(begins_with(hello, "khuyenhoc-hello-1"));
  EXPECT_TRUE(begins_with(enrol, "khuyenhoc-enrol-1"));
}

// Both sides compare scopes by this number alone; a change that keeps it would hide people.
TEST(ScopeDigest, ChangesWithTheScope) {
  const ReaderScope scope{false, {reference_scope, test_support::commune}};
  EXPECT_EQ(scope_digest_of(scope), scope_digest_of(scope));
  EXPECT_NE(scope_digest_of(scope), scope_digest_of(ReaderScope{true, scope.units}));
  EXPECT_NE(scope_digest_of(scope), scope_digest_of(ReaderScope{false, {reference_scope}}));
}

// A number of 2^40 fits no event; a server that keeps it shifts it into the number of a chain.
TEST(FrameCodec, RefusesSeqsThatNoEventHas) {
  const auto answer = [](const Message& message) {
    const Result<std::vector<Message>> read = read_frames(encode_frame(message));
    return read ? ErrorCode{} : read.error().code;
  };
  Hello hello = a_hello();
  hello.head_seq = sequence_max;
  hello.verdicts_known = sequence_max;
  EXPECT_EQ(answer(hello), ErrorCode{});
  hello.head_seq = sequence_max + 1;
  EXPECT_EQ(answer(hello), ErrorCode::malformed);
  hello = a_hello();
  hello.verdicts_known = sequence_max + 1;
  EXPECT_EQ(answer(hello), ErrorCode::malformed);
  EXPECT_EQ(answer(PushAck{sequence_max + 1, {}}), ErrorCode::malformed);
  EXPECT_EQ(answer(PushNak{ErrorCode::gap, 1, sequence_max + 1, ""}), ErrorCode{});
  EXPECT_EQ(answer(PushNak{ErrorCode::gap, 1, sequence_max + 2, ""}), ErrorCode::malformed);
  EXPECT_EQ(answer(Parked{sequence_max + 1, 2, 1}), ErrorCode::malformed);
}

}  // namespace
}  // namespace events::protocol
