#pragma once

#include "platform/new_file.h"
#include "tools/audit/byte_stream.h"

#include <cstdio>
#include <filesystem>
#include <memory>

namespace audit {

/// A file, open for reading.
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// Reads a file from its beginning.
class FileSource final : public ByteSource {
 public:
  /// Errors: io_failed.
  static events::Result<FileSource> open(const std::filesystem::path& path);

  events::Result<std::size_t> read(std::span<std::uint8_t> target) override;

 private:
  FileSource(std::filesystem::path path, File file)
      : path_(std::move(path)), file_(std::move(file)) {}

  std::filesystem::path path_;
  File file_;
};

/// Writes a new file.  It has its name only after `finish`: what is cut off leaves no half log
/// export.
class FileSink final : public ByteSink {
 public:
  /// Errors: as platform::NewFile::make; invalid_argument when there is such a file already.
  static events::Result<FileSink> create(const std::filesystem::path& path);

  events::Result<void> write(events::ByteView bytes) override { return file_.append(bytes); }
  /// Makes the file durable and gives it its name.
  events::Result<void> finish() { return file_.put_in_place(); }

 private:
  explicit FileSink(platform::NewFile file) : file_(std::move(file)) {}

  platform::NewFile file_;
};

/// The whole file, at most `bytes_max`.
/// Errors: io_failed, too_large.
events::Result<events::Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max);

}  // namespace audit
