#include "clients/device/platform.h"

#include "events/base/check.h"

#include <sys/random.h>

#include <chrono>
#include <span>
#include <string_view>

namespace clients::platform {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void fill_random(std::span<std::uint8_t> bytes) {
  const ssize_t filled = ::getrandom(bytes.data(), bytes.size(), 0);
  CHECK(filled == static_cast<ssize_t>(bytes.size()), "the kernel gives up to 256 bytes at once");
}

}  // namespace

std::uint64_t steady_milliseconds() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

events::Timestamp now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  return events::Timestamp{static_cast<std::uint64_t>(milliseconds)};
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

}  // namespace clients::platform
