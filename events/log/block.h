#pragma once

#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/base/verdict.h"
#include "events/crypto/digest.h"
#include "events/crypto/signature.h"
#include "events/log/chain.h"
#include "events/log/intake.h"
#include "events/log/scope.h"
#include "events/log/stored_event.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace events {

inline constexpr std::size_t block_events_max = 100;
/// Canonical bytes of all events of a device block together.
inline constexpr std::size_t block_bytes_max = 12 * 1024;
/// Greatest encoded block of either kind, with its events, verdicts and head.  It fits one frame.
inline constexpr std::size_t encoded_block_bytes_max = 16 * 1024 - 64;
inline constexpr std::uint8_t block_form = 1;
/// Codec 0: each canonical event behind its length.  The log stores blocks in this codec; the other
/// codecs are for blocks that travel, see compression/wire_block.h.
inline constexpr std::uint8_t codec_plain = 0;
inline constexpr std::uint8_t codec_packed = 1;
inline constexpr std::uint8_t codec_compressed = 2;

/// 1–100 consecutive events of one chain as their device made and signed them.
/// Format:  docs/log_format.md 4.
struct DeviceBlock {
  LogId log;
  ChainNumber chain;
  std::uint64_t first_seq{};
  Digest previous;            ///< Chain hash before the first event.
  Signature signature;        ///< By the device's key over block_statement().
  std::vector<Bytes> events;  ///< The canonical bytes of each event.

  std::uint64_t last_seq() const { return first_seq + events.size() - 1; }
};

/// The chain hash after the last of `events`, where `previous` is the chain hash before the first.
Digest hash_after(const Digest& previous, const std::vector<Bytes>& events);

/// Makes a device block of `events` and signs it with the chain's key.
/// Expects: 1–100 events within block_bytes_max that follow `previous`.
DeviceBlock sign_block(LogId log, ChainNumber chain, std::uint64_t first_seq,
                       const Digest& previous, std::vector<Bytes> events, const SigningKey& key);

Bytes encode_device_block(const DeviceBlock& block);
/// Reads a block of codec_plain.  The signature is not checked.
/// Errors: malformed, too_large, unsupported (form or codec).
Result<DeviceBlock> decode_device_block(ByteView bytes);

/// Whether the key signed exactly these events, and each event names its place in the chain.
/// Errors: bad_signature; malformed when an event's header names another chain or seq; those of
///         read_event_header().
Result<void> verify_device_block(const DeviceBlock& block, const VerifyingKey& key);

/// The signature of a run of events that ends with a stored block.  The run may begin in an earlier
/// block: the log cuts a signed run where its scope changes or a system event comes between.
struct RunSignature {
  std::uint64_t first_seq{};  ///< First event of the run; its last event is the block's last.
  Signature signature;
  bool operator==(const RunSignature&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(first_seq, signature);
  }
};

/// One event of a stored block.
struct BlockEntry {
  Intake intake;
  Bytes canonical;
  Verdict verdict;
};

/// The unit of storage and of the wire: 1–100 events of one chain at consecutive positions, with
/// one scope set and one time of receipt.
/// Format:  docs/log_format.md 6.
struct StoredBlock {
  LogId log;
  Epoch epoch;
  Position first;
  Timestamp received_at;
  ChainNumber chain;
  std::uint64_t first_seq{};
  Digest previous;  ///< Chain hash before the first event.
  ScopeSet scope;
  std::optional<RunSignature> run;  ///< None: the signature follows in a later block of the chain.
  Digest root_after;                ///< RFC 6962 root of the log after the last event.
  std::vector<BlockEntry> entries;

  Position last() const { return Position{first.value + entries.size() - 1}; }
  std::uint64_t last_seq() const { return first_seq + entries.size() - 1; }
};

Bytes encode_stored_block(const StoredBlock& block);
/// Errors: malformed, too_large, unsupported (form or codec).
Result<StoredBlock> decode_stored_block(ByteView bytes);
/// Reads the block's events, in order.
/// Errors: malformed when an event names another place than its block; those of read_event().
Result<std::vector<StoredEvent>> stored_events(const StoredBlock& block);
/// The same without copying the events' bytes; the block's entries are moved from.
Result<std::vector<StoredEvent>> stored_events(StoredBlock&& block);
/// Reads only the event at `position`, which the block's table of lengths locates.
/// Errors: not_found: the block does not hold `position`; malformed, too_large, unsupported.
Result<StoredEvent> stored_event_at(ByteView encoded_block, Position position);

/// Whether `count` is at least 1 and `count` events from seq `first` on have seqs that exist.
constexpr bool are_seqs(std::uint64_t first, std::size_t count) {
  return count >= 1 && first >= 1 && first <= sequence_max && count - 1 <= sequence_max - first;
}
/// Whether are_seqs() holds for `count` events from `first_seq` on, and these events also have
/// positions that exist, from `first` on.
constexpr bool are_places(Position first, std::uint64_t first_seq, std::size_t count) {
  constexpr std::uint64_t end = std::numeric_limits<std::uint64_t>::max();
  return are_seqs(first_seq, count) && first.value >= 1 && first.value <= end - count;
}

/// The answer of the log to events that a device pushed: a stored block without the parts that the
/// device has itself.  With its own events and the receipt, the device makes stored events.
/// Format:  docs/protocol.md, PUSH_ACK.
struct BlockReceipt {
  Epoch epoch;
  Position first;
  Timestamp received_at;
  std::uint64_t first_seq{};
  ScopeSet scope;
  std::uint64_t run_first_seq{};  ///< First seq of the signed run that ends here; 0: none ends.
  Digest root_after;
  struct Entry {
    Intake intake;
    Verdict verdict;
    template <class Archive>
    void serialize(Archive& archive) {
      archive(intake, verdict);
    }
  };
  std::vector<Entry> entries;

  std::uint64_t last_seq() const { return first_seq + entries.size() - 1; }
  Position last() const { return Position{first.value + entries.size() - 1}; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(epoch, first, received_at, first_seq, scope, run_first_seq, root_after,
            bounded<block_events_max>(entries));
    archive.expect(are_places(first, first_seq, entries.size()), "no such positions or seqs");
    archive.expect(run_first_seq < first_seq + entries.size(), "a run ends after the receipt");
    archive.expect(!scope.empty(), "a receipt without scope");
  }
};

BlockReceipt receipt_of(const StoredBlock& block);

}  // namespace events
