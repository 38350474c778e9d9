#pragma once

#include "events/base/bytes.h"

#include <array>
#include <compare>
#include <concepts>
#include <cstdint>
#include <memory>

namespace events {

/// A SHA-256 digest.  Digests are ordered as their bytes are.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  // The type is named, not `auto`: some standard libraries lack <=> for std::array.
  std::strong_ordering operator<=>(const Digest&) const = default;
};

/// The SHA-256 digest of `bytes`.
///
/// Thread: any.
/// Cost:   no allocation.
[[nodiscard]] Digest sha256(ByteView bytes);

/// The SHA-256 digest of `first` followed by `second`, without joining them in memory.
[[nodiscard]] Digest sha256(ByteView first, ByteView second);

/// SHA-256 of bytes that arrive in pieces.  The object holds the state of one digest; `finish`
/// returns this digest and starts the next one.  A moved-from object can only be assigned to or
/// destroyed.
///
/// Thread: one at a time.
/// Cost:   the constructor allocates, nothing else does.
class Sha256 {
 public:
  Sha256();

  void add(ByteView bytes);

  /// Adds one byte.  It takes no other integer type, and `{}` stays the empty ByteView.
  void add(std::same_as<std::uint8_t> auto byte) { add(ByteView(&byte, 1)); }

  /// The digest of everything added since construction or the last `finish`.
  [[nodiscard]] Digest finish();

 private:
  struct Context;
  struct FreeContext {
    void operator()(Context* context) const;
  };

  std::unique_ptr<Context, FreeContext> context_;
};

}  // namespace events
