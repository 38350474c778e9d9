#pragma once

#include "events/base/bytes.h"
#include "events/crypto/digest.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace events {

/// The state of one SHA-256 as a library keeps it, without memory of its own on the heap.  It is
/// what digest.cpp needs of OpenSSL (native_digest.cpp) or of the browser's library.
///
/// Thread: one at a time.
class Sha256State {
 public:
  Sha256State();

  void add(ByteView bytes);
  /// The digest of everything added.  Afterwards the state can only be assigned to or destroyed.
  [[nodiscard]] Digest finish();

 private:
  static constexpr std::size_t library_bytes = 112;
  alignas(std::uint64_t) std::array<std::byte, library_bytes> library_;
};

}  // namespace events
