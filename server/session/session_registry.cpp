#include "server/session/session_registry.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace server {

bool SessionRegistry::enter(std::uint64_t session, Goodbye goodbye, std::size_t sessions_max) {
  const std::scoped_lock lock(mutex_);
  if (sessions_.size() >= sessions_max) return false;
  sessions_.emplace(session, std::move(goodbye));
  return true;
}

void SessionRegistry::claim(std::uint64_t session, events::ChainNumber chain) {
  Goodbye replaced;
  {
    const std::scoped_lock lock(mutex_);
    const auto [speaker, is_first] = speakers_.try_emplace(chain.value, session);
    if (is_first || speaker->second == session) return;
    // An older connection may be admitted after a newer one; it is still the older.
    const auto older = sessions_.find(std::min(speaker->second, session));
    if (older != sessions_.end()) replaced = older->second;
    speaker->second = std::max(speaker->second, session);
  }
  if (replaced) replaced(events::protocol::GoawayReason::replaced);
}

void SessionRegistry::leave(std::uint64_t session, events::ChainNumber chain) {
  const std::scoped_lock lock(mutex_);
  sessions_.erase(session);
  const auto speaker = speakers_.find(chain.value);
  if (speaker != speakers_.end() && speaker->second == session) speakers_.erase(speaker);
}

void SessionRegistry::goodbye_all(events::protocol::GoawayReason reason) {
  std::vector<Goodbye> all;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [session, goodbye] : sessions_) all.push_back(goodbye);
  }
  for (const Goodbye& goodbye : all) goodbye(reason);
}

std::size_t SessionRegistry::size() const {
  const std::scoped_lock lock(mutex_);
  return sessions_.size();
}

}  // namespace server
