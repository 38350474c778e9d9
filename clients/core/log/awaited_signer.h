#pragma once

#include "clients/core/log/signer.h"

#include <vector>

namespace clients {

/// What has to be signed by somebody who answers later, and what was signed.
///
/// State:  the signatures that came, and the requests that none answers, until clear().
/// Format: a request is the public key (32 bytes) and the message behind it; an answer is the
///         signature (64 bytes) and the request behind it.
/// Thread: one at a time.
class AwaitedSignatures {
 public:
  /// Takes an answer.  One that does not verify is passed over: its request stays open.
  void give(events::ByteView answer);
  /// Errors:  needs_signature: nobody has signed it yet; it is among the requests from now on.
  events::Result<events::Signature> find(const events::PublicKey& key, events::ByteView message);
  /// What nobody has signed, in the order in which it was asked for, each once.
  const std::vector<events::Bytes>& requests() const { return requests_; }
  void clear();

 private:
  std::vector<events::Bytes> answers_;
  std::vector<events::Bytes> requests_;
};

/// Signs with a key that somebody else holds and that answers later: the browser's.
///
/// Lifetime: the signatures outlive the signer.
class AwaitedSigner final : public Signer {
 public:
  AwaitedSigner(AwaitedSignatures& signatures, const events::PublicKey& key)
      : signatures_(signatures), key_(key) {}

  events::PublicKey public_key() const override { return key_; }
  events::Result<events::Signature> sign(events::ByteView message) const override {
    return signatures_.find(key_, message);
  }
  /// Safari draws a new signature each time.
  bool is_repeatable() const override { return false; }

 private:
  AwaitedSignatures& signatures_;
  events::PublicKey key_;
};

}  // namespace clients
