#include "server/app/control_socket.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
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

constexpr std::size_t line_bytes_max = 64 * 1024;
/// A request is one short line; whoever opens the socket and says nothing must not block it.
constexpr timeval request_patience{5, 0};

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

void send_line(local::socket& socket, const json::object& line) {
  boost::system::error_code ignored;  // Who asked may have left; the work goes on.
  net::write(socket, net::buffer(json::serialize(line) + "\n"), ignored);
}

json::object in_json(const Error& error) {
  json::object line;
  line["error"] = static_cast<std::uint32_t>(error.code);
  line["message"] = error.message;
  return line;
}

Result<json::object> read_line(local::socket& socket, std::string& buffer) {
  boost::system::error_code error;
  const std::size_t size =
      net::read_until(socket, net::dynamic_buffer(buffer, line_bytes_max), '\n', error);
  if (error) return Error{ErrorCode::io_failed, "control socket: " + error.message()};
  json::value value = json::parse(buffer.substr(0, size), error);
  buffer.erase(0, size);
  if (error || !value.is_object()) {
    return Error{ErrorCode::malformed, "control socket: not a line of JSON"};
  }
  return std::move(value.as_object());
}

}  // namespace

struct ControlSocket::Parts {
  std::filesystem::path data;
  Serve serve;
  net::io_context context;
  local::acceptor acceptor{context};
  std::thread thread;

  void accept() {
    acceptor.async_accept([this](boost::system::error_code error, local::socket socket) {
      if (error) return;
      answer(std::move(socket));
      accept();
    });
  }

  void answer(local::socket socket) {
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &request_patience,
                 sizeof request_patience);
    std::string buffer;
    const Result<json::object> request = read_line(socket, buffer);
    if (!request) return send_line(socket, in_json(request.error()));
    const OnProgress tell = [&](const char* what, std::uint64_t done, std::uint64_t all) {
      json::object line;
      line["progress"] = what;
      line["done_units"] = done;
      line["all_units"] = all;
      send_line(socket, line);
    };
    const Result<json::object> done = serve(*request, tell);
    if (!done) return send_line(socket, in_json(done.error()));
    json::object line;
    line["done"] = *done;
    send_line(socket, line);
  }
};

ControlSocket::ControlSocket(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

ControlSocket::~ControlSocket() {
  net::post(parts_->context, [this] { parts_->acceptor.close(); });
  parts_->thread.join();
  std::error_code ignored;
  std::filesystem::remove(parts_->data / "control", ignored);
}

Result<std::unique_ptr<ControlSocket>> ControlSocket::open(const std::filesystem::path& data,
                                                           Serve serve) {
  auto parts = std::make_unique<Parts>();
  parts->data = data;
  parts->serve = std::move(serve);
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
  send_line(socket, request);
  std::string buffer;
  for (;;) {
    Result<json::object> line = read_line(socket, buffer);
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
