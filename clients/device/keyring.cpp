#include "clients/device/keyring.h"

#include "clients/core/log/data_keys.h"
#include "clients/device/disk_error.h"
#include "clients/device/keyring_file.h"
#include "clients/device/owner_file.h"
#include "clients/device/password_key.h"
#include "events/base/check.h"
#include "platform/random.h"

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
constexpr std::uint64_t first_wait_milliseconds = 5'000;
constexpr std::uint64_t wait_milliseconds_max = 15 * 60'000;

constexpr std::size_t seed_file_bytes_max = 64;

/// device.key, device-7.key, device-next.key, courier.key …
bool is_seed_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name == "courier.key" || (name.starts_with("device") && path.extension() == ".key");
}

events::SealNonce random_nonce() {
  const std::array<std::uint8_t, 16> drawn = platform::random_16();
  events::SealNonce nonce{};
  std::copy_n(drawn.begin(), nonce.size(), nonce.begin());
  return nonce;
}

SecretKey random_key() {
  SecretSeed drawn = platform::random_seed();
  SecretKey key(drawn.bytes);
  events::wipe(drawn.bytes);
  return key;
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
  Result<KeyringContent> content = KeyringLock(home, KeyringLock::Use::read).read();
  if (!content && content.error().code != ErrorCode::not_found) return content.error();
  if (!content) {
    // A device of before the keyring: its records are sealed when the store opens.
    KeyringContent fresh;
    const SecretKey master = random_key();
    fresh.master.assign(master.bytes().begin(), master.bytes().end());
    const auto become_fresh = [&fresh](KeyringContent& stored) { stored = fresh; };
    if (Result<void> written = keyring.change(become_fresh); !written) return written.error();
    content = std::move(fresh);
  }
  if (Result<void> taken = keyring.take_content(std::move(*content)); !taken) return taken.error();
  if (Result<void> settled = keyring.settle_seeds(); !settled) return settled.error();
  return keyring;
}

Result<Keyring> Keyring::open_to_read(const std::filesystem::path& home) {
  Keyring keyring(home);
  Result<KeyringContent> content = KeyringLock(home, KeyringLock::Use::read).read();
  if (!content) return content.error();
  keyring.is_writer_ = false;
  if (Result<void> taken = keyring.take_content(std::move(*content)); !taken) return taken.error();
  if (Result<void> settled = keyring.settle_seeds(); !settled) return settled.error();
  return keyring;
}

Result<void> Keyring::take_content(KeyringContent content) {
  content_ = std::move(content);
  if (content_.lock != LockKind::none) return {};
  Result<SecretKey> master = key_from(content_.master);
  if (!master) return master.error();
  master_.emplace(*master);
  return load_keys();
}

Result<void> Keyring::load_keys() {
  keys_.clear();
  for (const DataKey& row : content_.keys) {
    const Result<SecretKey> key = open_data_key(*master_, row);
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
    if (is_locked() || !is_writer_) continue;
    const bool is_plain = stored->size() == sizeof(SecretSeed::bytes);
    if (is_plain == (content_.lock == LockKind::none)) continue;
    const std::string file = path.filename().string();
    const Result<std::optional<SecretSeed>> known = seed(file);
    if (!known) return known.error();
    if (Result<void> kept = keep_seed(file, **known); !kept) return kept;
  }
  if (failure) return disk_error(home_, failure);
  return {};
}

Result<void> Keyring::change(const std::function<void(KeyringContent&)>& edit) {
  const KeyringLock lock(home_, KeyringLock::Use::write);
  Result<KeyringContent> stored = lock.read();
  if (!stored && stored.error().code != ErrorCode::not_found) return stored.error();
  KeyringContent content = stored ? std::move(*stored) : content_;
  edit(content);
  if (Result<void> written = lock.write(content); !written) return written;
  content_ = std::move(content);
  return {};
}

Result<void> Keyring::count_failures(std::uint32_t failures, events::Timestamp retry_at) {
  const KeyringLock lock(home_, KeyringLock::Use::write);
  Result<KeyringContent> stored = lock.read();
  if (!stored) return stored.error();
  stored->failures = failures == 0 ? 0 : std::max(failures, stored->failures + 1);
  stored->retry_at = retry_at;
  if (Result<void> written = lock.write(*stored); !written) return written;
  content_.failures = stored->failures;
  content_.retry_at = stored->retry_at;
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
    const Result<void> counted = count_failures(0, {});
    // Whoever only reads may read from a disk that is full: then the count stays.
    if (!counted && is_writer_) return counted;
  }
  return settle_seeds();
}

Result<void> Keyring::note_failure(events::Timestamp now) {
  const std::uint32_t failures = content_.failures + 1;
  const std::uint64_t wait = wait_after(failures);
  return count_failures(failures,
                        wait == 0 ? events::Timestamp{} : events::Timestamp{now.value + wait});
}

Result<void> Keyring::set_lock(const LockSecret& secret) {
  CHECK(!is_locked(), "callers unlock before they change the lock");
  CHECK(secret.kind != LockKind::none, "remove_lock() takes a lock away");
  const Result<PasswordCost> cost = tune_password_cost(platform::random_16());
  if (!cost) return cost.error();
  const Result<SecretKey> locking = password_key(secret.content, *cost);
  if (!locking) return locking.error();
  const auto set = [&](KeyringContent& content) {
    content.lock = secret.kind;
    content.cost = *cost;
    content.master =
        events::seal(*locking, random_nonce(), master_->bytes(), events::bytes_of(about_master));
    content.failures = 0;
    content.retry_at = {};
  };
  // Cut off between these two, the next unlock seals the seeds.
  if (Result<void> written = change(set); !written) return written;
  return settle_seeds();
}

Result<void> Keyring::remove_lock() {
  CHECK(!is_locked(), "callers unlock before they remove the lock");
  const auto remove = [&](KeyringContent& content) {
    content.lock = LockKind::none;
    content.cost = {};
    content.master.assign(master_->bytes().begin(), master_->bytes().end());
  };
  if (Result<void> written = change(remove); !written) return written;
  return settle_seeds();
}

Result<std::optional<SecretSeed>> Keyring::seed(const std::string& name) const {
  if (is_locked()) return is_locked_error();
  Result<Bytes> stored = read_owner_file(home_ / name, seed_file_bytes_max);
  if (!stored) {
    if (stored.error().code == ErrorCode::not_found) return std::optional<SecretSeed>{};
    return stored.error();
  }
  SecretSeed seed;
  if (stored->size() != seed.bytes.size()) {
    Result<SecretSeed> opened = open_seed(*master_, *stored);
    if (!opened) return opened.error();
    return std::optional<SecretSeed>{*opened};
  }
  std::ranges::copy(*stored, seed.bytes.begin());
  events::wipe(*stored);
  return std::optional<SecretSeed>{seed};
}

std::optional<events::PublicKey> Keyring::public_key() const {
  if (content_.public_key == events::PublicKey{}) return std::nullopt;
  return content_.public_key;
}

Result<void> Keyring::keep_seed(const std::string& name, const SecretSeed& seed) {
  if (is_locked()) return is_locked_error();
  Bytes stored(seed.bytes.begin(), seed.bytes.end());
  if (content_.lock != LockKind::none) {
    events::wipe(stored);
    stored = seal_seed(*master_, seed, random_nonce());
  }
  Result<void> written = write_owner_file(home_ / name, stored);
  events::wipe(stored);
  return written;
}

void Keyring::drop_seed(const std::string& name) {
  std::error_code ignored;
  std::filesystem::remove(home_ / name, ignored);
}

Result<void> Keyring::note_public_key(const events::PublicKey& key) {
  if (content_.public_key == key || !is_writer_) return {};
  return change([&key](KeyringContent& content) { content.public_key = key; });
}

Result<std::uint64_t> Keyring::key_for(events::UnitId home) {
  const auto known = std::ranges::find(content_.keys, home, &DataKey::home);
  if (known != content_.keys.end()) return known->number;
  if (content_.keys.size() == data_keys_max) {
    return Error{ErrorCode::too_large, "records of too many communes on one device"};
  }
  const SecretKey key = random_key();
  std::uint64_t number = 0;
  const auto add = [&](KeyringContent& content) {
    number = content.next_number++;
    content.keys.push_back(seal_data_key(*master_, number, home, key, random_nonce()));
  };
  if (Result<void> written = change(add); !written) return written.error();
  keys_.emplace(number, key);
  return number;
}

Result<Bytes> Keyring::seal_record(events::UnitId home, ByteView record, ByteView digest) {
  return seal_in_home(home, record, about_record(digest));
}

Result<Bytes> Keyring::seal_piece(ByteView piece, ByteView about) {
  return seal_in_home(files_home, piece, about_file_piece(about));
}

Result<Bytes> Keyring::seal_in_home(events::UnitId home, ByteView plain, ByteView about) {
  if (is_locked()) return is_locked_error();
  const Result<std::uint64_t> number = key_for(home);
  if (!number) return number.error();
  return seal_under(*number, keys_.at(*number), random_nonce(), plain, about);
}

Result<Bytes> Keyring::open_piece(ByteView sealed, ByteView about) const {
  const auto parts = sealed_parts(sealed);
  if (!parts) return parts.error();
  if (is_locked()) return is_locked_error();
  const Error damaged{ErrorCode::storage_corrupt, "a file of evidence is damaged"};
  const auto key = keys_.find(parts->first);
  if (key == keys_.end()) return damaged;
  Result<Bytes> piece = open_sealed(key->second, parts->second, about_file_piece(about));
  if (!piece) return damaged;
  return piece;
}

Result<void> Keyring::shred_files() { return shred(std::array{files_home}); }

Result<std::optional<Bytes>> Keyring::open_record(ByteView sealed, ByteView digest) const {
  const auto parts = sealed_parts(sealed);
  if (!parts) return parts.error();
  if (!can_open(sealed)) return std::optional<Bytes>{};
  if (is_locked()) return is_locked_error();
  Result<Bytes> record = open_sealed(keys_.at(parts->first), parts->second, about_record(digest));
  if (!record) return Error{ErrorCode::storage_corrupt, "a private record is damaged"};
  return std::optional<Bytes>{std::move(*record)};
}

bool Keyring::can_open(ByteView sealed) const {
  const auto parts = sealed_parts(sealed);
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
  const auto goes = [&](const DataKey& key) { return std::ranges::count(homes, key.home) != 0; };
  for (const DataKey& key : content_.keys) {
    if (goes(key)) keys_.erase(key.number);
  }
  if (std::ranges::none_of(content_.keys, goes)) return {};
  return change([&goes](KeyringContent& content) { std::erase_if(content.keys, goes); });
}

}  // namespace clients
