#pragma once

#include "clients/device/keyring.h"
#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/bundle/byte_source.h"
#include "events/crypto/sealing.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>

namespace clients {

/// A bundle on a stick, to be read.
class BundleFile final : public events::bundle::ByteSource {
 public:
  /// Errors:  not_found, in Vietnamese: there is none, or it is a folder; device_storage,
  ///          device_denied: the stick cannot be read.
  static events::Result<std::unique_ptr<BundleFile>> open(const std::filesystem::path& path);

  events::Result<std::size_t> read(std::span<std::uint8_t> target) override;
  events::Result<void> rewind() override;
  std::uint64_t size() const { return size_; }

 private:
  BundleFile(std::filesystem::path path, std::ifstream stream, std::uint64_t size)
      : path_(std::move(path)), stream_(std::move(stream)), size_(size) {}

  std::filesystem::path path_;
  std::ifstream stream_;
  std::uint64_t size_;
};

/// The device's own sealing secret, beside its key; drawn when it is missing.
/// Errors:  locked; device_storage, storage_corrupt.
events::Result<events::SealingSecret> device_sealing_secret(Keyring& keyring);

}  // namespace clients
