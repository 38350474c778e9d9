#include "clients/cli/secret_input.h"

#include "tests/clients/cli/scratch_home.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace clients_test {
namespace {

using clients::CodeSources;
using clients::one_time_code;
using events::ErrorCode;

std::filesystem::path file_with(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path) << content;
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
  return path;
}

// Whoever looks at the processes of a shared machine saw the code that makes an administrator.
TEST(OneTimeCode, IsNotTakenFromTheCommandLine) {
  const auto refused = one_time_code({"--founding-code", "ABCD-EFGH-2345-6789", ""}, "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(refused.error().message.find("--founding-code-file"), std::string::npos)
      << refused.error().message;
  EXPECT_EQ(refused.error().message.find("ABCD"), std::string::npos) << "it repeats the secret";
}

TEST(OneTimeCode, IsTheFirstLineOfAFileThatOnlyItsOwnerReads) {
  const ScratchHome folder;
  const auto file = file_with(folder.path() / "code", "ABCD-EFGH-2345-6789\nfor the office\n");
  const auto code = one_time_code({"--code", "", file.string()}, "");
  ASSERT_TRUE(code) << code.error().message;
  EXPECT_EQ(*code, "ABCD-EFGH-2345-6789");

  std::filesystem::permissions(file, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const auto open = one_time_code({"--code", "", file.string()}, "");
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().message.find("chmod 600"), std::string::npos) << open.error().message;
}

TEST(OneTimeCode, ComesFromOnePlaceAndIsNotEmpty) {
  const ScratchHome folder;
  const auto empty = file_with(folder.path() / "code", "\n");
  EXPECT_FALSE(one_time_code({"--code", "", empty.string()}, ""));
  EXPECT_FALSE(one_time_code({"--code", "-", empty.string()}, ""));
}

// Without the reason somebody would write the code there once more.
TEST(OneTimeCode, OfTheCommandLineIsRefusedWithTheReason) {
  const auto refused = one_time_code({"--founding-code", "ABCD-EFGH-2345-6789", ""}, "");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("dòng lệnh"), std::string::npos)
      << refused.error().message;
}

TEST(OneTimeCode, IsNotTakenWhereTwoPlacesAreNamed) {
  const ScratchHome folder;
  const auto file = file_with(folder.path() / "code", "ABCD-EFGH-2345-6789\n");
  const auto both = one_time_code({"--code", "-", file.string()}, "");
  ASSERT_FALSE(both) << "which of the two is meant?";
  EXPECT_EQ(both.error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace clients_test
