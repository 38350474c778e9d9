#pragma once

#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/crypto/digest.h"
#include "events/crypto/signature.h"

#include <cstdint>

namespace events {

/// How far a chain has come: its last event, and the hash over all its events.
/// Format:  docs/log_format.md 4.
struct ChainHead {
  std::uint64_t seq = 0;  ///< 0: the chain has no event yet.
  Digest hash;            ///< For seq 0 chain_start(), but zeros from EventLog::chain_head().
  bool operator==(const ChainHead&) const = default;
};

/// h_0 = SHA-256("khuyenhoc-chain-1" ‖ chain as varint ‖ public key).
Digest chain_start(ChainNumber chain, const PublicKey& key);

/// h_n = SHA-256(h_{n-1} ‖ SHA-256(canonical_n)).  An event enters as its digest, so the chain also
/// verifies when the event is gone and only its digest is left.
Digest chain_next(const Digest& previous, ByteView canonical);

/// The bytes that a block's key signs: "khuyenhoc-block-1" ‖ log ‖ chain ‖ first ‖ last ‖ h_last.
Bytes block_statement(LogId log, ChainNumber chain, std::uint64_t first_seq, std::uint64_t last_seq,
                      const Digest& last_hash);

}  // namespace events
