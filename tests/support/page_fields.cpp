#include "tests/support/page_fields.h"

#include <cstddef>
#include <cstdint>

namespace test_support {
namespace {

void append_number(events::Bytes& target, std::size_t number, int bytes) {
  for (int index = 0; index < bytes; ++index) {
    target.push_back(static_cast<std::uint8_t>(number & 0xFFU));
    number >>= 8U;
  }
}

}  // namespace

void append_field(events::Bytes& target, std::string_view name, std::string_view value) {
  append_number(target, name.size(), 2);
  events::append_bytes(target, events::bytes_of(name));
  append_number(target, value.size(), 4);
  events::append_bytes(target, events::bytes_of(value));
}

void append_row(events::Bytes& target, std::string_view key, std::string_view value) {
  target.push_back(1);
  append_number(target, key.size(), 4);
  events::append_bytes(target, events::bytes_of(key));
  append_number(target, value.size(), 4);
  events::append_bytes(target, events::bytes_of(value));
}

}  // namespace test_support
