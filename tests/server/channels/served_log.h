#pragma once

#include "server/commit/recovery.h"
#include "server/feed/projector.h"
#include "server/session/services.h"
#include "server/store/rocks_event_log.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/server/files/memory_file_store.h"
#include "tests/server/session/session_fixture.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace server::test {

/// What connections need of a server, over a log in memory.  All its threads are one, which the
/// test runs.
class ServedLog {
 public:
  explicit ServedLog(FoundedLog& served, GateLimits limits = {}) : founded(served), gate(limits) {
    Folded start;
    EXPECT_TRUE(fold(founded.log, start.state, start.views.on_effect()));
    projector.begin(std::move(start));
    founded.pipeline.feed_changes([this](Changes changes) { projector.take(std::move(changes)); });
  }
  ~ServedLog() { founded.pipeline.feed_changes({}); }
  ServedLog(const ServedLog&) = delete;
  ServedLog& operator=(const ServedLog&) = delete;

  FoundedLog& founded;
  bool clock_is_right = true;
  PackedBlocks packed;
  Subscriptions subscriptions;
  SessionRegistry sessions;
  // What connections hold that end with the machine.
  ConnectionGate gate;
  SecurityLog security;
  BodyRoom bodies;
  WorkBudgets budgets;
  net::io_context machine;

 private:
  e2e::ScratchDirectory scratch_;
  std::unique_ptr<RocksEventLog> for_checkpoints_ = open_log();
  MemoryFileStore evidence_;
  ClockWatch clock_watch_{
      [this] {
        return ClockGuard::Sample{clock_is_right ? founded.now : events::Timestamp{1}, 1'000};
      },
      {}};

 public:
  Projector projector{for_checkpoints_->checkpoints(), ProjectionExecutor{machine.get_executor()},
                      Folded{}};
  SnapshotService snapshots{founded.log, SnapshotExecutor{machine.get_executor()},
                            machine.get_executor()};
  Committer committer{
      {.pipeline = founded.pipeline,
       .enrolment = founded.enrolment,
       .log_thread = LogExecutor{machine.get_executor()},
       .clock = [this] { return founded.now; },
       .clock_watch = &clock_watch_,
       .on_commit = [this](const Commit& commit) { subscriptions.committed(commit); },
       .on_founded = {},
       .before_answers = {}}};
  FileService files{FileTransfers(evidence_), FileExecutor{machine.get_executor()}, committer};
  GreetingProofs proofs{founded.pipeline.signing_key(), {7}};
  Services services{.log = founded.log,
                    .private_store = founded.private_store,
                    .packed = packed,
                    .committer = committer,
                    .subscriptions = subscriptions,
                    .projector = projector,
                    .snapshots = snapshots,
                    .sessions = sessions,
                    .files = files,
                    .gate = gate,
                    .security = security,
                    .bodies = bodies,
                    .proofs = proofs,
                    .budgets = budgets,
                    .file_thread = FileExecutor{machine.get_executor()},
                    .clock = [this] { return founded.now; }};

  /// Lets all threads do what there is to do.
  void run() {
    machine.restart();
    machine.poll();
  }

 private:
  std::unique_ptr<RocksEventLog> open_log() const {
    RocksEventLog::Options options;
    options.path = scratch_ / "log";
    options.create_if_missing = true;
    options.log = the_log;
    options.epoch = events::Epoch{1};
    return std::move(*RocksEventLog::open(options));
  }
};

/// How often something was noted for the security log, and of whom.
inline std::size_t count_of(const std::vector<SecurityLog::Line>& lines, std::string_view kind,
                            std::string_view reason) {
  std::size_t count = 0;
  for (const SecurityLog::Line& line : lines) {
    if (line.kind == kind && line.reason == reason) count += line.count;
  }
  return count;
}

}  // namespace server::test
