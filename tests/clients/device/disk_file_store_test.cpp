#include "clients/device/disk_file_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace clients {
namespace {

namespace fs = std::filesystem;
using events::ErrorCode;

class DeviceFiles : public ::testing::Test {
 protected:
  ~DeviceFiles() override {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }

  Keyring open_keyring() const {
    fs::create_directories(path);
    return std::move(*Keyring::open(path));
  }

  fs::path path = fs::path(testing::TempDir()) /
                  (std::string("device-files-") +
                   ::testing::UnitTest::GetInstance()->current_test_info()->name());
  Keyring keyring{open_keyring()};
  DiskFileStore files{path / "files", keyring};
  events::Bytes photo = events::Bytes(50'000, 7);
  events::Digest digest = events::sha256(photo);
};

// The officer photographs a paper once; it must be there when the line is.
TEST_F(DeviceFiles, GiveBackWhatTheyWereGiven) {
  EXPECT_FALSE(*files.contains(digest));
  EXPECT_FALSE(*files.read(digest));
  ASSERT_TRUE(files.put(digest, photo));
  EXPECT_TRUE(*files.contains(digest));
  EXPECT_EQ(**files.read(digest), photo);
  const auto others = fs::perms::group_all | fs::perms::others_all;
  for (const auto& entry : fs::directory_iterator(path / "files")) {
    EXPECT_EQ(entry.status().permissions() & others, fs::perms::none) << "others can read it";
  }
  ASSERT_TRUE(files.erase(digest));
  EXPECT_FALSE(*files.contains(digest));
}

// A worn photo would be sent for a minute, only to be refused.
TEST_F(DeviceFiles, SayWhenTheFlashWoreOut) {
  ASSERT_TRUE(files.put(digest, photo));
  for (const auto& entry : fs::directory_iterator(path / "files")) {
    std::fstream file(entry.path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(20'000);
    file.put('x');
  }
  EXPECT_EQ(files.read(digest).error().code, ErrorCode::storage_corrupt);
}

// Who finds the phone, or its memory card, would look at the certificates of a commune.
TEST_F(DeviceFiles, LieSealedUnderTheLockAndTheirKeyGoesWithTheLast) {
  const std::string paper(20'000, 'P');
  const events::Digest named = events::sha256(events::bytes_of(paper));
  ASSERT_TRUE(files.put(named, events::bytes_of(paper)));
  ASSERT_TRUE(files.append(digest, 0, events::bytes_of(std::string(500, 'P'))));
  std::string kept;
  for (const auto& entry : fs::directory_iterator(path / "files")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string on_disk{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(on_disk.find(std::string(16, 'P')), std::string::npos) << "in the clear";
    if (entry.path().extension().empty()) kept = on_disk;
  }
  EXPECT_TRUE(keyring.homes().empty()) << "not the key of a commune";

  LockSecret pin(LockKind::pin, events::Bytes{'1', '3', '5', '7', '9', '1'});
  ASSERT_TRUE(keyring.set_lock(pin));
  Keyring locked = std::move(*Keyring::open(path));
  EXPECT_EQ(DiskFileStore(path / "files", locked).read(named).error().code, ErrorCode::locked);

  ASSERT_TRUE(files.erase(named));
  ASSERT_TRUE(files.erase(digest));
  EXPECT_TRUE(files.all()->empty());
  std::ofstream(path / "files" / events::to_hex(named.bytes), std::ios::binary) << kept;
  EXPECT_EQ(files.read(named).error().code, ErrorCode::storage_corrupt)
      << "an old copy of the flash opens no more";
}

// A power cut in the middle of a piece: what is whole stays, what is not comes again.
TEST_F(DeviceFiles, GoOnBehindAPieceThatWasCut) {
  const events::ByteView view(photo);
  ASSERT_TRUE(files.append(digest, 0, view.first(8'000)));
  ASSERT_TRUE(files.append(digest, 8'000, view.subspan(8'000, 8'000)));
  const fs::path part = path / "files" / (events::to_hex(digest.bytes) + ".part");
  fs::resize_file(part, fs::file_size(part) - 100);
  DiskFileStore restarted(path / "files", keyring);
  ASSERT_EQ(*restarted.begun(digest), 8'000U);
  ASSERT_TRUE(restarted.append(digest, 8'000, view.subspan(8'000)));
  ASSERT_TRUE(restarted.finish(digest));
  EXPECT_EQ(**restarted.read(digest), photo);
}

// A cut would cost the reviewer the whole photo again, or give her half of one.
TEST_F(DeviceFiles, FetchInPieces) {
  const events::ByteView view(photo);
  EXPECT_EQ(*files.begun(digest), 0U);
  ASSERT_TRUE(files.append(digest, 0, view.first(20'000)));
  DiskFileStore reopened(path / "files", keyring);
  ASSERT_EQ(*reopened.begun(digest), 20'000U);
  EXPECT_FALSE(*reopened.contains(digest));
  ASSERT_TRUE(reopened.append(digest, 20'000, view.subspan(20'000)));
  ASSERT_TRUE(reopened.finish(digest));
  EXPECT_EQ(**reopened.read(digest), photo);

  const events::Digest other = events::sha256(view.first(9));
  ASSERT_TRUE(files.append(other, 0, view.first(8)));
  EXPECT_EQ(files.finish(other).error().code, ErrorCode::storage_corrupt);
  EXPECT_EQ(*files.begun(other), 0U) << "what was wrong is gone";
  EXPECT_FALSE(*files.contains(other));
}

}  // namespace
}  // namespace clients
