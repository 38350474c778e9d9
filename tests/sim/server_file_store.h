#pragma once

#include "tests/server/files/memory_file_store.h"
#include "tests/sim/plants.h"

#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace sim {

/// Where the server dies in what it does next with a file.
enum class FileCrash : std::uint8_t {
  none,
  before_piece,  ///< A piece came and is not written.
  half_piece,    ///< Some of it is.
  before_said,   ///< The file is there, and the log does not say so.
};

/// The server's files of evidence, in memory, on a disk that can lose power.  A write that crashes
/// answers storage_failed; the server must be started anew after it.
class ServerFileStore final : public server::FileArchive {
 public:
  void plant(Plant plant) {
    plant_ = plant;
    inner_.stores_before_hashing = plant == Plant::file_not_hashed;
  }
  void arm(FileCrash crash) { armed_ = crash; }
  FileCrash take_crash() { return std::exchange(crashed_, FileCrash::none); }
  /// Whether it dies now, between a file and the log.
  bool dies_before_said();
  void lose_power();
  void calm();

  const std::map<events::Digest, events::Bytes>& files() const { return inner_.files(); }
  /// The disk is gone; what a backup had of complete files takes its place.
  void restore(const std::map<events::Digest, events::Bytes>& backup);
  /// Was here before a disk was lost, and did not come again.
  bool is_lost_with_disk(const events::Digest& sha256) const {
    return lost_.contains(sha256) && !inner_.files().contains(sha256);
  }

  events::Result<bool> contains(const events::Digest& sha256) const override {
    return inner_.contains(sha256);
  }
  events::Result<events::Bytes> read(const events::Digest& sha256, std::uint32_t offset,
                                     std::uint32_t size) const override {
    return inner_.read(sha256, offset, size);
  }
  events::Result<server::UploadProgress> begin(const server::Upload& upload) override {
    return inner_.begin(upload);
  }
  events::Result<server::UploadProgress> put(const server::Upload& upload, std::uint32_t offset,
                                             events::ByteView bytes) override;
  events::Result<void> finish(const server::Upload& upload) override;
  events::Result<void> erase(const events::Digest& sha256) override { return inner_.erase(sha256); }

 private:
  Plant plant_ = Plant::none;
  server::test::MemoryFileStore inner_;
  std::set<events::Digest> unsynced_;  // Only for the planted loss.
  std::set<events::Digest> lost_;
  FileCrash armed_ = FileCrash::none;
  FileCrash crashed_ = FileCrash::none;
};

}  // namespace sim
