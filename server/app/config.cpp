#include "server/app/config.h"

#include "events/protocol/move_messages.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <string_view>

namespace server {
namespace {

constexpr const char* footer = R"(
Examples:
  khuyenhoc-server --data var/server
  khuyenhoc-server --data /var/lib/khuyenhoc --listen 127.0.0.1:8470 --log 11 --threads 2
  khuyenhoc-server --data /var/lib/khuyenhoc --listen [::]:8470 \
    --tls-certificate /etc/khuyenhoc/server.crt --tls-key /etc/khuyenhoc/server.key
  khuyenhoc-server --data /var/lib/khuyenhoc --listen 10.0.0.5:8470 --allow-plain-text
  khuyenhoc-server --data /var/lib/khuyenhoc --moved-to wss://new.example:8470
  khuyenhoc-server --data var/server --listen-plain 127.0.0.1:8471 --page build/web/site

Other work on the data, each with --help:
  khuyenhoc-server backup    saves the log and the private records, while the server runs or not
  khuyenhoc-server restore   makes new data from a backup
  khuyenhoc-server repair      shows how far a restored server has come, and ends its repair
  khuyenhoc-server token     makes, lists and revokes tokens of systems that read over HTTP

The first administrator enrols with the code in DIR/founding-code, which is there as long as the
log is empty.  SIGTERM and SIGINT stop the server in an orderly way; a second one at once.  A new
certificate is read within a minute, or at once after SIGHUP; connections stay.)";

/// Reads "HOST:PORT" or "[IPv6]:PORT" behind an option.
Address read_address(const std::string& option, std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    throw CLI::ValidationError(option + " wants HOST:PORT, for example 127.0.0.1:8470");
  }
  std::string_view host = text.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  const std::string_view number = text.substr(colon + 1);
  Address address{std::string(host), 0};
  const char* const end = number.data() + number.size();
  const auto [rest, error] = std::from_chars(number.data(), end, address.port);
  if (error != std::errc{} || rest != end) {
    throw CLI::ValidationError(
        option + ": the port is a number from 0 to 65535, for example 127.0.0.1:8470");
  }
  return address;
}

}  // namespace

std::optional<Config> read_command_line(int argc, const char* const* argv, int* exit_code) {
  Config config;
  std::string listen = "127.0.0.1:8470";
  std::string listen_plain;
  std::string data;
  std::string page;
  std::uint32_t log = 0;
  CLI::App app("Keeps the log of a learning society's titles and syncs it with devices.",
               "khuyenhoc-server");
  app.footer(footer);
  app.add_option("--data", data, "Directory of the server's data; made when missing")
      ->required()
      ->type_name("DIR");
  app.add_option("--listen", listen, "Address and port; port 0 takes a free one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--listen-plain", listen_plain,
                 "Speak plain text here, too, for browsers on this machine: a loopback address")
      ->type_name("HOST:PORT");
  app.add_option("--log", log, "Number of a new log, 1 by default; an existing one must have it")
      ->type_name("ID")
      ->check(CLI::PositiveNumber);
  app.add_option("--threads", config.threads, "Network threads; 0: one per core")
      ->type_name("N")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  app.add_option("--max-connections", config.connections_max, "Connections at the same time")
      ->type_name("N")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--lease-days", config.lease_days,
                 "Days without contact after which devices lock the names they hold")
      ->type_name("N")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  app.add_option("--quota-factor", config.quota_factor,
                 "Let devices put in so many times as much a day, while a log is filled from "
                 "somewhere else")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  std::uint64_t files_floor = 0;
  CLI::Option* const files_floor_option =
      app.add_option("--files-floor-mib", files_floor,
                     "Take photos only while so much of the disk stays free, in MiB; by default a "
                     "twentieth of the disk, at most 1 GiB, above the 64 MiB that the log needs")
          ->type_name("N")
          ->check(CLI::Range(std::uint64_t{64}, std::uint64_t{1} << 24U));
  std::string certificate;
  std::string key;
  int ping_seconds = 25;
  int write_seconds = 180;
  CLI::Option* const certificate_option =
      app.add_option("--tls-certificate", certificate,
                     "Speak TLS 1.3 with this certificate and those above it, PEM")
          ->type_name("FILE");
  CLI::Option* const key_option =
      app.add_option("--tls-key", key, "The private key of the certificate, PEM")
          ->type_name("FILE");
  certificate_option->needs(key_option);
  key_option->needs(certificate_option);
  app.add_flag("--allow-expired-certificate", config.allow_expired_certificate,
               "Start although no device will take the certificate: for repair");
  app.add_option("--ping-seconds", ping_seconds,
                 "Ping a new connection after so much silence, later ones more rarely")
      ->type_name("N")
      ->check(CLI::Range(1, 240))
      ->capture_default_str();
  app.add_option("--write-seconds", write_seconds,
                 "End a connection that takes nothing of what is sent to it for so long")
      ->type_name("N")
      ->check(CLI::Range(5, 3600))
      ->capture_default_str();
  app.add_flag("--allow-plain-text", config.allow_plain_text,
               "Listen beyond this machine without TLS, behind a proxy that speaks it");
  app.add_option("--moved-to", config.moved_to,
                 "The log has moved: take nothing in, and send devices to this address")
      ->type_name("URL")
      ->check([](const std::string& url) {
        const bool fits = url.starts_with("wss://") || url.starts_with("ws://");
        return fits && url.size() <= events::protocol::address_bytes_max
                   ? std::string()
                   : "an address begins with wss:// or ws://: " + url;
      });
  app.add_flag("--new-sealing-key", config.new_sealing_key,
               "Seal bundles to a new key from now on; those on the road still open");
  app.add_option("--page", page,
                 "Serve this folder as the page, while all addresses are of this machine: for who "
                 "works on the page")
      ->type_name("DIR");
  try {
    app.parse(argc, argv);
    config.listen = read_address("--listen", listen);
    if (!listen_plain.empty()) config.plain = read_address("--listen-plain", listen_plain);
  } catch (const CLI::ParseError& error) {
    *exit_code = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  config.data = data;
  config.page = page;
  config.tls_certificate = certificate;
  config.tls_key = key;
  config.ping_after = std::chrono::seconds(ping_seconds);
  config.write_timeout = std::chrono::seconds(write_seconds);
  if (files_floor_option->count() > 0) config.files_floor_mib = files_floor;
  if (log != 0) config.log = events::LogId{log};
  return config;
}

}  // namespace server
