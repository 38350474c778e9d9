#pragma once

#include "clients/core/log/file_store.h"
#include "tests/sim/random.h"

#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace sim {

/// Where a device dies in its next write of a file.
enum class FileWriteCrash : std::uint8_t { none, before_write, half_written, after_write };

/// A device's files of evidence on a disk that can lose power and that wears out.  A write that
/// crashes answers io_failed, and only the disk knows what is on it.
///
/// State: complete files; files that are being fetched, of which the last piece may not be synced.
class DeviceFileStore final : public clients::FileStore {
 public:
  void arm(FileWriteCrash crash) { armed_ = crash; }
  FileWriteCrash take_crash() { return std::exchange(crashed_, FileWriteCrash::none); }
  void lose_power(Random& random);
  /// One bit of a file is another one from now on.
  void wear_out(const events::Digest& sha256);
  /// The next file that is read comes with a wrong bit, although it is whole.
  void misread_next() { misreads_ = true; }
  void calm() {
    armed_ = FileWriteCrash::none;
    misreads_ = false;
  }

  /// Whether the file is here with its bytes.
  bool is_whole(const events::Digest& sha256) const;
  /// Whether its bytes were ever wrong here, on the disk or when they were read.
  bool was_worn(const events::Digest& sha256) const { return worn_.contains(sha256); }
  const std::map<events::Digest, events::Bytes>& files() const { return files_; }

  events::Result<bool> contains(const events::Digest& sha256) const override;
  events::Result<std::optional<events::Bytes>> read(const events::Digest& sha256) const override;
  events::Result<void> put(const events::Digest& sha256, events::ByteView bytes) override;
  events::Result<std::uint32_t> begun(const events::Digest& sha256) const override;
  events::Result<void> append(const events::Digest& sha256, std::uint32_t offset,
                              events::ByteView bytes) override;
  events::Result<void> finish(const events::Digest& sha256) override;
  events::Result<void> erase(const events::Digest& sha256) override;
  events::Result<std::set<events::Digest>> all() const override;

 private:
  struct Part {
    events::Bytes bytes;
    std::size_t synced = 0;
  };

  std::map<events::Digest, events::Bytes> files_;
  std::map<events::Digest, Part> parts_;
  mutable std::set<events::Digest> worn_;
  mutable bool misreads_ = false;
  FileWriteCrash armed_ = FileWriteCrash::none;
  FileWriteCrash crashed_ = FileWriteCrash::none;
};

}  // namespace sim
