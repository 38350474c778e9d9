#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/time.h"
#include "events/crypto/serialize.h"
#include "events/log/scope.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace clients {

/// What opens a device.  On disk for ever.
enum class LockKind : std::uint8_t {
  none = 0,      ///< Not locked: whoever has the folder can read it.
  pin = 1,       ///< A PIN or password that somebody types.
  key_file = 2,  ///< A file kept elsewhere, for example on a USB stick.
};

/// How much work one guess costs: Argon2id, RFC 9106.  Stored beside what it protects.
struct PasswordCost {
  std::array<std::uint8_t, 16> salt{};
  std::uint32_t passes{};
  std::uint32_t kibibytes{};

  bool operator==(const PasswordCost&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    for (std::uint8_t& byte : salt) archive(byte);
    archive(passes, kibibytes);
  }
};

/// The key of one commune's private records, sealed under the master key.
struct DataKey {
  std::uint64_t number{};  ///< Given once; never 0.
  events::UnitId home;
  events::Bytes sealed;

  bool operator==(const DataKey&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(number, home, events::bounded<64>(sealed));
  }
};

inline constexpr std::size_t data_keys_max = 4096;
inline constexpr std::size_t keyring_bytes_max = 1024 * 1024;

/// The file `keyring` of a device.  Format: docs/device_store.md.
struct KeyringContent {
  static constexpr std::uint8_t format = 1;

  std::uint8_t version = format;
  LockKind lock = LockKind::none;
  PasswordCost cost;             ///< All 0 without a lock.
  events::Bytes master;          ///< 32 bytes without a lock, otherwise sealed.
  events::PublicKey public_key;  ///< Of the device; all 0 until it has a seed.
  std::uint32_t failures{};      ///< Wrong guesses since the last right one.
  events::Timestamp retry_at;    ///< No guess is taken before.
  std::uint64_t next_number = 1;
  std::vector<DataKey> keys;

  bool operator==(const KeyringContent&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(version, lock, cost, events::bounded<64>(master), public_key, failures, retry_at,
            next_number, events::bounded<data_keys_max>(keys));
  }
};

/// Home of records that were stored before homes were noted.
inline constexpr events::UnitId unknown_home{
    events::EventId{events::ChainNumber{events::chain_number_max}, events::sequence_max}};

/// Home of the key under which a device's files of evidence lie; not a commune.
inline constexpr events::UnitId files_home{
    events::EventId{events::ChainNumber{events::chain_number_max}, events::sequence_max - 1}};

}  // namespace clients
