#include "clients/cli/keyring.h"

#include "clients/cli/machine.h"
#include "clients/cli/owner_file.h"
#include "clients/cli/password_key.h"
#include "events/archive/compact.h"
#include "events/check.h"

#include <fmt/core.h>

#include <algorithm>
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

constexpr std::string_view about_master = "khuyenhoc-master-1";
constexpr std::string_view about_data_key = "khuyenhoc-data-key-1";
constexpr std::string_view about_seed = "khuyenhoc-seed-1";
constexpr std::string_view about_record = "khuyenhoc-record-1";
constexpr std::string_view about_file = "khuyenhoc-file-1";
constexpr std::uint64_t first_wait_milliseconds = 5'000;
constexpr std::uint64_t wait_milliseconds_max = 15 * 60'000;

std::filesystem::path keyring_path(const std::filesystem::path& home) { return home / "keyring"; }
constexpr std::size_t seed_file_bytes_max = 64;

/// device.key, device-7.key, device-next.key, courier.key …
bool is_seed_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name == "courier.key" || (name.starts_with("device") && path.extension() == ".key");
}

events::SealNonce random_nonce() {
  const std::array<std::uint8_t, 16> drawn = machine::random_16();
  events::SealNonce nonce{};
  std::copy_n(drawn.begin(), nonce.size(), nonce.begin());
  return nonce;
}

SecretKey random_key() {
  SecretSeed drawn = machine::random_seed();
  SecretKey key(drawn.bytes);
  events::wipe(drawn.bytes);
  return key;
}

Result<SecretKey> key_from(Bytes bytes) {
  if (bytes.size() != SecretKey::size) {
    return Error{ErrorCode::storage_corrupt, "a key that is not 32 bytes"};
  }
  SecretKey key(std::span<const std::uint8_t, SecretKey::size>(bytes.data(), SecretKey::size));
  events::wipe(bytes);
  return key;
}

Bytes about_key(std::uint64_t number, events::UnitId home) {
  Bytes about;
  events::append_bytes(about, events::bytes_of(about_data_key));
  events::CompactOutput archive(about);
  archive(number, home);
  return about;
}

Bytes bound_to(std::string_view use, ByteView what) {
  Bytes about;
  events::append_bytes(about, events::bytes_of(use));
  events::append_bytes(about, what);
  return about;
}

/// The number of the key that a sealed record names, and what is sealed.
Result<std::pair<std::uint64_t, ByteView>> parts_of(ByteView row) {
  try {
    events::CompactInput archive(row);
    std::uint64_t number = 0;
    archive(number);
    return std::pair{number, archive.rest()};
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::storage_corrupt, exception.what()};
  }
}

Error is_locked_error() {
  return Error{ErrorCode::locked, "Thiết bị đang khóa; hãy mở bằng mã PIN hoặc tệp khóa."};
}

std::uint64_t wait_after(std::uint32_t failures) {
  if (failures < free_guesses) return 0;
  const std::uint32_t doublings = std::min(failures - free_guesses, 16U);
  return std::min(first_wait_milliseconds << doublings, wait_milliseconds_max);
}

}  // namespace

Result<Keyring> Keyring::open(const std::filesystem::path& home) {
  Keyring keyring(home);
  const Result<Bytes> read = read_owner_file(keyring_path(home), keyring_bytes_max);
  if (!read && read.error().code != ErrorCode::not_found) return read.error();
  if (!read) {
    // A device of before the keyring: its records are sealed when the store opens.
    KeyringContent fresh;
    const SecretKey master = random_key();
    fresh.master.assign(master.bytes().begin(), master.bytes().end());
    if (Result<void> written = keyring.write(fresh); !written) return written.error();
  } else {
    Result<KeyringContent> content = events::decode<KeyringContent>(*read);
    if (!content) return Error{ErrorCode::storage_corrupt, "keyring: " + content.error().message};
    if (content->version != KeyringContent::format) {
      return Error{ErrorCode::unsupported, "the keyring is newer than this build"};
    }
    keyring.content_ = std::move(*content);
  }
  if (keyring.content_.lock == LockKind::none) {
    Result<SecretKey> master = key_from(keyring.content_.master);
    if (!master) return master.error();
    keyring.master_.emplace(*master);
    if (Result<void> loaded = keyring.load_keys(); !loaded) return loaded.error();
  }
  if (Result<void> settled = keyring.settle_seeds(); !settled) return settled.error();
  return keyring;
}

Result<void> Keyring::load_keys() {
  keys_.clear();
  for (const DataKey& row : content_.keys) {
    Result<Bytes> bytes = open_sealed(*master_, row.sealed, about_key(row.number, row.home));
    if (!bytes) return Error{ErrorCode::storage_corrupt, "a data key of the keyring is damaged"};
    Result<SecretKey> key = key_from(std::move(*bytes));
    if (!key) return key.error();
    keys_.emplace(row.number, *key);
  }
  return {};
}

Result<void> Keyring::settle_seeds() {
  std::error_code failure;
  std::filesystem::directory_iterator each(home_, failure);
  for (; !failure && each != std::filesystem::directory_iterator(); each.increment(failure)) {
    const std::filesystem::path path = each->path();
    if (!is_seed_file(path)) continue;
    // While locked this only looks whether others may read it.
    const Result<Bytes> stored = read_owner_file(path, seed_file_bytes_max);
    if (!stored) return stored.error();
    if (is_locked()) continue;
    const bool is_plain = stored->size() == sizeof(SecretSeed::bytes);
    if (is_plain == (content_.lock == LockKind::none)) continue;
    const std::string file = path.filename().string();
    const Result<std::optional<SecretSeed>> known = seed(file);
    if (!known) return known.error();
    if (Result<void> kept = keep_seed(file, **known); !kept) return kept;
  }
  if (failure) return Error{ErrorCode::storage_failed, failure.message()};
  return {};
}

Result<void> Keyring::write(const KeyringContent& content) {
  Bytes encoded = events::encode(content);
  Result<void> written = write_owner_file(keyring_path(home_), encoded);
  events::wipe(encoded);
  if (!written) return written;
  content_ = content;
  return {};
}

Result<void> Keyring::unlock(const LockSecret& secret, events::Timestamp now) {
  if (!is_locked()) return {};
  if (secret.kind != content_.lock) {
    return Error{ErrorCode::locked, content_.lock == LockKind::pin
                                        ? "Thiết bị này mở bằng mã PIN, không phải tệp khóa."
                                        : "Thiết bị này mở bằng tệp khóa; hãy đưa --key-file TỆP."};
  }
  // A clock that was set back must not shut the owner out.
  const std::uint64_t wait =
      content_.retry_at.value > now.value ? content_.retry_at.value - now.value : 0;
  if (wait != 0 && wait <= wait_milliseconds_max) {
    return Error{ErrorCode::locked,
                 fmt::format("Đã sai {} lần; hãy đợi {} giây rồi thử lại. Dữ liệu vẫn còn nguyên.",
                             content_.failures, (wait + 999) / 1000)};
  }
  const Result<SecretKey> unlocking = password_key(secret.content, content_.cost);
  if (!unlocking) return unlocking.error();
  Result<Bytes> master = open_sealed(*unlocking, content_.master, events::bytes_of(about_master));
  if (!master) {
    if (Result<void> noted = note_failure(now); !noted) return noted;
    return Error{
        ErrorCode::locked,
        fmt::format("{} không đúng (sai {} lần liền). Dữ liệu vẫn còn nguyên.",
                    content_.lock == LockKind::pin ? "Mã PIN" : "Tệp khóa", content_.failures)};
  }
  Result<SecretKey> key = key_from(std::move(*master));
  if (!key) return key.error();
  master_.emplace(*key);
  if (Result<void> loaded = load_keys(); !loaded) {
    master_.reset();
    return loaded;
  }
  if (content_.failures != 0) {
    KeyringContent content = content_;
    content.failures = 0;
    content.retry_at = {};
    if (Result<void> written = write(content); !written) return written;
  }
  return settle_seeds();
}

Result<void> Keyring::note_failure(events::Timestamp now) {
  KeyringContent content = content_;
  ++content.failures;
  const std::uint64_t wait = wait_after(content.failures);
  content.retry_at = wait == 0 ? events::Timestamp{} : events::Timestamp{now.value + wait};
  return write(content);
}

Result<void> Keyring::set_lock(const LockSecret& secret) {
  CHECK(!is_locked(), "callers unlock before they change the lock");
  CHECK(secret.kind != LockKind::none, "remove_lock() takes a lock away");
  const Result<PasswordCost> cost = tune_password_cost(machine::random_16());
  if (!cost) return cost.error();
  const Result<SecretKey> locking = password_key(secret.content, *cost);
  if (!locking) return locking.error();
  KeyringContent content = content_;
  content.lock = secret.kind;
  content.cost = *cost;
  content.master =
      events::seal(*locking, random_nonce(), master_->bytes(), events::bytes_of(about_master));
  content.failures = 0;
  content.retry_at = {};
  // Cut off between these two, the next unlock seals the seeds.
  if (Result<void> written = write(content); !written) return written;
  return settle_seeds();
}

Result<void> Keyring::remove_lock() {
  CHECK(!is_locked(), "callers unlock before they remove the lock");
  KeyringContent content = content_;
  content.lock = LockKind::none;
  content.cost = {};
  content.master.assign(master_->bytes().begin(), master_->bytes().end());
  if (Result<void> written = write(content); !written) return written;
  return settle_seeds();
}

Result<std::optional<SecretSeed>> Keyring::seed(const std::string& file) const {
  if (is_locked()) return is_locked_error();
  Result<Bytes> stored = read_owner_file(home_ / file, seed_file_bytes_max);
  if (!stored) {
    if (stored.error().code == ErrorCode::not_found) return std::optional<SecretSeed>{};
    return stored.error();
  }
  Bytes bytes = *stored;
  if (bytes.size() != sizeof(SecretSeed::bytes)) {
    Result<Bytes> opened = open_sealed(*master_, bytes, events::bytes_of(about_seed));
    if (!opened) return Error{ErrorCode::storage_corrupt, "the device key is damaged"};
    bytes = std::move(*opened);
  }
  SecretSeed seed;
  if (bytes.size() != seed.bytes.size()) {
    return Error{ErrorCode::storage_corrupt, "the device key is not 32 bytes"};
  }
  std::ranges::copy(bytes, seed.bytes.begin());
  events::wipe(bytes);
  return std::optional<SecretSeed>{seed};
}

std::optional<events::PublicKey> Keyring::public_key() const {
  if (content_.public_key == events::PublicKey{}) return std::nullopt;
  return content_.public_key;
}

Result<void> Keyring::keep_seed(const std::string& file, const SecretSeed& seed) {
  if (is_locked()) return is_locked_error();
  Bytes stored(seed.bytes.begin(), seed.bytes.end());
  if (content_.lock != LockKind::none) {
    Bytes sealed = events::seal(*master_, random_nonce(), stored, events::bytes_of(about_seed));
    events::wipe(stored);
    stored = std::move(sealed);
  }
  Result<void> written = write_owner_file(home_ / file, stored);
  events::wipe(stored);
  return written;
}

void Keyring::drop_seed(const std::string& file) {
  std::error_code ignored;
  std::filesystem::remove(home_ / file, ignored);
}

Result<void> Keyring::note_public_key(const events::PublicKey& key) {
  if (content_.public_key == key) return {};
  KeyringContent content = content_;
  content.public_key = key;
  return write(content);
}

Result<std::uint64_t> Keyring::key_for(events::UnitId home) {
  const auto known = std::ranges::find(content_.keys, home, &DataKey::home);
  if (known != content_.keys.end()) return known->number;
  if (content_.keys.size() == data_keys_max) {
    return Error{ErrorCode::too_large, "records of too many communes on one device"};
  }
  KeyringContent content = content_;
  const std::uint64_t number = content.next_number++;
  const SecretKey key = random_key();
  content.keys.push_back(
      {number, home, events::seal(*master_, random_nonce(), key.bytes(), about_key(number, home))});
  if (Result<void> written = write(content); !written) return written.error();
  keys_.emplace(number, key);
  return number;
}

Result<Bytes> Keyring::seal_record(events::UnitId home, ByteView record, ByteView digest) {
  return seal_under(home, record, bound_to(about_record, digest));
}

Result<Bytes> Keyring::seal_piece(ByteView piece, ByteView about) {
  return seal_under(files_home, piece, bound_to(about_file, about));
}

Result<Bytes> Keyring::seal_under(events::UnitId home, ByteView plain, ByteView about) {
  if (is_locked()) return is_locked_error();
  const Result<std::uint64_t> number = key_for(home);
  if (!number) return number.error();
  Bytes row;
  events::CompactOutput archive(row);
  archive(*number);
  events::append_bytes(row, events::seal(keys_.at(*number), random_nonce(), plain, about));
  return row;
}

Result<Bytes> Keyring::open_piece(ByteView sealed, ByteView about) const {
  const auto parts = parts_of(sealed);
  if (!parts) return parts.error();
  if (is_locked()) return is_locked_error();
  const Error damaged{ErrorCode::storage_corrupt, "a file of evidence is damaged"};
  const auto key = keys_.find(parts->first);
  if (key == keys_.end()) return damaged;
  Result<Bytes> piece = open_sealed(key->second, parts->second, bound_to(about_file, about));
  if (!piece) return damaged;
  return piece;
}

Result<void> Keyring::shred_files() { return shred(std::array{files_home}); }

Result<std::optional<Bytes>> Keyring::open_record(ByteView sealed, ByteView digest) const {
  const auto parts = parts_of(sealed);
  if (!parts) return parts.error();
  if (!can_open(sealed)) return std::optional<Bytes>{};
  if (is_locked()) return is_locked_error();
  Result<Bytes> record =
      open_sealed(keys_.at(parts->first), parts->second, bound_to(about_record, digest));
  if (!record) return Error{ErrorCode::storage_corrupt, "a private record is damaged"};
  return std::optional<Bytes>{std::move(*record)};
}

bool Keyring::can_open(ByteView sealed) const {
  const auto parts = parts_of(sealed);
  return parts && std::ranges::count(content_.keys, parts->first, &DataKey::number) != 0;
}

std::vector<events::UnitId> Keyring::homes() const {
  std::vector<events::UnitId> homes;
  for (const DataKey& key : content_.keys) {
    if (key.home != files_home) homes.push_back(key.home);
  }
  return homes;
}

Result<void> Keyring::shred(std::span<const events::UnitId> homes) {
  KeyringContent content = content_;
  const auto goes = [&](const DataKey& key) { return std::ranges::count(homes, key.home) != 0; };
  for (const DataKey& key : content.keys) {
    if (goes(key)) keys_.erase(key.number);
  }
  if (std::erase_if(content.keys, goes) == 0) return {};
  return write(content);
}

}  // namespace clients
