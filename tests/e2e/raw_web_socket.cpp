#include "tests/e2e/raw_web_socket.h"

#include "events/protocol/frame_codec.h"
#include "events/protocol/greeting_proof.h"

#include <algorithm>
#include <utility>

namespace e2e {

namespace protocol = events::protocol;

namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t mask_bit = 0x80;

std::uint8_t byte_at(const std::string& text, std::size_t index) {
  return static_cast<std::uint8_t>(text[index]);
}

}  // namespace

RawWebSocket::RawWebSocket(std::uint16_t port, std::string_view offered,
                           std::string_view more_heads)
    : socket_(port) {
  is_closed_ = !upgrade(offered, more_heads);
}

bool RawWebSocket::upgrade(std::string_view offered, std::string_view more_heads) {
  std::string request =
      "GET /s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  if (!offered.empty()) request.append("Sec-WebSocket-Protocol: ").append(offered).append("\r\n");
  socket_.send(request.append(more_heads) + "\r\n");
  const auto end = std::chrono::steady_clock::now() + answer_limit;
  while (unread_.find("\r\n\r\n") == std::string::npos) {
    if (socket_.read(&unread_, left_until(end)) != RawSocket::Read::some) return false;
  }
  const bool switched = unread_.starts_with("HTTP/1.1 101");
  upgrade_answer_ = unread_.substr(0, unread_.find("\r\n\r\n") + 4);
  unread_.erase(0, upgrade_answer_.size());
  return switched;
}

std::chrono::milliseconds RawWebSocket::left_until(std::chrono::steady_clock::time_point end) {
  const auto left = end - std::chrono::steady_clock::now();
  return std::max(std::chrono::milliseconds{0},
                  std::chrono::duration_cast<std::chrono::milliseconds>(left));
}

bool RawWebSocket::send_message(Kind kind, events::ByteView payload) const {
  std::string bytes;
  bytes += static_cast<char>(final_bit | static_cast<std::uint8_t>(kind));
  const std::size_t length_bytes = payload.size() < 126 ? 0 : payload.size() < 65536 ? 2 : 8;
  const std::size_t first = length_bytes == 0 ? payload.size() : length_bytes == 2 ? 126 : 127;
  bytes += static_cast<char>(mask_bit | first);
  for (std::size_t index = length_bytes; index > 0; --index) {
    bytes += static_cast<char>((payload.size() >> (8 * (index - 1))) & 0xFFU);
  }
  bytes.append(4, '\0');  // A mask of zeros leaves the bytes as they are.
  bytes.append(reinterpret_cast<const char*>(payload.data()), payload.size());
  return socket_.send(bytes);
}

void RawWebSocket::answer_with(events::SigningKey key,
                               const std::optional<protocol::Hello>& offered) {
  key_.emplace(std::move(key));
  if (offered) hello_ = offered;
}

void RawWebSocket::answer(const protocol::Welcome& welcome) {
  const auto challenge = protocol::challenge_of(welcome);
  if (challenge && key_ && hello_) send(protocol::sign_answer(*hello_, *challenge, *key_));
}

bool RawWebSocket::send(std::span<const protocol::Message> frames) {
  for (const protocol::Message& frame : frames) {
    if (const auto* const hello = std::get_if<protocol::Hello>(&frame)) hello_ = *hello;
  }
  return std::ranges::all_of(frames, [this](const protocol::Message& frame) {
    return send_bytes(protocol::encode_frame(frame));
  });
}

bool RawWebSocket::take_frame() {
  if (unread_.size() < 2) return false;
  const std::uint8_t head = byte_at(unread_, 0);
  std::size_t start = 2;
  std::size_t length = byte_at(unread_, 1) & 0x7FU;
  if (length >= 126) {
    const std::size_t length_bytes = length == 126 ? 2 : 8;
    if (unread_.size() < start + length_bytes) return false;
    length = 0;
    for (std::size_t index = 0; index < length_bytes; ++index) {
      length = (length << 8U) | byte_at(unread_, start + index);
    }
    start += length_bytes;
  }
  if (unread_.size() < start + length) return false;
  const events::ByteView payload =
      events::bytes_of(std::string_view(unread_)).subspan(start, length);
  const auto kind = static_cast<Kind>(head & 0x0FU);
  if (kind == Kind::close) {
    is_closed_ = true;
    if (payload.size() >= 2) close_code_ = (payload[0] << 8U) | payload[1];
  } else if (kind == Kind::ping) {
    send_message(Kind::pong, payload);
  } else if (kind != Kind::pong) {
    events::append_bytes(message_, payload);
  }
  if ((head & final_bit) != 0 && !message_.empty()) {
    const auto frames = protocol::read_frames(message_);
    if (frames) frames_.insert(frames_.end(), frames->begin(), frames->end());
    if (frames) {
      for (const protocol::Message& frame : *frames) {
        if (const auto* const welcome = std::get_if<protocol::Welcome>(&frame)) answer(*welcome);
      }
    }
    if (!frames) is_closed_ = true;  // Whoever waits for frames gets none.
    message_.clear();
  }
  unread_.erase(0, start + length);
  return true;
}

std::optional<protocol::Message> RawWebSocket::next(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (frames_.empty() && !is_closed_) {
    if (take_frame()) continue;
    const RawSocket::Read read = socket_.read(&unread_, left_until(end));
    if (read == RawSocket::Read::nothing) return std::nullopt;
    if (read == RawSocket::Read::closed) is_closed_ = true;
  }
  if (frames_.empty()) return std::nullopt;
  protocol::Message frame = std::move(frames_.front());
  frames_.pop_front();
  return frame;
}

std::vector<protocol::Message> RawWebSocket::rest(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  std::vector<protocol::Message> frames;
  while (auto frame = next(left_until(end))) frames.push_back(std::move(*frame));
  return frames;
}

void RawWebSocket::cut() {
  socket_.cut();
  is_closed_ = true;
}

}  // namespace e2e
