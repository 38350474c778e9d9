#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace audit {

/// Bytes that are read once, from the beginning to the end.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills the front of `target` and returns how much; less than asked for only at the end.
  /// Errors: io_failed.
  virtual events::Result<std::size_t> read(std::span<std::uint8_t> target) = 0;
};

/// Where bytes are written, one after another.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  /// Errors: io_failed.
  virtual events::Result<void> write(events::ByteView bytes) = 0;
};

/// Reads bytes that are in memory.
/// Lifetime: the bytes outlive the source.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(events::ByteView bytes) : rest_(bytes) {}

  events::Result<std::size_t> read(std::span<std::uint8_t> target) override {
    const std::size_t size = target.size() < rest_.size() ? target.size() : rest_.size();
    for (std::size_t index = 0; index < size; ++index) target[index] = rest_[index];
    rest_ = rest_.subspan(size);
    return size;
  }

 private:
  events::ByteView rest_;
};

/// Keeps what is written.
class MemorySink final : public ByteSink {
 public:
  events::Result<void> write(events::ByteView bytes) override {
    events::append_bytes(bytes_, bytes);
    return {};
  }
  const events::Bytes& bytes() const { return bytes_; }

 private:
  events::Bytes bytes_;
};

}  // namespace audit
