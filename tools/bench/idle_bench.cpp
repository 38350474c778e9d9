#include "events/base/check.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/greeting_proof.h"
#include "events/protocol/upgrade.h"
#include "platform/net/tls_client.h"
#include "tools/bench/many_devices.h"
#include "tools/bench/measure.h"
#include "tools/bench/pusher.h"
#include "tools/bench/server_process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bench {
namespace {

namespace protocol = events::protocol;

/// Connections before the first look at the memory: what the first ones need is not theirs alone.
constexpr std::uint64_t warm = 100;

/// A device's connection at its barest: greets, reads until it has everything, and is silent.
class SilentPeer {
 public:
  SilentPeer(const Endpoint& server, std::uint16_t port, network::TlsClient* tls) {
    file_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(file_ >= 0 && connect(file_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
          "the server listens, and this process may have so many files");
    if (tls == nullptr) return;
    ssl_ = tls->connect("127.0.0.1", server.session);
    SSL_set_mode(ssl_.get(), SSL_MODE_RELEASE_BUFFERS);
    SSL_set_fd(ssl_.get(), file_);
    CHECK(SSL_do_handshake(ssl_.get()) == 1, "the server speaks TLS 1.3");
  }
  ~SilentPeer() { close(file_); }
  SilentPeer(const SilentPeer&) = delete;
  SilentPeer& operator=(const SilentPeer&) = delete;

  std::optional<protocol::ChannelBinding> binding() const {
    if (!ssl_) return std::nullopt;
    using protocol::binding_label;
    protocol::ChannelBinding binding;
    SSL_export_keying_material(ssl_.get(), binding.bytes.data(), binding.bytes.size(),
                               binding_label.data(), binding_label.size(), nullptr, 0, 0);
    return binding;
  }

  /// Greets and returns the last MARK and the scope.
  std::pair<protocol::Cursor, std::uint64_t> greet(const protocol::Hello& hello,
                                                   const events::SigningKey& key) {
    write(
        "GET /s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: " +
        protocol::offered_subprotocols(protocol::encode_frame(hello)) + "\r\n\r\n");
    std::string unread;
    while (unread.find("\r\n\r\n") == std::string::npos) read(unread);
    unread.erase(0, unread.find("\r\n\r\n") + 4);
    std::pair<protocol::Cursor, std::uint64_t> known;
    for (;;) {
      const events::Bytes message = take_message(unread);
      const auto frames = protocol::read_frames(message);
      CHECK(frames, "the server sends frames");
      for (const protocol::Message& frame : *frames) {
        CHECK(!std::holds_alternative<protocol::ErrorFrame>(frame), "the device is let in");
        if (const auto* const welcome = std::get_if<protocol::Welcome>(&frame)) {
          known.second = protocol::scope_digest_of(welcome->scope);
          if (const auto challenge = protocol::challenge_of(*welcome)) {
            send_message(protocol::encode_frame(protocol::sign_answer(hello, *challenge, key)));
          }
        }
        const auto* const mark = std::get_if<protocol::Mark>(&frame);
        if (mark == nullptr || !mark->caught_up) continue;
        known.first = mark->upto;
        return known;
      }
    }
  }

 private:
  void write(const std::string& bytes) {
    const int size = static_cast<int>(bytes.size());
    const auto written = ssl_ ? SSL_write(ssl_.get(), bytes.data(), size)
                              : send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    CHECK(written == size, "the server reads");
  }

  /// A WebSocket message of at most 125 bytes; a mask of zeros leaves them as they are.
  void send_message(const events::Bytes& payload) {
    CHECK(payload.size() < 126, "an answer is short");
    std::string bytes{static_cast<char>(0x82), static_cast<char>(0x80U | payload.size())};
    bytes.append(4, '\0');
    bytes.append(payload.begin(), payload.end());
    write(bytes);
  }

  void read(std::string& target) {
    std::array<char, 16 * 1024> buffer;
    const auto size = ssl_ ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))
                           : recv(file_, buffer.data(), buffer.size(), 0);
    CHECK(size > 0, "the server answers");
    target.append(buffer.data(), static_cast<std::size_t>(size));
  }

  /// The payload of the next WebSocket message: in one piece, not masked.
  events::Bytes take_message(std::string& unread) {
    const auto byte = [&](std::size_t index) { return static_cast<std::uint8_t>(unread[index]); };
    for (;;) {
      const std::size_t short_length = unread.size() < 2 ? 0 : byte(1) & 0x7FU;
      const std::size_t head = short_length == 126 ? 4 : 2;
      if (unread.size() >= std::max<std::size_t>(2, head)) {
        const std::size_t length =
            short_length == 126 ? std::size_t{byte(2)} << 8U | byte(3) : short_length;
        if (unread.size() >= head + length) {
          const events::ByteView payload = events::bytes_of(unread).subspan(head, length);
          events::Bytes message(payload.begin(), payload.end());
          unread.erase(0, head + length);
          return message;
        }
      }
      read(unread);
    }
  }

  int file_ = -1;
  network::SslPointer ssl_;
};

double resident_bytes(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/statm");
  double pages = 0;
  double resident = 0;
  CHECK(file >> pages >> resident, "the server runs");
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void allow_files(std::uint64_t count) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::max<rlim_t>(files.rlim_cur, count + 200);
  files.rlim_max = std::max(files.rlim_max, files.rlim_cur);
  CHECK(setrlimit(RLIMIT_NOFILE, &files) == 0, "this user may open a file for each connection");
}

Figure measure_server(const std::filesystem::path& data, std::uint64_t count, bool tls) {
  const ServerProcess server(data, tls, {"--ping-seconds", "240"});
  const auto client = network::TlsClient::make(server.endpoint().authorities);
  CHECK(client, "the certificate was just made");
  std::vector<std::unique_ptr<SilentPeer>> peers;
  std::pair<protocol::Cursor, std::uint64_t> known{};
  const auto connect_one = [&](std::uint64_t number, const protocol::Cursor& cursor) {
    auto peer = std::make_unique<SilentPeer>(server.endpoint(), server.port(),
                                             tls ? client->get() : nullptr);
    protocol::Hello hello = hello_of_device(number);
    hello.cursor = cursor;
    hello.scope_digest = known.second;
    hello.live = true;
    protocol::sign(hello, key_of_device(number), peer->binding());
    known = peer->greet(hello, key_of_device(number));
    return peer;
  };
  connect_one(0, {});  // To learn the cursor and the scope that all of them have.
  for (std::uint64_t number = 0; number < warm; ++number) {
    peers.push_back(connect_one(number, known.first));
  }
  const double before = resident_bytes(server.process());
  for (std::uint64_t number = warm; number < count; ++number) {
    peers.push_back(connect_one(number, known.first));
  }
  const double grown = resident_bytes(server.process()) - before;
  return {.name = tls ? "idle_tls_memory" : "idle_memory",
          .value = grown / static_cast<double>(count - warm) / 1024,
          .unit = "KiB",
          .target = tls ? 32.0 : 16.0,
          .at_least = false,
          .note = "of the server for each of " + std::to_string(count) +
                  " silent live connections; the kernel's not counted"};
}

}  // namespace

std::vector<Figure> measure_idle(const Effort& effort) {
  allow_files(effort.idle_connections);
  Corpus corpus;
  const std::filesystem::path data = effort.directory / "idle-server";
  found_server_data(data, corpus, [&](server::Pipeline& pipeline) {
    enrol_devices(corpus, pipeline, effort.idle_connections);
  });
  std::vector<Figure> figures;
  for (const bool tls : {false, true}) {
    figures.push_back(measure_server(data, effort.idle_connections, tls));
  }
  return figures;
}

}  // namespace bench
