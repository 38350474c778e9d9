#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/crypto/serialize.h"
#include "events/crypto/signature.h"
#include "events/protocol/signed_head.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace events::protocol {

/// Longest statement that names a head.
inline constexpr std::size_t head_statement_bytes_max = 24 * 1024;

/// What a log said of its head, exactly as it signed it: whoever has the log's key can check it,
/// without anything else.
struct HeadEvidence {
  Bytes statement;
  Signature signature;
  bool operator==(const HeadEvidence&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<head_statement_bytes_max>(statement), signature);
  }
};

/// What a signed statement says of the log.
struct HeadClaim {
  LogId log;
  Epoch epoch;
  Position position;
  Digest root;
  bool operator==(const HeadClaim&) const = default;
};

HeadEvidence evidence_of(const SignedHead& head);
/// Reads a statement whose signature was checked before.
/// Errors:  malformed: it names no head.
Result<HeadClaim> read_claim(ByteView statement);
/// Errors:  bad_signature: `server_key` did not sign it; malformed.
Result<HeadClaim> check_evidence(const HeadEvidence& evidence, const PublicKey& server_key);

/// A checkpoint: evidence as one line of text, for paper, a message or a printed square.
/// Format:  "KHM1" ‖ base64url of statement and signature; docs/protocol.md, MARK.
std::string checkpoint_text(const HeadEvidence& evidence);
/// Blanks and line breaks in between are passed over.
/// Errors:  malformed.
Result<HeadEvidence> read_checkpoint_text(std::string_view text);

}  // namespace events::protocol
