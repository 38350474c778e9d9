#include "events/packing/compression.h"
#include "events/packing/live_block.h"
#include "events/packing/wire_block.h"
#include "events/protocol/frame_codec.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

// The files that another implementation is tested with must say what this one does.

namespace events {
namespace {

using test_support::from_hex;
using Columns = std::vector<std::string>;

/// The lines of a file of vectors, taken apart at " | ".
std::vector<Columns> lines_of(const std::string& name) {
  std::ifstream file(std::string(KHUYENHOC_SOURCE_DIR) + "/tests/golden/protocol/" + name);
  std::vector<Columns> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    Columns columns;
    std::size_t from = 0;
    for (std::size_t bar = line.find(" | "); bar != std::string::npos;
         bar = line.find(" | ", from)) {
      columns.push_back(line.substr(from, bar - from));
      from = bar + 3;
    }
    columns.push_back(line.substr(from));
    lines.push_back(std::move(columns));
  }
  return lines;
}

template <class T>
std::string answer_to(const Result<T>& result) {
  return result ? "taken" : name_of(result.error().code);
}

std::string read_as(const std::string& what, const Bytes& bytes) {
  const auto as_it_came = [](const DeviceBlock& head) -> Result<Digest> { return head.previous; };
  if (what == "event") return answer_to(read_event(bytes));
  if (what == "frames") return answer_to(protocol::read_frames(bytes));
  if (what == "stored_block") return answer_to(unpack_stored_block(bytes));
  if (what == "device_block") return answer_to(unpack_device_block(bytes, as_it_came));
  if (what == "live_block") return answer_to(unpack_live_block(bytes, LogId{1}, Epoch{1}));
  return "unknown kind of bytes";
}

// Two implementations that refuse differently end up in two different states.
TEST(Vectors, WhatMustBeRejectedIs) {
  const auto lines = lines_of("must_reject.txt");
  ASSERT_GE(lines.size(), 20U);
  for (const Columns& line : lines) {
    ASSERT_EQ(line.size(), 4U);
    EXPECT_EQ(read_as(line[0], from_hex(line[3])), line[1]) << line[2];
  }
}

// Whoever reads the vectors needs the dictionary beside them, byte for byte.
TEST(Vectors, HoldDictionaryOne) {
  std::ifstream file(std::string(KHUYENHOC_SOURCE_DIR) + "/tests/golden/protocol/1.dict",
                     std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(file)), {});
  const ByteView known = dictionary_bytes(1);
  EXPECT_EQ(content, std::string(known.begin(), known.end()));
}

// A hint of a newer server must not end an old device's session.
TEST(Vectors, WhatMustBeSkippedIs) {
  const auto lines = lines_of("must_skip.txt");
  ASSERT_GE(lines.size(), 2U);
  for (const Columns& line : lines) {
    ASSERT_EQ(line.size(), 3U);
    const auto frames = protocol::read_frames(from_hex(line[2]));
    ASSERT_TRUE(frames) << line[1];
    EXPECT_EQ(std::to_string(frames->size()), line[0]) << line[1];
  }
}

}  // namespace
}  // namespace events
