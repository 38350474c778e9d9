#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>

namespace projections {

/// A part of a fold that holds a row for each of many things.  A checkpoint keeps it in pieces, and
/// writes those that changed since the last one; rows that nobody uses for long fall asleep.
template <class Part>
concept InPieces = requires(std::remove_cvref_t<Part>& part) {
  part.vectors();  // Its SharedVectors, always in the same order.
  part.rebuild();  // Makes the rest when pieces were added to all of them.
};

/// Calls `visit` with each SharedVector of those of `parts` that are kept in pieces.
template <class Parts, class Visit>
void for_each_vector(Parts&& parts, Visit visit) {
  const auto visit_part = [&](auto& part) {
    if constexpr (InPieces<decltype(part)>) {
      std::apply([&](auto&... vectors) { (visit(vectors), ...); }, part.vectors());
    }
  };
  std::apply([&](auto&... each) { (visit_part(each), ...); }, parts);
}

/// Of so many events each leaf is looked at once, whether it was used meanwhile.
inline constexpr std::uint64_t rest_events = std::uint64_t{1} << 20U;
/// After how many events some leaves are looked at.
inline constexpr std::uint64_t rest_step_events = 4096;

/// Lets items of `parts` that were not used during the last `rest_events` events or so fall asleep.
/// To be called every `rest_step_events` events.
/// Expects: nobody has a reference to a row that it got from these parts.
template <class Parts>
void rest_parts(Parts&& parts) {
  for_each_vector(parts, [](auto& vector) {
    if constexpr (std::remove_cvref_t<decltype(vector)>::rests) {
      vector.rest(vector.pieces() * rest_step_events / rest_events + 1);
    }
  });
}

}  // namespace projections
