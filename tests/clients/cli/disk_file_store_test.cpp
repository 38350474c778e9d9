#include "clients/cli/disk_file_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
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

  fs::path path = fs::path(testing::TempDir()) /
                  (std::string("device-files-") +
                   ::testing::UnitTest::GetInstance()->current_test_info()->name());
  DiskFileStore files{path};
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
  for (const auto& entry : fs::directory_iterator(path)) {
    EXPECT_EQ(entry.status().permissions() & others, fs::perms::none) << "others can read it";
  }
  ASSERT_TRUE(files.erase(digest));
  EXPECT_FALSE(*files.contains(digest));
}

// A worn photo would be sent for a minute, only to be refused.
TEST_F(DeviceFiles, SayWhenTheFlashWoreOut) {
  ASSERT_TRUE(files.put(digest, photo));
  for (const auto& entry : fs::directory_iterator(path)) {
    std::fstream file(entry.path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(20'000);
    file.put('x');
  }
  EXPECT_EQ(files.read(digest).error().code, ErrorCode::storage_corrupt);
}

// A cut would cost the reviewer the whole photo again, or give her half of one.
TEST_F(DeviceFiles, FetchInPieces) {
  const events::ByteView view(photo);
  EXPECT_EQ(*files.begun(digest), 0U);
  ASSERT_TRUE(files.append(digest, 0, view.first(20'000)));
  DiskFileStore reopened(path);
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
