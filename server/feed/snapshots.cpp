#include "server/feed/snapshots.h"

#include "server/logging.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace server {

using events::Position;
using events::Result;

namespace {

/// What a snapshot takes in memory beside its content.
std::size_t bytes_of(const MadeSnapshot& snapshot) {
  return snapshot.content.size() + snapshot.blocks.size() * sizeof(MadeSnapshot::Block) +
         (snapshot.records.size() + snapshot.gatherer.size()) *
             sizeof(projections::SnapshotGatherer::Named);
}

}  // namespace

Result<SnapshotPtr> SnapshotShelf::find_or_make(const SnapshotQuestion& question) {
  if (!has_snapshots(question.reader)) return SnapshotPtr{};
  SnapshotPtr before;  // The latest one to go on from.
  const Position position = question.exactly.value_or(question.upto);
  for (auto kept = kept_.begin(); kept != kept_.end(); ++kept) {
    if (kept->reader != question.reader) continue;
    const SnapshotPtr snapshot = kept->snapshot;
    if (snapshot->manifest.epoch != log_.head().epoch) continue;
    const bool is_asked_for =
        question.exactly ? snapshot->manifest.position == position : is_fresh(*snapshot, question);
    if (is_asked_for) {
      kept_.splice(kept_.begin(), kept_, kept);
      return snapshot;
    }
    const bool is_below = snapshot->manifest.position <= position;
    if (is_below && (!before || before->manifest.position < snapshot->manifest.position)) {
      before = snapshot;
    }
  }
  Result<SnapshotPtr> made = make_snapshot(log_, question.reader, position, before);
  if (!made) return made;
  ++made_;
  keep(question.reader, *made);
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

void SnapshotDesk::ask(SnapshotQuestion question, Answer answer) {
  net::post(snapshot_thread_.executor,
            [this, question = std::move(question), answer = std::move(answer)] {
              answer(find_or_make(question));
            });
}

SnapshotPtr SnapshotDesk::find_or_make(const SnapshotQuestion& question) {
  const std::uint64_t made_before = shelf_.made();
  const Result<SnapshotPtr> snapshot = shelf_.find_or_make(question);
  if (!snapshot) {
    log_warning("snapshot_failed", {{"reason", snapshot.error().message}});
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
