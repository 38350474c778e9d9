#pragma once

#include "events/block.h"
#include "events/bounded.h"
#include "events/bytes.h"
#include "events/result.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace events {

// A block for a reader that waits at the head of the log: what happened, at once, and without what
// proves who made it.  The proof is three times as long as the event; it follows when the line has
// time, for many blocks together.
// Format:  docs/protocol.md 4, "Live blocks".

/// A stored block whose `previous` and `root_after` are zero and whose `run` is empty until its
/// proof comes.
struct LiveBlock {
  StoredBlock block;
  std::uint64_t fingerprint{};  ///< First 8 bytes of the root after it.
};

/// What a live block left out, and what shows who made a block: the signature of the run that the
/// block's last event belongs to, and what of the run follows behind the block.
struct BlockProof {
  Position first;  ///< Of the block.
  Digest previous;
  std::optional<RunSignature> run;
  Digest root_after;
  /// SHA-256 of each canonical event from behind the block to the end of the run: the log cuts runs
  /// where their scope changes, and the rest may be for others.
  std::vector<Digest> tail;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(first, previous, run, root_after, bounded<block_events_max - 1>(tail));
    archive.expect(tail.empty() || run, "a rest of a run that nobody signed");
  }
};

/// Without the rest of a run that is cut behind the block.
BlockProof proof_of(const StoredBlock& block);
/// Whether `key` signed the run that `proof` names, up to its end, with `block` in it.
/// Errors: bad_signature; malformed: the proof names no signature, or one that cannot be the run's.
Result<void> check_run(const StoredBlock& block, const BlockProof& proof, const PublicKey& key);
/// Errors: malformed: the proof is another block's; log_diverged: its root is not the one that the
///         fingerprint announced.  Says nothing about the signature.
Result<StoredBlock> prove(const LiveBlock& live, const BlockProof& proof);

/// Blocks of more events go with their proof, which weighs little beside them.
inline constexpr std::size_t live_events_max = 8;

/// A bit of the first byte that is never set in a packed block: the frame's to use.
inline constexpr std::uint8_t live_caught_up = 1;

/// Nothing when the block has to travel as a whole.
/// Cost:   the compressor at its level 19: meant for once a block, not once a reader.
std::optional<Bytes> pack_live_block(const StoredBlock& block);
/// Never compressed: bytes that do not depend on the version of the compressor.
std::optional<Bytes> pack_live_block_uncompressed(const StoredBlock& block);
/// `log`, `epoch`: of the connection; they do not travel.
/// Errors: malformed, too_large, unsupported.
Result<LiveBlock> unpack_live_block(ByteView bytes, LogId log, Epoch epoch);

/// A block as a device keeps it whose signature came in a proof, with the rest of its run.
Bytes keep_proved_block(const StoredBlock& block);
/// Whether the bytes are those of keep_proved_block().
bool is_kept_proved_block(ByteView bytes);
Result<StoredBlock> read_kept_proved_block(ByteView bytes);

/// A live block as a device keeps it until its proof comes.
Bytes keep_live_block(ByteView packed, LogId log, Epoch epoch);
/// Whether the bytes are those of keep_live_block().
bool is_kept_live_block(ByteView bytes);
Result<LiveBlock> read_kept_live_block(ByteView bytes);

}  // namespace events
