#pragma once

#include "events/archive/compact.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/bundle/clock_sample.h"
#include "events/crypto/digest.h"
#include "events/crypto/sealing.h"
#include "events/crypto/serialize.h"
#include "events/crypto/signature.h"
#include "events/protocol/messages.h"

#include <array>
#include <cstddef>
#include <cstdint>

/// Sealed files that carry the frames of the sync protocol on a stick, CSB1.
/// Format:  docs/offline_bundle_format.md.
namespace events::bundle {

inline constexpr std::array<std::uint8_t, 4> bundle_magic{'C', 'S', 'B', '1'};
inline constexpr std::uint16_t bundle_version = 1;
inline constexpr std::size_t header_bytes_max = 1024;
/// Whole frames in one sealed block: what one WebSocket message may hold.
inline constexpr std::size_t block_plain_bytes_max = protocol::message_bytes_max;
inline constexpr std::size_t block_sealed_bytes_max = block_plain_bytes_max + aead_tag_bytes;
inline constexpr std::size_t trailer_bytes_max = 128;
/// What a server takes: the photographs of a commune's year, and a file that every stick can hold.
inline constexpr std::uint64_t bundle_bytes_max = std::uint64_t{2} << 30U;

/// What stands before the bytes of a part.
enum class PartKind : std::uint8_t { block = 1, last_block = 2, trailer = 3 };

enum class Direction : std::uint8_t { to_server = 1, to_device = 2 };

/// What everybody may read of a bundle, also the carrier.  It names no person and no place.
struct BundleHeader {
  std::uint16_t version = bundle_version;
  Direction direction{};
  LogId log;
  ChainNumber chain;          ///< Of the device that sends, or that the answer is for.
  PublicKey signer;           ///< Of that device, or of the server.
  Timestamp created;          ///< By the signer's clock.
  ClockSample contact;        ///< To the server: when the device last heard from it.
  protocol::Cursor cursor;    ///< From where the device wants the log, or where the answer begins.
  std::uint64_t first_seq{};  ///< Own events in the bundle; both 0: none.
  std::uint64_t last_seq{};
  Digest answers;             ///< To the device: the header this is the answer to; else zero.
  SealingKey reply_to;        ///< To the server: what the answer is sealed to; else zero.
  std::uint64_t recipient{};  ///< sealing_key_id() of the key it is sealed to.
  SealingKey ephemeral;       ///< Drawn for this bundle.
  Signature signature;        ///< Of the signer over header_statement().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(version, direction, log, chain, signer, created, contact, cursor, first_seq, last_seq,
            answers, reply_to, recipient, ephemeral, signature);
  }
};

/// "khuyenhoc-courier-header-1" ‖ the compact form of `header` with a zero signature.
Bytes header_statement(const BundleHeader& header);
/// SHA-256 over the compact form of `header`: names the bundle.
Digest header_digest(const BundleHeader& header);
/// Takes a header apart and checks that its signer signed it.
/// Errors:  malformed, unsupported: another version; bad_signature.
Result<BundleHeader> read_header(ByteView bytes);

/// The end of a whole bundle.
struct BundleTrailer {
  std::uint64_t blocks{};
  Digest digest;        ///< SHA-256 of all bytes before the trailer's part.
  Signature signature;  ///< Of the header's signer over trailer_statement().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(blocks, digest, signature);
  }
};

/// "khuyenhoc-courier-trailer-1" ‖ blocks ‖ digest.
Bytes trailer_statement(const BundleTrailer& trailer);

}  // namespace events::bundle
