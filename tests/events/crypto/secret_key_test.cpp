#include "events/crypto/secret_key.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace events_test {
namespace {

using namespace events;

SecretKey a_key(std::uint8_t first) {
  std::array<std::uint8_t, SecretKey::size> bytes{};
  for (std::size_t index = 0; index < bytes.size(); ++index) {
    bytes[index] = static_cast<std::uint8_t>(first + index);
  }
  return SecretKey(bytes);
}

// Another implementation must be able to open what this one sealed: RFC 8439 section 2.8.2.
TEST(SecretKey, SealsAsRfc8439Says) {
  const SealNonce nonce{0x07, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47};
  const Bytes about{0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
  constexpr std::string_view text =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
      "future, sunscreen would be it.";
  const Bytes sealed = seal(a_key(0x80), nonce, bytes_of(text), about);
  EXPECT_EQ(sealed.size(), text.size() + seal_overhead);
  EXPECT_EQ(to_hex(ByteView(sealed).subspan(12, 16)), "d31a8d34648e60db7b86afbc53ef7ec2");
  EXPECT_EQ(to_hex(ByteView(sealed).last(16)), "1ae10b594f09e26a7e902ecbd0600691");
  EXPECT_EQ(*open_sealed(a_key(0x80), sealed, about), Bytes(text.begin(), text.end()));
}

// A disk that flips a bit, or a row moved to another place, must not pass for somebody's name.
TEST(SecretKey, OpensNothingThatWasAlteredMovedOrSealedWithAnotherKey) {
  const Bytes about{1};
  const Bytes sealed = seal(a_key(1), {}, bytes_of("Lò Thị Ánh"), about);
  for (std::size_t index = 0; index < sealed.size(); ++index) {
    Bytes altered = sealed;
    altered[index] ^= 1U;
    EXPECT_FALSE(open_sealed(a_key(1), altered, about)) << index;
    EXPECT_FALSE(open_sealed(a_key(1), ByteView(sealed).first(index), about)) << index;
  }
  EXPECT_FALSE(open_sealed(a_key(2), sealed, about));
  EXPECT_FALSE(open_sealed(a_key(1), sealed, Bytes{2}));
  EXPECT_TRUE(open_sealed(a_key(1), seal(a_key(1), {}, {}, {}), {}));
}

TEST(SecretKey, WipeLeavesOnlyZeros) {
  Bytes bytes{1, 2, 3};
  wipe(bytes);
  EXPECT_EQ(bytes, Bytes(3));
}

}  // namespace
}  // namespace events_test
