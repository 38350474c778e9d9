#include "platform/new_file.h"

#include "tests/support/small_disk.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace platform {
namespace {

using events::ErrorCode;
namespace fs = std::filesystem;

class NewFiles : public testing::Test {
 protected:
  NewFiles() {
    std::string form = (fs::temp_directory_path() / "new-file-XXXXXX").string();
    folder_ = ::mkdtemp(form.data());
  }
  ~NewFiles() override { fs::remove_all(folder_); }

  fs::path path(const char* name) const { return folder_ / name; }
  fs::path with(const char* name, const std::string& content) const {
    std::ofstream(path(name)) << content;
    return path(name);
  }
  static std::string read(const fs::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }

  fs::path folder_;
};

const events::Bytes long_content(50'000, 'x');

// A carrier who sees a file on the stick carries it for two days: half a bundle must never look
// like one, and the bundle of last week must not be lost for it.
TEST_F(NewFiles, ComeWholeOrNotAtAllOnAFullDisk) {
  const fs::path old = with("bundle.csb", "of last week");
  {
    const test_support::SmallDisk full(1'000);
    const auto fresh = write_new_file(path("fresh.csb"), {}, long_content);
    ASSERT_FALSE(fresh);
    EXPECT_EQ(fresh.error().code, ErrorCode::device_storage) << fresh.error().message;
    EXPECT_TRUE(fresh.error().message.starts_with(path("fresh.csb").string()));
    EXPECT_FALSE(write_new_file(old, {.replaces = true, .source = {}}, long_content));
  }
  EXPECT_EQ(read(old), "of last week");
  EXPECT_EQ(files(), 1) << "nothing is left beside it";
  ASSERT_TRUE(write_new_file(old, {.replaces = true, .source = {}}, long_content));
  EXPECT_EQ(fs::file_size(old), long_content.size());
  EXPECT_EQ(files(), 1);
}

// What was begun and given up, by Ctrl-C or by an error of the server, leaves nothing.
TEST_F(NewFiles, ThatAreGivenUpLeaveNothing) {
  {
    auto begun = NewFile::make(path("answer.csb"), {});
    ASSERT_TRUE(begun);
    ASSERT_TRUE(begun->append(long_content));
    EXPECT_FALSE(fs::exists(path("answer.csb"))) << "not before it is whole";
  }
  EXPECT_EQ(files(), 0);
}

// "bundle deliver xa.csb --return xa.csb" would replace the work of a season by its answer.
TEST_F(NewFiles, NeverReplaceWhatTheyAreMadeFromUnderAnyName) {
  const fs::path source = with("xa.csb", "the work of a season");
  fs::create_hard_link(source, path("hard.csb"));
  fs::create_symlink(source, path("soft.csb"));
  for (const fs::path& name :
       {source, path("hard.csb"), path("soft.csb"), folder_ / "." / "xa.csb"}) {
    const NewFileOptions options{.replaces = true, .source = source};
    EXPECT_EQ(obstacle_to(name, options), Obstacle::is_source) << name;
    const auto made = NewFile::make(name, options);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
  }
  EXPECT_EQ(read(source), "the work of a season");
}

TEST_F(NewFiles, SayWhatStandsInTheWay) {
  EXPECT_EQ(obstacle_to(with("there.jpg", "x"), {}), Obstacle::exists);
  EXPECT_FALSE(obstacle_to(path("there.jpg"), {.replaces = true, .source = {}}));
  EXPECT_EQ(obstacle_to(folder_, {.replaces = true, .source = {}}), Obstacle::no_file);
  EXPECT_EQ(obstacle_to("/dev/null", {.replaces = true, .source = {}}), Obstacle::no_file);
  EXPECT_EQ(obstacle_to(path("none") / "a.jpg", {}), Obstacle::no_folder);
  EXPECT_FALSE(obstacle_to(path("new.jpg"), {}));
}

// Behind the link lies the file that people mean; the link stays.
TEST_F(NewFiles, GoWhereALinkPoints) {
  const fs::path real = with("real.jpg", "old");
  fs::create_symlink(real, path("link.jpg"));
  ASSERT_TRUE(write_new_file(path("link.jpg"), {.replaces = true, .source = {}}, long_content));
  EXPECT_TRUE(fs::is_symlink(path("link.jpg")));
  EXPECT_EQ(fs::file_size(real), long_content.size());
}

}  // namespace
}  // namespace platform
