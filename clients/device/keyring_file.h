#pragma once

#include "clients/core/log/keyring_content.h"
#include "events/base/result.h"

#include <cstdint>
#include <filesystem>

namespace clients {

/// The file of a keyring, held so that no other program changes it meanwhile: one program may write
/// in a home while others read there and count wrong guesses.  Where the file system has no such
/// locks, nobody waits.
class KeyringLock {
 public:
  enum class Use : std::uint8_t { read = 1, write = 2 };

  /// Waits until the others are done, some milliseconds.
  KeyringLock(const std::filesystem::path& home, Use use);
  KeyringLock(const KeyringLock&) = delete;
  KeyringLock& operator=(const KeyringLock&) = delete;
  ~KeyringLock();

  /// Errors:  not_found; unsupported: of a newer build; otherwise as read_owner_file().
  events::Result<KeyringContent> read() const;
  /// Expects: held to write.  Errors:  as write_owner_file().
  events::Result<void> write(const KeyringContent& content) const;

 private:
  std::filesystem::path path_;
  int folder_;
};

}  // namespace clients
