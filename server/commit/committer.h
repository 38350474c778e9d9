#pragma once

#include "events/base/result.h"
#include "events/protocol/messages.h"
#include "server/base/executors.h"
#include "server/commit/clock_watch.h"
#include "server/commit/enrolment.h"
#include "server/commit/pipeline.h"
#include "server/commit/ports.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace server {

/// The most runs that may wait for the log thread; one more is answered `busy`.
inline constexpr std::size_t waiting_runs_max = 256;
/// The most runs that share one append.  More of them would only make the first one wait.
inline constexpr std::size_t group_runs_max = 64;

/// Passes the requests of sessions to the log thread.  Runs that wait there together become one
/// append with one sync.
///
/// State: the waiting runs, behind a lock that is held only to add a run or to take runs out.
/// Thread: any, for the functions that sessions call.  `done` functions are called on the log
///         thread, those of runs in the order of the runs, and must only pass the answer on.
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
    /// Decides whether the server's clock may be believed; null: it is always believed.
    ClockWatch* clock_watch = nullptr;
    /// Checks that the disk has room; called before an append.  May be empty.
    std::function<events::Result<void>()> check_room = {};
    /// Called on the log thread after each append, when its answers have been passed on.
    std::function<void(const Commit&)> on_commit;
    /// Called when the log was founded, which uses up the founding code; may be empty.
    std::function<void()> on_founded;
    /// Test hook, see CrashingLog::before_answers(); may be empty.
    std::function<void()> before_answers;
  };

  explicit Committer(Parts parts);

  /// Tells the committer that the log was restored.
  /// Expects:  no other function was called yet.
  /// Lifetime: `repair` outlives the committer.
  void repair(RepairPort& repair) { repair_ = &repair; }

  /// Judges and appends `run`.  The answer acknowledges durable events, or is PARKED or a NAK.
  void submit(PushedRun run, Done<PushOutcome> done);
  void admit(events::ChainNumber chain, Done<events::Result<Admission>> done);
  void record_purge(events::protocol::Purged purged, Done<events::Result<void>> done);
  void enrol(events::protocol::Enrol request,
             Done<events::Result<events::protocol::Enrolled>> done);
  void continue_chain(events::protocol::NewChain request,
                      Done<events::Result<events::protocol::Enrolled>> done);

  /// What the log says of a file; nothing when no effective event names the file.
  void find_file(const events::protocol::FileName& name, Done<std::optional<FileFacts>> done);
  /// The factor by which the quota of the chain's device is raised today; 1: it is not raised.
  void find_quota_factor(events::ChainNumber chain, Done<std::uint64_t> done);
  /// A stretch of the files that the log called stored up to `upto`, see stored_files().
  void find_stored_files(std::size_t begin, events::Position upto, Done<StoredFiles> done);
  /// Appends EvidenceStored, which says that the server has the file.
  void record_stored(const events::protocol::FileName& name, Done<events::Result<void>> done);
  /// Takes the blocks that a device gives back to a restored log, see RepairPort::take().
  void return_blocks(RepairBatch repair_batch,
                     Done<events::Result<events::protocol::Reconcile>> done);
  void ask_repair(Done<RepairReport> done);
  void finish_repair(bool give_up, Done<events::Result<RepairReport>> done);

  /// The server's clock, compared with the log.
  struct ClockReport {
    events::Timestamp now;
    events::Timestamp last_received_at;
    ClockFault fault{};
  };
  /// Reports on the server's clock.  `confirm`: the operator says that the clock is right, and the
  /// log goes on from it, with what it owes by then; a log under repair does so as soon as it is
  /// repaired.
  /// Errors: only with `confirm`: server_clock: the clock was never set; storage_failed.
  void ask_clock(bool confirm, Done<events::Result<ClockReport>> done);
  /// Looks at the clock, so that health is right also while no device connects, and appends what
  /// the log owes because a day came, as soon as somebody vouches for the clock.  `on_right` is
  /// called on the log thread when the clock may be believed.
  void look_at_clock(std::function<void()> on_right);
  /// When the log owes something next although nothing happens, see Pipeline::next_deadline(), as
  /// it was when the log thread last looked at the clock; the largest time for never.  Thread: any.
  events::Timestamp next_deadline() const { return events::Timestamp{next_deadline_.load()}; }

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

  /// The time of the server's clock.  When the operator confirmed a time before the last receipt,
  /// the correction is appended to the log first, unless the log is under repair.
  /// Errors: server_clock; storage_failed.
  events::Result<events::Timestamp> time();
  /// As time(), for events that are appended without a device having told its time.  It fails until
  /// the log, a device or the operator vouches for the clock.  Otherwise the appended event would
  /// make the log vouch for a wrong clock at the next start.
  /// Errors: server_clock; storage_failed.
  events::Result<events::Timestamp> settled_time();
  bool is_settled() const {
    return parts_.clock_watch == nullptr || parts_.clock_watch->is_settled();
  }
  /// Admits a chain, see Pipeline::admit(), and admit_unvouched() while nothing vouches for the
  /// clock.
  /// Errors: server_clock; not_enrolled; not_permitted; storage_failed.
  events::Result<Admission> let_in(events::ChainNumber chain);
  /// Answers and removes the runs of devices whose clocks contradict the server's clock.  While
  /// nothing vouches for the server's clock it does the same with runs that came by bundle.
  void dismiss_doubters(std::vector<Waiting>& group);
  void drain_on_log_thread();
  void commit_on_log_thread(std::vector<Waiting> group);
  /// Runs `work`, which may append, on the log thread: passes its answer to `done` and tells those
  /// who wait what it appended.
  template <class T, class Work>
  void append(const Done<T>& done, Work work);
  void announce(events::Position before);
  /// Appends what the log owes at `now`.
  void append_owed(events::Timestamp now);
  /// Checks that the disk has room.
  /// Errors: storage_failed: nothing may be appended now, but the pipeline stays healthy.
  events::Result<void> check_room() const {
    return parts_.check_room ? parts_.check_room() : events::Result<void>{};
  }

  Parts parts_;
  RepairPort* repair_ = nullptr;
  std::mutex mutex_;
  std::vector<Waiting> waiting_;
  bool draining_ = false;
  std::atomic<bool> healthy_{true};
  std::atomic<std::uint64_t> next_deadline_{~std::uint64_t{0}};
};

}  // namespace server
