#include "tests/support/unsynced_file_system.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace test_support {
namespace {

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

std::string normal(const std::string& name) { return fs::path(name).lexically_normal().string(); }

std::string folder_of(const std::string& name) { return fs::path(name).parent_path().string(); }

IOStatus no_power() { return IOStatus::IOError("the power is off"); }

/// A file whatever its names.  Its bytes stay reachable through a link of their own.
struct Inode {
  struct Overwrite {
    std::uint64_t offset;
    std::string before;
    std::string after;
  };
  fs::path bytes;
  std::uint64_t size = 0;
  std::uint64_t synced = 0;
  std::vector<Overwrite> overwrites;  // In place, not synced.

  Inode() = default;
  Inode(const Inode&) = delete;
  Inode& operator=(const Inode&) = delete;
  ~Inode() {
    std::error_code ignored;
    fs::remove(bytes, ignored);
  }
};
using File = std::shared_ptr<Inode>;

/// One change of names that happens wholly or not at all; no file: the name goes.
using NameChange = std::vector<std::pair<std::string, File>>;
using Names = std::map<std::string, File>;

void change_names(const NameChange& change, Names& names) {
  for (const auto& [name, file] : change) {
    if (file) {
      names[name] = file;
    } else {
      names.erase(name);
    }
  }
}

}  // namespace

struct UnsyncedFileSystem::Disk {
  fs::path root;
  fs::path shadows;  // A link to each file, so that no rename or delete takes its bytes away.

  mutable std::mutex mutex;  // Guards everything below.
  Names current;
  Names durable;
  std::vector<NameChange> unsynced_changes;
  std::uint64_t next_shadow = 0;
  bool off = false;
  std::optional<std::uint64_t> operations_left;

  bool owns(const std::string& name) const { return name.starts_with(root.string() + "/"); }

  /// Counts a write; false when there is no power for it.  Expects: the lock.
  bool powered() {
    if (!off && operations_left) {
      if (*operations_left == 0) off = true;
      if (*operations_left > 0) --*operations_left;
    }
    return !off;
  }

  void change(NameChange change) {
    change_names(change, current);
    unsynced_changes.push_back(std::move(change));
  }

  File find(const std::string& name) const {
    const auto found = current.find(name);
    return found == current.end() ? nullptr : found->second;
  }

  File adopt(const std::string& name, std::uint64_t size) {
    auto file = std::make_shared<Inode>();
    file->bytes = shadows / std::to_string(next_shadow++);
    fs::create_hard_link(name, file->bytes);
    file->size = size;
    return file;
  }

  void sync_names(const std::string& folder) {
    std::erase_if(unsynced_changes, [&](const NameChange& change) {
      if (folder_of(change.front().first) != folder) return false;
      change_names(change, durable);
      return true;
    });
  }

  void forget(std::mt19937_64& random);
  void restore_bytes(const std::string& name, Inode& file, std::mt19937_64& random) const;
};

namespace {

using Disk = UnsyncedFileSystem::Disk;

class WritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(std::unique_ptr<rocksdb::FSWritableFile> target, File file,
               std::shared_ptr<Disk> disk)
      : FSWritableFileOwnerWrapper(std::move(target)),
        file_(std::move(file)),
        disk_(std::move(disk)) {}

  using rocksdb::FSWritableFileOwnerWrapper::Append;
  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    const std::lock_guard lock(disk_->mutex);
    if (!disk_->powered()) return no_power();
    IOStatus status = target()->Append(data, options, debug);
    if (status.ok()) file_->size += data.size();
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*checksum*/,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    const std::lock_guard lock(disk_->mutex);
    if (!disk_->powered()) return no_power();
    IOStatus status = target()->Truncate(size, options, debug);
    if (status.ok()) file_->size = size;
    file_->synced = std::min(file_->synced, file_->size);
    return status;
  }
  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    const std::lock_guard lock(disk_->mutex);
    if (!disk_->powered()) return no_power();
    file_->synced = file_->size;  // The real disk need not wait: its power stays on.
    return IOStatus::OK();
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  IOStatus RangeSync(std::uint64_t /*offset*/, std::uint64_t /*bytes*/,
                     const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    return IOStatus::OK();  // A hint to begin writing; it promises nothing.
  }

 private:
  File file_;
  std::shared_ptr<Disk> disk_;
};

class RandomRWFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  RandomRWFile(std::unique_ptr<rocksdb::FSRandomRWFile> target, File file,
               std::shared_ptr<Disk> disk)
      : FSRandomRWFileOwnerWrapper(std::move(target)),
        target_file_(FSRandomRWFileWrapper::target()),
        file_(std::move(file)),
        disk_(std::move(disk)) {}

  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions& options,
                 IODebugContext* debug) override {
    const std::lock_guard lock(disk_->mutex);
    if (!disk_->powered()) return no_power();
    std::string before(data.size(), '\0');
    Slice read;
    IOStatus status = target_file_->Read(offset, data.size(), options, &read, before.data(), debug);
    if (!status.ok()) return status;
    before.assign(read.data(), read.size());
    status = target_file_->Write(offset, data, options, debug);
    if (status.ok()) file_->overwrites.push_back({offset, before, data.ToString()});
    return status;
  }
  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    const std::lock_guard lock(disk_->mutex);
    if (!disk_->powered()) return no_power();
    file_->overwrites.clear();
    return IOStatus::OK();
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

 private:
  rocksdb::FSRandomRWFile* target_file_;
  File file_;
  std::shared_ptr<Disk> disk_;
};

class Directory final : public rocksdb::FSDirectory {
 public:
  Directory(std::string name, std::shared_ptr<Disk> disk)
      : name_(std::move(name)), disk_(std::move(disk)) {}

  IOStatus Fsync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    const std::lock_guard lock(disk_->mutex);
    if (!disk_->powered()) return no_power();
    disk_->sync_names(name_);
    return IOStatus::OK();
  }
  IOStatus Close(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    return IOStatus::OK();
  }

 private:
  std::string name_;
  std::shared_ptr<Disk> disk_;
};

}  // namespace

void UnsyncedFileSystem::Disk::restore_bytes(const std::string& name, Inode& file,
                                             std::mt19937_64& random) const {
  fs::copy_file(file.bytes, name, fs::copy_options::overwrite_existing);
  const std::uint64_t unsynced = file.size - file.synced;
  const std::uint64_t survives = random() % 3 == 0 ? unsynced : random() % (unsynced + 1);
  file.size = file.synced + survives;
  fs::resize_file(name, file.size);
  for (const Inode::Overwrite& write : file.overwrites) {
    const std::size_t kept = random() % 3 == 0 ? write.after.size() : random() % write.after.size();
    std::fstream stream(name, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(write.offset));
    stream << (write.after.substr(0, kept) +
               write.before.substr(std::min(kept, write.before.size())));
  }
}

void UnsyncedFileSystem::Disk::forget(std::mt19937_64& random) {
  const std::size_t survive = random() % (unsynced_changes.size() + 1);
  for (std::size_t index = 0; index < survive; ++index)
    change_names(unsynced_changes[index], durable);
  unsynced_changes.clear();
  for (const auto& [name, file] : current) fs::remove(name);
  for (const auto& [name, file] : durable) restore_bytes(name, *file, random);

  // What the disk holds now is durable, whoever wrote it.
  const Names kept = std::exchange(durable, {});
  for (const auto& [name, file] : kept) {
    File fresh = adopt(name, file->size);
    fresh->synced = fresh->size;
    durable[name] = std::move(fresh);
  }
  current = durable;
}

UnsyncedFileSystem::UnsyncedFileSystem(const fs::path& root)
    : FileSystemWrapper(rocksdb::FileSystem::Default()), disk_(std::make_shared<Disk>()) {
  disk_->root = fs::absolute(root).lexically_normal();
  disk_->shadows = disk_->root / ".shadows";
  fs::create_directories(disk_->shadows);
}

UnsyncedFileSystem::~UnsyncedFileSystem() = default;

void UnsyncedFileSystem::cut() {
  const std::lock_guard lock(disk_->mutex);
  disk_->off = true;
}

void UnsyncedFileSystem::cut_after(std::uint64_t operations) {
  const std::lock_guard lock(disk_->mutex);
  disk_->operations_left = operations;
}

bool UnsyncedFileSystem::is_cut() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->off;
}

void UnsyncedFileSystem::restart(std::uint64_t seed) {
  const std::lock_guard lock(disk_->mutex);
  std::mt19937_64 random(seed);
  disk_->forget(random);
  disk_->off = false;
  disk_->operations_left.reset();
}

IOStatus UnsyncedFileSystem::NewWritableFile(const std::string& name,
                                             const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* result,
                                             IODebugContext* debug) {
  const std::string path = normal(name);
  const std::lock_guard lock(disk_->mutex);
  if (!disk_->owns(path)) return target()->NewWritableFile(name, options, result, debug);
  if (!disk_->powered()) return no_power();
  std::error_code ignored;
  fs::remove(path, ignored);  // The old file keeps its bytes until its name is synced away.
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = target()->NewWritableFile(path, options, &file, debug);
  if (!status.ok()) return status;
  File inode = disk_->adopt(path, 0);
  disk_->change({{path, inode}});
  *result = std::make_unique<WritableFile>(std::move(file), std::move(inode), disk_);
  return status;
}

IOStatus UnsyncedFileSystem::ReopenWritableFile(const std::string& name,
                                                const rocksdb::FileOptions& options,
                                                std::unique_ptr<rocksdb::FSWritableFile>* result,
                                                IODebugContext* debug) {
  const std::string path = normal(name);
  {
    const std::lock_guard lock(disk_->mutex);
    if (!disk_->owns(path)) return target()->ReopenWritableFile(name, options, result, debug);
    if (!disk_->powered()) return no_power();
    if (File inode = disk_->find(path)) {
      std::unique_ptr<rocksdb::FSWritableFile> file;
      IOStatus status = target()->ReopenWritableFile(path, options, &file, debug);
      if (!status.ok()) return status;
      *result = std::make_unique<WritableFile>(std::move(file), std::move(inode), disk_);
      return status;
    }
  }
  return NewWritableFile(name, options, result, debug);
}

IOStatus UnsyncedFileSystem::ReuseWritableFile(const std::string& /*name*/,
                                               const std::string& /*old_name*/,
                                               const rocksdb::FileOptions& /*options*/,
                                               std::unique_ptr<rocksdb::FSWritableFile>* /*result*/,
                                               IODebugContext* /*debug*/) {
  return IOStatus::NotSupported("write-ahead logs are not recycled");
}

IOStatus UnsyncedFileSystem::NewRandomRWFile(const std::string& name,
                                             const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSRandomRWFile>* result,
                                             IODebugContext* debug) {
  const std::string path = normal(name);
  const std::lock_guard lock(disk_->mutex);
  File inode = disk_->find(path);
  if (!inode) return target()->NewRandomRWFile(name, options, result, debug);
  if (!disk_->powered()) return no_power();
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  IOStatus status = target()->NewRandomRWFile(path, options, &file, debug);
  if (!status.ok()) return status;
  *result = std::make_unique<RandomRWFile>(std::move(file), std::move(inode), disk_);
  return status;
}

IOStatus UnsyncedFileSystem::NewDirectory(const std::string& name, const IOOptions& /*options*/,
                                          std::unique_ptr<rocksdb::FSDirectory>* result,
                                          IODebugContext* /*debug*/) {
  std::string path = normal(name);
  if (path.ends_with('/')) path.pop_back();
  *result = std::make_unique<Directory>(std::move(path), disk_);
  return IOStatus::OK();
}

IOStatus UnsyncedFileSystem::DeleteFile(const std::string& name, const IOOptions& options,
                                        IODebugContext* debug) {
  const std::string path = normal(name);
  const std::lock_guard lock(disk_->mutex);
  if (!disk_->find(path)) return target()->DeleteFile(name, options, debug);
  if (!disk_->powered()) return no_power();
  IOStatus status = target()->DeleteFile(path, options, debug);
  if (status.ok()) disk_->change({{path, nullptr}});
  return status;
}

IOStatus UnsyncedFileSystem::RenameFile(const std::string& from, const std::string& to,
                                        const IOOptions& options, IODebugContext* debug) {
  const std::string source = normal(from);
  const std::string target_name = normal(to);
  const std::lock_guard lock(disk_->mutex);
  File inode = disk_->find(source);
  if (!inode) return target()->RenameFile(from, to, options, debug);
  if (!disk_->powered()) return no_power();
  IOStatus status = target()->RenameFile(source, target_name, options, debug);
  if (status.ok()) disk_->change({{target_name, std::move(inode)}, {source, nullptr}});
  return status;
}

IOStatus UnsyncedFileSystem::LinkFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  const std::string source = normal(from);
  const std::lock_guard lock(disk_->mutex);
  File inode = disk_->find(source);
  if (!inode) return target()->LinkFile(from, to, options, debug);
  if (!disk_->powered()) return no_power();
  IOStatus status = target()->LinkFile(source, to, options, debug);
  if (status.ok()) disk_->change({{normal(to), std::move(inode)}});
  return status;
}

IOStatus UnsyncedFileSystem::Truncate(const std::string& name, std::size_t size,
                                      const IOOptions& options, IODebugContext* debug) {
  const std::string path = normal(name);
  const std::lock_guard lock(disk_->mutex);
  const File inode = disk_->find(path);
  if (inode && !disk_->powered()) return no_power();
  IOStatus status = target()->Truncate(name, size, options, debug);
  if (inode && status.ok()) {
    inode->size = size;
    inode->synced = std::min<std::uint64_t>(inode->synced, size);
  }
  return status;
}

}  // namespace test_support
