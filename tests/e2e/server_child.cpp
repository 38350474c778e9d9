#include "tests/e2e/server_child.h"

#include <algorithm>
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
std::uint16_t port_in(const std::string& text, const char* what = " listening ") {
  const std::size_t line = text.find(what);
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

std::vector<std::string> arguments_with(const std::filesystem::path& data,
                                        std::vector<std::string> options) {
  options.insert(options.begin(), {"--data", data.string(), "--listen", "127.0.0.1:0"});
  return options;
}

}  // namespace

ServerChild::ServerChild(std::filesystem::path data, const bench::Certificate& certificate)
    : ServerChild(std::move(data), "",
                  {"--tls-certificate", certificate.certificate.string(), "--tls-key",
                   certificate.key.string()}) {}

std::string ServerChild::url_of(std::uint16_t port) const {
  return (tls_ ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + std::to_string(port);
}

ServerChild::ServerChild(std::filesystem::path data, const std::string& crash_at,
                         std::vector<std::string> options, const std::string& program)
    : data_(std::move(data)),
      tls_(std::ranges::find(options, "--tls-key") != options.end()),
      process_(program, arguments_with(data_, std::move(options)), environment_of(crash_at)) {
  const auto end = std::chrono::steady_clock::now() + start_limit;
  while (port_ == 0 && std::chrono::steady_clock::now() < end) {
    const bool runs = process_.is_running();
    port_ = port_in(process_.errors());
    if (!runs) break;
    if (port_ == 0) std::this_thread::sleep_for(poll_step);
  }
}

std::uint16_t ServerChild::plain_port() const {
  return port_in(process_.errors(), " listening_plain ");
}

std::string ServerChild::founding_code() const {
  std::string code = read_text(data_ / "founding-code");
  while (!code.empty() && (code.back() == '\n' || code.back() == '\r')) code.pop_back();
  return code;
}

void ServerChild::terminate() const { process_.signal(SIGTERM); }
void ServerChild::hang_up() const { process_.signal(SIGHUP); }
void ServerChild::kill9() const { process_.signal(SIGKILL); }

Ending ServerChild::stop() {
  terminate();
  return process_.wait(stop_limit).value_or(Ending{});
}

}  // namespace e2e
