#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace events {

/// One value of an enumeration and its word, in English and small letters.  JSON and files hold the
/// word; a word that was given is never changed.
template <class Enum>
struct EnumRow {
  Enum value{};
  std::string_view word;
};

/// The table of an enumeration; it stands directly below the enumeration:
///
///     template <>
///     struct EnumTable<Gender> {
///       using enum Gender;
///       static constexpr EnumRow<Gender> rows[] = {{unspecified, "unspecified"}, …};
///     };
///
/// Each value has one row, in the order in which lists show the values.  A test names a value that
/// has none.  The judge takes a value that has a row and refuses all others, so that one more row
/// is another version of the rules.  The texts of the values stand in projections/texts.
template <class Enum>
struct EnumTable;

template <class Enum>
concept Tabled = std::is_enum_v<Enum> && requires {
  EnumTable<Enum>::rows;
};

template <Tabled Enum>
constexpr std::span<const EnumRow<Enum>> rows_of() {
  return EnumTable<Enum>::rows;
}

/// Whether this build knows the value.
template <Tabled Enum>
constexpr bool is_known(Enum value) {
  for (const EnumRow<Enum>& row : EnumTable<Enum>::rows) {
    if (row.value == value) return true;
  }
  return false;
}

/// The word of a value; "?" for a value that this build does not know.
template <Tabled Enum>
constexpr std::string_view word_of(Enum value) {
  for (const EnumRow<Enum>& row : EnumTable<Enum>::rows) {
    if (row.value == value) return row.word;
  }
  return "?";
}

/// The value whose word is exactly `word`; nothing for any other text.
template <Tabled Enum>
constexpr std::optional<Enum> value_of(std::string_view word) {
  for (const EnumRow<Enum>& row : EnumTable<Enum>::rows) {
    if (row.word == word) return row.value;
  }
  return std::nullopt;
}

/// The greatest number among the values.
template <Tabled Enum>
constexpr std::underlying_type_t<Enum> greatest_number() {
  std::underlying_type_t<Enum> greatest = 0;
  for (const EnumRow<Enum>& row : EnumTable<Enum>::rows) {
    const auto number = static_cast<std::underlying_type_t<Enum>>(row.value);
    if (number > greatest) greatest = number;
  }
  return greatest;
}

/// `word` in capitals, as criteria files and reports write it: "LEARNING_CITIZEN".
inline std::string in_capitals(std::string_view word) {
  std::string capitals(word);
  for (char& letter : capitals) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return capitals;
}

}  // namespace events
