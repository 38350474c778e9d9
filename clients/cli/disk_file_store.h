#pragma once

#include "clients/core/file_store.h"

#include <filesystem>
#include <string>
#include <utility>

namespace clients {

/// A device's files of evidence in `home`/files: each under its digest in hexadecimal, what is
/// being fetched with ".part" behind it.  Mode 0600.
///
/// Thread: one at a time.
class DiskFileStore final : public FileStore {
 public:
  /// The directory is made with the first file.
  explicit DiskFileStore(std::filesystem::path directory) : directory_(std::move(directory)) {}

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
  std::filesystem::path path_of(const events::Digest& sha256) const;
  std::filesystem::path part_of(const events::Digest& sha256) const;
  events::Result<void> write(const std::filesystem::path& path, std::uint32_t offset,
                             events::ByteView bytes) const;
  events::Result<void> settle(const std::filesystem::path& part,
                              const std::filesystem::path& path) const;

  std::filesystem::path directory_;
};

}  // namespace clients
