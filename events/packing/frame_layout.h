#pragma once

#include <cstddef>
#include <cstdint>

/// The layout of the Zstandard frames that compression.h writes and reads: frames without a magic
/// number (RFC 8878, 3.1.1).  Numbers are little-endian.
namespace events {

/// A descriptor of 0 and the window's descriptor.
inline constexpr std::size_t frame_header_bytes = 2;
inline constexpr std::uint8_t window_descriptor_max = (23 - 10) << 3;  ///< 8 MiB.

/// Bit 0: the last block of the frame; bits 1 and 2: its type, 0 for bytes as they are; above them
/// its size in bytes.
inline constexpr std::size_t block_header_bytes = 3;
inline constexpr std::uint32_t run_length_block = 1;
inline constexpr std::uint32_t reserved_block = 3;

}  // namespace events
