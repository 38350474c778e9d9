#include "tools/link/relay.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <utility>

namespace link_emulator {

namespace net = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t packet_bytes = 1'200;
/// What a line's router keeps; above it the sender has to wait.
constexpr std::size_t queue_bytes = 8 * 1024;
/// So that kernels do not hide a second's worth of line in their buffers.
constexpr int socket_buffer_bytes = 8 * 1024;

void narrow(net::ip::tcp::socket& socket) {
  error_code ignored;
  socket.set_option(net::socket_base::receive_buffer_size(socket_buffer_bytes), ignored);
  socket.set_option(net::socket_base::send_buffer_size(socket_buffer_bytes), ignored);
}

}  // namespace

/// One connection through the line: two lanes that carry packets in order, each when it is due.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Relay& relay, net::ip::tcp::socket near)
      : relay_(relay),
        near_(std::move(near)),
        far_(relay.executor_),
        up_(relay, near_, far_, relay.up_, relay.carried_.up),
        down_(relay, far_, near_, relay.down_, relay.carried_.down) {
    if (relay.profile_.rate_bits != 0) narrow(near_);
    const std::uint64_t mean = relay.profile_.cut_bytes;
    if (mean != 0) {
      cut_at_ = static_cast<std::uint64_t>(-std::log(1 - relay.draw()) * static_cast<double>(mean));
    }
  }

  void start() {
    error_code refused;
    far_.open(relay_.target_.protocol(), refused);
    if (refused) return cut();
    // Before the handshake: a window that was promised and then taken back makes the kernel throw
    // packets away, and the line would stand still for seconds that no profile asks for.
    if (relay_.profile_.rate_bits != 0) narrow(far_);
    far_.async_connect(relay_.target_, [self = shared_from_this()](const error_code& error) {
      if (error) return self->cut();
      error_code ignored;
      self->near_.set_option(net::ip::tcp::no_delay(true), ignored);
      self->far_.set_option(net::ip::tcp::no_delay(true), ignored);
      // The handshake of TCP was answered here; on the line it costs a round trip, and what comes
      // first needs another half.
      self->up_.not_before(Relay::Clock::now() + 3 * self->relay_.profile_.delay);
      self->read(self->up_);
      self->read(self->down_);
    });
  }

  void cut() {
    const auto held = std::exchange(stalled_, nullptr);
    error_code ignored;
    // Not in order: a line that breaks says nothing more.
    near_.set_option(net::socket_base::linger(true, 0), ignored);
    near_.close(ignored);
    far_.close(ignored);
    up_.due.cancel();
    down_.due.cancel();
  }
  bool is_open() const { return near_.is_open(); }

  /// A direction may carry again.
  void go_on() {
    const auto held = std::exchange(stalled_, nullptr);
    read(up_);
    read(down_);
  }

 private:
  struct Packet {
    Relay::Clock::time_point arrives;
    std::vector<std::uint8_t> bytes;  ///< Empty: the sender has closed.
  };

  struct Lane {
    Lane(Relay& relay, net::ip::tcp::socket& sender, net::ip::tcp::socket& receiver,
         Relay::Direction& line, std::uint64_t& count)
        : from(sender), to(receiver), direction(line), carried(count), due(relay.executor_) {}

    void not_before(Relay::Clock::time_point moment) { first = moment; }

    net::ip::tcp::socket& from;
    net::ip::tcp::socket& to;
    Relay::Direction& direction;
    std::uint64_t& carried;
    net::steady_timer due;
    Relay::Clock::time_point first{};  ///< Nothing arrives before.
    Relay::Clock::time_point last{};   ///< Arrival of the packet before: none overtakes.
    std::deque<Packet> queue;
    std::size_t queued = 0;
    bool reading = false;
    bool writing = false;
    std::array<std::uint8_t, packet_bytes> buffer{};
  };

  void read(Lane& lane) {
    if (lane.reading || lane.queued >= queue_bytes || !is_open()) return;
    if (!far_.is_open()) return;
    if (lane.direction.is_stalled) {
      // Nothing is under way that would hold the connection while both directions are still.
      stalled_ = shared_from_this();
      return;
    }
    lane.reading = true;
    lane.from.async_read_some(
        net::buffer(lane.buffer),
        [this, &lane, self = shared_from_this()](const error_code& error, std::size_t size) {
          lane.reading = false;
          if (!is_open()) return;
          // Across a line that carries nothing nobody hears that the other side is gone.
          if (error && lane.direction.is_stalled) return;
          if (error && error != net::error::eof) return cut();
          take(lane, size);
          if (!error) read(lane);
        });
  }

  void take(Lane& lane, std::size_t size) {
    passed_ += size;
    if (cut_at_ != 0 && passed_ >= cut_at_) {
      ++relay_.carried_.cuts;
      return cut();
    }
    const std::uint64_t half_open = relay_.profile_.half_open_bytes;
    if (half_open != 0 && passed_ >= half_open) return;  // Swallowed, and nobody is told.
    Packet packet{std::max(relay_.carry(lane.direction, size), lane.first),
                  {lane.buffer.begin(), lane.buffer.begin() + static_cast<std::ptrdiff_t>(size)}};
    packet.arrives = lane.last = std::max(packet.arrives, lane.last);
    lane.queued += size;
    lane.queue.push_back(std::move(packet));
    deliver(lane);
  }

  void deliver(Lane& lane) {
    if (lane.writing || lane.queue.empty()) return;
    lane.writing = true;
    lane.due.expires_at(lane.queue.front().arrives);
    lane.due.async_wait([this, &lane, self = shared_from_this()](const error_code& error) {
      if (error || !is_open()) return;
      if (lane.queue.front().bytes.empty()) {
        error_code ignored;
        lane.to.shutdown(net::ip::tcp::socket::shutdown_send, ignored);
        lane.queue.pop_front();
        return;
      }
      net::async_write(lane.to, net::buffer(lane.queue.front().bytes),
                       [this, &lane, self](const error_code& failed, std::size_t size) {
                         if (failed || !is_open()) return cut();
                         lane.carried += size;
                         lane.queued -= size;
                         lane.queue.pop_front();
                         lane.writing = false;
                         deliver(lane);
                         read(lane);
                       });
    });
  }

  Relay& relay_;
  net::ip::tcp::socket near_;
  net::ip::tcp::socket far_;
  Lane up_;
  Lane down_;
  std::shared_ptr<Connection> stalled_;
  std::uint64_t passed_ = 0;
  std::uint64_t cut_at_ = 0;
};

Relay::Relay(net::any_io_executor executor, net::ip::tcp::acceptor acceptor,
             net::ip::tcp::endpoint target, const Profile& profile)
    : executor_(std::move(executor)),
      acceptor_(std::move(acceptor)),
      target_(std::move(target)),
      profile_(profile),
      random_(profile.seed),
      weather_(executor_) {
  if (profile_.rate_bits == 0) return;
  error_code ignored;
  // Sockets have it from here before their handshake.
  acceptor_.set_option(net::socket_base::receive_buffer_size(socket_buffer_bytes), ignored);
}

Relay::~Relay() { stop(); }

void Relay::start() {
  accept();
  plan_cut();
}

void Relay::stop() {
  if (is_over_) return;
  is_over_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  weather_.cancel();
  cut_all();
}

void Relay::cut_all() {
  for (const auto& weak : connections_) {
    if (const auto connection = weak.lock(); connection && connection->is_open()) {
      ++carried_.cuts;
      connection->cut();
    }
  }
  connections_.clear();
}

void Relay::stall(bool up, bool down) {
  up_.is_stalled = up;
  down_.is_stalled = down;
  for (const auto& weak : connections_) {
    if (const auto connection = weak.lock()) connection->go_on();
  }
}

void Relay::accept() {
  acceptor_.async_accept([this](const error_code& error, net::ip::tcp::socket socket) {
    if (is_over_ || error == net::error::operation_aborted) return;
    if (!error && is_up_) {
      ++carried_.connections;
      std::erase_if(connections_, [](const auto& weak) { return weak.expired(); });
      const auto connection = std::make_shared<Connection>(*this, std::move(socket));
      connections_.push_back(connection);
      connection->start();
    }
    accept();  // Without a line the socket is closed here.
  });
}

void Relay::plan_cut() {
  if (profile_.up.count() == 0) return;
  weather_.expires_after(about(profile_.up));
  weather_.async_wait([this](const error_code& error) {
    if (!error) go_down();
  });
}

void Relay::go_down() {
  is_up_ = false;
  cut_all();
  weather_.expires_after(about(profile_.down));
  weather_.async_wait([this](const error_code& error) {
    if (error) return;
    is_up_ = true;
    plan_cut();
  });
}

Relay::Clock::time_point Relay::carry(Direction& direction, std::size_t bytes) {
  const Clock::time_point now = Clock::now();
  Clock::time_point leaves = std::max(now, direction.free_at);
  if (profile_.rate_bits != 0) {
    const double bits = static_cast<double>(bytes) * 8 / (1 - profile_.overhead);
    leaves += std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(bits / static_cast<double>(profile_.rate_bits)));
  }
  direction.free_at = leaves;
  Clock::time_point arrives = leaves + profile_.delay;
  if (profile_.jitter.count() != 0) {
    arrives += std::chrono::duration_cast<Clock::duration>(draw() * profile_.jitter);
  }
  if (profile_.stall_chance > 0 && draw() < profile_.stall_chance) arrives += profile_.stall;
  return arrives;
}

double Relay::draw() { return std::uniform_real_distribution<double>(0, 1)(random_); }

Relay::Clock::duration Relay::about(std::chrono::milliseconds mean) {
  return std::chrono::duration_cast<Clock::duration>(-std::log(1 - draw()) * mean);
}

}  // namespace link_emulator
