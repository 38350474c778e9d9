#pragma once

#include "events/bounded.h"
#include "events/bytes.h"
#include "events/ids.h"
#include "events/protocol/frame_kind.h"
#include "events/protocol/limits.h"
#include "events/protocol/receipt_messages.h"

#include <cstdint>
#include <vector>

namespace events::protocol {

/// What a device is to do after WELCOME.  One byte on the wire.
enum class WelcomeAction : std::uint8_t {
  proceed = 0,
  restart_pull = 1,  ///< The scope changed: start again from position 0.
  heal = 2,          ///< The log was restored: give back what it lacks, push and pull nothing.
};

/// Both.  A restored log and a device compare how far they know it.  C→S it frames what the device
/// gives back: first with its receipts, then, `complete`, after the last RECOVER.  S→C it says how
/// far the log has been healed, `complete` when normal service goes on: connect again.
/// Format:  docs/protocol.md, RECONCILE.
struct Reconcile {
  static constexpr FrameKind kind = FrameKind::reconcile;
  Position head;  ///< The last position the sender knows.
  bool complete = false;
  std::vector<SignedReceipt> receipts;  ///< Of earlier epochs too.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(head, complete, bounded<signed_receipts_max>(receipts));
  }
};

/// C→S.  One block that the restored log lacks, as the device received it or, of its own chain, as
/// its events and receipts give it.  The private records it names came before.
struct Recover {
  static constexpr FrameKind kind = FrameKind::recover;
  Bytes block;  ///< encode_stored_block().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<frame_bytes_max>(block));
  }
};

}  // namespace events::protocol
