#include "tests/support/golden.h"

#include "events/base/check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <iterator>

namespace test_support {
namespace {

constexpr std::size_t bytes_per_line = 32;

std::string golden_file(std::string_view name) {
  const std::string path = KHUYENHOC_SOURCE_DIR "/tests/golden/" + std::string(name);
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::string golden_text(events::ByteView bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes_per_line, bytes.size());
    text += events::to_hex(bytes.first(size)) + "\n";
    bytes = bytes.subspan(size);
  }
  return text;
}

events::Bytes golden_bytes(std::string_view name) {
  std::string digits = golden_file(name);
  std::erase(digits, '\n');
  events::Bytes bytes(digits.size() / 2);
  for (std::size_t index = 0; index < bytes.size(); ++index) {
    const char* const first = digits.data() + 2 * index;
    const auto [end, wrong] = std::from_chars(first, first + 2, bytes[index], 16);
    CHECK(wrong == std::errc() && end == first + 2, "golden files hold hexadecimal");
  }
  return bytes;
}

void expect_golden(std::string_view name, events::ByteView bytes) {
  const std::string frozen = golden_file(name);
  EXPECT_EQ(frozen, golden_text(bytes)) << "golden " << name << " differs; the bytes are now\n"
                                        << golden_text(bytes);
}

void expect_golden_text(std::string_view name, std::string_view text) {
  EXPECT_EQ(golden_file(name), text) << "golden " << name << " differs; the text is now\n" << text;
}

}  // namespace test_support
