#pragma once

#include "tests/e2e/child_process.h"
#include "tools/bench/certificate.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace e2e {

/// A khuyenhoc-server on a free port of this machine; killed with the object.
///
/// Thread: one at a time; `kill9` from any.
class ServerChild {
 public:
  /// Starts it and waits until it listens or has ended.
  /// `crash_at`: KHUYENHOC_CRASH_AT, see server/commit/crash_point.h.
  /// `options`: of its command line, beside where the data is and where to listen.
  /// `program`: khuyenhoc-server, or the same of another build.
  explicit ServerChild(std::filesystem::path data, const std::string& crash_at = "",
                       std::vector<std::string> options = {},
                       const std::string& program = "khuyenhoc-server");
  /// One that speaks TLS.
  ServerChild(std::filesystem::path data, const bench::Certificate& certificate);

  /// Whether it came as far as listening.
  bool listens() const { return port_ != 0; }
  bool is_running() { return process_.is_running(); }
  std::uint16_t port() const { return port_; }
  /// Of --listen-plain; 0 without that option.
  std::uint16_t plain_port() const;
  std::string url() const { return url_of(port_); }
  /// The same server seen through another port of this machine.
  std::string url_of(std::uint16_t port) const;
  const std::filesystem::path& data() const { return data_; }

  /// The code of the first administrator; empty when the log is founded.
  std::string founding_code() const;
  /// What it wrote to its standard error.
  std::string errors() const { return process_.errors(); }

  void terminate() const;  ///< SIGTERM, without waiting.
  void kill9() const;      ///< SIGKILL, without waiting.
  /// How it ended; nothing when it still runs after `limit`.
  std::optional<Ending> wait(std::chrono::milliseconds limit) { return process_.wait(limit); }
  /// SIGHUP: read the certificate again.
  void hang_up() const;
  /// SIGTERM and its orderly end, which must come within 20 seconds.
  Ending stop();

 private:
  std::filesystem::path data_;
  bool tls_;
  ChildProcess process_;
  std::uint16_t port_ = 0;
};

}  // namespace e2e
