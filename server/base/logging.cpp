#include "server/base/logging.h"

#include "events/text/text_check.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace server {
namespace {

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(" \"=\n\r\t\\") != std::string_view::npos;
}

void append_quoted(std::string& line, std::string_view text) {
  line += '"';
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') line += '\\';
    line += letter;
  }
  line += '"';
}

void write(spdlog::level::level_enum level, std::string_view what, LogFields fields) {
  std::string line(what);
  for (const auto& [key, value] : fields) {
    line += ' ';
    line += key;
    line += '=';
    // What a peer sent must not be able to start a line of its own or steer a terminal.
    const std::string text = events::escape_text(value.text(), false);
    if (needs_quotes(text)) {
      append_quoted(line, text);
    } else {
      line += text;
    }
  }
  spdlog::log(level, "{}", line);
}

}  // namespace

void log_info(std::string_view what, LogFields fields) { write(spdlog::level::info, what, fields); }

void log_warning(std::string_view what, LogFields fields) {
  write(spdlog::level::warn, what, fields);
}

void log_error(std::string_view what, LogFields fields) { write(spdlog::level::err, what, fields); }

void start_logging() {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("khuyenhoc", std::move(sink));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace server
