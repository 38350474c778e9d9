#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bench {

/// Where a server is and how to trust it.
struct Endpoint {
  std::string url;
  std::string authorities{};  ///< In PEM; empty in plain text.
  std::string session{};      ///< TLS session to resume; empty for none.
};

/// A khuyenhoc-server of its own on a free port of this machine; ended with the object.
class ServerProcess {
 public:
  /// Starts the program that stands beside this one and waits until it listens.
  /// Expects: `data` is founded.
  /// `tls`: with a certificate of its own, which is made in `data`.
  /// `options`: more words of its command line.
  explicit ServerProcess(const std::filesystem::path& data, bool tls = false,
                         const std::vector<std::string>& options = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const Endpoint& endpoint() const { return endpoint_; }
  /// The same server seen through a relay of this machine.
  Endpoint through(std::uint16_t relay_port) const;
  std::uint16_t port() const { return port_; }
  pid_t process() const { return process_; }

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
  Endpoint endpoint_;
};

}  // namespace bench
