#pragma once

#include "events/base/ids.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace server {

/// Where to listen.
struct Address {
  std::string host;
  std::uint16_t port = 0;
};

/// What the operator chose.
struct Config {
  std::filesystem::path data;
  Address listen{"127.0.0.1", 8470};
  std::optional<Address> plain;      ///< Of this machine: where it speaks plain text beside TLS.
  std::optional<events::LogId> log;  ///< Of a new log, 1 by default; an existing one must have it.
  std::size_t threads = 0;           ///< Network threads; 0: one per core.
  std::size_t connections_max = 20'000;
  std::uint32_t lease_days = 45;  ///< Without contact devices lock the names they hold.
  bool allow_plain_text = false;
  std::filesystem::path tls_certificate;  ///< Empty: plain text.
  std::filesystem::path tls_key;
  bool allow_expired_certificate = false;
  std::chrono::seconds ping_after{25};      ///< Of silence, on a new connection.
  std::chrono::seconds write_timeout{180};  ///< For a reader that takes nothing.
  std::string moved_to;            ///< Address of the machine the log has moved to; or empty.
  std::uint64_t quota_factor = 1;  ///< Devices may put in so many times as much a day.
  std::optional<std::uint64_t> files_floor_mib;  ///< So much stays free when photos come in.
  bool new_sealing_key = false;                  ///< Bundles are sealed to a new key from now on.
  std::filesystem::path page;  ///< A folder that is served as the page; empty: what is built in.
};

/// Reads the command line.  On nothing the program ends with `*exit_code`: help or the mistake has
/// been printed.
std::optional<Config> read_command_line(int argc, const char* const* argv, int* exit_code);

}  // namespace server
