#include "clients/core/files/file_sweep.h"

#include "clients/core/files/file_plan.h"

#include <set>
#include <vector>

namespace clients {

using events::Digest;
using events::Result;

namespace {

/// The files that stay.
class Kept {
 public:
  Kept(const Replica& replica, const MayHoldFiles& may_hold, events::Timestamp now)
      : replica_(replica), may_hold_(may_hold), now_(now) {}

  Result<void> look() {
    Result<FileRecords::Names> asked = FileRecords(replica_.store()).asked();
    if (!asked) return asked.error();
    asked_ = std::move(*asked);
    Result<FileRecords::Names> damaged = FileRecords(replica_.store()).damaged();
    if (!damaged) return damaged.error();
    damaged_ = std::move(*damaged);
    const projections::State& state = replica_.overlay().pending();
    for (const projections::EvidenceFile& row : state.evidence_files().all()) look_at(row);
    look_at_own_log();
    return look_at_branches();
  }
  bool contains(const Digest& sha256) const { return kept_.contains(sha256); }

 private:
  void look_at(const projections::EvidenceFile& row) {
    const projections::State& state = replica_.overlay().pending();
    const bool is_own = state.access().made(replica_.identity().chain, row.attached);
    for (const events::FilePart part : {events::FilePart::thumbnail, events::FilePart::original}) {
      const projections::EvidenceFileStatus& status = row.part(part);
      if (!status.is_named()) continue;
      const bool is_unsent = is_own && !status.is_stored();
      const bool is_old = is_own && part == events::FilePart::original && is_long_stored(status) &&
                          !asked_.contains({row.attached, part});
      if (is_unsent || (may_hold_(row.scope, is_own) && !is_old)) kept_.insert(status.sha256);
    }
  }

  bool is_long_stored(const projections::EvidenceFileStatus& status) const {
    if (!status.is_stored()) return false;
    // Not known behind a snapshot; then it stays.
    const std::optional<events::Timestamp> stored = replica_.received_at(status.stored_at);
    return stored && stored->value + own_original_days * events::milliseconds_per_day < now_.value;
  }

  /// Own events that have no effect, or none that this device may see.
  void look_at_own_log() {
    const OfflineLog& own = replica_.own();
    for (std::uint64_t seq = 1; seq <= own.head().seq; ++seq) {
      const OwnEntry& entry = own.entry(seq);
      const auto* const attached = std::get_if<events::EvidenceAttached>(&entry.event.payload);
      if (attached == nullptr || is_in_state(entry.event.id())) continue;
      const std::optional<events::StoredEvent> stored = own.stored(seq);
      if (!stored || replica_.pull().scope.includes(own.scope_in_log(seq))) {
        keep(*attached);
      } else if (stored->verdict.code != events::VerdictCode::refused) {
        keep_whole(*attached, entry.event.id());
      }
    }
  }

  /// Events of a chain that was left are recorded again.
  Result<void> look_at_branches() {
    const Result<std::vector<Branch>> branches = replica_.store().branches();
    if (!branches) return branches.error();
    for (const Branch& branch : *branches) {
      if (branch.continued) continue;
      const Result<std::vector<OwnEvent>> own = replica_.store().branch_events(branch.chain);
      if (!own) return own.error();
      for (const OwnEvent& each : *own) {
        const Result<events::Event> event = events::read_event(each.canonical);
        if (!event) continue;
        const auto* const attached = std::get_if<events::EvidenceAttached>(&event->payload);
        if (attached != nullptr && !is_in_state(event->id())) keep(*attached);
      }
    }
    return {};
  }

  bool is_in_state(events::EventId attached) const {
    return replica_.overlay().pending().evidence_files().find(attached) != nullptr;
  }
  void keep(const events::EvidenceAttached& attached) {
    kept_.insert(attached.original.sha256);
    if (attached.thumbnail) kept_.insert(attached.thumbnail->sha256);
  }

  /// Of a commune that is lost nobody here can take a photo again.
  void keep_whole(const events::EvidenceAttached& attached, events::EventId id) {
    if (!damaged_.contains({id, events::FilePart::original})) {
      kept_.insert(attached.original.sha256);
    }
    const bool is_whole = !damaged_.contains({id, events::FilePart::thumbnail});
    if (attached.thumbnail && is_whole) kept_.insert(attached.thumbnail->sha256);
  }

  const Replica& replica_;
  const MayHoldFiles& may_hold_;
  events::Timestamp now_;
  FileRecords::Names asked_;
  FileRecords::Names damaged_;
  std::set<Digest> kept_;
};

}  // namespace

Result<void> sweep_files(const Replica& replica, FileStore& files, const MayHoldFiles& may_hold,
                         events::Timestamp now) {
  const Result<std::set<Digest>> here = files.all();
  if (!here) return here.error();
  if (here->empty()) return {};
  Kept kept(replica, may_hold, now);
  if (Result<void> looked = kept.look(); !looked) return looked;
  for (const Digest& sha256 : *here) {
    if (kept.contains(sha256)) continue;
    if (Result<void> erased = files.erase(sha256); !erased) return erased;
  }
  return {};
}

Result<void> erase_all_files(FileStore& files) {
  const Result<std::set<Digest>> here = files.all();
  if (!here) return here.error();
  for (const Digest& sha256 : *here) {
    if (Result<void> erased = files.erase(sha256); !erased) return erased;
  }
  return {};
}

}  // namespace clients
