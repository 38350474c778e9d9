#pragma once

#include "events/base/result.h"
#include "events/protocol/file_messages.h"
#include "server/commit/file_facts.h"
#include "server/files/file_archive.h"
#include "server/files/file_quota.h"

#include <cstdint>
#include <vector>

namespace server {

/// Bytes of a file that a device sent, at most one chunk.
struct FilePiece {
  events::ChainNumber chain;
  FileFacts facts;
  std::uint32_t offset{};
  events::Bytes bytes;
};

/// What the store makes of offers and pieces.
///
/// Thread: the file thread; it waits for the disk.
class FileTransfers {
 public:
  struct Answer {
    events::protocol::BlobState state;
    /// The file is there for good: EvidenceStored is due, and only behind it `state` may leave.
    bool is_complete = false;
  };

  /// `quota`: what devices may send; null: as much as they like.
  /// Lifetime: `store` and `quota` outlive the desk.
  explicit FileTransfers(FileArchive& store, FileQuota* quota = nullptr)
      : store_(store), quota_(quota) {}

  /// A device that shows by its proof that it has a file which the store has already need not send
  /// it.  Any other hears the same as if the store had nothing, so that a digest alone tells
  /// nobody whether a file exists.  Of a file that the log calls stored everybody knows it; that
  /// one is taken only when the store lost it.  `quota_factor`: see FileQuota; the answer to what
  /// is beyond it is refused, `quota`.
  Answer offer(events::ChainNumber chain, const FileFacts& facts, const events::Digest& proof,
               std::uint64_t quota_factor = 1);
  Answer put(const FilePiece& piece);
  /// Those of `files` that the store lacks.
  /// Errors: io_failed.
  events::Result<std::vector<FileFacts>> missing(std::vector<FileFacts> files) const;
  /// Errors: not_found, io_failed.
  events::Result<events::Bytes> read(const FileFacts& facts, std::uint32_t offset) const;

 private:
  events::Result<bool> has_proved(events::ChainNumber chain, const FileFacts& facts,
                                  const events::Digest& proof) const;
  Answer answer(const Upload& upload, const FileFacts& facts,
                const events::Result<UploadProgress>& progress);
  Answer stored(const FileFacts& facts);

  FileArchive& store_;
  FileQuota* quota_;
};

}  // namespace server
