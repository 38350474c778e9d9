#include "clients/core/log/row_keyring.h"

#include "clients/core/log/data_keys.h"
#include "events/archive/compact.h"

#include <algorithm>
#include <span>

namespace clients {

using events::Bytes;
using events::ByteView;
using events::Error;
using events::ErrorCode;
using events::Result;
using events::SecretKey;

namespace {

constexpr const char* content_row = "K";
/// Before a public key; a sealed seed is longer.
constexpr std::uint8_t browser_form = 1;

std::string seed_row(const std::string& name) { return content_row + name; }

Error is_locked_error() { return {ErrorCode::locked, "the device is locked"}; }

}  // namespace

events::SealNonce RowKeyring::nonce() const {
  const std::array<std::uint8_t, 32> drawn = random_();
  events::SealNonce nonce{};
  std::copy_n(drawn.begin(), nonce.size(), nonce.begin());
  return nonce;
}

Result<void> RowKeyring::load() {
  const Result<std::optional<std::string>> row = rows_.get(content_row);
  if (!row) return row.error();
  if (!*row) return {};
  Result<KeyringContent> content = events::decode<KeyringContent>(events::bytes_of(**row));
  if (!content) return Error{ErrorCode::storage_corrupt, content.error().message};
  if (content->version != KeyringContent::format) {
    return Error{ErrorCode::unsupported, "a keyring of a newer version"};
  }
  content_ = std::move(*content);
  return {};
}

Result<void> RowKeyring::unlock(const SecretKey& master) {
  std::map<std::uint64_t, SecretKey> keys;
  for (const DataKey& row : content_.keys) {
    const Result<SecretKey> key = open_data_key(master, row);
    if (!key) return key.error();
    keys.emplace(row.number, *key);
  }
  keys_ = std::move(keys);
  master_.emplace(master);
  return {};
}

void RowKeyring::lock() {
  keys_.clear();
  master_.reset();
}

Result<void> RowKeyring::write() { return put(content_row, events::encode(content_)); }

Result<void> RowKeyring::put(const std::string& row, ByteView value) {
  RowBatch batch;
  batch.put(row, value);
  return rows_.write(batch);
}

std::optional<events::PublicKey> RowKeyring::public_key() const {
  if (content_.public_key == events::PublicKey{}) return std::nullopt;
  return content_.public_key;
}

Result<void> RowKeyring::note_public_key(const events::PublicKey& key) {
  if (content_.public_key == key) return {};
  content_.public_key = key;
  return write();
}

Result<std::optional<events::SecretSeed>> RowKeyring::seed(const std::string& name) const {
  if (is_locked()) return is_locked_error();
  const Result<std::optional<std::string>> row = rows_.get(seed_row(name));
  if (!row) return row.error();
  if (!*row) return std::optional<events::SecretSeed>{};
  Result<events::SecretSeed> seed = open_seed(*master_, events::bytes_of(**row));
  if (!seed) return seed.error();
  return std::optional<events::SecretSeed>{*seed};
}

Result<void> RowKeyring::keep_seed(const std::string& name, const events::SecretSeed& seed) {
  if (is_locked()) return is_locked_error();
  return put(seed_row(name), seal_seed(*master_, seed, nonce()));
}

void RowKeyring::drop_seed(const std::string& name) {
  RowBatch batch;
  batch.erase(seed_row(name));
  // A seed that stays is one that nothing names.
  (void)rows_.write(batch);
}

std::optional<events::PublicKey> RowKeyring::browser_key(const std::string& name) const {
  const Result<std::optional<std::string>> row = rows_.get(seed_row(name));
  events::PublicKey key;
  const bool is_held = !is_locked() && row && *row && (*row)->size() == key.bytes.size() + 1 &&
                       static_cast<std::uint8_t>((*row)->front()) == browser_form;
  if (!is_held) return std::nullopt;
  std::copy((*row)->begin() + 1, (*row)->end(), key.bytes.begin());
  return key;
}

Result<void> RowKeyring::keep_browser_key(const std::string& name, const events::PublicKey& key) {
  if (is_locked()) return is_locked_error();
  Bytes row{browser_form};
  events::append_bytes(row, key.bytes);
  return put(seed_row(name), row);
}

std::unique_ptr<const Signer> RowKeyring::browser_signer(const events::PublicKey& key) {
  return std::make_unique<AwaitedSigner>(signatures_, key);
}

Result<std::uint64_t> RowKeyring::key_for(events::UnitId home) {
  for (const DataKey& known : content_.keys) {
    if (known.home == home) return known.number;
  }
  if (content_.keys.size() == data_keys_max) {
    return Error{ErrorCode::too_large, "records of too many communes on one device"};
  }
  const std::array<std::uint8_t, 32> drawn = random_();
  const SecretKey key{drawn};
  const std::uint64_t number = content_.next_number++;
  content_.keys.push_back(seal_data_key(*master_, number, home, key, nonce()));
  if (Result<void> written = write(); !written) return written.error();
  keys_.emplace(number, key);
  return number;
}

Result<Bytes> RowKeyring::seal_record(events::UnitId home, ByteView record, ByteView digest) {
  return seal_in_home(home, record, about_record(digest));
}

Result<Bytes> RowKeyring::seal_piece(ByteView piece, ByteView about) {
  return seal_in_home(files_home, piece, about_file_piece(about));
}

Result<Bytes> RowKeyring::seal_in_home(events::UnitId home, ByteView plain, ByteView about) {
  if (is_locked()) return is_locked_error();
  const Result<std::uint64_t> number = key_for(home);
  if (!number) return number.error();
  return seal_under(*number, keys_.at(*number), nonce(), plain, about);
}

Result<Bytes> RowKeyring::open_piece(ByteView sealed, ByteView about) const {
  const auto parts = sealed_parts(sealed);
  if (!parts) return parts.error();
  if (is_locked()) return is_locked_error();
  const Error damaged{ErrorCode::storage_corrupt, "a file of evidence is damaged"};
  const auto key = keys_.find(parts->first);
  if (key == keys_.end()) return damaged;
  Result<Bytes> piece = events::open_sealed(key->second, parts->second, about_file_piece(about));
  if (!piece) return damaged;
  return piece;
}

Result<void> RowKeyring::shred_files() { return shred(std::span(&files_home, 1)); }

Result<std::optional<Bytes>> RowKeyring::open_record(ByteView sealed, ByteView digest) const {
  const auto parts = sealed_parts(sealed);
  if (!parts) return parts.error();
  if (!can_open(sealed)) return std::optional<Bytes>{};
  if (is_locked()) return is_locked_error();
  Result<Bytes> record =
      events::open_sealed(keys_.at(parts->first), parts->second, about_record(digest));
  if (!record) return Error{ErrorCode::storage_corrupt, "a private record is damaged"};
  return std::optional<Bytes>{std::move(*record)};
}

bool RowKeyring::can_open(ByteView sealed) const {
  const auto parts = sealed_parts(sealed);
  if (!parts) return false;
  for (const DataKey& key : content_.keys) {
    if (key.number == parts->first) return true;
  }
  return false;
}

std::vector<events::UnitId> RowKeyring::homes() const {
  std::vector<events::UnitId> homes;
  for (const DataKey& key : content_.keys) {
    if (key.home != files_home) homes.push_back(key.home);
  }
  return homes;
}

Result<void> RowKeyring::shred(std::span<const events::UnitId> homes) {
  const auto goes = [&](const DataKey& key) {
    return std::find(homes.begin(), homes.end(), key.home) != homes.end();
  };
  for (const DataKey& key : content_.keys) {
    if (goes(key)) keys_.erase(key.number);
  }
  if (std::erase_if(content_.keys, goes) == 0) return {};
  return write();
}

}  // namespace clients
