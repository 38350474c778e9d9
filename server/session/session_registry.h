#pragma once

#include "events/base/ids.h"
#include "events/protocol/messages.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

namespace server {

/// The connections that are there, to say goodbye to all of them, and which of them speaks for
/// each chain: the newest wins, so that a connection that died unnoticed does not stand in the way.
///
/// Thread: any.  Goodbyes are called from the thread that brings them about; they must only pass
///         it on.
class SessionRegistry {
 public:
  /// Tells the peer.  The second one ends the connection, whether the peer has read the first or
  /// not.
  using Goodbye = std::function<void(events::protocol::GoawayReason)>;

  /// False when `sessions_max` are there: the caller closes the connection.
  bool enter(std::uint64_t session, Goodbye goodbye, std::size_t sessions_max);
  /// `session` wants to speak for `chain`.  Of two that do, the one with the smaller number is told
  /// that it was replaced, whichever came here first: numbers ascend with the connections.
  void claim(std::uint64_t session, events::ChainNumber chain);
  void leave(std::uint64_t session, events::ChainNumber chain);
  void goodbye_all(events::protocol::GoawayReason reason);

  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::uint64_t, Goodbye> sessions_;
  std::map<std::uint32_t, std::uint64_t> speakers_;  // Session by chain.
};

}  // namespace server
