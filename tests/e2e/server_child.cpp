#include "tests/e2e/server_child.h"

#include <charconv>
#include <csignal>
#include <string_view>
#include <thread>
#include <utility>

namespace e2e {
namespace {

constexpr std::chrono::seconds start_limit{60};
constexpr std::chrono::seconds stop_limit{20};
constexpr std::chrono::milliseconds poll_step{10};

/// The port in "… listening address=127.0.0.1 port=40123 …"; 0 before that line is whole.
std::uint16_t port_in(const std::string& text) {
  const std::size_t line = text.find(" listening ");
  const std::size_t end_of_line = text.find('\n', line);
  const std::size_t at = text.find(" port=", line);
  if (line == std::string::npos || end_of_line == std::string::npos || at > end_of_line) return 0;
  std::uint16_t port = 0;
  std::from_chars(text.data() + at + 6, text.data() + end_of_line, port);
  return port;
}

std::vector<std::string> environment_of(const std::string& crash_at) {
  if (crash_at.empty()) return {};
  return {"KHUYENHOC_CRASH_AT=" + crash_at};
}

}  // namespace

ServerChild::ServerChild(std::filesystem::path data, const std::string& crash_at)
    : data_(std::move(data)),
      process_("khuyenhoc-server", {"--data", data_.string(), "--listen", "127.0.0.1:0"},
               environment_of(crash_at)) {
  const auto end = std::chrono::steady_clock::now() + start_limit;
  while (port_ == 0 && std::chrono::steady_clock::now() < end) {
    const bool runs = process_.is_running();
    port_ = port_in(process_.errors());
    if (!runs) break;
    if (port_ == 0) std::this_thread::sleep_for(poll_step);
  }
}

std::string ServerChild::founding_code() const {
  std::string code = read_text(data_ / "founding-code");
  while (!code.empty() && (code.back() == '\n' || code.back() == '\r')) code.pop_back();
  return code;
}

void ServerChild::terminate() const { process_.signal(SIGTERM); }
void ServerChild::kill9() const { process_.signal(SIGKILL); }

Ending ServerChild::stop() {
  terminate();
  return process_.wait(stop_limit).value_or(Ending{});
}

}  // namespace e2e
