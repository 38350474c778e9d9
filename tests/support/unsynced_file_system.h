#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace test_support {

/// A disk that forgets what was not synced, for RocksDB and everything that writes through it.
///
/// Files lie under one root directory on the real disk.  For each it remembers how much of it was
/// synced, and for the directories which names were: a new, renamed or deleted file is so only
/// after its directory was synced.  After `cut` every call fails, as nobody can write without
/// power; `restart` then leaves on the disk what a disk may hold: all that was synced, and of the
/// rest a random part.  Of bytes appended a beginning survives, of bytes written in place each
/// write survives whole, torn or not at all, of names the first few changes do.
///
/// Thread: any, but `restart` only when nothing has files open.
class UnsyncedFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  /// Expects: `root` is an existing directory of its own.
  explicit UnsyncedFileSystem(const std::filesystem::path& root);
  ~UnsyncedFileSystem() override;

  static const char* kClassName() { return "UnsyncedFileSystem"; }
  const char* Name() const override { return kClassName(); }

  /// The power goes off now.
  void cut();
  /// The power goes off at the `operations`th write, sync, rename … from now.
  void cut_after(std::uint64_t operations);
  bool is_cut() const;
  /// The power is back; `seed` chooses what of the unsynced survived.
  void restart(std::uint64_t seed);

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& name, const std::string& old_name,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* result,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* result,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus Truncate(const std::string& name, std::size_t size,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;

  struct Disk;  ///< What is durable and what is not; for the wrappers of files only.

 private:
  std::shared_ptr<Disk> disk_;
};

}  // namespace test_support
