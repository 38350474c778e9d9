#include "server/commit/committer.h"

#include "server/commit/clock_doubt.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::protocol::Enrolled;
using events::protocol::PushNak;

namespace {

PushNak nak_of(const PushedRun& run, const Error& error) {
  return {.reason = error.code,
          .first_seq = run.first_seq,
          .expected_seq = run.first_seq,
          .message = error.message};
}

Error unvouched() {
  return {
      ErrorCode::server_clock,
      "nobody has spoken for the server's clock since it was started: a device that is in touch "
      "has to push first, or the operator confirms the clock"};
}

}  // namespace

Committer::Committer(Parts parts) : parts_(std::move(parts)) {}

Result<events::Timestamp> Committer::time() {
  if (parts_.clock_watch == nullptr) return parts_.clock();
  const Result<events::Timestamp> now = parts_.clock_watch->now(parts_.pipeline.last_received_at());
  // A log under repair takes no correction; it comes when the repair is over.
  const bool is_owed = now && parts_.clock_watch->owes_correction();
  if (!is_owed || parts_.pipeline.is_repairing()) return now;
  const events::Position before = parts_.pipeline.log().head().position;
  const Result<void> corrected = parts_.pipeline.correct_clock(*now);
  healthy_ = parts_.pipeline.healthy();
  if (!corrected) return corrected.error();
  announce(before);
  return now;
}

Result<events::Timestamp> Committer::settled_time() {
  Result<events::Timestamp> now = time();
  if (!now || is_settled()) return now;
  return unvouched();
}

Result<Admission> Committer::let_in(events::ChainNumber chain) {
  const Result<events::Timestamp> now = time();
  if (!now) return now.error();
  if (is_settled()) return parts_.pipeline.admit(chain, *now);
  return admit_unvouched(parts_.pipeline, chain, *now);
}

void Committer::submit(PushedRun run, Done<PushOutcome> done) {
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() < waiting_runs_max) {
      waiting_.push_back({std::move(run), std::move(done)});
      if (std::exchange(draining_, true)) return;
      net::post(parts_.log_thread.executor, [this] { drain_on_log_thread(); });
      return;
    }
  }
  done(nak_of(run, {ErrorCode::busy, "too many pushes wait; send it again later"}));
}

void Committer::drain_on_log_thread() {
  std::vector<Waiting> group;
  {
    const std::scoped_lock lock(mutex_);
    const auto size = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), group_runs_max));
    const auto end = waiting_.begin() + size;
    group.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
  }
  commit_on_log_thread(std::move(group));

  const std::scoped_lock lock(mutex_);
  draining_ = !waiting_.empty();
  // Posted, not looped: greetings and enrolments that wait get their turn between two groups.
  if (draining_) net::post(parts_.log_thread.executor, [this] { drain_on_log_thread(); });
}

void Committer::dismiss_doubters(std::vector<Waiting>& group) {
  if (parts_.clock_watch == nullptr) return;
  std::erase_if(group, [this](Waiting& waiting) {
    const PushedRun& run = waiting.run;
    // The clock of one that came by bundle was read days ago.
    if (run.transit && is_settled()) return false;
    const Result<void> heard = run.transit ? Result<void>(unvouched())
                                           : parts_.clock_watch->hear(run.chain, run.device_time);
    if (!heard) waiting.done(nak_of(run, heard.error()));
    return !heard.has_value();
  });
}

void Committer::commit_on_log_thread(std::vector<Waiting> group) {
  const Result<events::Timestamp> now = time();
  if (!now) {
    for (const Waiting& waiting : group) waiting.done(nak_of(waiting.run, now.error()));
    return;
  }
  dismiss_doubters(group);
  if (group.empty()) return;  // Nobody vouches for the clock: nothing may be appended by it.
  std::vector<PushedRun> runs;
  runs.reserve(group.size());
  for (Waiting& waiting : group) runs.push_back(std::move(waiting.run));

  const events::Position before = parts_.pipeline.log().head().position;
  Result<std::vector<PushOutcome>> outcomes = std::vector<PushOutcome>{};
  if (Result<void> room = check_room(); !room) {
    outcomes = room.error();
  } else {
    outcomes = parts_.pipeline.commit(runs, *now);
  }
  healthy_ = parts_.pipeline.healthy();
  if (!outcomes) {
    for (std::size_t index = 0; index < group.size(); ++index) {
      group[index].done(nak_of(runs[index], outcomes.error()));
    }
    return;
  }
  if (parts_.before_answers) parts_.before_answers();
  for (std::size_t index = 0; index < group.size(); ++index) {
    group[index].done(std::move((*outcomes)[index]));
  }
  announce(before);
}

template <class T, class Work>
void Committer::append(const Done<T>& done, Work work) {
  const events::Position before = parts_.pipeline.log().head().position;
  T answer = work();
  healthy_ = parts_.pipeline.healthy();
  done(std::move(answer));
  announce(before);
}

void Committer::announce(events::Position before) {
  const events::EventLog& log = parts_.pipeline.log();
  Commit commit{log.head().position, parts_.pipeline.access_version(),
                parts_.pipeline.last_scopes()};
  if (commit.head > before && parts_.on_commit) parts_.on_commit(commit);
}

void Committer::admit(events::ChainNumber chain, Done<Result<Admission>> done) {
  net::post(parts_.log_thread.executor,
            [this, chain, done = std::move(done)] { done(let_in(chain)); });
}

void Committer::record_purge(events::protocol::Purged purged, Done<Result<void>> done) {
  net::post(parts_.log_thread.executor, [this, purged = std::move(purged), done = std::move(done)] {
    const Result<events::Timestamp> now = settled_time();
    if (!now) return done(now.error());
    append(done, [&]() -> Result<void> {
      if (Result<void> room = check_room(); !room) return room;
      return parts_.pipeline.record_purge(purged, *now);
    });
  });
}

void Committer::find_file(const events::protocol::FileName& name,
                          Done<std::optional<FileFacts>> done) {
  net::post(parts_.log_thread.executor,
            [this, name, done = std::move(done)] { done(parts_.pipeline.file_facts(name)); });
}

void Committer::find_quota_factor(events::ChainNumber chain, Done<std::uint64_t> done) {
  net::post(parts_.log_thread.executor, [this, chain, done = std::move(done)] {
    const events::Day today = events::day_in_vietnam(parts_.clock());
    done(quota_factor_of(parts_.pipeline.state().access(), chain, today));
  });
}

void Committer::find_stored_files(std::size_t begin, events::Position upto,
                                  Done<StoredFiles> done) {
  net::post(parts_.log_thread.executor, [this, begin, upto, done = std::move(done)] {
    done(stored_files(parts_.pipeline.state().evidence_files(), begin, upto));
  });
}

void Committer::record_stored(const events::protocol::FileName& name, Done<Result<void>> done) {
  net::post(parts_.log_thread.executor, [this, name, done = std::move(done)] {
    const Result<events::Timestamp> now = settled_time();
    if (!now) return done(now.error());
    append(done, [&]() -> Result<void> {
      if (Result<void> room = check_room(); !room) return room;
      return parts_.pipeline.record_stored(name, *now);
    });
  });
}

void Committer::return_blocks(RepairBatch repair_batch,
                              Done<Result<events::protocol::Reconcile>> done) {
  net::post(parts_.log_thread.executor,
            [this, repair_batch = std::move(repair_batch), done = std::move(done)] {
              if (repair_ == nullptr) {
                return done(Error{ErrorCode::not_permitted, "this log lacks nothing"});
              }
              const Result<events::Timestamp> now = time();
              if (!now) return done(now.error());
              append(done, [&] { return repair_->take(repair_batch, *now); });
            });
}

void Committer::ask_repair(Done<RepairReport> done) {
  net::post(parts_.log_thread.executor, [this, done = std::move(done)] {
    RepairReport report;
    report.head = parts_.pipeline.log().head();
    done(repair_ == nullptr ? std::move(report) : repair_->report());
  });
}

void Committer::finish_repair(bool give_up, Done<Result<RepairReport>> done) {
  net::post(parts_.log_thread.executor, [this, give_up, done = std::move(done)] {
    if (repair_ == nullptr) {
      RepairReport report;
      report.head = parts_.pipeline.log().head();
      return done(std::move(report));
    }
    const Result<events::Timestamp> now = time();
    if (!now) return done(now.error());
    append(done, [&] { return repair_->finish(give_up, *now); });
  });
}

void Committer::ask_clock(bool confirm, Done<Result<ClockReport>> done) {
  net::post(parts_.log_thread.executor, [this, confirm, done = std::move(done)] {
    ClockReport report{parts_.clock(), parts_.pipeline.last_received_at(), ClockFault::none};
    if (parts_.clock_watch == nullptr) return done(report);
    if (confirm) {
      const Result<events::Timestamp> right =
          parts_.clock_watch->confirm(parts_.pipeline.last_received_at());
      if (!right) return done(right.error());
    }
    // It says in health and log what is so from here on, and appends the correction.
    const Result<events::Timestamp> now = time();
    const bool is_clock = !now && now.error().code == ErrorCode::server_clock;
    if (confirm && !now && !is_clock) return done(now.error());
    if (confirm && now) append_owed(*now);
    report.now = parts_.clock_watch->look().wall;
    report.fault = parts_.clock_watch->fault();
    done(report);
  });
}

void Committer::look_at_clock(std::function<void()> on_right) {
  net::post(parts_.log_thread.executor, [this, on_right = std::move(on_right)] {
    const Result<events::Timestamp> now = time();
    if (now) on_right();
    if (now && is_settled()) append_owed(*now);
    const std::optional<events::Timestamp> next = parts_.pipeline.next_deadline();
    next_deadline_ = next ? next->value : ~std::uint64_t{0};
  });
}

void Committer::append_owed(events::Timestamp now) {
  const events::Position before = parts_.pipeline.log().head().position;
  if (!check_room()) return;
  // A failure is the log's, and everything says so from then on.
  static_cast<void>(parts_.pipeline.append_owed(now));
  healthy_ = parts_.pipeline.healthy();
  announce(before);
}

void Committer::enrol(events::protocol::Enrol request, Done<Result<Enrolled>> done) {
  net::post(parts_.log_thread.executor,
            [this, request = std::move(request), done = std::move(done)] {
              const Result<events::Timestamp> now = settled_time();
              if (!now) return done(now.error());
              append(done, [&]() -> Result<Enrolled> {
                if (Result<void> room = check_room(); !room) return room.error();
                Result<Enrolled> enrolled = parts_.enrolment.enrol(request, *now);
                const bool was_founded = enrolled.has_value() && request.founding.has_value();
                if (was_founded && parts_.on_founded) parts_.on_founded();
                if (enrolled && parts_.before_answers) parts_.before_answers();
                return enrolled;
              });
            });
}

void Committer::continue_chain(events::protocol::NewChain request, Done<Result<Enrolled>> done) {
  net::post(parts_.log_thread.executor,
            [this, request = std::move(request), done = std::move(done)] {
              const Result<events::Timestamp> now = settled_time();
              if (!now) return done(now.error());
              append(done, [&]() -> Result<Enrolled> {
                if (Result<void> room = check_room(); !room) return room.error();
                Result<Enrolled> enrolled = parts_.enrolment.continue_chain(request, *now);
                if (enrolled && parts_.before_answers) parts_.before_answers();
                return enrolled;
              });
            });
}

}  // namespace server
