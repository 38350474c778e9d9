#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/log/event_log.h"
#include "events/log/scope.h"
#include "events/protocol/repair_messages.h"
#include "server/commit/repair_batch.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// What committing needs of the folders above it, and what it tells them.  The event log and the
// private store are ports too; both ends use them, so they stand in events/log.

namespace server {

/// What a commit changed, for those who wait.
struct Commit {
  events::Position head;
  std::uint64_t access_version{};        ///< See Pipeline::access_version().
  std::vector<events::ScopeSet> scopes;  ///< Of the blocks it appended.
};

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

/// What takes back the blocks that a restored log lost.  The committer passes calls on to it, so
/// that they run on the log thread between commits; Repair is the implementation.
///
/// Thread: the log thread.
class RepairPort {
 public:
  virtual ~RepairPort() = default;

  /// Takes a batch from a device and answers from which position the device goes on.
  /// Errors:  wrong_log: a receipt of another log; bad_signature: one that this log's key did not
  ///          sign; busy: a chain that the log does not know, without a receipt for it;
  ///          storage_corrupt, storage_failed.
  virtual events::Result<events::protocol::Reconcile> take(RepairBatch repair_batch,
                                                           events::Timestamp now) = 0;
  virtual RepairReport report() const = 0;
  /// Ends the repair.  `give_up`: also when blocks that a receipt proves have not come.
  /// Errors:  not_permitted, only without `give_up`: proved blocks have not come, or a device that
  ///          has not come may show a later history; storage_corrupt, storage_failed.
  virtual events::Result<RepairReport> finish(bool give_up, events::Timestamp now) = 0;
};

}  // namespace server
