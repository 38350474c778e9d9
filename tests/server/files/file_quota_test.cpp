#include "server/files/file_quota.h"

#include "server/files/file_transfers.h"
#include "tests/server/files/memory_file_store.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

using events::ErrorCode;
using events::EventId;

constexpr events::ChainNumber tablet{7};
constexpr events::Timestamp the_morning{1'756'774'800'000};

FileFacts a_file(std::uint64_t number, std::uint32_t size, std::uint64_t dossier = 1) {
  FileFacts facts;
  facts.name = {EventId{tablet, number}, events::FilePart::original};
  facts.sha256.bytes.fill(static_cast<std::uint8_t>(number));
  facts.size = size;
  facts.dossier = events::DossierId{EventId{tablet, dossier}};
  return facts;
}

Upload upload_of(const FileFacts& facts) { return {tablet, facts.sha256, facts.size}; }

// One device filled the disk with photos at 2 MB a second, and nothing stopped it before the log
// itself had no room.
TEST(FileQuota, BoundsWhatADeviceSendsADay) {
  events::Timestamp now = the_morning;
  FileQuota quota([&] { return now; }, {.device_bytes_a_day = 1'000, .dossier_bytes = 10'000});
  EXPECT_TRUE(quota.take(upload_of(a_file(1, 600)), a_file(1, 600), 1));
  EXPECT_TRUE(quota.take(upload_of(a_file(1, 600)), a_file(1, 600), 1)) << "going on is free";
  const auto over = quota.take(upload_of(a_file(2, 600)), a_file(2, 600), 1);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, ErrorCode::quota);
  EXPECT_TRUE(quota.take(upload_of(a_file(2, 600)), a_file(2, 600), 2)) << "raised";
  now.value += events::milliseconds_per_day;
  EXPECT_TRUE(quota.take(upload_of(a_file(3, 600)), a_file(3, 600), 1));
}

TEST(FileQuota, BoundsWhatADossierHolds) {
  FileQuota quota([] { return the_morning; },
                  {.device_bytes_a_day = 100'000, .dossier_bytes = 1'000});
  quota.stored(a_file(1, 900));
  EXPECT_FALSE(quota.take(upload_of(a_file(2, 200)), a_file(2, 200), 1));
  EXPECT_TRUE(quota.take(upload_of(a_file(3, 200, 2)), a_file(3, 200, 2), 1)) << "another dossier";
  FileFacts lost = a_file(1, 900);
  lost.is_stored = true;
  EXPECT_TRUE(quota.take(upload_of(lost), lost, 1)) << "the log has it, and the disk lost it";
}

// 5,000 registrations with a photo of 150 kB each come over four laptops, or over one.
TEST(FileQuota, LetsThePhotosOfTheLastEveningPass) {
  FileQuota quota([] { return the_morning; });
  for (std::uint64_t photo = 1; photo <= 5'000; ++photo) {
    FileFacts facts = a_file(photo, 150'000, photo);
    facts.sha256.bytes[1] = static_cast<std::uint8_t>(photo >> 8U);
    ASSERT_TRUE(quota.take(upload_of(facts), facts, 1)) << photo;
    quota.stored(facts);
  }
}

TEST(FileQuota, IsAskedByTheDeskBeforeAnyByteIsTaken) {
  MemoryFileStore store;
  FileQuota quota([] { return the_morning; }, {.device_bytes_a_day = 100, .dossier_bytes = 100});
  FileTransfers desk(store, &quota);
  const FileTransfers::Answer answer = desk.offer(tablet, a_file(1, 600), {});
  EXPECT_EQ(answer.state.status, events::protocol::FileStatus::refused);
  EXPECT_EQ(answer.state.reason, ErrorCode::quota);
}

// What came in yesterday is in the dossier today.
TEST(FileQuota, HearsOfTheDeskWhatADossierHas) {
  MemoryFileStore store;
  FileQuota quota([] { return the_morning; },
                  {.device_bytes_a_day = 10'000, .dossier_bytes = 1'000});
  FileTransfers desk(store, &quota);
  const events::Bytes photo(600, 'x');
  FileFacts first = a_file(1, 600);
  first.sha256 = events::sha256(photo);
  ASSERT_EQ(desk.offer(tablet, first, {}).state.status, events::protocol::FileStatus::wanted);
  ASSERT_TRUE(desk.put({tablet, first, 0, photo}).is_complete);
  const FileTransfers::Answer answer = desk.offer(tablet, a_file(2, 600), {});
  EXPECT_EQ(answer.state.reason, ErrorCode::quota);
  EXPECT_EQ(desk.offer(tablet, a_file(3, 600, 2), {}).state.status,
            events::protocol::FileStatus::wanted)
      << "another dossier";
}

// Ten papers of a dossier with the same scan are ten files of it: after the next start they count,
// so they must count before, and once.
TEST(FileQuota, CountsAFileOnceHoweverItCameToTheDossier) {
  MemoryFileStore store;
  FileQuota quota([] { return the_morning; },
                  {.device_bytes_a_day = 100'000, .dossier_bytes = 1'000});
  FileTransfers desk(store, &quota);
  const events::Bytes photo(400, 'x');
  const auto attached = [&](std::uint64_t number) {
    FileFacts facts = a_file(number, 400);
    facts.sha256 = events::sha256(photo);
    return facts;
  };
  const auto offer = [&](const FileFacts& facts) {
    return desk.offer(tablet, facts, events::protocol::possession_proof(tablet, facts.name, photo));
  };
  ASSERT_FALSE(offer(attached(1)).is_complete);
  ASSERT_TRUE(desk.put({tablet, attached(1), 0, photo}).is_complete);
  EXPECT_TRUE(offer(attached(1)).is_complete) << "the log could not say so, and it comes again";
  EXPECT_EQ(desk.offer(tablet, a_file(3, 600), {}).state.status,
            events::protocol::FileStatus::wanted);
  EXPECT_TRUE(offer(attached(2)).is_complete);
  EXPECT_TRUE(offer(attached(2)).is_complete);
  EXPECT_EQ(desk.offer(tablet, a_file(4, 201), {}).state.reason, ErrorCode::quota);
  EXPECT_EQ(desk.offer(tablet, a_file(5, 200), {}).state.status,
            events::protocol::FileStatus::wanted);
}

}  // namespace
}  // namespace server::test
