#include "events/protocol/pull_frames.h"

#include "events/protocol/frame_codec.h"

#include <gtest/gtest.h>

namespace events::protocol {
namespace {

// A smaller program on the same line: what it says is byte for byte what the other one says.
TEST(PullFrames, AreTheSameBytesAsThoseOfEverybody) {
  Hello hello;
  hello.head_seq = 7;
  const std::vector<Message> said = {hello, Prove{{Position{3}}}, BlobWant{}, Credit{0, 9}};
  Bytes smaller;
  Bytes whole;
  for (const Message& message : said) {
    append_pulling_frame(smaller, message);
    append_frame(whole, message);
  }
  EXPECT_EQ(smaller, whole);
}

// The board would stand still.
TEST(PullFrames, ReadWhatAServerTellsWhoeverRecordsNothing) {
  Bytes line;
  Goaway goaway;
  goaway.retry_after_milliseconds = 12;
  for (const Message& message :
       std::vector<Message>{Welcome{}, Events{}, Mark{}, goaway, BlobState{}, ErrorFrame{}}) {
    append_frame(line, message);
  }
  const Result<std::vector<Message>> all = read_frames(line);
  const Result<std::vector<Message>> read = read_pulled_frames(line);
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), all->size());
  Bytes again;
  for (const Message& message : *read) append_frame(again, message);
  EXPECT_EQ(again, line);
  EXPECT_EQ(std::get<Goaway>(read->at(3)).retry_after_milliseconds, 12U);
}

// An acknowledgement of events that were never made is no news for whoever makes none.
TEST(PullFrames, RefuseKindsOfThoseWhoRecord) {
  const Result<std::vector<Message>> read = read_pulled_frames(encode_frame(PushAck{}));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::unsupported);
}

// The last byte of a frame is missing: the line was cut, and what came whole is not guessed at.
TEST(PullFrames, RefuseACutFrame) {
  Bytes line;
  append_frame(line, Credit{0, 5});
  line.pop_back();
  const Result<std::vector<Message>> read = read_pulled_frames(line);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace events::protocol
