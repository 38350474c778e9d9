#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace server {

/// A value of a log line: an id, count, code or address, never a name or other personal data.
class LogValue {
 public:
  LogValue(std::string_view text) : text_(text) {}
  LogValue(const char* text) : text_(text) {}
  LogValue(const std::string& text) : text_(text) {}
  template <std::integral T>
  LogValue(T number) : text_(std::to_string(number)) {}

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

using LogFields = std::initializer_list<std::pair<std::string_view, LogValue>>;

/// Writes one line to standard error: `time level what key=value …`.  Control characters in a value
/// are escaped; an empty value, and one with blanks, quotes, `=` or backslashes, is quoted.
/// Thread: any.
void log_info(std::string_view what, LogFields fields = {});
void log_warning(std::string_view what, LogFields fields = {});
void log_error(std::string_view what, LogFields fields = {});

/// Directs log lines to standard error.
/// Expects: it is called once, before the first line.
void start_logging();

}  // namespace server
