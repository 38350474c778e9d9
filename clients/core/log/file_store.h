#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace clients {

/// Files of evidence on a device, by their content.
///
/// Thread: one at a time.
class FileStore {
 public:
  virtual ~FileStore() = default;

  virtual events::Result<bool> contains(const events::Digest& sha256) const = 0;
  /// Whether `read`, `append` and `finish` have what they need.  A store whose bytes lie where only
  /// somebody else can read says no until they were given to it.
  virtual bool is_at_hand(const events::Digest&) const { return true; }
  /// Says that the bytes are needed at hand.
  virtual void ask_for(const events::Digest&) {}
  /// Nothing when it is not here.
  /// Expects: `is_at_hand`.
  /// Errors:  storage_corrupt: the bytes are no longer those that were put; device_storage.
  virtual events::Result<std::optional<events::Bytes>> read(const events::Digest& sha256) const = 0;
  /// On return it survives a power cut.
  /// Errors:  device_storage.
  virtual events::Result<void> put(const events::Digest& sha256, events::ByteView bytes) = 0;

  /// How many bytes of a file that is being fetched are here.
  virtual events::Result<std::uint32_t> begun(const events::Digest& sha256) const = 0;
  /// Adds to them.
  /// Expects: `is_at_hand`; `offset` is what `begun` says.
  virtual events::Result<void> append(const events::Digest& sha256, std::uint32_t offset,
                                      events::ByteView bytes) = 0;
  /// Makes what was fetched a file.
  /// Expects: `is_at_hand`.
  /// Errors:  storage_corrupt: the bytes do not have the digest, and were dropped; device_storage.
  virtual events::Result<void> finish(const events::Digest& sha256) = 0;

  /// The file, and what is here of it while it is being fetched.  An absent one is no error.
  /// Errors:  device_storage.
  virtual events::Result<void> erase(const events::Digest& sha256) = 0;
  /// All files that are here, in whole or in part.
  /// Errors:  device_storage.
  virtual events::Result<std::set<events::Digest>> all() const = 0;
};

/// In memory, for the simulator and tests.
class MemoryFileStore final : public FileStore {
 public:
  events::Result<bool> contains(const events::Digest& sha256) const override;
  events::Result<std::optional<events::Bytes>> read(const events::Digest& sha256) const override;
  events::Result<void> put(const events::Digest& sha256, events::ByteView bytes) override;
  events::Result<std::uint32_t> begun(const events::Digest& sha256) const override;
  events::Result<void> append(const events::Digest& sha256, std::uint32_t offset,
                              events::ByteView bytes) override;
  events::Result<void> finish(const events::Digest& sha256) override;
  events::Result<void> erase(const events::Digest& sha256) override;
  events::Result<std::set<events::Digest>> all() const override;

  /// What flash does when it wears out.
  void flip_a_bit(const events::Digest& sha256);

 private:
  std::map<events::Digest, events::Bytes> files_;
  std::map<events::Digest, events::Bytes> fetched_;
};

}  // namespace clients
