#include "tests/support/golden.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>

namespace test_support {
namespace {

constexpr std::size_t bytes_per_line = 32;

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

void expect_golden(std::string_view name, events::ByteView bytes) {
  const std::string path = KHUYENHOC_SOURCE_DIR "/tests/golden/" + std::string(name);
  std::ifstream file(path, std::ios::binary);
  const std::string frozen{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(frozen, golden_text(bytes)) << "golden " << name << " differs; the bytes are now\n"
                                        << golden_text(bytes);
}

}  // namespace test_support
