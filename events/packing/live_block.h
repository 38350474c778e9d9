#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/log/block.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace events {

// A live block goes to a reader that waits at the head of the log.  It says at once what happened
// and leaves out the proof of who made the block.  The proof is three times as long as the event;
// the reader asks for it later, for many blocks together (PROVE).
// Format:  docs/protocol.md 4, "Live blocks".

/// A stored block without its proof.  Until the proof comes, `previous` and `root_after` are zero
/// and `run` is empty.
struct LiveBlock {
  StoredBlock block;
  std::uint64_t fingerprint{};  ///< First 8 bytes of the root after the block.
};

/// The parts that a live block leaves out, and the proof of who made a block: the signature of the
/// run to which the block's last event belongs, and digests of the run's events after the block.
struct BlockProof {
  Position first;  ///< First position of the block.
  Digest previous;
  std::optional<RunSignature> run;
  Digest root_after;
  /// SHA-256 of each canonical event after the block, to the end of the run.  The events themselves
  /// may be for other readers, since the log cuts a run where its scope changes.
  std::vector<Digest> tail;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(first, previous, run, root_after, bounded<block_events_max - 1>(tail));
    archive.expect(tail.empty() || run, "a rest of a run that nobody signed");
  }
};

/// The proof as the block alone gives it: `tail` is empty, and `run` is the block's own, if any.
BlockProof proof_of(const StoredBlock& block);
/// Whether `key` signed the whole run that `proof` names, and `block` belongs to this run.
/// Errors: bad_signature; malformed: the proof has no signature, or its run cannot hold the block.
Result<void> check_run(const StoredBlock& block, const BlockProof& proof, const PublicKey& key);
/// The whole stored block.  The signature is not checked.
/// Errors: malformed: the proof is another block's, or its run begins after the block;
///         log_diverged: the root in the proof is not the one that the fingerprint announced.
Result<StoredBlock> prove(const LiveBlock& live, const BlockProof& proof);

/// A block of more events travels with its proof, which is short beside so many events.
inline constexpr std::size_t live_events_max = 8;

/// A bit of the first byte.  pack_live_block() never sets it; the frame LIVE has `caught_up` in it.
inline constexpr std::uint8_t live_caught_up = 1;

/// Encodes `block` as a live block.  Returns nothing when the block has to travel as a whole, since
/// it has more than live_events_max events, an event that is not canonical, or too many bytes.
/// Cost:   the compressor runs at its level 19: meant for once a block, not once a reader.
std::optional<Bytes> pack_live_block(const StoredBlock& block);
/// The same, but never compressed: the bytes do not depend on the version of the compressor.
std::optional<Bytes> pack_live_block_uncompressed(const StoredBlock& block);
/// `log`, `epoch`: those of the connection; a live block does not hold them.
/// Errors: malformed, too_large, unsupported.
Result<LiveBlock> unpack_live_block(ByteView bytes, LogId log, Epoch epoch);

/// The form in which a device keeps a block that is proved but has no `run`, because the signed run
/// ends after the block.  The form itself says that the block was proved.
Bytes keep_proved_block(const StoredBlock& block);
/// Whether keep_proved_block() made the bytes.
bool is_kept_proved_block(ByteView bytes);
/// Expects: is_kept_proved_block().
/// Errors: as unpack_stored_block().
Result<StoredBlock> read_kept_proved_block(ByteView bytes);

/// The form in which a device keeps a live block until its proof comes.
Bytes keep_live_block(ByteView packed, LogId log, Epoch epoch);
/// Whether keep_live_block() made the bytes.
bool is_kept_live_block(ByteView bytes);
/// Expects: is_kept_live_block().
/// Errors: malformed, unsupported.
Result<LiveBlock> read_kept_live_block(ByteView bytes);

}  // namespace events
