#pragma once

#include "events/protocol/frame_kind.h"

#include <cstdint>

namespace events::protocol {

/// S→C, only in the answer to a bundle.  The run came before the events it follows: it is kept,
/// without a verdict, until these come, whichever way.
struct Parked {
  static constexpr FrameKind kind = FrameKind::parked;
  std::uint64_t first_seq{};
  std::uint64_t last_seq{};
  std::uint64_t expected_seq{};  ///< The first of the events that are missing.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(first_seq, last_seq, expected_seq);
  }
};

}  // namespace events::protocol
