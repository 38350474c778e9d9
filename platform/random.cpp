#include "platform/random.h"

#include "events/base/check.h"

#include <sys/random.h>

#include <cerrno>
#include <string_view>

namespace platform {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

}  // namespace

void fill_random(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t filled = ::getrandom(bytes.data(), bytes.size(), 0);
    if (filled < 0 && errno == EINTR) continue;
    CHECK(filled > 0, "every Linux since 3.17 gives random bytes");
    bytes = bytes.subspan(static_cast<std::size_t>(filled));
  }
}

std::array<std::uint8_t, 16> random_16() {
  std::array<std::uint8_t, 16> bytes{};
  fill_random(bytes);
  return bytes;
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : random_16()) number = number << 8U | byte;
  return number;
}

events::SecretSeed random_seed() {
  events::SecretSeed seed;
  fill_random(seed.bytes);
  return seed;
}

std::string new_code() {
  std::string code;
  for (const std::uint8_t byte : random_16()) code.push_back(alphabet[byte % alphabet.size()]);
  return code;
}

}  // namespace platform
