#pragma once

#include "events/archive/compact.h"
#include "events/crypto/serialize.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>

/// An archive that reads values nobody wrote: it fills any struct that has a serialize() with
/// random values its grammar allows.  One seed, one sequence of values.
namespace test_support {

class RandomInput : public cereal::InputArchive<RandomInput, cereal::AllowEmptyClassElision> {
 public:
  explicit RandomInput(std::uint64_t seed) : InputArchive(this), engine_(seed) {}

  /// From 0 to `greatest`; small and great numbers are equally frequent in bits.
  std::uint64_t number(std::uint64_t greatest) {
    const std::uint64_t drawn = engine_();
    const std::uint64_t shifted = drawn >> (engine_() % 64U);
    return greatest == std::numeric_limits<std::uint64_t>::max() ? shifted
                                                                 : shifted % (greatest + 1);
  }

  void expect(bool holds, const char* what) const {
    if (!holds) throw cereal::Exception(what);
  }

 private:
  std::mt19937_64 engine_;
};

template <std::unsigned_integral T>
void load(RandomInput& archive, T& value) {
  if constexpr (std::same_as<T, bool>) {
    value = archive.number(1) == 1;
  } else if constexpr (sizeof(T) <= 2) {
    value = static_cast<T>(archive.number(std::numeric_limits<T>::max()));
  } else {
    // Halves of ids: never 0, below 2^24 for a chain and 2^40 for a seq.
    value = static_cast<T>(1 + archive.number((sizeof(T) == 4 ? 1ULL << 24U : 1ULL << 40U) - 2));
  }
}

template <std::signed_integral T>
void load(RandomInput& archive, T& value) {
  value = static_cast<T>(archive.number(std::numeric_limits<std::uint64_t>::max()));
}

template <std::size_t Size>
void load(RandomInput& archive, std::array<std::uint8_t, Size>& bytes) {
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(archive.number(255));
}

template <events::FixedBytes T>
void load(RandomInput& archive, T& value) {
  load(archive, value.bytes);
}

template <class T>
void load(RandomInput& archive, std::optional<T>& value) {
  value.reset();
  if (archive.number(1) == 1) archive(value.emplace());
}

template <std::size_t Limit, class T>
void load(RandomInput& archive, events::Bounded<Limit, T>& bounded) {
  // At most 12, so that lists of lists stay below the limit of an event.
  const std::size_t size = archive.number(std::min<std::size_t>(Limit, 12));
  bounded.field.clear();
  for (std::size_t index = 0; index < size; ++index) {
    using Element = typename T::value_type;
    if constexpr (std::same_as<Element, char>) {
      bounded.field.push_back(static_cast<char>('a' + archive.number(25)));
    } else {
      archive(bounded.field.emplace_back());
    }
  }
}

template <class T>
void serialize(RandomInput& archive, cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}

}  // namespace test_support

/// cereal asks for the archive that writes what this one reads.
template <>
struct cereal::traits::detail::get_output_from_input<test_support::RandomInput> {
  using type = events::CompactOutput;
};
