#pragma once

#include "events/base/ids.h"
#include "events/log/event_log.h"
#include "events/log/scope.h"
#include "server/commit/ports.h"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

namespace server {

/// Readers that have everything and wait for more.  Each is woken once and then reads from its own
/// cursor until it has everything again; nothing is queued for anybody, so a slow reader costs
/// nothing and a busy log wakes nobody twice.
///
/// Thread: any.
class Subscriptions {
 public:
  using Id = std::uint64_t;
  /// Told which access version is the newest.
  using Wake = std::function<void(std::uint64_t access_version)>;

  struct Waiter {
    events::ReaderScope scope;
    events::Position head;           ///< Of the log, as the reader last saw it.
    std::uint64_t access_version{};  ///< That the reader's scope was computed from.
    Wake wake;                       ///< Called once, from any thread; must not block.
  };

  /// Wakes `waiter` at the next commit that it may see or that changes who may see what; at once
  /// when that has happened since it looked.
  Id wait(Waiter waiter);
  /// The waiter is not woken any more; it may have been meanwhile.
  void cancel(Id id);
  /// Wakes whom `commit` concerns.
  void committed(const Commit& commit);

  std::size_t waiting() const;

 private:
  mutable std::mutex mutex_;
  std::map<Id, Waiter> waiting_;
  Id last_id_ = 0;
  events::Position head_;
  std::uint64_t access_version_ = 0;
};

}  // namespace server
