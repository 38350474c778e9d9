#pragma once

#include "clients/core/log/keyring_content.h"
#include "clients/core/log/seals.h"
#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/crypto/secret_key.h"
#include "events/crypto/signature.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace clients {

/// What somebody offers to open a lock.  Overwritten when it goes.
struct LockSecret {
  LockKind kind{};
  events::Bytes content;

  LockSecret(LockKind offered, events::Bytes bytes) : kind(offered), content(std::move(bytes)) {}
  LockSecret(LockSecret&&) = default;
  LockSecret& operator=(LockSecret&&) = default;
  LockSecret(const LockSecret&) = delete;
  LockSecret& operator=(const LockSecret&) = delete;
  ~LockSecret() { events::wipe(content); }
};

/// Letters or digits a PIN has at least.
inline constexpr std::size_t pin_length_min = 6;
/// Wrong guesses that cost nothing but the guess.
inline constexpr std::uint32_t free_guesses = 3;

/// The secrets of a device: its signing seed, a data key for the private records of each commune,
/// and one for files of evidence.  All of them are sealed under a master key; the master key lies
/// open in the keyring until a lock is set, from then on it is sealed under what the PIN or key
/// file gives.
///
/// State: locked or not.  What was sealed under a data key that was shredded is gone for good,
///        whatever still lies on the disk.
/// Format: files `keyring` and `device*.key` in the home, docs/device_store.md.
/// Thread: one at a time.
class Keyring final : public Seals {
 public:
  /// Makes a new one, without a lock, where there is none.  Finishes a change of the lock that was
  /// cut off.
  /// Errors:  not_permitted: others may read a file, and the message says the chmod;
  ///          device_storage, device_denied, storage_corrupt.
  static events::Result<Keyring> open(const std::filesystem::path& home);
  /// Opens one that is there, beside a program that may be writing, and writes nothing but counts
  /// of guesses.  Errors:  not_found: there is none yet; otherwise as open().
  static events::Result<Keyring> open_to_read(const std::filesystem::path& home);

  LockKind lock() const { return content_.lock; }
  bool is_locked() const override { return !master_.has_value(); }
  std::uint32_t failures() const { return content_.failures; }
  events::Timestamp retry_at() const { return content_.retry_at; }
  const PasswordCost& cost() const { return content_.cost; }

  /// Takes a guess.  Wrong ones are counted and make the next one wait; nothing is ever lost.
  /// Errors:  locked: a wrong or too early guess, in words for the person; device_storage.
  /// Cost:    what the lock was tuned to, about half a second.
  events::Result<void> unlock(const LockSecret& secret, events::Timestamp now);
  /// Sets or changes the lock.  Expects: not locked.
  /// Errors:  device_storage; busy: not enough memory.
  events::Result<void> set_lock(const LockSecret& secret);
  /// Expects: not locked.
  events::Result<void> remove_lock();

  /// The signing seed in a key file of the home, such as device.key; nothing where there is none.
  /// Errors:  locked; device_storage, storage_corrupt.
  events::Result<std::optional<events::SecretSeed>> seed(const std::string& name) const override;
  events::Result<void> keep_seed(const std::string& name, const events::SecretSeed& seed) override;
  void drop_seed(const std::string& name) override;
  /// The device's public key, known while locked too, once it was noted.
  std::optional<events::PublicKey> public_key() const override;
  /// One that was opened to be read notes nothing.
  events::Result<void> note_public_key(const events::PublicKey& key) override;

  /// Seals a private record under the key of its commune, which is made when it is the first.
  /// Errors:  locked; device_storage; too_large: more communes than a keyring holds.
  events::Result<events::Bytes> seal_record(events::UnitId home, events::ByteView record,
                                            events::ByteView digest) override;
  /// Nothing when its key was shredded.  Errors: locked; storage_corrupt.
  events::Result<std::optional<events::Bytes>> open_record(events::ByteView sealed,
                                                           events::ByteView digest) const override;
  events::Result<events::Bytes> seal_piece(events::ByteView piece, events::ByteView about) override;
  events::Result<events::Bytes> open_piece(events::ByteView sealed,
                                           events::ByteView about) const override;
  events::Result<void> shred_files() override;

  /// Whether the key of a sealed record is still there.
  bool can_open(events::ByteView sealed) const override;

  /// The communes whose private records can be read here.
  std::vector<events::UnitId> homes() const override;
  /// Destroys the data keys of these communes.  On return they are gone from the disk.
  events::Result<void> shred(std::span<const events::UnitId> homes) override;

 private:
  explicit Keyring(std::filesystem::path home) : home_(std::move(home)) {}

  events::Result<void> take_content(KeyringContent content);
  events::Result<void> load_keys();
  events::Result<void> settle_seeds();
  /// Edits what the file holds now, not what this program read once: a program that only reads the
  /// device counts guesses in it meanwhile.
  events::Result<void> change(const std::function<void(KeyringContent&)>& edit);
  /// Changes the count of wrong guesses and nothing else, here and in the file.
  events::Result<void> count_failures(std::uint32_t failures, events::Timestamp retry_at);
  events::Result<void> note_failure(events::Timestamp now);
  events::Result<std::uint64_t> key_for(events::UnitId home);
  events::Result<events::Bytes> seal_in_home(events::UnitId home, events::ByteView plain,
                                             events::ByteView about);

  std::filesystem::path home_;
  bool is_writer_ = true;
  KeyringContent content_;
  std::optional<events::SecretKey> master_;  // Nothing while locked.
  std::map<std::uint64_t, events::SecretKey> keys_;
};

}  // namespace clients
