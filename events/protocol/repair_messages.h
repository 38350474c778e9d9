#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/ranges.h"
#include "events/protocol/frame_kind.h"
#include "events/protocol/limits.h"
#include "events/protocol/receipt_messages.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace events::protocol {

/// What a device is to do after WELCOME.  One byte on the wire.
enum class WelcomeAction : std::uint8_t {
  proceed = 0,
  restart_pull = 1,  ///< The scope changed: start again from position 0.
  repair = 2,        ///< The log was restored: give back what it lacks; nothing is taken till then.
  diverged = 3,  ///< The log is not the one that the device knows: it greets again from position 0.
  forked = 4,    ///< The log holds other events of the device's chain: it asks for a new one.
};

/// Places of a log that a device names, so that both sides find what they have in common.
inline constexpr std::size_t log_samples_max = 64;
/// Blocks in one batch, between two RECONCILE.
inline constexpr std::size_t recovered_blocks_max = 32;
/// Bytes of a batch's blocks and private records.
inline constexpr std::size_t recovered_bytes_max = 128 * 1024;

/// What the log was at the end of some block.
struct LogSample {
  Position position;
  std::uint64_t fingerprint{};  ///< First 8 bytes of the root there.
  bool operator==(const LogSample&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(position, fingerprint);
  }
};

/// Both.  A device gives back what a restored log lacks, in batches that each end with this frame.
/// C→S: first how far the device knows the log, with what proves it; then behind each batch up to
/// where it gave, `complete` behind the last one.  S→C: the position above which the device goes on
/// giving; `complete` when normal service goes on: connect again.
/// Format:  docs/protocol.md, RECONCILE.
struct Reconcile {
  static constexpr FrameKind kind = FrameKind::reconcile;
  Position head;
  bool complete = false;
  std::vector<SignedReceipt> receipts;  ///< In the first one.  Of earlier epochs too.
  std::vector<LogSample> samples;       ///< In the first one.  Ascending by position.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(head, complete, bounded<signed_receipts_max>(receipts),
            bounded<log_samples_max>(samples));
    archive.expect(
        ranges::adjacent_find(samples, std::greater_equal{}, &LogSample::position) == samples.end(),
        "samples of a log not ascending");
  }
};

/// C→S.  One block that the restored log lacks, as the device received it or, of its own chain, as
/// its events and receipts give it.  The private records it names came before.
struct Recover {
  static constexpr FrameKind kind = FrameKind::recover;
  Bytes block;  ///< encode_stored_block(), or packed.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<frame_bytes_max>(block));
  }
};

}  // namespace events::protocol
