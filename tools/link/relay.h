#pragma once

#include "tools/link/profile.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

namespace link_emulator {

class Connection;

/// Bytes that came out of the line, of all connections so far.
struct Carried {
  std::uint64_t up = 0;           ///< From those who connect to the relay.
  std::uint64_t down = 0;         ///< Back to them.
  std::uint64_t connections = 0;  ///< That were let through.
  std::uint64_t cuts = 0;
};

/// A TCP relay that behaves like a bad line: connections to it are carried on to `target`.  The
/// line is shared by all connections, as a village shares its mast.
///
/// State: up or down; when the line's two directions are free again.
/// Memory: at most about 32 KiB a connection; what does not fit waits in the sender's kernel.
/// Thread: all of it on one executor that runs one handler at a time.
class Relay {
 public:
  Relay(boost::asio::any_io_executor executor, boost::asio::ip::tcp::acceptor acceptor,
        boost::asio::ip::tcp::endpoint target, const Profile& profile);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  void start();
  /// Cuts everything and takes no more.
  void stop();
  /// Cuts what is connected now; new connections are let through.
  void cut_all();

  /// From now on nothing new passes in these directions, and nobody is told; what waits goes on
  /// when the direction is free again.
  void stall(bool up, bool down);

  const Carried& carried() const { return carried_; }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  friend class Connection;
  using Clock = std::chrono::steady_clock;

  /// One direction of the line.
  struct Direction {
    Clock::time_point free_at;  ///< When the next packet can begin to leave.
    bool is_stalled = false;
  };

  void accept();
  void plan_cut();
  void go_down();
  /// When a packet of `bytes` arrives that begins now; takes the line for it.
  Clock::time_point carry(Direction& direction, std::size_t bytes);
  double draw();
  Clock::duration about(std::chrono::milliseconds mean);

  boost::asio::any_io_executor executor_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::endpoint target_;
  Profile profile_;
  std::mt19937_64 random_;
  boost::asio::steady_timer weather_;
  bool is_up_ = true;
  bool is_over_ = false;
  Direction up_;
  Direction down_;
  std::vector<std::weak_ptr<Connection>> connections_;
  Carried carried_;
};

}  // namespace link_emulator
