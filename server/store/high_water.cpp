#include "server/store/high_water.h"

#include "events/crypto/digest.h"
#include "server/store/log_keys.h"
#include "server/store/rocks_error.h"

#include <rocksdb/env.h>

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
constexpr std::size_t slot_distance = 4096;  // A torn page cannot reach the other slot.
constexpr std::size_t file_bytes = 2 * slot_distance;
constexpr std::size_t statement_bytes = 8 + 8 + 4 + 4 + 8 + 32;
constexpr std::size_t slot_bytes = statement_bytes + 32;

struct Slot {
  std::uint64_t number = 0;
  LogHead head;
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

std::size_t offset_of(const Slot& slot) { return slot.number % 2 * slot_distance; }

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
  for (const std::size_t offset : {std::size_t{0}, slot_distance}) {
    if (text.size() < offset + slot_bytes) continue;
    const std::optional<Slot> slot = decode(std::string_view(text).substr(offset, slot_bytes));
    if (slot && (!newest || newest->number < slot->number)) newest = slot;
  }
  if (newest) return *newest;
  return Error{ErrorCode::storage_corrupt, path.string() + ": neither slot is whole"};
}

/// Written aside and renamed: there is never half a file under the name.
rocksdb::Status write_new_file(const std::filesystem::path& path, const Slot& slot,
                               rocksdb::Env* env) {
  std::string text(file_bytes, '\0');
  text.replace(offset_of(slot), slot_bytes, encode(slot));
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
  std::uint64_t number = 0;  ///< Of the newest slot.
  std::unique_ptr<rocksdb::RandomRWFile> file;
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
    slot = Slot{slot ? slot->number + 1 : 1, head};
    const rocksdb::Status status = write_new_file(path, *slot, env);
    if (!status.ok()) return error_of(status, path.string());
  }
  if (!slot) return slot.error();

  auto file = std::make_unique<File>();
  file->path = path;
  file->number = slot->number;
  const rocksdb::Status status =
      env->NewRandomRWFile(path.string(), &file->file, rocksdb::EnvOptions());
  if (!status.ok()) return error_of(status, path.string());
  return std::unique_ptr<HighWater>(new HighWater(std::move(file)));
}

Result<void> HighWater::raise(const LogHead& head) {
  const Slot slot{file_->number + 1, head};
  rocksdb::Status status = file_->file->Write(offset_of(slot), encode(slot));
  if (status.ok()) status = file_->file->Sync();
  if (!status.ok()) {
    return Error{ErrorCode::storage_failed, error_of(status, file_->path.string()).message};
  }
  file_->number = slot.number;
  return {};
}

}  // namespace server
