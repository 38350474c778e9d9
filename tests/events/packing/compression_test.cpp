#include "events/packing/compression.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace events {
namespace {

Bytes some_bytes(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1'664'525U + 1'013'904'223U;
    byte = static_cast<std::uint8_t>(state >> 28U);
  }
  return bytes;
}

// The form that is refused below must be no form that is ever written.
TEST(Compression, ReadsWhatItWrites) {
  for (const std::size_t size : {0U, 1U, 100U, 16'384U, 200'000U}) {
    const Bytes raw = some_bytes(size);
    const Bytes frame = compress(raw, newest_dictionary);
    EXPECT_EQ(frame[0], 0);
    const Result<Bytes> read = decompress(frame, newest_dictionary, size);
    ASSERT_TRUE(read) << size;
    EXPECT_EQ(*read, raw);
  }
}

// Zstandard has many ways to write one content, and libraries differ in which they take: a block
// that some readers unpack and others refuse splits them for good.
TEST(Compression, TakesOneFormOfFrameOnly) {
  const Bytes raw = some_bytes(1'000);
  const Bytes frame = compress(raw, newest_dictionary);
  const auto answer = [&](const Bytes& bytes) {
    const Result<Bytes> read = decompress_at_most(bytes, newest_dictionary, 16'384);
    return read ? ErrorCode{} : read.error().code;
  };
  ASSERT_EQ(answer(frame), ErrorCode{});

  Bytes twice = frame;
  twice.insert(twice.end(), frame.begin(), frame.end());
  EXPECT_EQ(answer(twice), ErrorCode::malformed) << "two frames";
  Bytes longer = frame;
  longer.push_back(0);
  EXPECT_EQ(answer(longer), ErrorCode::malformed) << "bytes behind the frame";
  const Bytes skippable{0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};
  EXPECT_EQ(answer(skippable), ErrorCode::malformed) << "a skippable frame";
  EXPECT_EQ(answer({}), ErrorCode::malformed) << "no frame";

  // The same content as one raw block: 3 bytes of header, the last block.
  const Bytes plain{0, 0, 0x19, 0, 0, 'a', 'b', 'c'};
  EXPECT_EQ(answer(plain), ErrorCode{});
  const Bytes with_size{0x20, 3, 0x19, 0, 0, 'a', 'b', 'c'};
  EXPECT_EQ(answer(with_size), ErrorCode::malformed) << "content size, single segment";
  const Bytes with_checksum{0x04, 0, 0x19, 0, 0, 'a', 'b', 'c', 0, 0, 0, 0};
  EXPECT_EQ(answer(with_checksum), ErrorCode::malformed) << "a checksum";
  const Bytes with_dictionary{0x01, 0, 1, 0x19, 0, 0, 'a', 'b', 'c'};
  EXPECT_EQ(answer(with_dictionary), ErrorCode::malformed) << "a dictionary's number";
  const Bytes great_window{0, 0x70, 0x19, 0, 0, 'a', 'b', 'c'};
  EXPECT_EQ(answer(great_window), ErrorCode::malformed) << "a window of 16 MiB";
}

}  // namespace
}  // namespace events
