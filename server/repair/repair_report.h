#pragma once

#include "events/event_log.h"
#include "server/commit/pipeline.h"
#include "server/repair/staged_blocks.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace server {

/// How far a restored log has come in taking back what it lost.
struct RepairReport {
  /// Positions in a row.
  struct Range {
    events::Position first;
    events::Position last;
  };
  /// A chain whose receipt proves more than the log has.
  struct MissingChain {
    events::ChainNumber chain;
    std::uint64_t has_seq{};
    std::uint64_t proved_seq{};
  };
  struct Device {
    events::ChainNumber chain;
    std::string label;
    bool complete = false;  ///< It has nothing more to give.
    bool is_known = true;   ///< False: its enrolment is among what was lost.
    std::uint32_t false_blocks{};
  };

  bool is_under_way = false;
  events::LogHead restored;      ///< The backup's.
  events::LogHead head;          ///< Now.
  events::Position proved_head;  ///< The furthest place that a receipt proves; 0: none.
  std::size_t staged_blocks{};
  std::size_t staged_bytes{};
  std::size_t missing_records{};  ///< Private records that events taken back name.
  std::vector<Range> missing;     ///< Positions that no device has given; the first ones.
  std::vector<MissingChain> missing_chains;
  std::vector<Device> devices;  ///< Not revoked, and strangers that gave something.

  /// Events that a receipt proves and that would be given up by ending it now.
  std::uint64_t given_up() const {
    return proved_head > head.position ? proved_head.value - head.position.value : 0;
  }
};

/// Ranges in a report.
inline constexpr std::size_t missing_ranges_max = 32;

RepairReport report_of(const Pipeline& pipeline, const StagedBlocks& staged,
                       const events::LogHead& restored);

}  // namespace server
