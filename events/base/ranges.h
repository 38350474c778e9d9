#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <utility>

/// The algorithms of std::ranges that the pure layers use, with projections, for standard libraries
/// that lack them: the browser's libc++ 13 has none.  Each does what its namesake in std::ranges
/// does on a whole range, but copying ones return nothing.
///
/// `Projection` is what std::invoke accepts for an element: a pointer to a member or a function.
namespace events::ranges {

/// `compare` of the projected elements.
template <class Compare, class Projection>
constexpr auto projected(Compare compare, Projection projection) {
  return [compare, projection](const auto& left, const auto& right) {
    return std::invoke(compare, std::invoke(projection, left), std::invoke(projection, right));
  };
}

template <class Range, class Predicate, class Projection = std::identity>
constexpr auto find_if(Range&& range, Predicate predicate, Projection projection = {}) {
  auto at = std::begin(range);
  const auto end = std::end(range);
  while (at != end && !std::invoke(predicate, std::invoke(projection, *at))) ++at;
  return at;
}

template <class Range, class T, class Projection = std::identity>
constexpr auto find(Range&& range, const T& value, Projection projection = {}) {
  return ranges::find_if(
      range, [&](const auto& each) { return each == value; }, projection);
}

template <class Range, class Predicate, class Projection = std::identity>
constexpr bool any_of(Range&& range, Predicate predicate, Projection projection = {}) {
  return ranges::find_if(range, predicate, projection) != std::end(range);
}

template <class Range, class Predicate, class Projection = std::identity>
constexpr bool all_of(Range&& range, Predicate predicate, Projection projection = {}) {
  return !ranges::any_of(
      range, [&](const auto& each) { return !std::invoke(predicate, each); }, projection);
}

template <class Range, class Predicate, class Projection = std::identity>
constexpr std::ptrdiff_t count_if(Range&& range, Predicate predicate, Projection projection = {}) {
  return std::count_if(std::begin(range), std::end(range), [&](const auto& each) {
    return bool(std::invoke(predicate, std::invoke(projection, each)));
  });
}

template <class Range, class T, class Projection = std::identity>
constexpr std::ptrdiff_t count(Range&& range, const T& value, Projection projection = {}) {
  return ranges::count_if(
      range, [&](const auto& each) { return each == value; }, projection);
}

/// The first element whose successor `matches` it: by default an equal one.
template <class Range, class Matches = std::equal_to<>, class Projection = std::identity>
constexpr auto adjacent_find(Range&& range, Matches matches = {}, Projection projection = {}) {
  return std::adjacent_find(std::begin(range), std::end(range),
                            ranges::projected(matches, projection));
}

template <class Left, class Right>
constexpr bool equal(const Left& left, const Right& right) {
  return std::equal(std::begin(left), std::end(left), std::begin(right), std::end(right));
}

/// By a heap: a quarter of the code of std::sort for each type, and what is sorted here is short.
template <class Range, class Compare = std::less<>, class Projection = std::identity>
constexpr void sort(Range&& range, Compare compare = {}, Projection projection = {}) {
  const auto less = ranges::projected(compare, projection);
  std::make_heap(std::begin(range), std::end(range), less);
  std::sort_heap(std::begin(range), std::end(range), less);
}

template <class Range, class Compare = std::less<>, class Projection = std::identity>
constexpr void stable_sort(Range&& range, Compare compare = {}, Projection projection = {}) {
  std::stable_sort(std::begin(range), std::end(range), ranges::projected(compare, projection));
}

template <class Range, class T, class Compare = std::less<>, class Projection = std::identity>
constexpr auto lower_bound(Range&& range, const T& value, Compare compare = {},
                           Projection projection = {}) {
  return std::lower_bound(std::begin(range), std::end(range), value,
                          [&](const auto& each, const T& wanted) {
                            return std::invoke(compare, std::invoke(projection, each), wanted);
                          });
}

template <class Range, class T, class Compare = std::less<>, class Projection = std::identity>
constexpr auto upper_bound(Range&& range, const T& value, Compare compare = {},
                           Projection projection = {}) {
  return std::upper_bound(std::begin(range), std::end(range), value,
                          [&](const T& wanted, const auto& each) {
                            return std::invoke(compare, wanted, std::invoke(projection, each));
                          });
}

template <class Range, class T, class Compare = std::less<>, class Projection = std::identity>
constexpr bool binary_search(Range&& range, const T& value, Compare compare = {},
                             Projection projection = {}) {
  const auto at = ranges::lower_bound(range, value, compare, projection);
  return at != std::end(range) && !std::invoke(compare, value, std::invoke(projection, *at));
}

template <class Range, class Output>
constexpr void copy(const Range& range, Output output) {
  std::copy(std::begin(range), std::end(range), output);
}

template <class Range, class Output, class Predicate>
constexpr void copy_if(const Range& range, Output output, Predicate predicate) {
  std::copy_if(std::begin(range), std::end(range), output, predicate);
}

template <class Range, class Output>
constexpr void move(Range&& range, Output output) {
  std::move(std::begin(range), std::end(range), output);
}

template <class Range, class T>
constexpr void replace(Range&& range, const T& old_value, const T& new_value) {
  std::replace(std::begin(range), std::end(range), old_value, new_value);
}

template <class Range>
constexpr void reverse(Range&& range) {
  std::reverse(std::begin(range), std::end(range));
}

template <class Left, class Right, class Output>
constexpr void set_difference(const Left& left, const Right& right, Output output) {
  std::set_difference(std::begin(left), std::end(left), std::begin(right), std::end(right), output);
}

}  // namespace events::ranges
