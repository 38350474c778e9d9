#pragma once

#include "events/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace platform {

/// An open file or folder, closed at the end of its scope.  Where a function gives false or
/// nothing, errno says why: whose disk it is, and what that means, the caller knows.
///
/// Thread: one at a time.
class OpenFile {
 public:
  /// `flags` and `mode`: as open(2) takes them; what other programs start does not inherit the
  /// file. is_open() says whether it worked.
  OpenFile(const std::filesystem::path& path, int flags, unsigned mode = 0600);
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

  /// Writes all of `bytes` where the last write ended; false: a part of them may be there.
  [[nodiscard]] bool write_all(events::ByteView bytes) const;
  /// The same at `offset`.
  [[nodiscard]] bool write_all_at(events::ByteView bytes, std::uint64_t offset) const;
  /// Up to `size` bytes from `offset`; fewer where the file ends, nothing when reading fails.
  std::optional<events::Bytes> read_at(std::uint64_t offset, std::size_t size) const;
  /// What was written, and the length of the file, survive a power cut; false: nobody knows.
  [[nodiscard]] bool sync() const;
  /// Network disks say only here that they are full.
  [[nodiscard]] bool close();

 private:
  int number_;
};

/// The names in `folder` survive a power cut: of files that were made, renamed or removed there. An
/// empty path is the working directory.  False: errno says why.
[[nodiscard]] bool sync_folder(const std::filesystem::path& folder);

}  // namespace platform
