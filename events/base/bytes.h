#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace events {

/// Owned raw bytes, for example one canonical event or one frame.
using Bytes = std::vector<std::uint8_t>;

/// Borrowed raw bytes.
/// Lifetime: until the end of the call it is passed to, unless a declaration says otherwise.
using ByteView = std::span<const std::uint8_t>;

/// The UTF-8 bytes of `text`, without a copy.
inline ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline void append_bytes(Bytes& target, ByteView more) {
  target.insert(target.end(), more.begin(), more.end());
}

/// Lower-case hexadecimal, two digits a byte.
std::string to_hex(ByteView bytes);

}  // namespace events
