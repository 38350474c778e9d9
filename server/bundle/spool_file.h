#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/bundle/byte_source.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace server {

/// A file without a name: it is gone with the object, and after a crash.
///
/// Thread: one at a time.
class SpoolFile final : public events::bundle::ByteSource {
 public:
  /// Errors:  io_failed.
  static events::Result<std::unique_ptr<SpoolFile>> make(const std::filesystem::path& directory);
  ~SpoolFile() override;
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  /// Adds bytes at the end.
  /// Errors:  io_failed.
  events::Result<void> append(events::ByteView bytes);
  std::uint64_t size() const { return size_; }

  events::Result<std::size_t> read(std::span<std::uint8_t> target) override;
  events::Result<void> rewind() override;

 private:
  explicit SpoolFile(int number) : number_(number) {}

  int number_;
  std::uint64_t size_ = 0;
  std::uint64_t read_to_ = 0;
};

}  // namespace server
