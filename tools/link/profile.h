#pragma once

#include "events/base/result.h"

#include <chrono>
#include <cstdint>
#include <string_view>

/// How a bad line behaves.  Rate, delay, jitter and stalls are those of each direction; bytes are
/// counted over both directions of a connection.
namespace link_emulator {

struct Profile {
  std::uint64_t rate_bits = 0;             ///< Bits a second in each direction; 0: no limit.
  double overhead = 0.055;                 ///< Share of the rate that packet heads take.
  std::chrono::milliseconds delay{0};      ///< One way.
  std::chrono::milliseconds jitter{0};     ///< 0 to this much more, drawn for each packet.
  double stall_chance = 0;                 ///< Of a packet, 0–1: what a lost packet costs.
  std::chrono::milliseconds stall{1'200};  ///< How long such a packet takes longer.
  std::chrono::milliseconds up{0};         ///< Mean time until a cut; 0: none.
  std::chrono::milliseconds down{0};       ///< Mean time without a line after it.
  std::uint64_t cut_bytes = 0;             ///< Mean bytes until a connection is cut; 0: none.
  std::uint64_t half_open_bytes = 0;       ///< Bytes after which nothing passes and nobody is told.
  std::uint64_t seed = 1;
};

/// The line for which the protocol is designed: 64 kbit/s, 600 ms there and back.
inline constexpr std::string_view design_line = "rate 64000\ndelay 300\n";

/// Lines of `name value`, `#` for comments.  Times in milliseconds.
/// Errors: invalid_argument, with the number of the line.
events::Result<Profile> read_profile(std::string_view text);

}  // namespace link_emulator
