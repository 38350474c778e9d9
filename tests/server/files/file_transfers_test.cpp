#include "server/files/file_transfers.h"

#include "tests/server/files/memory_file_store.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace server::test {
namespace {

namespace protocol = events::protocol;
using events::ChainNumber;
using events::ErrorCode;
using protocol::FileStatus;

constexpr ChainNumber laptop{7};
constexpr ChainNumber stranger{8};

/// A scan of three chunks, of which the last one is not full.
events::Bytes a_scan() {
  events::Bytes bytes(2 * protocol::file_chunk_bytes + 1'000);
  std::uint32_t seed = 11;
  for (std::uint8_t& byte : bytes) {
    seed = seed * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::uint8_t>(seed >> 24U);
  }
  return bytes;
}

FileFacts named(const events::Bytes& content, std::uint64_t number = 1) {
  FileFacts facts;
  facts.name = {events::EventId{laptop, number}, events::FilePart::original};
  facts.sha256 = events::sha256(content);
  facts.size = static_cast<std::uint32_t>(content.size());
  return facts;
}

/// What a device hears of a file, as it goes over the line.
events::Bytes heard(const FileTransfers::Answer& answer) { return events::encode(answer.state); }

struct TransferDesk : testing::Test {
  MemoryFileStore store;
  FileTransfers desk{store};
  events::Bytes scan = a_scan();
  FileFacts facts = named(scan);

  events::Bytes part(std::uint32_t offset, std::uint32_t size) const {
    return {scan.begin() + offset, scan.begin() + offset + size};
  }
  FileTransfers::Answer put(std::uint32_t offset, std::uint32_t size) {
    return desk.put({laptop, facts, offset, part(offset, size)});
  }
};

// A photo that lies on the server already, since it belongs to two dossiers, is not sent again over
// a mountain line.
TEST_F(TransferDesk, WhoProvesThatItHasAFileNeedNotSendIt) {
  store.take_over(facts.sha256, scan);
  const FileTransfers::Answer answer =
      desk.offer(laptop, facts, protocol::possession_proof(laptop, facts.name, scan));
  EXPECT_TRUE(answer.is_complete);
  EXPECT_EQ(answer.state.status, FileStatus::stored);
  EXPECT_EQ(answer.state.file, facts.name);
}

// Whoever has only a digest must not learn whether anybody has the paper.
TEST_F(TransferDesk, WithoutItsProofAnOfferIsAnsweredAsIfTheFileWereNotThere) {
  const events::Bytes not_there = heard(desk.offer(laptop, facts, {}));
  const protocol::FileName other{events::EventId{laptop, 2}, events::FilePart::original};
  const events::Digest proofs[] = {
      {},
      protocol::possession_proof(stranger, facts.name, scan),
      protocol::possession_proof(laptop, other, scan),
      protocol::possession_proof(laptop, facts.name, part(0, protocol::file_chunk_bytes))};
  for (const events::Digest& proof : proofs) {
    MemoryFileStore other_store;
    other_store.take_over(facts.sha256, scan);
    FileTransfers other_desk(other_store);
    const FileTransfers::Answer answer = other_desk.offer(laptop, facts, proof);
    EXPECT_FALSE(answer.is_complete);
    EXPECT_EQ(heard(answer), not_there);
  }
}

// Of what the log calls stored everybody knows that it is there: no proof is asked for.
TEST_F(TransferDesk, AFileThatTheLogCallsStoredIsTakenOnlyWhenTheDiskLostIt) {
  facts.is_stored = true;
  EXPECT_EQ(desk.offer(laptop, facts, {}).state.status, FileStatus::wanted);
  store.take_over(facts.sha256, scan);
  const FileTransfers::Answer answer = desk.offer(stranger, facts, {});
  EXPECT_TRUE(answer.is_complete);
  EXPECT_EQ(answer.state.status, FileStatus::stored);
}

TEST_F(TransferDesk, SaysAfterEachPieceWhatIsMissingAndAtTheEndThatItIsStored) {
  const FileTransfers::Answer begun = desk.offer(laptop, facts, {});
  EXPECT_EQ(begun.state.status, FileStatus::wanted);
  EXPECT_EQ(begun.state.missing, events::Bytes{0b111});
  EXPECT_EQ(begun.state.begun_bytes, 0U);

  const FileTransfers::Answer half = put(0, 5'000);
  EXPECT_EQ(half.state.missing, events::Bytes{0b111});
  EXPECT_EQ(half.state.begun_bytes, 5'000U);
  const FileTransfers::Answer last = put(2 * protocol::file_chunk_bytes, 1'000);
  EXPECT_EQ(last.state.missing, events::Bytes{0b011});
  EXPECT_EQ(put(5'000, protocol::file_chunk_bytes - 5'000).state.missing, events::Bytes{0b010});
  EXPECT_EQ(put(0, 5'000).state.missing, events::Bytes{0b010}) << "a repeated piece takes nothing";
  EXPECT_TRUE(store.files().empty());

  const FileTransfers::Answer whole = put(protocol::file_chunk_bytes, protocol::file_chunk_bytes);
  EXPECT_TRUE(whole.is_complete);
  EXPECT_EQ(whole.state.status, FileStatus::stored);
  EXPECT_EQ(whole.state.file, facts.name);
  EXPECT_EQ(store.files().at(facts.sha256), scan);
}

// The log would say of a worn photo that it is stored, and the device would delete its own.
TEST_F(TransferDesk, RefusesWhatIsNotTheFileOrCannotBeKept) {
  const auto reason = [](const FileTransfers::Answer& answer) {
    EXPECT_FALSE(answer.is_complete);
    EXPECT_EQ(answer.state.status, FileStatus::refused);
    return answer.state.reason;
  };
  EXPECT_EQ(reason(put(0, 1'000)), ErrorCode::storage_failed) << "it was not offered";
  ASSERT_EQ(desk.offer(laptop, facts, {}).state.status, FileStatus::wanted);
  EXPECT_EQ(reason(put(1'000, 1'000)), ErrorCode::malformed) << "bytes that do not follow";
  EXPECT_EQ(reason(desk.put({stranger, facts, 0, part(0, 1'000)})), ErrorCode::storage_failed)
      << "another device's upload is its own";

  scan[0] ^= 1U;
  put(0, protocol::file_chunk_bytes);
  put(protocol::file_chunk_bytes, protocol::file_chunk_bytes);
  EXPECT_EQ(reason(put(2 * protocol::file_chunk_bytes, 1'000)), ErrorCode::storage_corrupt);
  EXPECT_TRUE(store.files().empty());
}

TEST_F(TransferDesk, FindsTheFilesThatTheStoreLacks) {
  const FileFacts kept = named(events::Bytes(10, 1), 2);
  store.take_over(kept.sha256, events::Bytes(10, 1));
  const FileFacts other = named(events::Bytes(10, 2), 3);
  EXPECT_EQ(*desk.missing({facts, kept, other}), (std::vector{facts, other}));
  EXPECT_TRUE(desk.missing({})->empty());
}

TEST_F(TransferDesk, ReadsAChunkAtMostAndNothingBehindTheEnd) {
  const auto missing = desk.read(facts, 0);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_TRUE(desk.read(facts, facts.size)) << "nothing is there to be found";
  store.take_over(facts.sha256, scan);
  EXPECT_EQ(*desk.read(facts, 0), part(0, protocol::file_chunk_bytes));
  EXPECT_EQ(*desk.read(facts, 100), part(100, protocol::file_chunk_bytes));
  EXPECT_EQ(*desk.read(facts, facts.size - 300), part(facts.size - 300, 300));
  EXPECT_TRUE(desk.read(facts, facts.size)->empty());
  EXPECT_TRUE(desk.read(facts, facts.size + 1)->empty());
}

/// A disk that answers no question about files.
class BrokenFileStore final : public FileArchive {
 public:
  events::Result<bool> contains(const events::Digest& /*sha256*/) const override {
    return broken();
  }
  events::Result<events::Bytes> read(const events::Digest& /*sha256*/, std::uint32_t /*offset*/,
                                     std::uint32_t /*size*/) const override {
    return broken();
  }
  events::Result<UploadProgress> begin(const Upload& /*upload*/) override { return broken(); }
  events::Result<UploadProgress> put(const Upload& /*upload*/, std::uint32_t /*offset*/,
                                     events::ByteView /*bytes*/) override {
    return broken();
  }
  events::Result<void> finish(const Upload& /*upload*/) override { return broken(); }
  events::Result<void> erase(const events::Digest& /*sha256*/) override { return broken(); }

 private:
  static events::Error broken() { return {ErrorCode::io_failed, "the disk does not answer"}; }
};

// A disk that does not answer is no disk without files: all of them would be asked for again.
TEST(FileTransfers, PassOnWhatADiskSaysThatFails) {
  BrokenFileStore store;
  FileTransfers desk(store);
  const FileFacts facts = named(a_scan());
  const FileTransfers::Answer answer = desk.offer(laptop, facts, {});
  EXPECT_EQ(answer.state.status, FileStatus::refused);
  EXPECT_EQ(answer.state.reason, ErrorCode::io_failed);
  const auto missing = desk.missing({facts});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::io_failed);
}

}  // namespace
}  // namespace server::test
