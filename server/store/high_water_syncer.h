#pragma once

#include "server/store/high_water.h"
#include "server/store/rocks_watch.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace server {

/// Syncs a high-water file behind the appends, on a thread of its own: soon after each, but not
/// more often than once in `lag`.  The last sync is made on destruction.
///
/// Lifetime: the file and the watch outlive it.
class HighWaterSyncer {
 public:
  HighWaterSyncer(HighWater& file, RocksWatch& watch, std::chrono::milliseconds lag);
  HighWaterSyncer(const HighWaterSyncer&) = delete;
  HighWaterSyncer& operator=(const HighWaterSyncer&) = delete;
  ~HighWaterSyncer();

  /// The file was raised.
  /// Thread: any.
  void wake();

 private:
  void run();

  HighWater& file_;
  RocksWatch& watch_;
  const std::chrono::milliseconds lag_;
  std::mutex mutex_;  // Guards raised_ and stopping_.
  std::condition_variable changed_;
  bool raised_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace server
