#pragma once

#include "events/log/memory_event_log.h"
#include "server/commit/parked_runs.h"
#include "tests/sim/plants.h"
#include "tests/sim/tally.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>

namespace sim {

/// The disk under the server's parked runs, and what was promised about them: a run that was called
/// parked is there until the log holds its events.
class Parking {
 public:
  server::ParkingStore& store() { return store_; }

  void lose_power(Plant plant) {
    if (plant == Plant::parked_lost) store_ = {};
  }
  /// The disk is gone.  Nothing that lay here was acknowledged.
  void lose_disk() {
    store_ = {};
    promised_.clear();
  }

  void promise(const server::ParkedKey& key, std::uint64_t last_seq) {
    std::uint64_t& upto = promised_[key];
    upto = std::max(upto, last_seq);
  }
  /// Whether the rest of a day's quota is too little for the run.
  using OverQuota = std::function<bool(const events::DeviceBlock& run)>;
  /// Looks whether each promised run waits or was judged.  Where two devices have one chain the run
  /// may have been of the one that lost it; one that is over its quota may wait for another day.
  /// Throws: Violation of Promise::durable or Promise::recorded.
  void check(const events::EventLog& log, const server::ParkedRuns& runs, bool chains_are_unique,
             const OverQuota& is_over_quota, Tally& tally);

 private:
  server::MemoryParkingStore store_;
  std::map<server::ParkedKey, std::uint64_t> promised_;  // The last seq of each.
};

}  // namespace sim
