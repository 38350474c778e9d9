#include "tools/audit/file_stream.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

namespace audit {
namespace {

using events::Error;
using events::ErrorCode;
using events::Result;

Error failed(const std::filesystem::path& path, const char* what) {
  return {ErrorCode::io_failed, path.string() + ": " + what + ": " + std::strerror(errno)};
}

}  // namespace

Result<FileSource> FileSource::open(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "rb"));
  if (!file) return failed(path, "cannot be opened");
  return FileSource(path, std::move(file));
}

Result<std::size_t> FileSource::read(std::span<std::uint8_t> target) {
  const std::size_t got = std::fread(target.data(), 1, target.size(), file_.get());
  if (got < target.size() && std::ferror(file_.get()) != 0) return failed(path_, "cannot be read");
  return got;
}

Result<FileSink> FileSink::create(const std::filesystem::path& path) {
  Result<platform::NewFile> file = platform::NewFile::make(path, {});
  if (!file) return file.error();
  return FileSink(std::move(*file));
}

Result<events::Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  Result<FileSource> source = FileSource::open(path);
  if (!source) return source.error();
  std::error_code failure;
  const std::uintmax_t size = std::filesystem::file_size(path, failure);
  if (failure) return Error{ErrorCode::io_failed, path.string() + ": " + failure.message()};
  if (size > bytes_max) {
    return Error{ErrorCode::too_large,
                 path.string() + ": longer than " + std::to_string(bytes_max) + " bytes"};
  }
  events::Bytes bytes(static_cast<std::size_t>(size));
  const Result<std::size_t> got = source->read(bytes);
  if (!got) return got.error();
  bytes.resize(*got);
  return bytes;
}

}  // namespace audit
