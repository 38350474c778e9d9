#include "server/bundle/spool_file.h"

#include "tests/e2e/scratch_directory.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>

namespace server {
namespace {

namespace fs = std::filesystem;

// A bundle is read twice: looked at as a whole before any of it is used.
TEST(SpoolFile, IsReadAgainFromItsBeginning) {
  const e2e::ScratchDirectory scratch;
  const auto file = SpoolFile::make(scratch / "spool");
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_TRUE((*file)->append(events::bytes_of("seven ")));
  ASSERT_TRUE((*file)->append(events::bytes_of("dossiers")));
  EXPECT_EQ((*file)->size(), 14U);
  std::array<std::uint8_t, 10> target{};
  EXPECT_EQ(*(*file)->read(target), 10U);
  EXPECT_EQ(*(*file)->read(target), 4U) << "what is left";
  EXPECT_EQ(*(*file)->read(target), 0U);
  ASSERT_TRUE((*file)->rewind());
  EXPECT_EQ(*(*file)->read(target), 10U);
  EXPECT_EQ(std::string(target.begin(), target.end()), "seven doss");
}

// What came in and did not become part of the log must be gone, whatever ends the server.
TEST(SpoolFile, HasNoNameAnybodyCouldFind) {
  const e2e::ScratchDirectory scratch;
  const auto file = SpoolFile::make(scratch / "spool");
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->append(events::bytes_of("private")));
  EXPECT_TRUE(fs::is_empty(scratch / "spool"));
}

TEST(SpoolFile, AFolderThatCannotBeIsAnError) {
  const auto file = SpoolFile::make("/dev/null/spool");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, events::ErrorCode::io_failed);
}

}  // namespace
}  // namespace server
