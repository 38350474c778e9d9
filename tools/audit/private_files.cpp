#include "tools/audit/private_files.h"

#include "events/archive/compact.h"
#include "events/archive/json_writer.h"
#include "tools/audit/file_stream.h"

namespace audit {
namespace {

using events::Error;
using events::ErrorCode;
using events::Result;

constexpr std::size_t private_file_bytes_max = 64 * 1024 * 1024;

std::string json_of(events::PrivateFields fields) {
  std::string text;
  events::JsonWriter writer(text);
  events::JsonOutput archive(writer);
  writer.begin_object();
  std::visit([&](auto& record) { record.serialize(archive); }, fields);
  writer.end();
  return text;
}

Result<void> read_records(const std::filesystem::path& path, PrivateTexts& texts) {
  const Result<events::Bytes> bytes = read_file(path, private_file_bytes_max);
  if (!bytes) return bytes.error();
  try {
    events::CompactInput archive(*bytes);
    while (!archive.rest().empty()) {
      events::PrivateRecord record;
      archive(record);
      Result<events::PrivateFields> fields = events::read_private_record(record);
      if (!fields)
        return Error{ErrorCode::malformed, path.string() + ": " + fields.error().message};
      texts[record.digest()] = json_of(std::move(*fields));
    }
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, path.string() + ": " + exception.what()};
  }
  return {};
}

}  // namespace

Result<PrivateTexts> read_private_files(std::span<const std::filesystem::path> paths) {
  PrivateTexts texts;
  for (const std::filesystem::path& path : paths) {
    if (auto read = read_records(path, texts); !read) return read.error();
  }
  return texts;
}

}  // namespace audit
