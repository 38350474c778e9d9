#include "tools/audit/log_export_reader.h"

#include <algorithm>
#include <utility>

namespace audit {
namespace {

using events::Bytes;
using events::ByteView;
using events::Error;
using events::ErrorCode;
using events::Result;

using Content = decltype(LogExportItem::content);

template <class T>
Content read_fields(ByteView body, const char* what) {
  Result<T> fields = events::decode<T>(body);
  if (!fields) return LogExportDamage{std::string(what) + ": " + fields.error().message};
  return std::move(*fields);
}

Content read_block(ByteView body) {
  constexpr std::size_t digest_bytes = sizeof(events::Digest::bytes);
  if (body.size() < digest_bytes + 1) return LogExportDamage{"block record: truncated"};
  LogExportBlock block;
  std::copy_n(body.begin(), digest_bytes, block.digest.bytes.begin());
  const std::size_t count = body[digest_bytes];
  ByteView rest = body.subspan(digest_bytes + 1);
  if (count > events::block_events_max || count * digest_bytes > rest.size()) {
    return LogExportDamage{"block record: a table of leaf hashes that does not fit"};
  }
  block.leaf_hashes.resize(count);
  for (events::Digest& leaf : block.leaf_hashes) {
    std::copy_n(rest.begin(), digest_bytes, leaf.bytes.begin());
    rest = rest.subspan(digest_bytes);
  }
  block.encoded.assign(rest.begin(), rest.end());
  return block;
}

std::string at_byte(std::uint64_t offset) { return "byte " + std::to_string(offset) + ": "; }

}  // namespace

Result<std::optional<LogExportItem>> LogExportReader::next() {
  if (ended_) return std::optional<LogExportItem>{};
  if (!started_) {
    if (auto start = read_start(); !start) return start.error();
    started_ = true;
  }
  LogExportItem item;
  item.range.begin = offset_;
  const Result<bool> end = at_end();
  if (!end) return end.error();
  if (*end) return Error{ErrorCode::malformed, at_byte(offset_) + "the file ends without trailer"};

  const Result<Bytes> head = take(record_head_bytes, "record");
  if (!head) return head.error();
  std::size_t size = 0;
  for (std::size_t index = 1; index < record_head_bytes; ++index)
    size = size << 8U | (*head)[index];
  if (size > record_body_bytes_max) {
    return Error{ErrorCode::malformed, at_byte(item.range.begin) + "a record of " +
                                           std::to_string(size) + " bytes; at most " +
                                           std::to_string(record_body_bytes_max) + " may be"};
  }
  const auto kind = static_cast<RecordKind>((*head)[0]);
  std::optional<events::Digest> before_trailer;
  if (kind == RecordKind::trailer) {
    before_trailer = digest_.finish();
  } else {
    digest_.add(*head);
  }
  const Result<Bytes> body = take(size, "record");
  if (!body) return body.error();
  if (kind != RecordKind::trailer) digest_.add(*body);
  item.range.end = offset_;

  switch (kind) {
    case RecordKind::header:
      item.content = read_fields<LogExportHeader>(*body, "header");
      break;
    case RecordKind::checkpoint:
      item.content = read_fields<LogExportCheckpoint>(*body, "checkpoint");
      break;
    case RecordKind::block:
      item.content = read_block(*body);
      break;
    case RecordKind::trailer: {
      ended_ = true;
      const Result<LogExportTrailer> trailer = events::decode<LogExportTrailer>(*body);
      const Result<bool> nothing_follows = at_end();
      if (!nothing_follows) return nothing_follows.error();
      if (!trailer) {
        item.content = LogExportDamage{"trailer: " + trailer.error().message};
      } else {
        item.content = LogExportEnd{*trailer, trailer->digest == *before_trailer, *nothing_follows};
      }
      break;
    }
    default:
      item.content = LogExportDamage{"a record of unknown kind " + std::to_string((*head)[0])};
  }
  return std::optional<LogExportItem>{std::move(item)};
}

Result<void> LogExportReader::read_start() {
  const Result<Bytes> start = take(log_export_magic.size() + 1, "the file");
  if (!start) return start.error();
  if (!std::equal(log_export_magic.begin(), log_export_magic.end(), start->begin())) {
    return Error{ErrorCode::malformed, "not a log export: the first bytes are not \"" +
                                           std::string(log_export_magic) + "\""};
  }
  if (start->back() != log_export_form) {
    return Error{ErrorCode::unsupported, "log export form " + std::to_string(start->back()) +
                                             "; this build reads form " +
                                             std::to_string(log_export_form)};
  }
  digest_.add(*start);
  return {};
}

Result<Bytes> LogExportReader::take(std::size_t size, const char* what) {
  Bytes bytes(size);
  std::size_t filled = 0;
  if (peeked_ && size > 0) {
    bytes[filled++] = *peeked_;
    peeked_.reset();
  }
  const Result<std::size_t> got = source_.read(std::span(bytes).subspan(filled));
  if (!got) return got.error();
  filled += *got;
  if (filled < size) {
    return Error{ErrorCode::malformed, at_byte(offset_ + filled) + what + " is cut off"};
  }
  offset_ += size;
  return bytes;
}

Result<bool> LogExportReader::at_end() {
  if (peeked_) return false;
  std::uint8_t byte = 0;
  const Result<std::size_t> got = source_.read({&byte, 1});
  if (!got) return got.error();
  if (*got == 0) return true;
  peeked_ = byte;
  return false;
}

}  // namespace audit
