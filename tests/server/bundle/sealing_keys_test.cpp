#include "server/bundle/sealing_keys.h"

#include "tests/e2e/scratch_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace server {
namespace {

// A bundle that was sealed in spring must open in autumn, though the key was replaced in summer.
TEST(SealingKeys, OlderKeysStillOpen) {
  const e2e::ScratchDirectory scratch;
  const std::filesystem::path path = scratch / "sealing.keys";
  const auto spring = SealingKeys::open(path, false);
  ASSERT_TRUE(spring) << spring.error().message;
  const events::SealingKey old_key = spring->newest();
  const auto summer = SealingKeys::open(path, true);
  ASSERT_TRUE(summer);
  EXPECT_NE(summer->newest(), old_key);
  const auto autumn = SealingKeys::open(path, false);
  ASSERT_TRUE(autumn);
  EXPECT_EQ(autumn->newest(), summer->newest());
  const events::SealingSecret* const secret = autumn->find(events::sealing_key_id(old_key));
  ASSERT_NE(secret, nullptr);
  EXPECT_EQ(events::sealing_key_of(*secret), old_key);
  EXPECT_EQ(autumn->find(1), nullptr);
}

// Whoever may read the file reads every bundle on the road.
TEST(SealingKeys, OnlyTheOwnerReadsTheFile) {
  const e2e::ScratchDirectory scratch;
  ASSERT_TRUE(SealingKeys::open(scratch / "sealing.keys", false));
  const auto permissions = std::filesystem::status(scratch / "sealing.keys").permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

// Half a key would seal bundles that nobody opens.
TEST(SealingKeys, RefusesAFileThatIsNotWholeKeys) {
  const e2e::ScratchDirectory scratch;
  std::ofstream(scratch / "sealing.keys") << "thirty-three bytes are no key at all";
  std::filesystem::permissions(scratch / "sealing.keys", std::filesystem::perms::owner_read);
  const auto opened = SealingKeys::open(scratch / "sealing.keys", false);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, events::ErrorCode::storage_corrupt);
}

}  // namespace
}  // namespace server
