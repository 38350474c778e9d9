#pragma once

#include "clients/cli/keyring.h"
#include "events/bytes.h"
#include "events/courier/byte_source.h"
#include "events/crypto/sealing.h"
#include "events/result.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>

namespace clients {

/// A bundle on a stick, to be read.
class BundleFile final : public events::courier::ByteSource {
 public:
  /// Errors:  io_failed, in Vietnamese.
  static events::Result<std::unique_ptr<BundleFile>> open(const std::filesystem::path& path);

  events::Result<std::size_t> read(std::span<std::uint8_t> target) override;
  events::Result<void> rewind() override;
  std::uint64_t size() const { return size_; }

 private:
  BundleFile(std::ifstream stream, std::uint64_t size) : stream_(std::move(stream)), size_(size) {}

  std::ifstream stream_;
  std::uint64_t size_;
};

/// A bundle being written beside its place.  It comes into its place as a whole, on the disk, or
/// not at all: a stick that was pulled out does not hold a file that looks ready.
class NewBundleFile {
 public:
  /// Errors:  io_failed, in Vietnamese.
  static events::Result<NewBundleFile> make(const std::filesystem::path& path);
  NewBundleFile(NewBundleFile&& other) noexcept;
  NewBundleFile& operator=(NewBundleFile&&) = delete;
  ~NewBundleFile();

  events::Result<void> append(events::ByteView bytes);
  events::Result<void> put_in_place();

 private:
  NewBundleFile(std::filesystem::path path, int number) : path_(std::move(path)), number_(number) {}
  std::filesystem::path beside() const;

  std::filesystem::path path_;
  int number_;
};

/// The device's own sealing secret, beside its key; drawn when it is missing.
/// Errors:  locked; storage_failed, storage_corrupt.
events::Result<events::SealingSecret> device_sealing_secret(Keyring& keyring);

}  // namespace clients
