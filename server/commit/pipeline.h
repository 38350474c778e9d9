#pragma once

#include "events/base/result.h"
#include "events/crypto/signature.h"
#include "events/log/chain.h"
#include "events/log/event_log.h"
#include "events/log/merkle.h"
#include "events/log/private_store.h"
#include "projections/rules/follow_up_events.h"
#include "projections/state/state.h"
#include "server/commit/access_index.h"
#include "server/commit/admission.h"
#include "server/commit/batch.h"
#include "server/commit/changes.h"
#include "server/commit/file_facts.h"
#include "server/commit/named_records.h"
#include "server/commit/parked_runs.h"
#include "server/commit/pushed_run.h"
#include "server/commit/quota.h"
#include "server/commit/refused_chains.h"
#include "server/commit/scope_lease.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace server {

/// The sequencer of one log: it numbers events, judges them, adds the events that the server itself
/// has to append, and appends everything that waits as one batch.
///
/// State: the folded state by which it judges, the right edge of the tree, the heads of the chains
/// seen so far, and the grants of each person.  All of it follows from the log and is ahead of the
/// log only inside a call.  When an append fails it is unknown what is on disk.  From then on every
/// call that would append answers storage_failed, until a new pipeline recovers from the log.
///
/// Thread: one at a time.  The pipeline has no clock: every call is told the time.
class Pipeline {
 public:
  /// `parked`: where a run that came by bundle waits while earlier runs of its chain are missing;
  /// null: such a run is refused.
  /// Lifetime: `log`, `private_store` and `parked` outlive the pipeline.
  Pipeline(events::EventLog& log, events::PrivateStore& private_store,
           events::SigningKey server_key, ParkedRuns* parked = nullptr);
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Adopts no rules newer than these; without a call, the newest of the build.
  /// Expects: it is called before recover().
  void hold_rules(events::RulesVersion newest) { newest_rules_ = newest; }

  /// Folds the log into the state, from `checkpoint` on when one is given.  It is the first call.
  /// `on_effect` follows the fold.
  /// Errors: storage_failed; storage_corrupt, also when the log names another server key or the
  ///         checkpoint is of another log; unsupported: the log was judged under newer rules than
  ///         this build has.
  /// Cost:   a fold of every event after the checkpoint, and reading the blocks of the last day.
  events::Result<void> recover(std::optional<projections::State> checkpoint = std::nullopt,
                               const projections::State::OnEffect& on_effect = nullptr);
  /// From now on `on_changes` is called behind each append with what the append changed.
  void feed_changes(std::function<void(Changes)> on_changes) {
    on_changes_ = std::move(on_changes);
  }

  /// Appends an event which says that this build judges by newer rules than the log so far.  Does
  /// nothing for an empty log, for equal rules and while the log is repaired.
  events::Result<void> adopt_rules(events::Timestamp now);

  /// Appends an event which says that bundles are sealed to `key` from now on.  Does nothing for an
  /// empty log, when the log says so already and while the log is repaired.
  events::Result<void> publish_sealing_key(const events::SealingKey& key, events::Timestamp now);

  /// The time of receipt of events that come at `now`; it is never before that of the last event.
  /// A decision that is taken before an append and judged in the append uses this time.
  events::Timestamp time_of_receipt(events::Timestamp now) const {
    return std::max(last_received_at_, now);
  }

  events::Timestamp last_received_at() const { return last_received_at_; }
  /// Appends an event which says that the times of receipt ran ahead and go on from `now`.  Does
  /// nothing when they did not run ahead.
  /// Expects: the operator vouches for `now`.
  /// Errors:  busy while the log is repaired; storage_failed.
  events::Result<void> correct_clock(events::Timestamp now);

  /// Takes all runs, in order, with one append and one sync.  Before that it stores the private
  /// records that their events name, and no others.  The time of receipt is `time_of_receipt(now)`;
  /// the clocks of the devices are compared with `now` itself.  The answers are in the order of the
  /// runs.  While the log is repaired every run is answered `busy`.
  ///
  /// Expects: each run was checked by `check_run` under its chain's key.
  /// Errors:  storage_failed: none of the runs may be acknowledged.
  events::Result<std::vector<PushOutcome>> commit(std::span<PushedRun> runs, events::Timestamp now);

  /// Appends what the server owes at `now`, because a day came or for another reason; often
  /// nothing. Every call that appends at `now` does so by itself. Expects: the clock may be
  /// believed. Errors: storage_failed.
  events::Result<void> append_owed(events::Timestamp now);
  /// When append_owed() has something to append although nothing happens; nothing: never.
  std::optional<events::Timestamp> next_deadline() const {
    return repair_ ? std::nullopt : projections::next_deadline(state_);
  }

  /// Appends events to the server's own chain, all or none, and returns the id of the last one.
  /// Errors: storage_failed; busy while the log is repaired; not_permitted: the rules refuse one of
  ///         the events, and nothing was appended.
  events::Result<events::EventId> append_system(std::vector<events::Payload> payloads,
                                                events::Timestamp now);

  /// Stores private records beside the log, before the events that name them are appended.
  /// Errors: storage_failed.
  events::Result<void> store_private(std::span<const events::PrivateRecord> records);

  /// What the log says of a file of evidence; nothing when no effective event names the file.
  std::optional<FileFacts> file_facts(const events::protocol::FileName& name) const {
    return facts_of(state_.evidence_files(), name);
  }
  /// Appends EvidenceStored: the server has the file.  Does nothing when the log says so already.
  /// Expects: the file is in the file store and survives a power cut.
  /// Errors: storage_failed; busy while the log is repaired; not_found: the log names no such file.
  events::Result<void> record_stored(const events::protocol::FileName& name, events::Timestamp now);

  /// What the device of `chain` may do and read at `now`.  While the log is repaired, an unknown
  /// chain is admitted as a stranger, which may only give back blocks.
  /// Errors: not_enrolled; not_permitted: the operator set the device aside; storage_failed.
  events::Result<Admission> admit(events::ChainNumber chain, events::Timestamp now);
  /// Sets what one device may put into the log on one day.
  void set_quotas(const QuotaLimits& limits) { quotas_.set_limits(limits); }
  const QuotaLedger& quotas() const { return quotas_; }
  /// Sets the list of the devices that the operator has set aside.
  /// Lifetime: `refused` outlives the pipeline.
  void set_refused(const RefusedChains& refused) { refused_ = &refused; }
  /// Errors:  not_permitted: the device was set aside.
  events::Result<void> check_refused(events::ChainNumber chain) const {
    return refused_ == nullptr ? events::Result<void>{} : refused_->check(state_.access(), chain);
  }
  /// Sets the days without contact after which a device locks the names that it holds.
  void set_lease_days(std::uint32_t days) { lease_days_ = days; }
  /// Appends the receipt of a device that destroyed what it may no longer hold.  Does nothing when
  /// the log has the receipt already.
  /// Errors: not_enrolled; storage_failed; busy while the log is repaired.
  events::Result<void> record_purge(const events::protocol::Purged& purged, events::Timestamp now);

  // ---- a restored log, see repair/repair.h ----

  /// Begins or ends the repair of the log.  While it lasts, only blocks that the log lost are
  /// appended: runs and every other call that would append are answered `busy`.
  void set_repair(bool repair) { repair_ = repair; }
  bool is_repairing() const { return repair_; }
  /// What became of blocks that were given to repair().
  struct Repaired {
    std::size_t blocks = 0;              ///< How many of them, from the first on, were appended.
    std::optional<std::size_t> refused;  ///< Index of the block that is false.
    std::string why;                     ///< Why it was refused, see LostBlocks.
  };
  /// Appends lost blocks as they were.  Each block is checked and judged again.  Appending ends
  /// where a block is refused or where no signature covers the following events.
  /// Expects: is_repairing(); the roots of the blocks lead to a root that a receipt proves.
  /// Errors:  storage_failed; storage_corrupt: the log cannot be read, and nothing was appended.
  events::Result<Repaired> repair(std::span<const events::StoredBlock> blocks);
  /// Appends the events that the server still has to append and then LogRestored.  Normal service
  /// goes on.
  /// Expects: is_repairing().
  /// Errors:  storage_failed; then the repair is not over.
  events::Result<void> conclude_repair(const events::LogHead& restored, events::Timestamp now);

  const projections::State& state() const { return state_; }
  const events::EventLog& log() const { return log_; }
  const events::PrivateStore& private_store() const { return private_store_; }
  const events::SigningKey& signing_key() const { return server_key_; }
  events::PublicKey server_key() const { return server_key_.public_key(); }
  /// The scope sets of the blocks of the last append, with those of what was owed before it; a set
  /// may occur more than once.
  const std::vector<events::ScopeSet>& last_scopes() const { return last_scopes_; }
  /// False from the first failed append on.
  bool healthy() const { return healthy_; }
  /// Counts changes of roles, devices and units.  Each of them may change the rights of readers.
  std::uint64_t access_version() const { return access_index_.version(); }

 private:
  /// A run that was taken.  Its receipts are read back once the append has succeeded.
  struct Taken {
    std::uint64_t first_seq{};
    std::uint64_t last_seq{};
  };
  using Answer = std::variant<Taken, events::protocol::PushNak, events::protocol::Parked>;

  /// What is known of a run before anything of it is stored or judged.
  struct Looked {
    std::size_t known{};  ///< How many of its first events the log has when its turn comes.
    std::vector<events::Intake> intakes;  ///< Of its other events.
    QuotaUse cost;                        ///< What was charged for it.
  };

  std::vector<PushOutcome> refuse_while_repairing(std::span<const PushedRun> runs) const;
  /// Looks at all runs, charges their quotas and gathers the private records that they name.
  std::vector<events::Result<Looked>> look_at(std::span<const PushedRun> runs, const Batch& batch,
                                              NamedRecords& named);
  /// Looks at one run.  `before`: the runs of the same chain that will be taken before it.
  /// Errors:  quota, private_missing, storage_failed, storage_corrupt, and those of count_known().
  events::Result<Looked> look_at(std::span<const PushedRun* const> before, const PushedRun& run,
                                 const Batch& batch, NamedRecords& named);
  Answer take(Batch& batch, PushedRun& run, const events::Result<Looked>& looked);
  /// Parks a run whose predecessors have not come, with the private records that it names.  Answers
  /// `nak`, with the error as its reason, when the run cannot be parked.
  Answer park(const PushedRun& run, events::protocol::PushNak nak, events::Timestamp received_at);
  /// Errors:  quota, busy, storage_failed.
  events::Result<void> park_with_records(const PushedRun& run, events::Timestamp received_at);
  /// Judges and stores the events of a run from `run.events[known]` on.
  void take_events(Batch& batch, PushedRun& run, std::size_t known,
                   std::span<const events::Intake> intakes, events::ChainHead& head);
  /// Takes the parked runs that continue the chain behind `head`, one after the other.
  void take_parked(Batch& batch, events::ChainNumber chain, const events::PublicKey& key,
                   events::ChainHead& head);
  using HashAt = std::function<events::Result<events::Digest>(std::uint64_t seq)>;
  /// How many of the run's first events the chain has up to `head`.  `hash_at` gives the chain
  /// hashes below `head`.
  /// Errors:  gap, fork, those of `hash_at`.
  static events::Result<std::size_t> count_known(const PushedRun& run,
                                                 const events::ChainHead& head,
                                                 const HashAt& hash_at);
  events::Result<std::size_t> count_known(const Batch& batch, const PushedRun& run,
                                          const events::ChainHead& head) const {
    return count_known(
        run, head, [&](std::uint64_t seq) { return batch.chain_hash_at(log_, run.chain, seq); });
  }
  void store(Batch& batch, events::Event event, const events::Intake& intake,
             const ChainStep& step);
  /// Folds an event that was judged already and adds it to the batch.
  void store(Batch& batch, events::StoredEvent stored, const events::ScopeSet& scope,
             const ChainStep& step);
  void store_follow_ups(Batch& batch);
  /// append_owed() in front of another append, of whose scopes its own become a part.
  events::Result<void> settle_debts(events::Timestamp now);
  /// Makes a system event, judges it and adds it to the batch.
  /// Errors: not_permitted: the rules refuse it; then nothing was folded.
  events::Result<events::EventId> store_system(Batch& batch, events::Payload payload);
  /// Takes back what was folded since the last append.  Returns the error for the caller:
  /// `refused`, or the error of recovering.
  events::Error abandon(const events::Error& refused);
  events::Result<void> append(Batch& batch);
  /// The state is what is on disk: tells so, and what changed since the last time.
  void settle();
  events::Result<PushOutcome> answer(const Batch& batch, const PushedRun& run,
                                     const Taken& taken) const;

  Batch begin(events::Timestamp now);
  events::Result<events::ChainHead*> head_of(const projections::Device& device);
  /// Counts again, for the quotas, what the log received on its last day.
  events::Result<void> rebuild_quotas();

  events::EventLog& log_;
  events::PrivateStore& private_store_;
  events::SigningKey server_key_;
  ParkedRuns* parked_;
  projections::State state_;
  projections::State settled_;   ///< As of the last append; shares nearly everything with `state_`.
  std::vector<Change> changes_;  ///< Since then.
  std::function<void(Changes)> on_changes_;
  projections::State::OnEffect on_effect_;
  events::Frontier frontier_;
  events::Timestamp last_received_at_;
  events::ChainHead system_head_;
  std::unordered_map<std::uint32_t, events::ChainHead> heads_;
  AccessIndex access_index_;
  QuotaLedger quotas_;
  const RefusedChains* refused_ = nullptr;
  std::vector<events::ScopeSet> last_scopes_;
  std::vector<events::ScopeSet> debts_scopes_;  ///< Of what was owed before the append to come.
  std::uint32_t lease_days_ = lease_days_default;
  events::RulesVersion newest_rules_ = projections::newest_rules();
  bool healthy_ = true;
  bool repair_ = false;
};

}  // namespace server
