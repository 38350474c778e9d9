#pragma once

#include "server/files/file_archive.h"
#include "server/store/disk_floor.h"

#include <filesystem>
#include <memory>

namespace server {

/// The file store in a directory of the server's data:
///
///   <2 hex digits>/<62 hex digits>   a complete file under its digest
///   uploads/<chain>-<64 hex>.bytes   an upload, sparse where chunks miss
///   uploads/<chain>-<64 hex>.chunks  which of its bytes are durable: index:u32 bytes:u32, one
///   entry
///                                    for each write, lowest byte first
///
/// Bytes are synced before the entry that speaks of them, and a whole upload before it takes its
/// name, so that a power cut leaves no file under a digest that is not its own.
class DiskFileArchive final : public FileArchive {
 public:
  /// Makes the directory when it is missing.
  /// Errors: io_failed.
  static events::Result<std::unique_ptr<DiskFileArchive>> open(const std::filesystem::path& path,
                                                               DiskFloor disk_floor = {});

  events::Result<bool> contains(const events::Digest& sha256) const override;
  events::Result<events::Bytes> read(const events::Digest& sha256, std::uint32_t offset,
                                     std::uint32_t size) const override;
  events::Result<UploadProgress> begin(const Upload& upload) override;
  events::Result<UploadProgress> put(const Upload& upload, std::uint32_t offset,
                                     events::ByteView bytes) override;
  events::Result<void> finish(const Upload& upload) override;
  events::Result<void> erase(const events::Digest& sha256) override;

 private:
  DiskFileArchive(std::filesystem::path path, DiskFloor disk_floor)
      : path_(std::move(path)), disk_floor_(std::move(disk_floor)) {}

  std::filesystem::path path_of(const events::Digest& sha256) const;
  std::filesystem::path bytes_of_upload(const Upload& upload) const;
  std::filesystem::path chunks_of_upload(const Upload& upload) const;
  events::Result<UploadProgress> progress(const Upload& upload) const;
  void drop(const Upload& upload) const;
  /// Drops the device's uploads that were idle longest until one of `upload`'s size has room.
  void make_room(const Upload& upload) const;

  std::filesystem::path path_;
  DiskFloor disk_floor_;
};

}  // namespace server
