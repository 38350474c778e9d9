#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// The enumerators of an enumeration, as the compiler names them in __PRETTY_FUNCTION__, so that a
/// test can name the one that somebody forgot.
namespace test_support {

struct Enumerator {
  std::uint16_t number{};
  std::string_view name;
};

/// The name of the value, or nothing where it is no enumerator.  GCC and Clang print
/// "… Value = events::Role::signer; …" for an enumerator and "(events::Role)77" for any other.
template <auto Value>
constexpr std::string_view enumerator_name() {
  constexpr std::string_view mark = "Value = ";
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find(mark) + mark.size());
  text = text.substr(0, text.find_first_of(";]"));
  if (text.find('(') != std::string_view::npos) return {};
  return text.substr(text.rfind(':') + 1);
}

template <class Enum, std::size_t... Numbers>
std::vector<Enumerator> enumerators_among(std::index_sequence<Numbers...> /*numbers*/) {
  std::vector<Enumerator> found;
  const auto add = [&](std::size_t number, std::string_view name) {
    if (!name.empty()) found.push_back({static_cast<std::uint16_t>(number), name});
  };
  (add(Numbers, enumerator_name<static_cast<Enum>(Numbers)>()), ...);
  return found;
}

/// In the order of their numbers, as far as these are below `limit`.
template <class Enum, std::size_t limit = 256>
std::vector<Enumerator> enumerators_of() {
  return enumerators_among<Enum>(std::make_index_sequence<limit>());
}

}  // namespace test_support
