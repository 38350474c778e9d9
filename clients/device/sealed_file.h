#pragma once

#include "clients/device/keyring.h"
#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace clients {

/// A file of evidence on a device's disk, sealed piece by piece in the order in which the pieces
/// came, each bound to the file's digest and its place.  Mode 0600.
///
/// Format: docs/device_store.md, "files/".
/// State: how far the file goes on the disk, once it was looked up; only this object writes it.
/// Thread: one at a time.
/// Lifetime: the keyring outlives it.
class SealedFile {
 public:
  SealedFile(Keyring& keyring, std::filesystem::path path, const events::Digest& sha256)
      : keyring_(keyring), path_(std::move(path)), sha256_(sha256) {}

  /// How many bytes the whole pieces have; a piece that a crash cut does not count.  0 without a
  /// file.
  events::Result<std::uint32_t> size() const;
  /// Adds a piece behind the whole ones; on return it survives a power cut.
  /// Expects: `offset` is what size() says.
  /// Errors:  locked, device_storage, device_denied.
  events::Result<void> append(std::uint32_t offset, events::ByteView bytes);
  /// All pieces, opened.  Nothing without a file.
  /// Errors:  locked, device_storage, device_denied; storage_corrupt: a piece is not what was
  /// written.
  events::Result<std::optional<events::Bytes>> read() const;

 private:
  struct Extent {
    std::uint64_t end = 0;   ///< In the file on the disk, of the last whole piece.
    std::uint32_t size = 0;  ///< Of the evidence.
  };
  events::Result<Extent> extent() const;

  Keyring& keyring_;
  std::filesystem::path path_;
  events::Digest sha256_;
  mutable std::optional<Extent> known_;
};

}  // namespace clients
