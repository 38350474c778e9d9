#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/crypto/sealing.h"

#include <cstdint>

namespace events::bundle {

/// The blocks of one bundle under one key, in their order: STREAM with ChaCha20-Poly1305.  The
/// nonce counts the blocks and marks the last one, so that blocks that were left out, repeated,
/// swapped or added do not open; the associated data are the digest of the header, so that blocks
/// do not open behind another header.
///
/// State: the number of the next block.
/// Format: docs/offline_bundle_format.md 4.
class SealedStream {
 public:
  /// The sender's: a secret that was drawn for this one bundle, and the key it is for.
  /// Errors:  malformed: the recipient's key is unsound.
  static Result<SealedStream> to(const SealingKey& recipient, const SealingSecret& ephemeral,
                                 const Digest& header);
  /// The recipient's.
  /// Errors:  malformed: the sender's key is unsound.
  static Result<SealedStream> from(const SealingKey& ephemeral, const SealingSecret& recipient,
                                   const Digest& header);

  Bytes seal(ByteView plain, bool is_last);
  /// Errors:  bad_signature: not the block that stands here in the sender's bundle.
  Result<Bytes> open(ByteView sealed, bool is_last);

 private:
  SealedStream(const SharedSecret& key, const Digest& header) : key_(key), header_(header) {}
  static Result<SealedStream> with(const Result<SharedSecret>& shared, const SealingKey& ephemeral,
                                   const SealingKey& recipient, const Digest& header);
  AeadNonce next_nonce(bool is_last);

  SharedSecret key_;
  Digest header_;
  std::uint64_t next_ = 0;
};

}  // namespace events::bundle
