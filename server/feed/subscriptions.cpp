#include "server/feed/subscriptions.h"

#include <algorithm>
#include <utility>

namespace server {
namespace {

bool concerns(const Commit& commit, const Subscriptions::Waiter& waiter) {
  if (commit.access_version != waiter.access_version) return true;
  return std::ranges::any_of(
      commit.scopes, [&](const events::ScopeSet& scope) { return waiter.scope.includes(scope); });
}

}  // namespace

Subscriptions::Id Subscriptions::wait(Waiter waiter) {
  std::uint64_t newest = waiter.access_version;
  {
    const std::scoped_lock lock(mutex_);
    newest = std::max(newest, access_version_);
    if (waiter.head >= head_ && waiter.access_version == newest) {
      const Id id = ++last_id_;
      waiting_.emplace(id, std::move(waiter));
      return id;
    }
  }
  waiter.wake(newest);
  return 0;
}

void Subscriptions::cancel(Id id) {
  const std::scoped_lock lock(mutex_);
  waiting_.erase(id);
}

void Subscriptions::committed(const Commit& commit) {
  std::vector<Wake> woken;
  {
    const std::scoped_lock lock(mutex_);
    head_ = std::max(head_, commit.head);
    access_version_ = std::max(access_version_, commit.access_version);
    for (auto waiter = waiting_.begin(); waiter != waiting_.end();) {
      if (!concerns(commit, waiter->second)) {
        ++waiter;
        continue;
      }
      woken.push_back(std::move(waiter->second.wake));
      waiter = waiting_.erase(waiter);
    }
  }
  for (const Wake& wake : woken) wake(commit.access_version);
}

std::size_t Subscriptions::waiting() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

}  // namespace server
