#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace events {

/// A JSON value as it stands in a file: members in their order, also those with the same name.
/// platform/json_text.h reads one; what is made of it is pure.
struct JsonTree {
  enum class Kind { null, boolean, whole_number, other_number, text, list, object };

  Kind kind = Kind::null;
  std::uint64_t whole_number{};      ///< From 0 to 2^64 − 1, written without a point or exponent.
  std::string text{};                ///< UTF-8.
  std::vector<std::string> names{};  ///< Of an object, one for each element.
  std::vector<JsonTree> elements{};  ///< Of a list, or the values of an object.

  bool is_object() const { return kind == Kind::object; }
  bool is_list() const { return kind == Kind::list; }
  bool is_text() const { return kind == Kind::text; }
};

/// What a reader of JSON refuses before it reads on.
struct JsonLimits {
  std::string_view what;    ///< What the text is, for messages: "a criteria file".
  std::size_t bytes_max{};  ///< Of the whole text.
  std::size_t depth_max{};  ///< How deep brackets may nest.
};

}  // namespace events
