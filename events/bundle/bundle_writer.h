#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/bundle/bundle_header.h"
#include "events/bundle/sealed_stream.h"
#include "events/crypto/digest.h"
#include "events/crypto/sealing.h"
#include "events/crypto/signature.h"

#include <cstdint>
#include <functional>

namespace events::bundle {

/// Takes the bytes of a bundle in their order.
using ByteSink = std::function<Result<void>(ByteView)>;
/// Signs a statement of the bundle as the owner of the signer's key.
using SignStatement = std::function<Result<Signature>(ByteView)>;

/// Writes one bundle: header, sealed blocks of whole frames, trailer.  Holds one block.
///
/// Thread: one at a time.
/// Lifetime: whatever signs outlives the writer.
class BundleWriter {
 public:
  /// Writes the header, which is completed here: signer, recipient, ephemeral key and signature.
  /// `ephemeral`: drawn for this bundle and used for nothing else.
  /// Errors:  malformed: the recipient's key is unsound; those of `sign` and `sink`.
  static Result<BundleWriter> begin(BundleHeader header, const SealingKey& recipient,
                                    const SealingSecret& ephemeral, const PublicKey& signer,
                                    SignStatement sign, ByteSink sink);
  /// The same, signed by a key that is at hand.
  static Result<BundleWriter> begin(BundleHeader header, const SealingKey& recipient,
                                    const SealingSecret& ephemeral, const SigningKey& key,
                                    ByteSink sink);

  /// Adds one whole frame, or several of them.
  /// Expects: at most block_plain_bytes_max.
  Result<void> add(ByteView frames);
  /// Seals what waits as the last block and ends the bundle.  Nothing may follow.
  Result<void> finish();

  const BundleHeader& header() const { return header_; }
  std::uint64_t bytes_written() const { return bytes_written_; }
  /// What the bundle would have if it ended here, at most.
  std::uint64_t size_if_finished() const {
    return bytes_written_ + waiting_.size() + aead_tag_bytes + trailer_bytes_max + 16;
  }

 private:
  BundleWriter(BundleHeader header, SealedStream stream, SignStatement sign, ByteSink sink)
      : header_(std::move(header)),
        stream_(stream),
        sign_(std::move(sign)),
        sink_(std::move(sink)) {}

  Result<void> write_block(bool is_last);
  Result<void> write_part(PartKind kind, ByteView bytes);
  Result<void> write(ByteView bytes);

  BundleHeader header_;
  SealedStream stream_;
  SignStatement sign_;
  ByteSink sink_;
  Sha256 digest_;
  Bytes waiting_;
  std::uint64_t blocks_ = 0;
  std::uint64_t bytes_written_ = 0;
};

}  // namespace events::bundle
