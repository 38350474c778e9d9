#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clients::web {

/// What a page gives with a call: named texts and bytes.
///
/// Format:  for each field `u16 length | name | u32 length | value`, numbers little-endian; a name
///          may stand several times.
/// Lifetime: the bytes outlive the fields.
class Fields {
 public:
  /// Errors:  malformed: a length reaches behind the end.
  static events::Result<Fields> read(events::ByteView bytes);

  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// The first value of that name; empty when there is none.
  std::string_view text(std::string_view name) const;
  events::ByteView bytes(std::string_view name) const;
  /// All values of that name, in their order.
  std::vector<std::string> all(std::string_view name) const;
  /// A decimal number; 0 for an empty or missing field.
  /// Errors:  invalid_argument.
  events::Result<std::uint64_t> number(std::string_view name) const;
  /// Whether the field is "1".
  bool flag(std::string_view name) const { return text(name) == "1"; }

 private:
  struct Field {
    std::string_view name;
    events::ByteView value;
  };

  const Field* find(std::string_view name) const;

  std::vector<Field> fields_;
};

}  // namespace clients::web
