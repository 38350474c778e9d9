#pragma once

#include "server/base/peer_address.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <utility>

namespace server {

/// The memory that bodies of requests may take while they come in, all together and those of one
/// address.  What a body announces costs nothing; what has come does.
///
/// Thread: any.
class BodyRoom {
 public:
  static constexpr std::size_t all_max = std::size_t{64} << 20U;
  static constexpr std::size_t of_one_max = std::size_t{16} << 20U;

  /// What one body holds, as long as it lives.
  class Share {
   public:
    Share(BodyRoom& room, PeerAddress address) : room_(room), address_(std::move(address)) {}
    ~Share() { room_.return_blocks(address_, bytes_); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    /// The body has so many bytes now.  False: there is no room for them.
    bool grow_to(std::size_t bytes);

   private:
    BodyRoom& room_;
    PeerAddress address_;
    std::size_t bytes_ = 0;
  };

  std::size_t bytes() const;

 private:
  bool take(const PeerAddress& address, std::size_t bytes);
  void return_blocks(const PeerAddress& address, std::size_t bytes);

  mutable std::mutex mutex_;
  std::size_t all_ = 0;
  std::map<PeerAddress, std::size_t> of_address_;
};

}  // namespace server
