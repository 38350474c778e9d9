#include "server/files/disk_file_archive.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace server {
namespace {

namespace fs = std::filesystem;
namespace protocol = events::protocol;
using events::ErrorCode;

constexpr events::ChainNumber phone{7};
constexpr events::ChainNumber tablet{8};

events::Bytes a_photo(std::uint32_t size, std::uint32_t seed = 1) {
  events::Bytes bytes(size);
  for (std::uint8_t& byte : bytes) {
    seed = seed * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::uint8_t>(seed >> 24U);
  }
  return bytes;
}

Upload upload_of(const events::Bytes& bytes, events::ChainNumber chain = phone) {
  return {chain, events::sha256(bytes), static_cast<std::uint32_t>(bytes.size())};
}

class DiskFiles : public ::testing::Test {
 protected:
  DiskFiles() { open(); }
  ~DiskFiles() override {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  void open() { store = std::move(*DiskFileArchive::open(path)); }

  events::Result<UploadProgress> put_chunk(const Upload& upload, const events::Bytes& bytes,
                                           std::uint32_t index) {
    const std::uint32_t offset = index * protocol::file_chunk_bytes;
    const events::ByteView view(bytes);
    return store->put(upload, offset,
                      view.subspan(offset, protocol::chunk_size(upload.size, index)));
  }
  void put_all(const Upload& upload, const events::Bytes& bytes) {
    ASSERT_TRUE(store->begin(upload));
    for (std::uint32_t index = 0; index < protocol::chunk_count(upload.size); ++index) {
      ASSERT_TRUE(put_chunk(upload, bytes, index));
    }
  }

  fs::path path = fs::path(testing::TempDir()) /
                  ("files-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
                   ::testing::UnitTest::GetInstance()->current_test_info()->name());
  std::unique_ptr<DiskFileArchive> store;
};

// A certificate would look like another one, or like none, when somebody reviews the dossier.
TEST_F(DiskFiles, GiveBackTheBytesTheyWereGiven) {
  const events::Bytes photo = a_photo(100'000);
  const Upload upload = upload_of(photo);
  put_all(upload, photo);
  EXPECT_FALSE(*store->contains(upload.sha256)) << "nobody has looked at its digest yet";
  ASSERT_TRUE(store->finish(upload));
  open();
  EXPECT_TRUE(*store->contains(upload.sha256));
  EXPECT_EQ(*store->read(upload.sha256, 0, 200'000), photo);
  EXPECT_EQ(store->read(upload.sha256, 99'990, 100)->size(), 10U);
  EXPECT_EQ(store->read(events::sha256(photo, photo), 0, 1).error().code, ErrorCode::not_found);
}

// A cut would cost the whole photo, four times over, and the officer would give up.
TEST_F(DiskFiles, RememberEveryDurableByteOfAnUpload) {
  const events::Bytes photo = a_photo(50'000);
  const Upload upload = upload_of(photo);
  ASSERT_TRUE(store->begin(upload));
  ASSERT_TRUE(put_chunk(upload, photo, 0));
  ASSERT_TRUE(put_chunk(upload, photo, 2));
  const events::ByteView view(photo);
  ASSERT_TRUE(store->put(upload, protocol::file_chunk_bytes,
                         view.subspan(protocol::file_chunk_bytes, 5'000)));
  open();
  const auto progress = store->begin(upload);
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->durable, (std::vector<std::uint32_t>{16'384, 5'000, 16'384, 0}));
  EXPECT_EQ(progress->missing_bitmap(), events::Bytes{0b1010});
  EXPECT_EQ(progress->first_missing(), 1U);
  // The rest of the chunk follows what is there.
  ASSERT_TRUE(store->put(upload, protocol::file_chunk_bytes + 5'000,
                         view.subspan(protocol::file_chunk_bytes + 5'000, 16'384 - 5'000)));
  const auto complete = put_chunk(upload, photo, 3);
  ASSERT_TRUE(complete);
  EXPECT_TRUE(complete->is_complete());
  ASSERT_TRUE(store->finish(upload));
  EXPECT_EQ(*store->read(upload.sha256, 0, 50'000), photo);
}

// Whatever a power cut left of the last entry, no byte may count that is not there.
TEST_F(DiskFiles, ForgetAnEntryThatWasTornOff) {
  const events::Bytes photo = a_photo(50'000);
  const Upload upload = upload_of(photo);
  ASSERT_TRUE(store->begin(upload));
  ASSERT_TRUE(put_chunk(upload, photo, 0));
  ASSERT_TRUE(put_chunk(upload, photo, 1));
  for (const fs::directory_entry& entry : fs::directory_iterator(path / "uploads")) {
    if (entry.path().extension() == ".chunks") fs::resize_file(entry.path(), 8 + 5);
  }
  auto progress = store->begin(upload);
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->durable, (std::vector<std::uint32_t>{16'384, 0, 0, 0}));
  for (const std::uint32_t index : {1U, 2U, 3U}) progress = put_chunk(upload, photo, index);
  ASSERT_TRUE(progress && progress->is_complete()) << "entries after the torn one count again";
  EXPECT_TRUE(store->finish(upload));
}

// A photo that wore out on the phone would pass for the one that the event names.
TEST_F(DiskFiles, TakeNoBytesUnderAForeignDigest) {
  const events::Bytes photo = a_photo(40'000);
  const Upload upload = upload_of(photo);
  events::Bytes worn = photo;
  worn[20'000] = static_cast<std::uint8_t>(worn[20'000] ^ 4U);
  put_all(upload, worn);
  EXPECT_EQ(store->finish(upload).error().code, ErrorCode::storage_corrupt);
  EXPECT_FALSE(*store->contains(upload.sha256));
  const auto again = store->begin(upload);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->durable, std::vector<std::uint32_t>(3, 0)) << "what was wrong is gone";
}

// One device could spoil what another sends, by sending rubbish under the same digest.
TEST_F(DiskFiles, KeepTheUploadsOfDevicesApart) {
  const events::Bytes photo = a_photo(40'000);
  const Upload good = upload_of(photo, phone);
  const Upload bad = upload_of(photo, tablet);
  put_all(bad, a_photo(40'000, 99));
  put_all(good, photo);
  EXPECT_FALSE(store->finish(bad));
  EXPECT_TRUE(store->finish(good));
  EXPECT_EQ(*store->read(good.sha256, 0, 40'000), photo);
}

// Bytes out of order would leave holes that nobody knows of.
TEST_F(DiskFiles, RefuseBytesThatDoNotFollow) {
  const events::Bytes photo = a_photo(40'000);
  const Upload upload = upload_of(photo);
  ASSERT_TRUE(store->begin(upload));
  const events::ByteView some(photo.data(), 100);
  for (const std::uint32_t offset : {50U, 16'384U + 1, 40'000U, 39'950U, 4'000'000'000U}) {
    EXPECT_EQ(store->put(upload, offset, some).error().code, ErrorCode::malformed) << offset;
  }
  EXPECT_EQ(store->put(upload, 0, photo).error().code, ErrorCode::malformed) << "beyond its chunk";
}

// A device that begins files and never ends them would fill the commune's disk.
TEST_F(DiskFiles, KeepFewUnfinishedUploadsOfADevice) {
  const auto unfinished = [&] {
    std::size_t count = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(path / "uploads")) {
      if (entry.path().extension() == ".bytes") ++count;
    }
    return count;
  };
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    ASSERT_TRUE(store->begin(upload_of(a_photo(1'000, seed), phone)));
  }
  EXPECT_EQ(unfinished(), uploads_per_device_max);
  ASSERT_TRUE(store->begin(upload_of(a_photo(1'000), tablet)));
  EXPECT_EQ(unfinished(), uploads_per_device_max + 1) << "another device has room of its own";
}

// What a person has the right to have erased would stay.
TEST_F(DiskFiles, EraseForGood) {
  const events::Bytes photo = a_photo(20'000);
  const Upload upload = upload_of(photo);
  put_all(upload, photo);
  ASSERT_TRUE(store->finish(upload));
  ASSERT_TRUE(store->erase(upload.sha256));
  EXPECT_FALSE(*store->contains(upload.sha256));
  EXPECT_TRUE(store->erase(upload.sha256)) << "once more changes nothing";
}

}  // namespace
}  // namespace server
