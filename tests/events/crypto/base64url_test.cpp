#include "events/crypto/base64url.h"

#include <gtest/gtest.h>

#include <string>

namespace events {
namespace {

// Test vectors of RFC 4648 section 10, without padding.
TEST(Base64Url, FollowsItsStandard) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64url(bytes_of(plain)), encoded);
    const Result<Bytes> read = from_base64url(encoded);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, Bytes(bytes_of(plain).begin(), bytes_of(plain).end()));
  }
  const Bytes high{0xFB, 0xFF, 0xBE};
  EXPECT_EQ(to_base64url(high), "-_--");
  EXPECT_EQ(*from_base64url("-_--"), high);
}

TEST(Base64Url, RefusesWhatHasNoBytes) {
  for (const char* wrong : {"A", "Zg==", "Z+==", "Zm9v\n", "Zh", "Zm9", "Z g", "Zm9vY"}) {
    EXPECT_FALSE(from_base64url(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace events
