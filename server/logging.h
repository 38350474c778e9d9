#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace server {

/// A value of a log line.  Ids, counts, codes and addresses; never a name or other personal data.
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

/// One line on standard error: `time level what key=value …`; values with blanks are quoted.
/// Thread: any.
void log_info(std::string_view what, LogFields fields = {});
void log_warning(std::string_view what, LogFields fields = {});
void log_error(std::string_view what, LogFields fields = {});

/// Sends log lines to standard error.  Called once, before the first line.
void start_logging();

}  // namespace server
