#pragma once

#include "server/base/peer_address.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace server {

/// What strangers and devices were refused, one line for each kind, address and reason a minute
/// with a count, however often it happens: whoever wants to fill the log with rubbish gets a
/// number.
///
/// Memory: `rows_max` rows; what does not fit counts as "others".
/// Thread: any.
class SecurityLog {
 public:
  static constexpr std::size_t rows_max = 1'024;

  /// One line of the log.
  struct Line {
    std::string kind;     ///< "refused_greeting", "refused_code", "bundle_refused", "full", …
    std::string address;  ///< "others" for what did not fit.
    std::string reason;   ///< Name of an error code, or a word.
    std::uint64_t count = 0;
    std::uint32_t chain = 0;  ///< The last that was named; 0: none.
  };

  void note(std::string_view kind, const PeerAddress& address, std::string_view reason,
            std::uint32_t chain = 0);
  /// Everything since the last call, the most frequent first.
  std::vector<Line> take();
  /// Writes what take() gives.
  void write();

 private:
  struct Key {
    std::string kind;
    std::string address;
    std::string reason;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Count {
    std::uint64_t count = 0;
    std::uint32_t chain = 0;
  };

  std::mutex mutex_;
  std::map<Key, Count> rows_;
};

}  // namespace server
