#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/crypto/serialize.h"
#include "events/crypto/signature.h"
#include "events/protocol/frame_kind.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace events::protocol {

inline constexpr std::size_t challenge_size = 16;

/// What a server asks a device to sign where the greeting is bound to no TLS connection: bytes that
/// it has given to nobody before.
using Challenge = std::array<std::uint8_t, challenge_size>;

/// C→S.  Shows that the device is there now, and not only a greeting that somebody had captured.
/// Follows WELCOME where that holds a challenge; nothing else is heard before.
/// Format:  docs/protocol.md, ANSWER.
struct Answer {
  static constexpr FrameKind kind = FrameKind::answer;
  Challenge challenge{};  ///< Of the last WELCOME.
  Signature signature;    ///< Of the chain's key over answer_statement().

  bool operator==(const Answer&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(challenge, signature);
  }
};

}  // namespace events::protocol
