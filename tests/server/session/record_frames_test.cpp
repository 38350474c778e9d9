#include "server/session/record_frames.h"

#include "events/protocol/frame_codec.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace server::test {
namespace {

namespace protocol = events::protocol;
using events::ErrorCode;
using events::PrivateRecord;
using events::Result;

/// A record of so many bytes, another one for each number.
PrivateRecord a_record(std::uint32_t number, std::size_t size) {
  PrivateRecord record;
  record.salt[0] = static_cast<std::uint8_t>(number);
  record.salt[1] = static_cast<std::uint8_t>(number >> 8U);
  record.bytes.resize(size, static_cast<std::uint8_t>(number));
  return record;
}

struct QueuedRecords : testing::Test {
  events::MemoryPrivateStore store;
  RecordFrames frames{store};
  std::vector<PrivateRecord> added;

  void add(std::size_t size, bool is_erased = false) {
    const PrivateRecord record = a_record(++number_, size);
    frames.add(record.digest());
    if (is_erased) return;
    ASSERT_TRUE(store.put({&record, 1}));
    added.push_back(record);
  }
  /// The records of the next frame; nothing when none is left.
  std::optional<std::vector<PrivateRecord>> next() {
    const Result<std::optional<events::Bytes>> frame = frames.next();
    EXPECT_TRUE(frame) << frame.error().message;
    if (!frame || !*frame) return std::nullopt;
    const auto messages = protocol::read_frames(**frame);
    EXPECT_TRUE(messages && messages->size() == 1);
    if (!messages || messages->size() != 1) return std::nullopt;
    return std::get<protocol::PrivateRecords>(messages->front()).records;
  }
  /// How many records each of the frames has; their records must be the ones added, in order.
  std::vector<std::size_t> sizes_of_all() {
    std::vector<std::size_t> sizes;
    std::vector<PrivateRecord> received;
    while (const auto records = next()) {
      sizes.push_back(records->size());
      received.insert(received.end(), records->begin(), records->end());
    }
    EXPECT_TRUE(received == added);
    return sizes;
  }

 private:
  std::uint32_t number_ = 0;
};

TEST_F(QueuedRecords, NothingIsAFrameWhenNothingWaits) {
  EXPECT_EQ(next(), std::nullopt);
  add(30);
  EXPECT_EQ(sizes_of_all(), std::vector<std::size_t>{1});
  EXPECT_EQ(next(), std::nullopt) << "each is sent once";
}

// A frame that is longer than a frame may be ends the session of every reader of that commune.
TEST_F(QueuedRecords, FillFramesAndNoneIsLongerThanItMayBe) {
  constexpr std::size_t largest = events::private_record_bytes_max - 16;
  for (int count = 0; count < 4; ++count) add(largest);
  EXPECT_EQ(sizes_of_all(), (std::vector<std::size_t>{3, 1}));
}

TEST_F(QueuedRecords, OfMiddlingSizeFillAFrameToItsEnd) {
  // 66 of these would fit without what stands before and between them.
  constexpr std::size_t size = (protocol::frame_bytes_max - 16) / 66 - 16;
  for (int count = 0; count < 100; ++count) add(size);
  const std::vector<std::size_t> sizes = sizes_of_all();
  ASSERT_EQ(sizes.size(), 2U);
  EXPECT_GE(sizes[0] * (size + 16), protocol::frame_bytes_max * 9 / 10);
}

TEST_F(QueuedRecords, AreNoMoreToAFrameThanItMayHold) {
  for (std::size_t count = 0; count < protocol::private_records_max + 1; ++count) add(2);
  EXPECT_EQ(sizes_of_all(), (std::vector<std::size_t>{protocol::private_records_max, 1}));
}

// A citizen had her name erased; her event stays, and what comes behind it must not wait for it.
TEST_F(QueuedRecords, WithoutThoseThatWereErased) {
  add(30, true);
  add(30);
  add(30, true);
  add(30);
  EXPECT_EQ(sizes_of_all(), std::vector<std::size_t>{2});
  for (int count = 0; count < 3; ++count) add(30, true);
  EXPECT_EQ(next(), std::nullopt);
}

/// A store of records that cannot be read.
class CorruptPrivateStore final : public events::PrivateStore {
 public:
  Result<void> put(std::span<const PrivateRecord> /*records*/) override { return corrupt(); }
  Result<std::optional<PrivateRecord>> get(const events::Digest& /*digest*/) const override {
    return corrupt();
  }
  Result<bool> contains(const events::Digest& /*digest*/) const override { return corrupt(); }

 private:
  static events::Error corrupt() { return {ErrorCode::storage_corrupt, "not what was stored"}; }
};

// A damaged record passed over in silence would look like one that was erased.
TEST(RecordFrames, SayWhenARecordCannotBeRead) {
  const CorruptPrivateStore store;
  RecordFrames frames(store);
  EXPECT_TRUE(frames.next()) << "nothing waits";
  frames.add(a_record(1, 30).digest());
  const Result<std::optional<events::Bytes>> frame = frames.next();
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code, ErrorCode::storage_corrupt);
}

}  // namespace
}  // namespace server::test
