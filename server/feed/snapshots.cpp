#include "server/feed/snapshots.h"

#include "server/base/logging.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <utility>

namespace server {

using events::ErrorCode;
using events::Position;
using events::Result;

namespace {

/// What a snapshot takes in memory beside its content.
std::size_t bytes_of(const MadeSnapshot& snapshot) {
  return snapshot.content.size() + snapshot.blocks.size() * sizeof(MadeSnapshot::Block) +
         (snapshot.records.size() + snapshot.gatherer.size()) *
             sizeof(projections::SnapshotBuilder::Named);
}

}  // namespace

std::optional<SnapshotPtr> SnapshotShelf::find(const SnapshotQuestion& question) {
  if (!has_snapshots(question.reader)) return SnapshotPtr{};
  const std::scoped_lock lock(mutex_);
  for (auto kept = kept_.begin(); kept != kept_.end(); ++kept) {
    if (kept->reader != question.reader) continue;
    const SnapshotPtr snapshot = kept->snapshot;
    if (snapshot->manifest.epoch != log_.head().epoch) continue;
    const bool is_asked_for = question.exactly ? snapshot->manifest.position == *question.exactly
                                               : is_fresh(*snapshot, question);
    if (!is_asked_for) continue;
    kept_.splice(kept_.begin(), kept_, kept);
    return snapshot;
  }
  if (has_failed(question)) return SnapshotPtr{};
  return std::nullopt;
}

bool SnapshotShelf::has_failed(const SnapshotQuestion& question) const {
  return std::ranges::any_of(failed_, [&](const Failure& failure) {
    return failure.reader == question.reader &&
           question.upto.value < failure.upto.value + events_before_next_try;
  });
}

SnapshotPtr SnapshotShelf::before(const SnapshotQuestion& question) const {
  const Position position = question.exactly.value_or(question.upto);
  const std::scoped_lock lock(mutex_);
  SnapshotPtr before;
  for (const Kept& kept : kept_) {
    if (kept.reader != question.reader) continue;
    if (kept.snapshot->manifest.epoch != log_.head().epoch) continue;
    const bool is_below = kept.snapshot->manifest.position <= position;
    if (is_below && (!before || before->manifest.position < kept.snapshot->manifest.position)) {
      before = kept.snapshot;
    }
  }
  return before;
}

Result<SnapshotPtr> SnapshotShelf::find_or_make(const SnapshotQuestion& question,
                                                const std::atomic<bool>* stop) {
  if (std::optional<SnapshotPtr> found = find(question)) return std::move(*found);
  const Position position = question.exactly.value_or(question.upto);
  Result<SnapshotPtr> made =
      make_snapshot(log_, question.reader, position, before(question), bounds_, stop);
  if (made) {
    ++made_;
    keep(question.reader, *made);
  } else if (made.error().code == ErrorCode::too_large) {
    ++failures_;
    const std::scoped_lock lock(mutex_);
    std::erase_if(failed_, [&](const Failure& old) { return old.reader == question.reader; });
    failed_.push_front({question.reader, question.upto});
    if (failed_.size() > failures_max) failed_.pop_back();
  }
  return made;
}

bool SnapshotShelf::is_fresh(const MadeSnapshot& snapshot, const SnapshotQuestion& question) const {
  if (snapshot.manifest.position > question.upto) return false;
  const std::size_t enough = snapshot.content.size() / 2;
  std::size_t behind = 0;
  for (Position after = snapshot.manifest.position; behind <= enough;) {
    Position scanned_to;
    const auto block = log_.next_block(question.reader.scope, after, &scanned_to);
    if (!block || !*block) return block.has_value();
    behind += (*block)->size() * snapshot.wire_part / 256;
    after = scanned_to;
  }
  return false;
}

void SnapshotShelf::keep(const SnapshotReader& reader, const SnapshotPtr& snapshot) {
  const std::scoped_lock lock(mutex_);
  kept_.push_front({reader, snapshot});
  // Of one reader the two newest: the last one may still be on its way to somebody.
  std::size_t of_reader = 0;
  std::erase_if(kept_, [&](const Kept& kept) { return kept.reader == reader && ++of_reader > 2; });
  std::size_t bytes = 0;
  for (auto kept = kept_.begin(); kept != kept_.end();) {
    bytes += bytes_of(*kept->snapshot);
    const bool is_newest = kept == kept_.begin();
    kept = bytes > bytes_max_ && !is_newest ? kept_.erase(kept) : std::next(kept);
  }
}

/// Somebody who hears one answer: the snapshot, or after a while that there is none.
class SnapshotService::Waiter {
 public:
  explicit Waiter(Answer answer) : answer_(std::move(answer)) {}

  void tell(const SnapshotPtr& snapshot) {
    Answer answer;
    {
      const std::scoped_lock lock(mutex_);
      answer = std::exchange(answer_, nullptr);
    }
    if (answer) answer(snapshot);
  }

 private:
  std::mutex mutex_;
  Answer answer_;
};

void SnapshotService::ask(SnapshotQuestion question, Answer answer) {
  if (const std::optional<SnapshotPtr> found = shelf_.find(question)) return answer(*found);
  if (question.exactly && !may_remake(question)) return answer(nullptr);

  const auto waiter = std::make_shared<Waiter>(std::move(answer));
  {
    const std::scoped_lock lock(mutex_);
    const auto same =
        std::ranges::find_if(jobs_, [&](const Job& job) { return job.question.is_like(question); });
    if (same != jobs_.end()) {
      same->waiters.push_back(waiter);
    } else {
      jobs_.push_back({std::move(question), {waiter}});
      net::post(snapshot_thread_.executor, [this] { work_on_snapshot_thread(); });
    }
  }
  const auto timer = std::make_shared<net::steady_timer>(timers_, patience);
  timer->async_wait([waiter, timer](boost::system::error_code) { waiter->tell(nullptr); });
}

bool SnapshotService::may_remake(const SnapshotQuestion& question) {
  const auto now = std::chrono::steady_clock::now();
  const std::scoped_lock lock(mutex_);
  std::erase_if(remade_, [&](const auto& each) { return now - each.second >= remake_every; });
  return remade_.emplace(question.chain, now).second;
}

void SnapshotService::work_on_snapshot_thread() {
  SnapshotQuestion question;
  {
    const std::scoped_lock lock(mutex_);
    question = jobs_.front().question;
  }
  const SnapshotPtr snapshot = stopping_ ? nullptr : find_or_make(question);
  std::vector<std::shared_ptr<Waiter>> waiters;
  {
    const std::scoped_lock lock(mutex_);
    waiters = std::move(jobs_.front().waiters);
    jobs_.pop_front();
  }
  for (const std::shared_ptr<Waiter>& waiter : waiters) waiter->tell(snapshot);
}

SnapshotPtr SnapshotService::find_or_make(const SnapshotQuestion& question) {
  const std::uint64_t made_before = shelf_.made();
  const Result<SnapshotPtr> snapshot = shelf_.find_or_make(question, &stopping_);
  if (!snapshot) {
    if (!stopping_) log_warning("snapshot_failed", {{"reason", snapshot.error().message}});
    return nullptr;
  }
  if (shelf_.made() != made_before) {
    log_info("snapshot_made", {{"position", (*snapshot)->manifest.position.value},
                               {"bytes", (*snapshot)->content.size()},
                               {"records", (*snapshot)->records.size()}});
  }
  return *snapshot;
}

}  // namespace server
