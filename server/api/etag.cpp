#include "server/api/etag.h"

#include "events/archive/compact.h"
#include "events/crypto/base64url.h"
#include "events/crypto/digest.h"
#include "events/log/block.h"

#include <array>

namespace server {

using events::Result;

namespace {

constexpr std::size_t tag_bytes = 16;

/// What a tag is the digest of.
struct TagContent {
  std::uint32_t revision{};
  LogPlace place;
  events::ReaderScope scope;
  std::string target;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(revision, place.log, place.epoch, place.position, place.fingerprint, scope,
            events::bounded<4'096>(target));
  }
};

}  // namespace

Result<LogPlace> place_at(const events::EventLog& log, events::Position position) {
  const events::LogHead head = log.head();
  LogPlace place{head.log, head.epoch, position, 0, {}};
  if (position.value == 0) {
    place.fingerprint = events::fingerprint_of(events::empty_root());
    return place;
  }
  const Result<std::optional<events::Bytes>> encoded = log.block_at(position);
  if (!encoded) return encoded.error();
  if (!*encoded) {
    return events::Error{events::ErrorCode::log_diverged, "the position is beyond the head"};
  }
  const Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
  if (!block) return block.error();
  place.fingerprint = events::fingerprint_of(block->root_after);
  place.day = events::day_in_vietnam(block->received_at);
  return place;
}

std::string in_hex(std::uint64_t fingerprint) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t index = bytes.size(); index > 0; --index, fingerprint >>= 8U) {
    bytes[index - 1] = static_cast<std::uint8_t>(fingerprint);
  }
  return events::to_hex(bytes);
}

std::string etag_of(const LogPlace& place, const events::ReaderScope& scope,
                    std::string_view target) {
  const TagContent content{representation_revision, place, scope, std::string(target)};
  const events::Digest digest = events::sha256(events::encode(content));
  return '"' + events::to_base64url(events::ByteView(digest.bytes).first(tag_bytes)) + '"';
}

}  // namespace server
