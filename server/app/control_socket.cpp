#include "server/app/control_socket.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace server {

namespace net = boost::asio;
namespace json = boost::json;
using events::Error;
using events::ErrorCode;
using events::Result;
using local = net::local::stream_protocol;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t request_bytes_max = 64 * 1024;
/// Lists of all tokens, or of all devices of a log that takes back what it lost.
constexpr std::size_t answer_bytes_max = 16 * 1024 * 1024;
/// How long to wait when there are no file descriptors left.
constexpr std::chrono::milliseconds accept_pause{100};

/// Names the socket by way of its directory: addresses of sockets are at most 107 bytes long, paths
/// of data directories are not.
class SocketAddress {
 public:
  explicit SocketAddress(const std::filesystem::path& data)
      : directory_(::open(data.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}
  SocketAddress(const SocketAddress&) = delete;
  SocketAddress& operator=(const SocketAddress&) = delete;
  ~SocketAddress() {
    if (directory_ >= 0) ::close(directory_);
  }
  bool is_there() const { return directory_ >= 0; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(directory_) + "/control"; }

 private:
  int directory_;
};

/// Waits until the socket can be read or written; `until` none: as long as it takes.
bool is_ready(local::socket& socket, short wanted, std::optional<Clock::time_point> until) {
  for (;;) {
    int milliseconds = -1;
    if (until) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - Clock::now());
      milliseconds = std::max(0, static_cast<int>(left.count()));
    }
    pollfd file{socket.native_handle(), wanted, 0};
    const int ready = ::poll(&file, 1, milliseconds);
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

bool must_wait(const boost::system::error_code& error) {
  return error == net::error::would_block || error == net::error::try_again;
}

/// False: the other side has left, or takes nothing for so long.
bool send_line(local::socket& socket, const json::object& line,
               std::chrono::milliseconds patience) {
  const std::string text = json::serialize(line) + "\n";
  for (std::size_t sent = 0; sent < text.size();) {
    if (!is_ready(socket, POLLOUT, Clock::now() + patience)) return false;
    boost::system::error_code error;
    sent += socket.write_some(net::buffer(text.data() + sent, text.size() - sent), error);
    if (error && !must_wait(error)) return false;
  }
  return true;
}

json::object in_json(const Error& error) {
  json::object line;
  line["error"] = static_cast<std::uint32_t>(error.code);
  line["message"] = error.message;
  return line;
}

/// `buffer`: what came behind the line before.
Result<json::object> read_line(local::socket& socket, std::string& buffer, std::size_t bytes_max,
                               std::optional<Clock::time_point> until) {
  std::size_t end = buffer.find('\n');
  while (end == std::string::npos) {
    if (buffer.size() >= bytes_max) {
      return Error{ErrorCode::too_large, "control socket: a line is too long"};
    }
    if (!is_ready(socket, POLLIN, until)) {
      return Error{ErrorCode::io_failed, "control socket: no line came in time"};
    }
    std::array<char, 16 * 1024> piece;
    boost::system::error_code error;
    const std::size_t size = socket.read_some(net::buffer(piece), error);
    if (error && !must_wait(error)) {
      return Error{ErrorCode::io_failed, "control socket: " + error.message()};
    }
    end = std::string_view(piece.data(), size).find('\n');
    if (end != std::string::npos) end += buffer.size();
    buffer.append(piece.data(), size);
  }
  boost::system::error_code error;
  json::value value = json::parse(buffer.substr(0, end), error);
  buffer.erase(0, end + 1);
  if (error || !value.is_object()) {
    return Error{ErrorCode::malformed, "control socket: not a line of JSON"};
  }
  return std::move(value.as_object());
}

}  // namespace

struct ControlSocket::Parts {
  std::filesystem::path data;
  Serve serve;
  std::chrono::milliseconds patience;
  net::io_context context;
  local::acceptor acceptor{context};
  net::steady_timer pause{context};
  std::thread thread;

  void accept() {
    acceptor.async_accept([this](boost::system::error_code error, local::socket socket) {
      if (!acceptor.is_open()) return;
      if (error) return accept_later();
      answer(std::move(socket));
      accept();
    });
  }

  void accept_later() {
    pause.expires_after(accept_pause);
    pause.async_wait([this](boost::system::error_code error) {
      if (!error) accept();
    });
  }

  void close() {
    acceptor.close();
    pause.cancel();
  }

  void answer(local::socket socket) {
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    const auto say = [&](const json::object& line) { return send_line(socket, line, patience); };
    std::string buffer;
    const Result<json::object> request =
        read_line(socket, buffer, request_bytes_max, Clock::now() + patience);
    if (!request) return static_cast<void>(say(in_json(request.error())));
    bool is_heard = true;  // Who asked may leave; the work goes on.
    const OnProgress tell = [&](const char* what, std::uint64_t done, std::uint64_t all) {
      if (!is_heard) return;
      json::object line;
      line["progress"] = what;
      line["done_units"] = done;
      line["all_units"] = all;
      is_heard = say(line);
    };
    const Result<json::object> done = serve(*request, tell);
    if (!is_heard) return;
    json::object line;
    if (done) line["done"] = *done;
    say(done ? line : in_json(done.error()));
  }
};

ControlSocket::ControlSocket(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

ControlSocket::~ControlSocket() {
  net::post(parts_->context, [this] { parts_->close(); });
  parts_->thread.join();
  std::error_code ignored;
  std::filesystem::remove(parts_->data / "control", ignored);
}

Result<std::unique_ptr<ControlSocket>> ControlSocket::open(const std::filesystem::path& data,
                                                           Serve serve,
                                                           std::chrono::milliseconds patience) {
  auto parts = std::make_unique<Parts>();
  parts->data = data;
  parts->serve = std::move(serve);
  parts->patience = patience;
  std::error_code ignored;
  std::filesystem::remove(data / "control", ignored);  // Of a server that was killed.
  const SocketAddress address(data);
  boost::system::error_code error;
  parts->acceptor.open(local(), error);
  if (!error) parts->acceptor.bind(local::endpoint(address.path()), error);
  if (!error && ::chmod((data / "control").c_str(), S_IRUSR | S_IWUSR) != 0) {
    error.assign(errno, boost::system::system_category());
  }
  if (!error) parts->acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    return Error{ErrorCode::io_failed, (data / "control").string() + ": " + error.message()};
  }
  parts->accept();
  parts->thread = std::thread([&running = *parts] { running.context.run(); });
  return std::unique_ptr<ControlSocket>(new ControlSocket(std::move(parts)));
}

Result<json::object> ask_running_server(const std::filesystem::path& data,
                                        const json::object& request,
                                        const OnProgress& on_progress) {
  const SocketAddress address(data);
  net::io_context context;
  local::socket socket(context);
  boost::system::error_code error;
  if (address.is_there()) socket.connect(local::endpoint(address.path()), error);
  if (!address.is_there() || error) {
    return Error{ErrorCode::not_found, "no server runs on " + data.string()};
  }
  send_line(socket, request, ControlSocket::patience_usual);
  std::string buffer;
  for (;;) {
    Result<json::object> line = read_line(socket, buffer, answer_bytes_max, std::nullopt);
    if (!line) return line.error();
    if (const json::value* const done = line->if_contains("done")) return done->as_object();
    if (const json::value* const code = line->if_contains("error")) {
      return Error{static_cast<ErrorCode>(code->to_number<std::uint16_t>()),
                   std::string(line->at("message").as_string())};
    }
    if (!on_progress || !line->contains("progress")) continue;
    on_progress(line->at("progress").as_string().c_str(),
                line->at("done_units").to_number<std::uint64_t>(),
                line->at("all_units").to_number<std::uint64_t>());
  }
}

}  // namespace server
