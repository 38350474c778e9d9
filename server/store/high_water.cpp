#include "server/store/high_water.h"

#include "events/crypto/digest.h"
#include "server/store/log_keys.h"
#include "server/store/rocks_error.h"

#include <rocksdb/env.h>

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace server {
namespace {

using events::Error;
using events::ErrorCode;
using events::LogHead;
using events::Result;

constexpr std::string_view magic = "khhighw1";
constexpr std::size_t slot_distance = 4096;  // A torn page cannot reach another slot.
constexpr std::size_t slot_count = 3;
constexpr std::size_t file_bytes = slot_count * slot_distance;
constexpr std::size_t statement_bytes = 8 + 8 + 4 + 4 + 8 + 32;
constexpr std::size_t slot_bytes = statement_bytes + 32;

struct Slot {
  std::uint64_t number = 0;
  LogHead head;
  std::size_t place = 0;  // In the file, from 0.
};

std::string encode(const Slot& slot) {
  std::string text(magic);
  append_number(text, slot.number, 8);
  append_number(text, slot.head.log.value, 4);
  append_number(text, slot.head.epoch.value, 4);
  append_number(text, slot.head.position.value, 8);
  append_digest(text, slot.head.root);
  append_digest(text, events::sha256(events::bytes_of(text)));
  return text;
}

std::optional<Slot> decode(std::string_view text) {
  if (!text.starts_with(magic)) return std::nullopt;
  const events::Digest digest = events::sha256(events::bytes_of(text.substr(0, statement_bytes)));
  if (digest_at(text, statement_bytes) != digest) return std::nullopt;
  Slot slot;
  slot.number = number_at(text, 8, 8);
  slot.head.log.value = static_cast<std::uint32_t>(number_at(text, 16, 4));
  slot.head.epoch.value = static_cast<std::uint32_t>(number_at(text, 20, 4));
  slot.head.position.value = number_at(text, 24, 8);
  slot.head.root = digest_at(text, 32);
  return slot;
}

rocksdb::Env* or_default(rocksdb::Env* env) {
  return env != nullptr ? env : rocksdb::Env::Default();
}

Result<Slot> newest_slot(const std::filesystem::path& path, rocksdb::Env* env) {
  if (or_default(env)->FileExists(path.string()).IsNotFound()) {
    return Error{ErrorCode::not_found, path.string() + " does not exist"};
  }
  std::string text;
  const rocksdb::Status status = rocksdb::ReadFileToString(or_default(env), path.string(), &text);
  if (!status.ok())
    return Error{ErrorCode::storage_failed, error_of(status, path.string()).message};

  std::optional<Slot> newest;
  for (std::size_t place = 0; place < slot_count; ++place) {
    const std::size_t offset = place * slot_distance;
    if (text.size() < offset + slot_bytes) continue;
    std::optional<Slot> slot = decode(std::string_view(text).substr(offset, slot_bytes));
    if (!slot || (newest && newest->number > slot->number)) continue;
    slot->place = place;
    newest = slot;
  }
  if (newest) return *newest;
  return Error{ErrorCode::storage_corrupt, path.string() + ": no slot is whole"};
}

/// Written aside and renamed: there is never half a file under the name.
rocksdb::Status write_new_file(const std::filesystem::path& path, const Slot& slot,
                               rocksdb::Env* env) {
  std::string text(file_bytes, '\0');
  text.replace(slot.place * slot_distance, slot_bytes, encode(slot));
  const std::string temporary = path.string() + ".new";
  rocksdb::Status status = rocksdb::WriteStringToFile(env, text, temporary, /*should_sync=*/true);
  if (status.ok()) status = env->RenameFile(temporary, path.string());
  if (!status.ok()) return status;
  std::unique_ptr<rocksdb::Directory> directory;
  status = env->NewDirectory(path.parent_path().string(), &directory);
  return status.ok() ? directory->Fsync() : status;
}

}  // namespace

struct HighWater::File {
  std::filesystem::path path;
  std::unique_ptr<rocksdb::RandomRWFile> file;

  std::mutex mutex;          // Guards everything below.
  std::uint64_t number = 0;  // Of the newest slot.
  bool raised = false;       // Since the last sync began.
  std::size_t durable = 0;   // Place of the slot that survives a power cut.
  std::size_t syncing = 0;   // Place of the slot that a sync is at work on, else `durable`.

  /// The place that neither is durable nor becomes so.
  std::size_t free_place() const {
    std::size_t place = 0;
    while (place == durable || place == syncing) ++place;
    return place;
  }
};

HighWater::HighWater(std::unique_ptr<File> file) : file_(std::move(file)) {}
HighWater::~HighWater() = default;

std::filesystem::path HighWater::path_for(const std::filesystem::path& database) {
  // "data/log/" names the same directory as "data/log".
  const std::filesystem::path name = database.has_filename() ? database : database.parent_path();
  return std::filesystem::absolute(name).string() + ".high-water";
}

Result<LogHead> HighWater::read(const std::filesystem::path& path, rocksdb::Env* env) {
  const Result<Slot> slot = newest_slot(path, env);
  if (!slot) return slot.error();
  return slot->head;
}

Result<std::unique_ptr<HighWater>> HighWater::open(const std::filesystem::path& path,
                                                   const LogHead& head, bool replace,
                                                   rocksdb::Env* env) {
  env = or_default(env);
  Result<Slot> slot = newest_slot(path, env);
  const bool missing = !slot && slot.error().code == ErrorCode::not_found;
  if (missing || replace) {
    slot = Slot{slot ? slot->number + 1 : 1, head, 0};
    const rocksdb::Status status = write_new_file(path, *slot, env);
    if (!status.ok()) return error_of(status, path.string());
  }
  if (!slot) return slot.error();

  auto file = std::make_unique<File>();
  file->path = path;
  file->number = slot->number;
  file->durable = slot->place;
  file->syncing = slot->place;
  const rocksdb::Status status =
      env->NewRandomRWFile(path.string(), &file->file, rocksdb::EnvOptions());
  if (!status.ok()) return error_of(status, path.string());
  return std::unique_ptr<HighWater>(new HighWater(std::move(file)));
}

Result<void> HighWater::raise(const LogHead& head) {
  File& file = *file_;
  const std::lock_guard lock(file.mutex);
  const Slot slot{file.number + 1, head, file.free_place()};
  const rocksdb::Status status = file.file->Write(slot.place * slot_distance, encode(slot));
  if (!status.ok()) {
    return Error{ErrorCode::storage_failed, error_of(status, file.path.string()).message};
  }
  file.number = slot.number;
  file.raised = true;
  return {};
}

Result<void> HighWater::sync() {
  File& file = *file_;
  {
    const std::lock_guard lock(file.mutex);
    if (!file.raised) return {};
    file.raised = false;
    file.syncing = file.free_place();  // Further marks go to the third slot.
  }
  const rocksdb::Status status = file.file->Sync();
  const std::lock_guard lock(file.mutex);
  if (!status.ok()) {
    return Error{ErrorCode::storage_failed, error_of(status, file.path.string()).message};
  }
  file.durable = file.syncing;
  return {};
}

}  // namespace server
