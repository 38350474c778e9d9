#include "tools/audit/bundle_reader.h"

#include <algorithm>
#include <utility>

namespace audit {
namespace {

using events::Bytes;
using events::ByteView;
using events::Error;
using events::ErrorCode;
using events::Result;

using Content = decltype(BundleItem::content);

template <class T>
Content read_fields(ByteView body, const char* what) {
  Result<T> fields = events::decode<T>(body);
  if (!fields) return BundleDamage{std::string(what) + ": " + fields.error().message};
  return std::move(*fields);
}

Content read_block(ByteView body) {
  constexpr std::size_t digest_bytes = sizeof(events::Digest::bytes);
  if (body.size() < digest_bytes + 1) return BundleDamage{"block record: truncated"};
  BundleBlock block;
  std::copy_n(body.begin(), digest_bytes, block.digest.bytes.begin());
  const std::size_t count = body[digest_bytes];
  ByteView rest = body.subspan(digest_bytes + 1);
  if (count > events::block_events_max || count * digest_bytes > rest.size()) {
    return BundleDamage{"block record: a table of leaf hashes that does not fit"};
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

Result<std::optional<BundleItem>> BundleReader::next() {
  if (ended_) return std::optional<BundleItem>{};
  if (!started_) {
    if (auto start = read_start(); !start) return start.error();
    started_ = true;
  }
  BundleItem item;
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
      item.content = read_fields<BundleHeader>(*body, "header");
      break;
    case RecordKind::checkpoint:
      item.content = read_fields<BundleCheckpoint>(*body, "checkpoint");
      break;
    case RecordKind::block:
      item.content = read_block(*body);
      break;
    case RecordKind::trailer: {
      ended_ = true;
      const Result<BundleTrailer> trailer = events::decode<BundleTrailer>(*body);
      const Result<bool> nothing_follows = at_end();
      if (!nothing_follows) return nothing_follows.error();
      if (!trailer) {
        item.content = BundleDamage{"trailer: " + trailer.error().message};
      } else {
        item.content = BundleEnd{*trailer, trailer->digest == *before_trailer, *nothing_follows};
      }
      break;
    }
    default:
      item.content = BundleDamage{"a record of unknown kind " + std::to_string((*head)[0])};
  }
  return std::optional<BundleItem>{std::move(item)};
}

Result<void> BundleReader::read_start() {
  const Result<Bytes> start = take(bundle_magic.size() + 1, "the file");
  if (!start) return start.error();
  if (!std::equal(bundle_magic.begin(), bundle_magic.end(), start->begin())) {
    return Error{ErrorCode::malformed,
                 "not a bundle: the first bytes are not \"" + std::string(bundle_magic) + "\""};
  }
  if (start->back() != bundle_form) {
    return Error{ErrorCode::unsupported, "bundle form " + std::to_string(start->back()) +
                                             "; this build reads form " +
                                             std::to_string(bundle_form)};
  }
  digest_.add(*start);
  return {};
}

Result<Bytes> BundleReader::take(std::size_t size, const char* what) {
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

Result<bool> BundleReader::at_end() {
  if (peeked_) return false;
  std::uint8_t byte = 0;
  const Result<std::size_t> got = source_.read({&byte, 1});
  if (!got) return got.error();
  if (*got == 0) return true;
  peeked_ = byte;
  return false;
}

}  // namespace audit
