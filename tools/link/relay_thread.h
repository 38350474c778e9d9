#pragma once

#include "tools/link/relay.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <string>
#include <thread>

namespace link_emulator {

/// A relay on a free port of this machine, to a server of this machine, on a thread of its own.
///
/// Thread: any.
class RelayThread {
 public:
  /// Throws: boost::system::system_error when there is no free port.
  RelayThread(std::uint16_t server_port, const Profile& profile);
  ~RelayThread();
  RelayThread(const RelayThread&) = delete;
  RelayThread& operator=(const RelayThread&) = delete;

  /// Where clients connect to: "ws://127.0.0.1:port".
  const std::string& url() const { return url_; }
  std::uint16_t port() const { return port_; }
  /// See Relay::stall.
  void stall(bool up, bool down);
  /// See Relay::cut_all.
  void cut_all();
  /// What came out of the line until now.
  Carried carried();

 private:
  boost::asio::io_context context_{1};
  Relay relay_;
  std::uint16_t port_;
  std::string url_;
  std::thread thread_;
};

}  // namespace link_emulator
