#include "clients/cli/output/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace clients {
namespace {

/// Narrower than this no table can be read, and no terminal is.
constexpr std::size_t columns_min = 20;

std::optional<std::size_t> columns_by_environment() {
  const char* const given = std::getenv("COLUMNS");
  if (given == nullptr) return std::nullopt;
  const std::string_view text(given);
  std::size_t columns = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), columns);
  const bool is_number = failure == std::errc{} && stop == text.data() + text.size();
  if (!is_number || columns < columns_min) return std::nullopt;
  return columns;
}

}  // namespace

std::optional<std::size_t> output_columns() {
  if (::isatty(STDOUT_FILENO) != 1) return columns_by_environment();
  winsize window{};
  const bool is_told = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0;
  if (is_told && window.ws_col >= columns_min) return window.ws_col;
  return columns_by_environment().value_or(columns_usual);
}

}  // namespace clients
