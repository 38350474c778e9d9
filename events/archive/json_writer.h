#pragma once

#include "events/base/bounded.h"

#include <cereal/types/common.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace events {

/// How a JSON text is laid out.
enum class JsonLayout {
  one_line,  ///< `{"a": 1,"b": [1,2]}`
  indented,  ///< One member or element a line, two blanks for each level.
};

/// Appends one JSON value (RFC 8259) to a text.  The same calls always give the same bytes.
///
/// Numbers are written in full; those above 2^53 are for readers that hold 64 bits.  Texts are
/// copied as they are, UTF-8 or not; quotation marks, backslashes and control characters below
/// U+0020 are escaped.
///
/// Expects: calls that make a value: in an object a key before each value, as many ends as begins.
/// Lifetime: the text outlives the writer.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& target, JsonLayout layout = JsonLayout::one_line)
      : target_(target), layout_(layout) {}

  void begin_object() { begin('{', '}', layout_ == JsonLayout::indented); }
  void begin_list() { begin('[', ']', layout_ == JsonLayout::indented); }
  /// A list whose elements stand in one line in either layout: `["A1", "B1"]`.
  void begin_row() { begin('[', ']', false); }
  /// Ends the object, list or row that was begun last.
  void end();

  void key(std::string_view name);
  void text(std::string_view value);
  void number(std::uint64_t value);
  void number(std::int64_t value);
  void boolean(bool value);
  void null();

  /// A member of an object: its key and its value.
  void member(std::string_view name, std::string_view value);
  void member(std::string_view name, std::unsigned_integral auto value) {
    number_member(name, value);
  }

 private:
  struct Level {
    char closing;
    bool is_indented;
    bool is_empty;
  };

  void number_member(std::string_view name, std::uint64_t value);
  void begin(char opening, char closing, bool is_indented);
  void before_element();
  void before_value();
  void break_line();
  void quote(std::string_view value);

  std::string& target_;
  JsonLayout layout_;
  std::vector<Level> levels_;
  bool is_after_key_ = false;
};

/// An archive that writes the named fields of a struct, as its serialize() gives them, into the
/// object that `writer` has begun.  Ids and byte strings become text, enumerations numbers, an
/// optional value the object {"nullopt": true} or {"nullopt": false,"data": …}; a bounded field is
/// simply the field.
class JsonOutput : public cereal::traits::TextArchive {
 public:
  /// Lifetime: `writer` outlives the archive.
  explicit JsonOutput(JsonWriter& writer) : writer_(writer) {}

  template <class... Fields>
  void operator()(Fields&&... fields) {
    (write(fields), ...);
  }

 private:
  template <class T>
  void write(cereal::NameValuePair<T>& field) {
    writer_.key(field.name);
    write(field.value);
  }

  template <std::size_t Limit, class T>
  void write(Bounded<Limit, T>& value) {
    write(value.field);
  }

  template <class T>
  void write(std::optional<T>& value) {
    writer_.begin_object();
    writer_.key("nullopt");
    writer_.boolean(!value.has_value());
    if (value) {
      writer_.key("data");
      write(*value);
    }
    writer_.end();
  }

  template <class T>
  void write(std::vector<T>& values) {
    writer_.begin_list();
    for (T& value : values) write(value);
    writer_.end();
  }

  template <class T>
  void write(T& value) {
    if constexpr (std::same_as<std::remove_const_t<T>, bool>) {
      writer_.boolean(value);
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      writer_.text(value);
    } else if constexpr (std::is_enum_v<T>) {
      write_number(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_integral_v<T>) {
      write_number(value);
    } else if constexpr (requires { value.save_minimal(*this); }) {
      auto minimal = value.save_minimal(*this);
      write(minimal);
    } else if constexpr (requires { save_minimal(*this, value); }) {
      auto minimal = save_minimal(*this, value);
      write(minimal);
    } else {
      writer_.begin_object();
      value.serialize(*this);
      writer_.end();
    }
  }

  template <class Number>
  void write_number(Number value) {
    if constexpr (std::is_signed_v<Number>) {
      writer_.number(static_cast<std::int64_t>(value));
    } else {
      writer_.number(static_cast<std::uint64_t>(value));
    }
  }

  JsonWriter& writer_;
};

}  // namespace events
