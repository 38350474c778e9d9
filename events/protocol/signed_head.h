#pragma once

#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/crypto/serialize.h"
#include "events/crypto/signature.h"
#include "events/log/scope_sum.h"

namespace events::protocol {

/// What the log says of itself at the end of a block, to one of its readers, under its own
/// signature: what it is, and what of it the reader must have received.  Two that contradict each
/// other are the evidence that somebody was told something else.
/// Format:  docs/protocol.md, MARK.
struct SignedHead {
  LogId log;
  Epoch epoch;
  ChainNumber reader;
  Position position;
  Digest root;          ///< Of the log after `position`.
  ReaderSum sum;        ///< Of the reader's scope, up to there.
  Signature signature;  ///< Of the system chain's key over head_statement().

  bool operator==(const SignedHead&) const = default;
};

/// "khuyenhoc-mark-1" ‖ the compact form of `head` without its signature: short enough for paper.
Bytes head_statement(const SignedHead& head);
/// What the statement says, without a signature.
/// Errors:  malformed: it is another statement.
Result<SignedHead> read_head_statement(ByteView statement);
/// Whether the owner of `server_key` signed exactly this.
bool is_authentic(const SignedHead& head, const PublicKey& server_key);

/// What a MARK carries of a signed head: the rest is known to its reader.
struct HeadProof {
  Digest root;
  ReaderSum sum;
  Signature signature;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(root, sum, signature);
  }
};

}  // namespace events::protocol
