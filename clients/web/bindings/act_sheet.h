#pragma once

#include "clients/web/bindings/fields.h"
#include "clients/web/bindings/reply.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clients::web {

/// What is wrong with one field of an act, in words for the person.
struct Problem {
  std::string field;
  std::string text;
};

/// The fields of an act, read one by one; what cannot be read is noted under its field and reading
/// goes on, so that a person sees everything at once.
class ActSheet {
 public:
  explicit ActSheet(const Fields& fields) : fields_(fields) {}

  std::string text(std::string_view name) const { return std::string(fields_.text(name)); }
  std::vector<std::string> all(std::string_view name) const { return fields_.all(name); }
  bool flag(std::string_view name) const { return fields_.flag(name); }
  events::ByteView bytes(std::string_view name) const { return fields_.bytes(name); }
  /// 0 for what is no number.
  std::uint64_t number(std::string_view name) const {
    const events::Result<std::uint64_t> read = fields_.number(name);
    return read ? *read : 0;
  }
  bool has(std::string_view name) const { return !fields_.text(name).empty(); }

  /// The value, or a default one and a problem.
  template <class T>
  T value_or_problem(std::string_view field, events::Result<T> read, T otherwise = T{}) {
    if (read) return std::move(*read);
    add_problem(field, text_of(read.error()));
    return otherwise;
  }
  /// An id such as "7.12"; none for an empty field.
  events::EventId id(std::string_view name);
  /// Like id(), and a problem when it is empty.
  events::EventId needed_id(std::string_view name);
  /// All ids of that name.
  std::vector<events::EventId> ids(std::string_view name);

  /// The value of a word; nothing for an empty field.
  template <class Enum>
  std::optional<Enum> word(std::string_view name) {
    if (!has(name)) return std::nullopt;
    const std::optional<Enum> value = events::value_of<Enum>(fields_.text(name));
    if (!value) add_problem(name, {});
    return value;
  }
  /// Like word(), and a problem when it is empty.
  template <class Enum>
  Enum needed_word(std::string_view name) {
    const std::optional<Enum> value = word<Enum>(name);
    if (!value && !has(name)) add_problem(name, {});
    return value.value_or(Enum{});
  }

  /// An empty text: the page has its own words for a field that is empty or not one of its choices.
  void add_problem(std::string_view field, std::string text) {
    problems_.push_back({std::string(field), std::move(text)});
  }
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  const Fields& fields_;
  std::vector<Problem> problems_;
};

}  // namespace clients::web
