#include "tests/sim/parking.h"

#include "tests/sim/violation.h"

#include <algorithm>
#include <string>

namespace sim {

void Parking::check(const events::EventLog& log, const server::ParkedRuns& runs,
                    bool chains_are_unique, const OverQuota& is_over_quota, Tally& tally) {
  for (auto promised = promised_.begin(); promised != promised_.end();) {
    const auto& [key, last_seq] = *promised;
    const std::uint64_t head = log.chain_head(key.chain)->seq;
    if (head >= last_seq) {
      tally.count(Happening::parked_run_judged);
      promised = promised_.erase(promised);
      continue;
    }
    const auto describe = [&](const char* what) {
      return [what, &key, head] {
        return "the run of chain " + std::to_string(key.chain.value) + " from " +
               std::to_string(key.first_seq) + " on, which was parked " + what + " (the log has " +
               std::to_string(head) + " events)";
      };
    };
    const auto waiting = runs.holding(key.chain, key.first_seq);
    const bool waits = waiting && *waiting;
    require(waits || !chains_are_unique, Promise::durable, describe("and not judged, is gone"));
    const bool may_wait = head + 1 < key.first_seq || (waits && is_over_quota((*waiting)->block));
    require(may_wait || !chains_are_unique, Promise::recorded,
            describe("behind a gap, is not judged when the gap is closed"));
    ++promised;
  }
}

}  // namespace sim
