#include "events/protocol/file_messages.h"

#include "events/protocol/frame_codec.h"
#include "tests/support/golden.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace events::protocol {
namespace {

using test_support::expect_golden;

const FileName photo{EventId{ChainNumber{7}, 12}, FilePart::original};
constexpr const char* photo_bytes = "the bytes of a photo";

std::vector<std::pair<std::string, Message>> one_of_each() {
  BlobState wanted;
  wanted.file = photo;
  wanted.status = FileStatus::wanted;
  wanted.missing = {0xFE, 0xFF, 0x07};
  wanted.begun_bytes = 6'000;
  BlobState refused;
  refused.file = photo;
  refused.status = FileStatus::refused;
  refused.reason = ErrorCode::storage_corrupt;
  return {{"credit", Credit{0, 8'192}},
          {"blob_offer",
           BlobOffer{photo, possession_proof(ChainNumber{7}, photo, bytes_of(photo_bytes))}},
          {"blob_state_wanted", wanted},
          {"blob_state_refused", refused},
          {"blob_chunk", BlobChunk{photo, 22'384, {1, 2, 3, 4}}},
          {"blob_want", BlobWant{photo, 40'000}}};
}

// A phone in a drawer for two years must still get its photos through.
TEST(FileMessages, KeepTheirBytes) {
  for (const auto& [name, message] : one_of_each()) {
    expect_golden("protocol/" + name + ".hex", encode_frame(message));
  }
}

// Half a frame about a file must not pass for another one.
TEST(FileMessages, AreReadBackAndRefusedWhenCut) {
  for (const auto& [name, message] : one_of_each()) {
    SCOPED_TRACE(name);
    const Bytes frame = encode_frame(message);
    const auto read = read_frames(frame);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(encode_frame(read->front()), frame);
    for (std::size_t size = 1; size < frame.size(); ++size) {
      EXPECT_FALSE(read_frames(ByteView(frame).first(size))) << size;
    }
  }
}

// A proof that fits another device or another event would be as good as the photo itself.
TEST(FileMessages, AProofIsOfOneChainOneFileAndItsBytes) {
  const ByteView bytes = bytes_of(photo_bytes);
  const Digest proof = possession_proof(ChainNumber{7}, photo, bytes);
  FileName other = photo;
  other.attached = EventId{ChainNumber{7}, 13};
  FileName thumbnail = photo;
  thumbnail.part = FilePart::thumbnail;
  EXPECT_NE(proof, possession_proof(ChainNumber{8}, photo, bytes));
  EXPECT_NE(proof, possession_proof(ChainNumber{7}, other, bytes));
  EXPECT_NE(proof, possession_proof(ChainNumber{7}, thumbnail, bytes));
  EXPECT_NE(proof, possession_proof(ChainNumber{7}, photo, bytes.first(bytes.size() - 1)));
  PossessionProof in_pieces(ChainNumber{7}, photo);
  in_pieces.add(bytes.first(5));
  in_pieces.add(bytes.subspan(5));
  EXPECT_EQ(in_pieces.finish(), proof);
}

// The last chunk is short; with a wrong size the file would never be whole.
TEST(FileMessages, ChunksCoverAFileExactly) {
  for (const std::uint32_t size : {1U, 16'383U, 16'384U, 16'385U, 300'000U, original_bytes_max}) {
    std::uint32_t sum = 0;
    for (std::uint32_t index = 0; index < chunk_count(size); ++index) {
      EXPECT_GT(chunk_size(size, index), 0U);
      sum += chunk_size(size, index);
    }
    EXPECT_EQ(sum, size);
  }
  EXPECT_LE((chunk_count(original_bytes_max) + 7) / 8, chunk_bitmap_bytes_max);
}

}  // namespace
}  // namespace events::protocol
