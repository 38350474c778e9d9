#include "server/store/disk_watch.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>

namespace server {
namespace {

/// What the server's log says while this object lives.
class HeardLog {
 public:
  HeardLog() {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("heard", std::move(sink)));
  }
  ~HeardLog() { spdlog::set_default_logger(before_); }
  HeardLog(const HeardLog&) = delete;
  HeardLog& operator=(const HeardLog&) = delete;

  std::size_t count(const std::string& word) const {
    const std::string text = text_.str();
    std::size_t found = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      ++found;
    }
    return found;
  }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

struct WatchedDisk {
  std::uint64_t free = 1'000;
  DiskWatch watch{"/var/lib/khuyenhoc",
                  DiskFloor{.free_bytes_min = 1'000, .free_bytes = [this] { return free; }}};
};

TEST(DiskWatch, ThereIsRoomUntilItHasLooked) {
  WatchedDisk disk;
  disk.free = 0;
  EXPECT_FALSE(disk.watch.trouble());
  EXPECT_FALSE(disk.watch.check());
  EXPECT_TRUE(disk.watch.trouble());
}

TEST(DiskWatch, TheFloorItselfIsRoom) {
  WatchedDisk disk;
  EXPECT_TRUE(disk.watch.check());
  disk.free = 999;
  const auto checked = disk.watch.check();
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, events::ErrorCode::storage_failed);
}

// Devices hear the sentence; where the server's data lies is not theirs to know.
TEST(DiskWatch, PeersHearNoPath) {
  WatchedDisk disk;
  disk.free = 0;
  const auto checked = disk.watch.check();
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message.find("khuyenhoc"), std::string::npos);
  ASSERT_TRUE(disk.watch.trouble());
  EXPECT_EQ(disk.watch.trouble()->message, checked.error().message);
  EXPECT_EQ(disk.watch.trouble()->code, events::ErrorCode::storage_failed);
}

TEST(DiskWatch, ItIsOverWithTheFirstLookThatFindsRoom) {
  WatchedDisk disk;
  disk.free = 0;
  EXPECT_FALSE(disk.watch.check());
  disk.free = 5'000;
  EXPECT_TRUE(disk.watch.trouble()) << "nobody has looked";
  EXPECT_TRUE(disk.watch.check());
  EXPECT_FALSE(disk.watch.trouble());
}

// A line each second for a week would fill what is left of the disk.
TEST(DiskWatch, TheLogHearsOfEachChangeOnce) {
  const HeardLog heard;
  WatchedDisk disk;
  EXPECT_TRUE(disk.watch.check());
  EXPECT_EQ(heard.count("disk_has_room"), 0U);
  disk.free = 0;
  for (int look = 0; look < 5; ++look) EXPECT_FALSE(disk.watch.check());
  EXPECT_EQ(heard.count("disk_full"), 1U);
  EXPECT_EQ(heard.count("/var/lib/khuyenhoc"), 1U) << "the operator hears where";
  disk.free = 5'000;
  for (int look = 0; look < 5; ++look) EXPECT_TRUE(disk.watch.check());
  EXPECT_EQ(heard.count("disk_has_room"), 1U);
  disk.free = 0;
  EXPECT_FALSE(disk.watch.check());
  EXPECT_EQ(heard.count("disk_full"), 2U);
}

}  // namespace
}  // namespace server
