#include "clients/core/log/settings.h"
#include "clients/core/replica/replica.h"

#include <algorithm>
#include <set>
#include <utility>

// What a replica lets go when its pull starts again.

namespace clients {

using events::Digest;
using events::Position;
using events::Result;

namespace {

void add_named(events::ByteView canonical, std::set<Digest>& named) {
  const Result<events::Event> event = events::read_event(canonical);
  if (!event) return;
  if (const auto digest = events::private_digest_of(event->payload)) named.insert(*digest);
}

}  // namespace

Result<void> Replica::restart_pull(const events::ReaderScope& scope, bool drop_receipts) {
  StoreChange change;
  change.drop_foreign = true;
  change.drop_receipts = drop_receipts;
  write_setting(change, settings::pull_again, false);
  if (drop_receipts) write_setting(change, settings::sweep_due, true);
  change.pull = PullState{};
  change.pull->scope = scope;
  if (Result<void> written = store_->commit(change); !written) return written;
  pull_ = *change.pull;
  base_.reset();
  foreign_.clear();
  base_sums_.clear();
  tally_.reset();
  unproved_.clear();
  open_.clear();
  foreign_chains_.clear();
  chain_keys_.clear();
  chain_keys_[events::system_chain] = identity_.server_key;
  if (drop_receipts) own_.drop_receipts();
  if (Result<void> begun = begin_overlay(); !begun) return begun;
  return fold();
}

Result<void> Replica::take_alarm(const LogAlarm& alarm, bool pull_again) {
  StoreChange change;
  change.settings = head_store_.with(alarm);
  if (pull_again) write_setting(change, settings::pull_again, true);
  if (change.settings.empty()) return {};
  if (Result<void> written = store_->commit(change); !written) return written;
  head_store_.take(alarm);
  return {};
}

Result<void> Replica::doubt() {
  StoreChange change;
  write_setting(change, settings::pull_again, true);
  return store_->commit(change);
}

Result<bool> Replica::must_pull_again() const {
  return read_setting(*store_, settings::pull_again);
}

std::vector<Position> Replica::foreign_outside(const events::ReaderScope& scope) const {
  std::vector<Position> outside;
  for (const auto& [first, block] : foreign_) {
    if (!scope.includes(block.scope)) outside.push_back(first);
  }
  return outside;
}

Result<void> Replica::sweep_records() {
  const Result<bool> due = read_setting(*store_, settings::sweep_due);
  if (!due) return due.error();
  if (!*due) return {};

  std::set<Digest> named;
  for (std::uint64_t seq = 1; seq <= own_.head().seq; ++seq) {
    add_named(own_.entry(seq).event.canonical, named);
  }
  for (const auto& [first, block] : foreign_) {
    // Everybody reads these events, and only who reads the whole log gets the records they name.
    const bool is_of_no_commune =
        projections::record_home_of(block.scope) == events::reference_scope;
    if (is_of_no_commune && !pull_.scope.whole_log) continue;
    for (const events::BlockEntry& entry : block.entries) add_named(entry.canonical, named);
  }
  const Result<std::vector<RecordName>> names = store_->record_names();
  if (!names) return names.error();
  for (const RecordName& name : *names) named.insert(name.digest);
  const Result<std::vector<Branch>> branches = store_->branches();
  if (!branches) return branches.error();
  for (const Branch& branch : *branches) {
    const Result<std::vector<OwnEvent>> events = store_->branch_events(branch.chain);
    if (!events) return events.error();
    for (const OwnEvent& own : *events) add_named(own.canonical, named);
  }

  Result<std::vector<Digest>> held = store_->private_digests();
  if (!held) return held.error();
  StoreChange change;
  std::erase_if(*held, [&](const Digest& digest) { return named.contains(digest); });
  change.erased = std::move(*held);
  write_setting(change, settings::sweep_due, false);
  return store_->commit(change);
}

}  // namespace clients
