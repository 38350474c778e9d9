#include "events/archive/json_writer.h"

namespace events {
namespace {

/// What stands behind the backslash for a character that has a short form; 0 for all others.
char short_escape(char letter) {
  switch (letter) {
    case '"':
    case '\\':
      return letter;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

}  // namespace

void JsonWriter::begin(char opening, char closing, bool is_indented) {
  before_value();
  target_.push_back(opening);
  levels_.push_back({closing, is_indented, true});
}

void JsonWriter::end() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (level.is_indented && !level.is_empty) break_line();
  target_.push_back(level.closing);
}

void JsonWriter::key(std::string_view name) {
  before_element();
  quote(name);
  target_ += ": ";
  is_after_key_ = true;
}

void JsonWriter::text(std::string_view value) {
  before_value();
  quote(value);
}

void JsonWriter::number(std::uint64_t value) {
  before_value();
  target_ += std::to_string(value);
}

void JsonWriter::number(std::int64_t value) {
  before_value();
  target_ += std::to_string(value);
}

void JsonWriter::boolean(bool value) {
  before_value();
  target_ += value ? "true" : "false";
}

void JsonWriter::null() {
  before_value();
  target_ += "null";
}

void JsonWriter::member(std::string_view name, std::string_view value) {
  key(name);
  text(value);
}

void JsonWriter::number_member(std::string_view name, std::uint64_t value) {
  key(name);
  number(value);
}

void JsonWriter::before_value() {
  if (!is_after_key_) before_element();
  is_after_key_ = false;
}

void JsonWriter::before_element() {
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (!level.is_empty) {
    target_.push_back(',');
    // A row inside an indented text has blanks where the other lists have lines.
    if (!level.is_indented && layout_ == JsonLayout::indented) target_.push_back(' ');
  }
  level.is_empty = false;
  if (level.is_indented) break_line();
}

void JsonWriter::break_line() {
  target_.push_back('\n');
  target_.append(2 * levels_.size(), ' ');
}

void JsonWriter::quote(std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  target_.push_back('"');
  for (const char letter : value) {
    if (const char escape = short_escape(letter); escape != 0) {
      target_.push_back('\\');
      target_.push_back(escape);
    } else if (const auto code = static_cast<unsigned char>(letter); code < 0x20) {
      target_ += "\\u00";
      target_.push_back(digits[code >> 4U]);
      target_.push_back(digits[code & 0xFU]);
    } else {
      target_.push_back(letter);
    }
  }
  target_.push_back('"');
}

}  // namespace events
