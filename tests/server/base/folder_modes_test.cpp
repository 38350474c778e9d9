#include "server/base/folder_modes.h"

#include "server/base/data_directory.h"
#include "tests/e2e/scratch_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace server {
namespace {

namespace fs = std::filesystem;
using events::ErrorCode;

constexpr fs::perms everybody = fs::perms::others_all | fs::perms::group_all;

bool is_open_to_others(const fs::path& path) {
  return (fs::status(path).permissions() & everybody) != fs::perms::none;
}

void open_to_others(const fs::path& path) {
  fs::permissions(path, fs::perms::others_read | fs::perms::group_read, fs::perm_options::add);
}

// `mkdir D`, a start, and every local user could read the names of the citizens.
TEST(FolderModes, AFolderThatSomebodyElseMadeIsMended) {
  const e2e::ScratchDirectory scratch;
  const fs::path data = scratch / "data";
  fs::create_directories(data / "files" / "ab");
  fs::create_directories(data / "private");
  std::ofstream(data / "private" / "000001.sst") << "Lò Văn An";
  std::ofstream(data / "files" / "ab" / "cd") << "a photograph";
  for (const fs::path& path : {data, data / "files", data / "files" / "ab", data / "private",
                               data / "private" / "000001.sst", data / "files" / "ab" / "cd"}) {
    open_to_others(path);
  }
  // While the folder above is open, one that is closed itself hides nothing for long.
  fs::create_directories(data / "healing");
  fs::permissions(data / "healing", fs::perms::owner_all);
  std::ofstream(data / "healing" / "000002.sst") << "Lò Thị Ánh";
  open_to_others(data / "healing" / "000002.sst");
  ASSERT_FALSE(is_open_to_others(data / "healing"));
  const auto opened = DataDirectory::open(data);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_FALSE(is_open_to_others(data));
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(data)) {
    EXPECT_FALSE(is_open_to_others(entry.path())) << entry.path();
  }
}

// A key that others could read may be theirs by now: the operator must hear of it.
TEST(FolderModes, AKeyThatOthersMayReadIsRefusedWithTheCommandThatMendsIt) {
  const e2e::ScratchDirectory scratch;
  const auto data = DataDirectory::open(scratch / "data");
  ASSERT_TRUE(data);
  ASSERT_TRUE(data->key(true));
  const fs::path key = scratch / "data" / "server.key";
  open_to_others(key);
  const auto refused = data->key(false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_permitted);
  EXPECT_NE(refused.error().message.find("chmod 600 " + key.string()), std::string::npos)
      << refused.error().message;
  EXPECT_TRUE(keep_to_owner(scratch / "data"));
  EXPECT_TRUE(is_open_to_others(key)) << "nobody hides that it was open";
}

}  // namespace
}  // namespace server
