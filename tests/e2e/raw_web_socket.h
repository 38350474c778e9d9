#pragma once

#include "events/base/bytes.h"
#include "events/crypto/signature.h"
#include "events/protocol/messages.h"
#include "tests/e2e/raw_socket.h"

#include <chrono>
#include <deque>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace e2e {

/// How long a test waits for an answer that must come; far above what a loaded machine needs.
inline constexpr std::chrono::seconds answer_limit{30};

/// A WebSocket connection at /s that may break every rule.  Pings are answered while it reads.
///
/// State: open until the other side closes or `cut`.
/// Thread: one at a time.
class RawWebSocket {
 public:
  enum class Kind : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

  /// Connects and upgrades; closed at once when that does not succeed.
  /// `offered`: value of Sec-WebSocket-Protocol, none when empty.
  /// `more_heads`: further lines of the request, each with its "\r\n".
  explicit RawWebSocket(std::uint16_t port, std::string_view offered = "",
                        std::string_view more_heads = "");

  bool is_closed() const { return is_closed_; }
  /// The head of the server's answer to the upgrade.
  const std::string& upgrade_answer() const { return upgrade_answer_; }
  /// RFC 6455 7.4: why the other side closed; 0 when it did not say.
  unsigned close_code() const { return close_code_; }
  /// From now on the challenge in WELCOME is answered with this key, behind the last HELLO that was
  /// sent; `offered`: one that went with the upgrade.
  void answer_with(events::SigningKey key,
                   const std::optional<events::protocol::Hello>& offered = std::nullopt);
  /// One WebSocket message.
  bool send_message(Kind kind, events::ByteView payload) const;
  bool send_bytes(const events::Bytes& bytes) const { return send_message(Kind::binary, bytes); }
  /// CS/1 frames, each as a message of its own.
  bool send(std::span<const events::protocol::Message> frames);
  bool send(const events::protocol::Message& frame) { return send({&frame, 1}); }
  /// Bytes below the WebSocket's own framing.
  bool send_raw(std::string_view bytes) const { return socket_.send(bytes); }

  /// The next CS/1 frame; nothing when none came in time or the other side closed.
  std::optional<events::protocol::Message> next(std::chrono::milliseconds limit = answer_limit);
  /// The next frame of one kind, passing over others; nothing when the connection ends first.
  template <class T>
  std::optional<T> next_of(std::chrono::milliseconds limit = answer_limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < end) {
      const auto frame = next(left_until(end));
      if (!frame) return std::nullopt;
      if (const T* const wanted = std::get_if<T>(&*frame)) return *wanted;
    }
    return std::nullopt;
  }
  /// All frames until the other side closes.
  std::vector<events::protocol::Message> rest(std::chrono::milliseconds limit = answer_limit);
  void cut();

 private:
  static std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point end);
  bool upgrade(std::string_view offered, std::string_view more_heads);
  /// Takes one WebSocket frame off what was read; false when none is whole.
  bool take_frame();
  void answer(const events::protocol::Welcome& welcome);

  RawSocket socket_;
  std::string upgrade_answer_;
  std::string unread_;
  events::Bytes message_;  ///< Of fragments so far.
  std::deque<events::protocol::Message> frames_;
  std::optional<events::SigningKey> key_;
  std::optional<events::protocol::Hello> hello_;
  bool is_closed_ = false;
  unsigned close_code_ = 0;
};

}  // namespace e2e
