#include "clients/web/bindings/fields.h"

#include <charconv>
#include <cstddef>

namespace clients::web {

using events::ByteView;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

std::string_view text_in(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Takes `size` bytes from the front of `rest`; nothing when it has fewer.
std::optional<ByteView> take(ByteView& rest, std::size_t size) {
  if (rest.size() < size) return std::nullopt;
  const ByteView taken = rest.first(size);
  rest = rest.subspan(size);
  return taken;
}

/// A little-endian length of `width` bytes, and the bytes behind it.
std::optional<ByteView> take_counted(ByteView& rest, std::size_t width) {
  const std::optional<ByteView> length = take(rest, width);
  if (!length) return std::nullopt;
  std::uint32_t size = 0;
  for (std::size_t index = width; index > 0; --index) size = (size << 8U) | (*length)[index - 1];
  return take(rest, size);
}

}  // namespace

Result<Fields> Fields::read(ByteView bytes) {
  Fields fields;
  while (!bytes.empty()) {
    const std::optional<ByteView> name = take_counted(bytes, 2);
    const std::optional<ByteView> value = name ? take_counted(bytes, 4) : std::nullopt;
    if (!value) return Error{ErrorCode::malformed, "a field reaches behind the end"};
    fields.fields_.push_back({text_in(*name), *value});
  }
  return fields;
}

const Fields::Field* Fields::find(std::string_view name) const {
  for (const Field& field : fields_) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::string_view Fields::text(std::string_view name) const { return text_in(bytes(name)); }

ByteView Fields::bytes(std::string_view name) const {
  const Field* const field = find(name);
  return field == nullptr ? ByteView{} : field->value;
}

std::vector<std::string> Fields::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const Field& field : fields_) {
    if (field.name == name) values.emplace_back(text_in(field.value));
  }
  return values;
}

Result<std::uint64_t> Fields::number(std::string_view name) const {
  const std::string_view digits = text(name);
  if (digits.empty()) return std::uint64_t{0};
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return Error{ErrorCode::invalid_argument, std::string(name) + " is not a number"};
  }
  return number;
}

}  // namespace clients::web
