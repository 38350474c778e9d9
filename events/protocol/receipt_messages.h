#pragma once

#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/crypto/serialize.h"
#include "events/protocol/frame_kind.h"

#include <cstdint>

namespace events::protocol {

/// Both.  What the log holds of a device's chain, signed with the key of the system chain: the
/// proof that the device shows when a restored server has lost it, also before it pushes again an
/// event whose private record is erased.  The chain hash covers every event up to `upto_seq`, the
/// root every position up to `position`. Format:  docs/protocol.md, RECEIPT.
struct SignedReceipt {
  static constexpr FrameKind kind = FrameKind::receipt;
  LogId log;
  Epoch epoch;
  ChainNumber chain;
  std::uint64_t upto_seq{};
  Digest chain_hash;    ///< After event `upto_seq`.
  Position position;    ///< The last of the block that holds this event.
  Digest root;          ///< Of the log after `position`.
  Signature signature;  ///< Of the system chain's key over receipt_statement().

  bool operator==(const SignedReceipt&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(log, epoch, chain, upto_seq, chain_hash, position, root, signature);
  }
};

/// "khuyenhoc-receipt-1" ‖ the compact form of `receipt` with a zero signature.
Bytes receipt_statement(const SignedReceipt& receipt);
/// Whether the owner of `server_key` signed exactly this.
bool is_authentic(const SignedReceipt& receipt, const PublicKey& server_key);

}  // namespace events::protocol
