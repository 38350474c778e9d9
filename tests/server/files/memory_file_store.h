#pragma once

#include "server/files/file_archive.h"

#include <algorithm>
#include <map>

namespace server::test {

/// A file store in memory, which may have a planted bug.
class MemoryFileStore final : public FileArchive {
 public:
  /// A whole upload becomes a file without anybody looking at its digest.
  bool stores_before_hashing = false;
  std::size_t puts = 0;

  events::Result<bool> contains(const events::Digest& sha256) const override {
    return files_.contains(sha256);
  }
  events::Result<events::Bytes> read(const events::Digest& sha256, std::uint32_t offset,
                                     std::uint32_t size) const override {
    const auto found = files_.find(sha256);
    if (found == files_.end()) return events::Error{events::ErrorCode::not_found, "no such file"};
    const events::Bytes& bytes = found->second;
    const std::size_t begin = std::min<std::size_t>(offset, bytes.size());
    const std::size_t end = std::min<std::size_t>(begin + size, bytes.size());
    return events::Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                         bytes.begin() + static_cast<std::ptrdiff_t>(end));
  }
  events::Result<UploadProgress> begin(const Upload& upload) override {
    return uploads_.try_emplace(upload, upload).first->second.progress;
  }
  events::Result<UploadProgress> put(const Upload& upload, std::uint32_t offset,
                                     events::ByteView bytes) override {
    ++puts;
    const auto found = uploads_.find(upload);
    if (found == uploads_.end()) {
      return events::Error{events::ErrorCode::storage_failed, "the upload is gone"};
    }
    auto& [progress, content] = found->second;
    const std::uint32_t index = offset / events::protocol::file_chunk_bytes;
    const std::uint32_t begin = offset % events::protocol::file_chunk_bytes;
    if (index >= progress.durable.size() || begin > progress.durable[index]) {
      return events::Error{events::ErrorCode::malformed, "bytes that do not follow"};
    }
    std::ranges::copy(bytes, content.begin() + offset);
    progress.durable[index] =
        std::max(progress.durable[index], begin + static_cast<std::uint32_t>(bytes.size()));
    return progress;
  }
  events::Result<void> finish(const Upload& upload) override {
    const auto found = uploads_.find(upload);
    if (found == uploads_.end()) {
      return events::Error{events::ErrorCode::storage_failed, "the upload is gone"};
    }
    const events::Bytes bytes = std::move(found->second.content);
    uploads_.erase(found);
    if (!stores_before_hashing && events::sha256(bytes) != upload.sha256) {
      return events::Error{events::ErrorCode::storage_corrupt, "not the digest"};
    }
    files_[upload.sha256] = bytes;
    return {};
  }
  events::Result<void> erase(const events::Digest& sha256) override {
    files_.erase(sha256);
    return {};
  }

  const std::map<events::Digest, events::Bytes>& files() const { return files_; }
  /// A file that comes out of a backup.
  void take_over(const events::Digest& sha256, const events::Bytes& bytes) {
    files_[sha256] = bytes;
  }

 private:
  struct Unfinished {
    explicit Unfinished(const Upload& upload)
        : progress{upload.size,
                   std::vector<std::uint32_t>(events::protocol::chunk_count(upload.size), 0)},
          content(upload.size, 0) {}
    UploadProgress progress;
    events::Bytes content;
  };

  std::map<events::Digest, events::Bytes> files_;
  std::map<Upload, Unfinished> uploads_;
};

}  // namespace server::test
