#include "tools/link/profile.h"

#include <gtest/gtest.h>

#include <string>

namespace link_emulator {
namespace {

using namespace std::chrono_literals;

TEST(LinkProfile, ReadsTheDesignLine) {
  const auto profile = read_profile(design_line);
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->rate_bits, 64'000U);
  EXPECT_EQ(profile->delay, 300ms);
  EXPECT_EQ(profile->up, 0ms);
}

TEST(LinkProfile, ReadsEveryFigureAndComments) {
  const auto profile = read_profile(
      "# bản Nà Tấu, mùa mưa\n\n rate 32000 \r\ndelay\t450\njitter 80\nstall_chance 0.03\n"
      "stall 1500\nup 20000\ndown 10000\ncut_bytes 4096\nhalf_open_bytes 9\noverhead 0\nseed 7");
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->rate_bits, 32'000U);
  EXPECT_EQ(profile->delay, 450ms);
  EXPECT_EQ(profile->jitter, 80ms);
  EXPECT_DOUBLE_EQ(profile->stall_chance, 0.03);
  EXPECT_EQ(profile->stall, 1'500ms);
  EXPECT_EQ(profile->up, 20s);
  EXPECT_EQ(profile->down, 10s);
  EXPECT_EQ(profile->cut_bytes, 4'096U);
  EXPECT_EQ(profile->half_open_bytes, 9U);
  EXPECT_EQ(profile->overhead, 0);
  EXPECT_EQ(profile->seed, 7U);
}

TEST(LinkProfile, NamesTheLineThatIsWrong) {
  for (const char* wrong :
       {"delay 1\nspeed 3\n", "delay 1\nrate\n", "delay 1\nrate -1\n", "delay 1\nrate 1x\n",
        "delay 1\noverhead 1\n", "delay 1\nstall_chance 1.5\n", "delay 1\nrate nan\n"}) {
    const auto profile = read_profile(wrong);
    ASSERT_FALSE(profile) << wrong;
    EXPECT_EQ(profile.error().code, events::ErrorCode::invalid_argument);
    EXPECT_TRUE(profile.error().message.starts_with("line 2: ")) << profile.error().message;
  }
}

}  // namespace
}  // namespace link_emulator
