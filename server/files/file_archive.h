#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/protocol/file_messages.h"

#include <cstdint>
#include <vector>

namespace server {

/// A file that a device is sending.  Each device has its own, so that nobody spoils another's.
struct Upload {
  events::ChainNumber chain;
  events::Digest sha256;
  std::uint32_t size{};
  auto operator<=>(const Upload&) const = default;
};

/// How far an upload is: for each chunk, how many bytes from its beginning are durable.
struct UploadProgress {
  std::uint32_t size{};
  std::vector<std::uint32_t> durable;

  bool is_complete() const;
  /// Index of the first chunk that misses bytes.  Expects: !is_complete().
  std::uint32_t first_missing() const;
  /// As BLOB_STATE carries it.
  events::Bytes missing_bitmap() const;
};

/// Uploads of one device that may be incomplete at once, and their bytes; the one that was idle
/// longest makes room.
inline constexpr std::size_t uploads_per_device_max = 8;
inline constexpr std::uint64_t upload_bytes_per_device_max = 16 * 1024 * 1024;

/// Files of evidence by their content, beside the log: what is erased here leaves every hash of the
/// log as it was.
///
/// State: complete files, each of which once had its digest; uploads, whose bytes prove nothing.
/// Thread: one at a time for uploads and erasing; `contains` and `read` from any.
class FileArchive {
 public:
  virtual ~FileArchive() = default;

  /// Whether the complete file is there.
  virtual events::Result<bool> contains(const events::Digest& sha256) const = 0;
  /// Up to `size` bytes of a complete file; fewer at its end.
  /// Errors:  not_found; io_failed.
  virtual events::Result<events::Bytes> read(const events::Digest& sha256, std::uint32_t offset,
                                             std::uint32_t size) const = 0;

  /// Begins an upload or goes on with it.
  /// Errors:  storage_failed.
  virtual events::Result<UploadProgress> begin(const Upload& upload) = 0;
  /// Adds bytes to a chunk; on return they survive a power cut.
  /// Errors:  malformed: they do not follow what is there, or go beyond the chunk; storage_failed.
  virtual events::Result<UploadProgress> put(const Upload& upload, std::uint32_t offset,
                                             events::ByteView bytes) = 0;
  /// Makes a complete upload a file; on return it survives a power cut.
  /// Expects: the upload is complete.
  /// Errors:  storage_corrupt: the bytes do not have the digest, and were dropped; storage_failed.
  virtual events::Result<void> finish(const Upload& upload) = 0;

  /// Removes the file.  An absent one is no error.
  virtual events::Result<void> erase(const events::Digest& sha256) = 0;
};

}  // namespace server
