#pragma once

#include "events/base/result.h"
#include "events/log/block.h"
#include "events/log/event.h"
#include "events/log/private_record.h"
#include "events/protocol/messages.h"
#include "server/commit/bundle_transit.h"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace server {

/// A signed run of a device, taken apart and checked where there are many threads, so that the one
/// log thread only judges and writes.
struct PushedRun {
  events::LogId log;
  events::ChainNumber chain;
  std::uint64_t first_seq{};
  events::Digest previous;  ///< Chain hash before the first event.
  events::Signature signature;
  std::vector<events::Event> events;
  std::vector<events::Digest> hashes;          ///< Chain hash after each event.
  events::Timestamp device_time;               ///< Device clock at sending.
  std::vector<events::PrivateRecord> records;  ///< Came with the run, perhaps stored already.
  std::optional<BundleTransit> transit;        ///< It came by bundle.
  /// A receipt shows that the log held the chain up to here before it was restored; what private
  /// records it had may be erased since.
  std::uint64_t promised_upto{};

  std::uint64_t last_seq() const { return first_seq + events.size() - 1; }
  /// Chain hash after event `seq`.  Expects: first_seq − 1 ≤ seq ≤ last_seq().
  const events::Digest& hash_after(std::uint64_t seq) const {
    return seq < first_seq ? previous : hashes[seq - first_seq];
  }
};

/// What became of a run: durable, with the receipts of all its events, or not taken, or kept until
/// the runs before it come.  The receipts may be more than one PUSH_ACK holds, and go on with the
/// events that were parked behind the run.
using PushOutcome =
    std::variant<events::protocol::PushAck, events::protocol::PushNak, events::protocol::Parked>;

/// Takes a block apart and checks the device's signature over it.
/// Errors: malformed, bad_signature, and those of `read_event`.
/// Cost:   one Ed25519 verification, two digests an event.
events::Result<PushedRun> check_run(events::DeviceBlock block, const events::VerifyingKey& key,
                                    events::Timestamp device_time,
                                    std::vector<events::PrivateRecord> records);

}  // namespace server
