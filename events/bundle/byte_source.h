#pragma once

#include "events/base/bytes.h"
#include "events/base/ranges.h"
#include "events/base/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace events::bundle {

/// Where a bundle is read from: a file, or memory.  It is read more than once.
///
/// Thread: one at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills `target` from the front, and less of it only at the end.  How much it filled.
  /// Errors:  io_failed.
  virtual Result<std::size_t> read(std::span<std::uint8_t> target) = 0;
  /// Goes back to the first byte.
  /// Errors:  io_failed.
  virtual Result<void> rewind() = 0;
};

/// Bytes in memory.
/// Lifetime: the bytes outlive the source.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(ByteView bytes) : bytes_(bytes), rest_(bytes) {}

  Result<std::size_t> read(std::span<std::uint8_t> target) override {
    const std::size_t size = std::min(target.size(), rest_.size());
    ranges::copy(rest_.first(size), target.begin());
    rest_ = rest_.subspan(size);
    return size;
  }
  Result<void> rewind() override {
    rest_ = bytes_;
    return {};
  }

 private:
  ByteView bytes_;
  ByteView rest_;
};

}  // namespace events::bundle
