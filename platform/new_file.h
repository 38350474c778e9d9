#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "platform/open_file.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace platform {

/// What stands in the way of a new file.
enum class Obstacle : std::uint8_t {
  exists = 1,     ///< There is such a file already, and nobody said that it may go.
  is_source = 2,  ///< It is the very file that the new one is made from, under whatever name.
  no_file = 3,    ///< A folder or a device has the name.
  no_folder = 4,  ///< The folder that it should come into is not there.
};

/// How a new file is to be made.
struct NewFileOptions {
  bool replaces = false;         ///< A file that has the name may go.
  std::filesystem::path source;  ///< What it is made from; empty: nothing on a disk.
};

/// Looks before any work is done.
std::optional<Obstacle> obstacle_to(const std::filesystem::path& path,
                                    const NewFileOptions& options);

/// A file that somebody wants to keep, being written beside its place.  It comes into its place as
/// a whole and on the disk, or not at all, and then nothing is left beside it: what was cut off, by
/// a full stick or by Ctrl-C, never looks ready.
///
/// Thread: one at a time.
class NewFile {
 public:
  /// Errors:  invalid_argument: an obstacle; device_storage: the disk is full, read-only or gone;
  ///          device_denied: the folder is not this user's.  The message names the path.
  static events::Result<NewFile> make(const std::filesystem::path& path,
                                      const NewFileOptions& options);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  /// Errors:  device_storage.
  events::Result<void> append(events::ByteView bytes);
  /// Errors:  device_storage; invalid_argument: somebody else has made such a file meanwhile.
  events::Result<void> put_in_place();

 private:
  NewFile(const std::filesystem::path& path, const NewFileOptions& options);
  events::Error failed() const;

  std::filesystem::path path_;   // As it was named.
  std::filesystem::path place_;  // Where it comes to lie: behind links.
  NewFileOptions options_;
  std::filesystem::path beside_;  // Empty: nothing lies there.
  std::optional<platform::OpenFile> file_;
};

/// Makes such a file of `content`.  Errors: as NewFile.
events::Result<void> write_new_file(const std::filesystem::path& path,
                                    const NewFileOptions& options, events::ByteView content);

}  // namespace platform
