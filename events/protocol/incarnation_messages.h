#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/text_limits.h"
#include "events/crypto/serialize.h"
#include "events/protocol/frame_kind.h"
#include "events/protocol/limits.h"

#include <cstdint>
#include <string>
#include <vector>

namespace events::protocol {

/// C→S, instead of HELLO.  A device whose chain somebody else goes on with, because it was cloned
/// or restored from an older image, asks for a new chain.  Answered by ENROLLED, and again the same
/// when the answer was lost.
/// Format:  docs/protocol.md, NEW_CHAIN.
struct NewChain {
  static constexpr FrameKind kind = FrameKind::new_chain;
  std::uint16_t version = protocol_version;
  LogId log;
  ChainNumber chain;           ///< The old one.
  std::uint64_t common_seq{};  ///< The last own event with a receipt; 0: none.
  Digest common_hash;          ///< Chain hash there.
  /// First 8 bytes of the chain hash after each event behind that, so that the server can tell
  /// which of them the log holds.
  std::vector<std::uint64_t> hashes;
  PublicKey public_key;  ///< Of the new chain.
  std::string label;
  Signature old_proof;  ///< Of the old chain's key over new_chain_statement().
  Signature new_proof;  ///< Of the new key over the same.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(version, log, chain, common_seq, common_hash, bounded<branch_hashes_max>(hashes),
            public_key, bounded<text_limits::device_label>(label), old_proof, new_proof);
  }
};

/// What both keys sign: "khuyenhoc-new-chain-1" ‖ log ‖ old chain ‖ new key ‖ label.
Bytes new_chain_statement(LogId log, ChainNumber old_chain, const PublicKey& public_key,
                          const std::string& label);

}  // namespace events::protocol
