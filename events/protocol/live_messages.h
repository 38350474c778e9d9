#pragma once

#include "events/archive/compact.h"
#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/crypto/serialize.h"
#include "events/log/block.h"
#include "events/packing/live_block.h"
#include "events/protocol/frame_kind.h"
#include "events/protocol/limits.h"

#include <cstddef>
#include <cstdint>
#include <vector>

// What a reader gets that waits at the head of the log, and how it asks for the proofs.
// Grammar and sequences: docs/protocol.md.

namespace events::protocol {

/// Live blocks that a reader may hold without their proofs before it asks for them.
inline constexpr std::size_t unproved_blocks_max = 64;

/// S→C.  A stored block to a live reader that has been at the head; it misses nothing up to the
/// block's last event.
struct Live {
  static constexpr FrameKind kind = FrameKind::live;
  bool caught_up = false;  ///< This is the head of the log.
  Bytes block;             ///< pack_live_block().

  // The block's first byte has a bit to spare, and its end is the frame's.
  void save(CompactOutput& archive) const {
    archive.write_byte(static_cast<std::uint8_t>((block.empty() ? 0U : block.front()) |
                                                 (caught_up ? live_caught_up : 0U)));
    if (!block.empty()) archive.write_bytes(ByteView(block).subspan(1));
  }
  void load(CompactInput& archive) {
    const ByteView bytes = archive.read_bytes(archive.rest().size());
    archive.expect(!bytes.empty() && bytes.size() <= frame_bytes_max, "no live block");
    block.assign(bytes.begin(), bytes.end());
    caught_up = (block.front() & live_caught_up) != 0;
    block.front() &= static_cast<std::uint8_t>(~live_caught_up);
  }
};

/// C→S.  Asks for the proofs of live blocks, by their first positions.
struct Prove {
  static constexpr FrameKind kind = FrameKind::prove;
  std::vector<Position> blocks;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<unproved_blocks_max>(blocks));
  }
};

/// S→C.  The proofs of the blocks that were asked for and that the reader may see, in their order.
struct Proofs {
  static constexpr FrameKind kind = FrameKind::proofs;
  std::vector<BlockProof> proofs;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<unproved_blocks_max>(proofs));
  }
};

}  // namespace events::protocol
