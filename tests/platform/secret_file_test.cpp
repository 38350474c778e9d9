#include "platform/secret_file.h"

#include "tests/support/small_disk.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace platform {
namespace {

namespace fs = std::filesystem;
using events::ErrorCode;

class SecretFiles : public testing::Test {
 protected:
  SecretFiles() {
    std::string form = (fs::temp_directory_path() / "secret-file-XXXXXX").string();
    folder_ = ::mkdtemp(form.data());
    path_ = fs::path(folder_) / "key";
  }
  ~SecretFiles() override { fs::remove_all(folder_); }

  std::string folder_;
  fs::path path_;
};

// A second server started in the folder must not replace the key that the log was founded with.
TEST_F(SecretFiles, MakingOneNeverReplacesAnother) {
  ASSERT_TRUE(make_secret(path_, "first"));
  EXPECT_EQ(make_secret(path_, "second").error().code, ErrorCode::io_failed);
  EXPECT_EQ(*read_secret(path_), "first");
}

TEST_F(SecretFiles, OneThatOthersMayReadIsRefusedWithTheRemedy) {
  ASSERT_TRUE(make_secret(path_, "first"));
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  fs::permissions(path_, fs::perms::group_read, fs::perm_options::add);
  const auto read = read_secret(path_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::not_permitted);
  EXPECT_NE(read.error().message.find("chmod 600 " + path_.string()), std::string::npos);
}

// Half a list of sealing keys would make every bundle of the old key unreadable.
TEST_F(SecretFiles, ReplacingOneOnAFullDiskKeepsTheOldOne) {
  ASSERT_TRUE(make_secret(path_, "old"));
  {
    const test_support::SmallDisk full(1'000);
    EXPECT_EQ(replace_secret(path_, std::string(50'000, 'x')).error().code, ErrorCode::io_failed);
  }
  EXPECT_EQ(*read_secret(path_), "old");
  ASSERT_TRUE(replace_secret(path_, std::string(50'000, 'x')));
  EXPECT_EQ(read_secret(path_)->size(), 50'000U);
}

}  // namespace
}  // namespace platform
