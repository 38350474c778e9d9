#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace clients_test {
namespace {

namespace fs = std::filesystem;

/// Words that docs/glossary.md gave up for another.  A blank keeps a word apart from longer ones.
constexpr const char* given_up[] = {
    "khoá",
    "Khoá",
    "xoá",
    "Xoá",
    "thoả",
    "uỷ",
    "hoá ",
    "mã đăng ký",
    "Mã đăng ký",
    "đăng ký thiết bị",
    "bị trả lại",
    "khôi phục",
    "hồi phục",
    "sự kiện",
    "sự việc",
    "chưa đủ điều kiện",
    "chỉ trên thiết bị",
    "công bố bộ tiêu chí",
    "Công bố một bộ",
};

std::vector<fs::path> texts_of_the_program() {
  const fs::path root(KHUYENHOC_SOURCE_DIR);
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / "clients/cli")) {
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".h") {
      files.push_back(entry.path());
    }
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(root / "projections/texts")) {
    files.push_back(entry.path());
  }
  return files;
}

// "Mã mời" in one place and "mã đăng ký" in another are two things to whoever reads them.
TEST(Vocabulary, HasOneWordForOneIdea) {
  const std::vector<fs::path> files = texts_of_the_program();
  ASSERT_GT(files.size(), 60U);
  for (const fs::path& path : files) {
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    ASSERT_FALSE(text.empty()) << path;
    for (const char* const word : given_up) {
      EXPECT_EQ(text.find(word), std::string::npos) << path.filename() << ": " << word;
    }
  }
}

}  // namespace
}  // namespace clients_test
