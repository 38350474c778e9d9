#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace e2e {

/// A TCP connection to a port of this machine that sends whatever bytes it is told to.
///
/// Thread: one at a time.
class RawSocket {
 public:
  enum class Read { some, closed, nothing };

  /// `from`: the address of this machine that it calls from, 127.0.0.1 or another of 127.0.0.0/8.
  explicit RawSocket(std::uint16_t port, const char* from = "127.0.0.1");
  ~RawSocket();
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  bool is_connected() const { return file_ >= 0; }
  /// Whether the kernel took all of it; false when the other side is gone.
  bool send(std::string_view bytes) const;
  /// Appends what comes next to `*target`; waits at most `limit`.
  Read read(std::string* target, std::chrono::milliseconds limit) const;
  /// Everything until the other side closes, or until `limit` has passed.
  std::string read_to_end(std::chrono::milliseconds limit, bool* closed = nullptr) const;
  /// Closes without a word.
  void cut();

 private:
  int file_ = -1;
};

/// The status of GET `target` on a fresh connection; 0 when nobody answers in time.
int http_status(std::uint16_t port, const std::string& target);

}  // namespace e2e
