#include "events/crypto/signature.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace events {
namespace {

using test_support::from_hex;

template <class T>
T fixed_from_hex(const std::string& hex) {
  const Bytes bytes = from_hex(hex);
  T value;
  EXPECT_EQ(bytes.size(), value.bytes.size());
  std::copy_n(bytes.begin(), std::min(bytes.size(), value.bytes.size()), value.bytes.begin());
  return value;
}

// A device could push a block that the server takes and every other implementation refuses: its
// readers would be stuck at it for ever.
TEST(SignatureVectors, AreDecidedAsThePageSays) {
  std::ifstream file(std::string(KHUYENHOC_SOURCE_DIR) + "/tests/golden/log_format/signatures.txt");
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::vector<std::string> columns;
    std::size_t from = 0;
    for (std::size_t bar = line.find(" | "); bar != std::string::npos;
         bar = line.find(" | ", from)) {
      columns.push_back(line.substr(from, bar - from));
      from = bar + 3;
    }
    columns.push_back(line.substr(from));
    ASSERT_EQ(columns.size(), 5U) << line;
    const bool taken = verify(fixed_from_hex<PublicKey>(columns[2]), from_hex(columns[3]),
                              fixed_from_hex<Signature>(columns[4]));
    EXPECT_EQ(taken ? "taken" : "refused", columns[0]) << columns[1];
    ++lines;
  }
  EXPECT_GE(lines, 17U);
}

}  // namespace
}  // namespace events
