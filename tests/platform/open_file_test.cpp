#include "platform/open_file.h"

#include "tests/support/small_disk.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace platform {
namespace {

namespace fs = std::filesystem;
using events::bytes_of;

class OpenFiles : public testing::Test {
 protected:
  OpenFiles() {
    std::string form = (fs::temp_directory_path() / "open-file-XXXXXX").string();
    folder_ = ::mkdtemp(form.data());
  }
  ~OpenFiles() override { fs::remove_all(folder_); }

  fs::path folder_;
};

std::string text_of(const std::optional<events::Bytes>& bytes) {
  return bytes ? std::string(bytes->begin(), bytes->end()) : "failed";
}

TEST_F(OpenFiles, WritesAndReadsAtAnyPlace) {
  const OpenFile file(folder_ / "a", O_RDWR | O_CREAT);
  ASSERT_TRUE(file.is_open());
  EXPECT_TRUE(file.write_all(bytes_of("hồ ")));
  EXPECT_TRUE(file.write_all(bytes_of("sơ")));
  EXPECT_TRUE(file.write_all_at(bytes_of("H"), 0));
  EXPECT_TRUE(file.sync());
  EXPECT_EQ(text_of(file.read_at(0, 100)), "Hồ sơ");
  EXPECT_EQ(text_of(file.read_at(1, 3)), "ồ");
  EXPECT_EQ(text_of(file.read_at(100, 3)), "") << "behind its end";
}

// Secrets and papers are nobody else's, also when the caller forgot to say so.
TEST_F(OpenFiles, ANewFileIsItsOwnersAlone) {
  const OpenFile file(folder_ / "a", O_WRONLY | O_CREAT);
  EXPECT_EQ(fs::status(folder_ / "a").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

// A key handed to every program that the server starts would be a key of everybody.
TEST_F(OpenFiles, AreNotInherited) {
  const OpenFile file(folder_ / "a", O_WRONLY | O_CREAT);
  EXPECT_NE(::fcntl(file.number(), F_GETFD) & FD_CLOEXEC, 0);
}

// "Disk full" sends an officer to delete photos; any other reason would send them to nobody.
TEST_F(OpenFiles, ErrnoSaysWhyAlsoBehindTheScope) {
  const test_support::SmallDisk full(1'000);
  bool written = true;
  {
    const OpenFile file(folder_ / "a", O_WRONLY | O_CREAT);
    written = file.write_all(events::Bytes(50'000));
  }
  const int reason = errno;
  EXPECT_FALSE(written);
  EXPECT_TRUE(reason == EFBIG || reason == ENOSPC) << reason;
}

TEST_F(OpenFiles, WhatIsNotThereSaysSo) {
  const OpenFile file(folder_ / "none" / "a", O_RDONLY);
  EXPECT_EQ(errno, ENOENT);
  EXPECT_FALSE(file.is_open());
  EXPECT_FALSE(file.read_at(0, 1).has_value());
  EXPECT_FALSE(file.write_all(bytes_of("x")));
  EXPECT_FALSE(sync_folder(folder_ / "none"));
  EXPECT_TRUE(sync_folder(folder_));
  EXPECT_TRUE(sync_folder("")) << "the working directory";
}

// A file that was handed on must stay open, and be closed once.
TEST_F(OpenFiles, MovingHandsTheFileOn) {
  OpenFile first(folder_ / "a", O_RDWR | O_CREAT);
  OpenFile second(std::move(first));
  EXPECT_TRUE(second.write_all(bytes_of("x")));
  EXPECT_TRUE(second.close());
  EXPECT_FALSE(second.is_open());
}

}  // namespace
}  // namespace platform
