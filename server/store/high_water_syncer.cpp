#include "server/store/high_water_syncer.h"

namespace server {

HighWaterSyncer::HighWaterSyncer(HighWater& file, RocksWatch& watch, std::chrono::milliseconds lag)
    : file_(file), watch_(watch), lag_(lag), thread_([this] { run(); }) {}

HighWaterSyncer::~HighWaterSyncer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void HighWaterSyncer::wake() {
  {
    const std::lock_guard lock(mutex_);
    if (raised_) return;
    raised_ = true;
  }
  changed_.notify_one();
}

void HighWaterSyncer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return raised_ || stopping_; });
    // Marks that come meanwhile share the sync.
    changed_.wait_for(lock, lag_, [this] { return stopping_; });
    raised_ = false;
    const bool last = stopping_;
    lock.unlock();
    if (auto synced = file_.sync(); !synced) watch_.fail(synced.error());
    lock.lock();
    if (last) return;
  }
}

}  // namespace server
