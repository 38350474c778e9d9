#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sim {

/// The only source of chance in a simulation: the same seed gives the same numbers everywhere
/// (SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31U);
  }
  /// From 0 to `count` − 1.  Expects: `count` is not 0.
  std::uint64_t below(std::uint64_t count) { return next() % count; }
  /// From `least` to `greatest`, both included.
  std::uint64_t between(std::uint64_t least, std::uint64_t greatest) {
    return least + below(greatest - least + 1);
  }
  bool chance(unsigned percent) { return below(100) < percent; }
  /// Expects: `choices` is not empty.
  template <class Container>
  auto& pick(Container& choices) {
    return choices[below(choices.size())];
  }

  template <std::size_t Size>
  std::array<std::uint8_t, Size> bytes() {
    std::array<std::uint8_t, Size> drawn{};
    for (std::uint8_t& byte : drawn) byte = static_cast<std::uint8_t>(next());
    return drawn;
  }

 private:
  std::uint64_t state_;
};

}  // namespace sim
