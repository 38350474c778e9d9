#pragma once

#include "events/protocol/messages.h"
#include "events/result.h"
#include "server/commit/clock_watch.h"
#include "server/commit/enrolment.h"
#include "server/commit/pipeline.h"
#include "server/executors.h"
#include "server/feed/subscriptions.h"
#include "server/repair/repair.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace server {

/// Runs that wait for the log thread; one more is answered `busy`.
inline constexpr std::size_t waiting_runs_max = 256;
/// Runs that share one append.  More would only make the first of them wait.
inline constexpr std::size_t group_runs_max = 64;

/// The hop to the log thread.  Runs that wait there together become one append with one sync.
///
/// State: the runs that wait, behind a lock held for a push or a swap.
/// Thread: any for what sessions call; `done` functions are called on the log thread, in the order
///         of the runs, and must only pass the answer on.
/// Lifetime: the log thread is drained before the committer ends.
class Committer {
 public:
  using Clock = std::function<events::Timestamp()>;
  template <class T>
  using Done = std::function<void(T)>;

  struct Parts {
    Pipeline& pipeline;
    Enrolment& enrolment;
    LogExecutor log_thread;
    Clock clock;
    /// Says when the clock may not be believed; null: it always is.
    ClockWatch* clock_watch = nullptr;
    /// Whether the disk has room; asked before anything is appended.  May be empty.
    std::function<events::Result<void>()> check_room = {};
    /// Told after each append, on the log thread, when the answers are on their way.
    std::function<void(const Commit&)> on_commit;
    /// Called when a founding has made the founding code worthless; may be empty.
    std::function<void()> on_founded;
    /// Test hook, see CrashingLog::before_answers(); may be empty.
    std::function<void()> before_answers;
  };

  explicit Committer(Parts parts);

  /// The log was restored.  Before anything else is called.
  /// Lifetime: `repair` outlives the committer.
  void repair(Repair& repair) { repair_ = &repair; }

  /// Judges and appends `run`; the answer is durable or a NAK.
  void submit(PushedRun run, Done<PushOutcome> done);
  void admit(events::ChainNumber chain, Done<events::Result<Admission>> done);
  void record_purge(events::protocol::Purged purged, Done<events::Result<void>> done);
  void enrol(events::protocol::Enrol request,
             Done<events::Result<events::protocol::Enrolled>> done);
  void continue_chain(events::protocol::NewChain request,
                      Done<events::Result<events::protocol::Enrolled>> done);

  /// What the log says of a file; nothing when it names none with effect.
  void find_file(const events::protocol::FileName& name, Done<std::optional<FileFacts>> done);
  /// By how much the quota of the chain's device was raised today; 1: not at all.
  void find_quota_factor(events::ChainNumber chain, Done<std::uint64_t> done);
  /// A stretch of what the log called stored up to `upto`, see stored_files().
  void find_stored_files(std::size_t begin, events::Position upto, Done<StoredFiles> done);
  /// Says in the log that the server has the file.
  void record_stored(const events::protocol::FileName& name, Done<events::Result<void>> done);
  /// What a device gives back to a restored log.
  void return_blocks(RepairBatch repair_batch,
                     Done<events::Result<events::protocol::Reconcile>> done);
  void ask_repair(Done<RepairReport> done);
  void finish_repair(bool give_up, Done<events::Result<RepairReport>> done);

  /// How the server's clock stands to the log.
  struct ClockReport {
    events::Timestamp now;
    events::Timestamp last_received_at;
    ClockFault fault{};
  };
  /// `confirm`: the operator says that the clock is right; the log goes on from it, one under
  /// repair as soon as it is repaired. Errors: with `confirm`: server_clock: it was never set;
  /// storage_failed.
  void ask_clock(bool confirm, Done<events::Result<ClockReport>> done);
  /// Looks at the clock, so that health tells the truth while nobody comes.  `on_right` is called
  /// on the log thread when it may be believed.
  void look_at_clock(std::function<void()> on_right);

  /// False from the first failed append on.  Thread: any.
  bool healthy() const { return healthy_.load(); }
  /// Whether the server's clock may be believed.  Thread: any.
  bool clock_is_right() const {
    return parts_.clock_watch == nullptr || parts_.clock_watch->fault() == ClockFault::none;
  }

 private:
  struct Waiting {
    PushedRun run;
    Done<PushOutcome> done;
  };

  /// What the clock says; whether the log's times ran ahead is said in it first.
  /// Errors: server_clock; storage_failed.
  events::Result<events::Timestamp> time();
  /// As time(), for what is appended on no device's word: only once somebody vouches for the clock,
  /// or the log itself would vouch for it at the next start.
  /// Errors: server_clock; storage_failed.
  events::Result<events::Timestamp> settled_time();
  bool is_settled() const {
    return parts_.clock_watch == nullptr || parts_.clock_watch->is_settled();
  }
  /// Errors: server_clock; not_enrolled; storage_failed.
  events::Result<Admission> let_in(events::ChainNumber chain);
  /// Answers and takes out those whose devices say that the server's clock is wrong, and those of
  /// carriers while nobody vouches for it.
  void dismiss_doubters(std::vector<Waiting>& group);
  void drain_on_log_thread();
  void commit_on_log_thread(std::vector<Waiting> group);
  void announce(events::Position before);
  /// Errors: storage_failed: what would be appended is refused, and the pipeline stays healthy.
  events::Result<void> check_room() const {
    return parts_.check_room ? parts_.check_room() : events::Result<void>{};
  }

  Parts parts_;
  Repair* repair_ = nullptr;
  std::mutex mutex_;
  std::vector<Waiting> waiting_;
  bool draining_ = false;
  std::atomic<bool> healthy_{true};
};

}  // namespace server
