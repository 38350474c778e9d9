#include "clients/core/log/data_keys.h"

#include "events/archive/compact.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace clients {

using events::Bytes;
using events::ByteView;
using events::Error;
using events::ErrorCode;
using events::Result;
using events::SecretKey;
using events::SecretSeed;

namespace {

constexpr std::string_view data_key_use = "khuyenhoc-data-key-1";
constexpr std::string_view seed_use = "khuyenhoc-seed-1";
constexpr std::string_view record_use = "khuyenhoc-record-1";
constexpr std::string_view file_use = "khuyenhoc-file-1";

Bytes bound_to(std::string_view use, ByteView what) {
  Bytes about;
  events::append_bytes(about, events::bytes_of(use));
  events::append_bytes(about, what);
  return about;
}

Bytes about_data_key(std::uint64_t number, events::UnitId home) {
  Bytes about;
  events::append_bytes(about, events::bytes_of(data_key_use));
  events::CompactOutput archive(about);
  archive(number, home);
  return about;
}

}  // namespace

Result<SecretKey> key_from(Bytes bytes) {
  if (bytes.size() != SecretKey::size) {
    return Error{ErrorCode::storage_corrupt, "a key that is not 32 bytes"};
  }
  SecretKey key(std::span<const std::uint8_t, SecretKey::size>(bytes.data(), SecretKey::size));
  events::wipe(bytes);
  return key;
}

DataKey seal_data_key(const SecretKey& master, std::uint64_t number, events::UnitId home,
                      const SecretKey& key, const events::SealNonce& nonce) {
  return {number, home, events::seal(master, nonce, key.bytes(), about_data_key(number, home))};
}

Result<SecretKey> open_data_key(const SecretKey& master, const DataKey& row) {
  Result<Bytes> bytes =
      events::open_sealed(master, row.sealed, about_data_key(row.number, row.home));
  if (!bytes) return Error{ErrorCode::storage_corrupt, "a data key of the keyring is damaged"};
  return key_from(std::move(*bytes));
}

Bytes seal_seed(const SecretKey& master, const SecretSeed& seed, const events::SealNonce& nonce) {
  return events::seal(master, nonce, seed.bytes, events::bytes_of(seed_use));
}

Result<SecretSeed> open_seed(const SecretKey& master, ByteView sealed) {
  Result<Bytes> opened = events::open_sealed(master, sealed, events::bytes_of(seed_use));
  if (!opened) return Error{ErrorCode::storage_corrupt, "the device key is damaged"};
  SecretSeed seed;
  if (opened->size() != seed.bytes.size()) {
    return Error{ErrorCode::storage_corrupt, "the device key is not 32 bytes"};
  }
  std::copy(opened->begin(), opened->end(), seed.bytes.begin());
  events::wipe(*opened);
  return seed;
}

Bytes about_record(ByteView digest) { return bound_to(record_use, digest); }

Bytes about_file_piece(ByteView piece) { return bound_to(file_use, piece); }

Bytes place_in_file(const events::Digest& sha256, std::uint32_t offset) {
  Bytes place(sha256.bytes.begin(), sha256.bytes.end());
  for (int shift = 0; shift < 32; shift += 8) {
    place.push_back(static_cast<std::uint8_t>(offset >> shift & 0xFFU));
  }
  return place;
}

Bytes seal_under(std::uint64_t number, const SecretKey& key, const events::SealNonce& nonce,
                 ByteView plain, ByteView about) {
  Bytes row;
  events::CompactOutput archive(row);
  archive(number);
  events::append_bytes(row, events::seal(key, nonce, plain, about));
  return row;
}

Result<std::pair<std::uint64_t, ByteView>> sealed_parts(ByteView row) {
  try {
    events::CompactInput archive(row);
    std::uint64_t number = 0;
    archive(number);
    return std::pair{number, archive.rest()};
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::storage_corrupt, exception.what()};
  }
}

}  // namespace clients
