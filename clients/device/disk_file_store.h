#pragma once

#include "clients/core/log/file_store.h"
#include "clients/device/sealed_file.h"

#include <filesystem>
#include <map>
#include <set>
#include <utility>

namespace clients {

/// A device's files of evidence in `home`/files: each sealed, under its digest in hexadecimal, what
/// is being fetched with ".part" behind it.  With the last file its key goes, too, so that what
/// flash memory may keep of erased files stays closed.
///
/// Thread: one at a time.
/// Lifetime: the keyring outlives the store.
class DiskFileStore final : public FileStore {
 public:
  /// The directory is made with the first file.
  DiskFileStore(std::filesystem::path directory, Keyring& keyring)
      : directory_(std::move(directory)), keyring_(keyring) {}

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
  /// Stays, so that a piece of a fetched file does not cost a look at all before it.
  SealedFile& part(const events::Digest& sha256) const;
  events::Result<void> make_directory() const;
  events::Result<void> settle(const events::Digest& sha256) const;

  std::filesystem::path directory_;
  Keyring& keyring_;
  mutable std::map<events::Digest, SealedFile> parts_;  // Being fetched.
};

}  // namespace clients
