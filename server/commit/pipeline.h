#pragma once

#include "events/chain.h"
#include "events/crypto/signature.h"
#include "events/event_log.h"
#include "events/merkle.h"
#include "events/private_store.h"
#include "events/result.h"
#include "projections/state.h"
#include "projections/workflow/follow_up_events.h"
#include "server/commit/access_index.h"
#include "server/commit/admission.h"
#include "server/commit/batch.h"
#include "server/commit/named_records.h"
#include "server/commit/parked_runs.h"
#include "server/commit/pushed_run.h"
#include "server/commit/quota.h"
#include "server/commit/refused_chains.h"
#include "server/commit/scope_lease.h"
#include "server/files/file_facts.h"

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

/// The sequencer of one log: numbers events, judges them, adds what the server itself owes, and
/// appends everything that waits as one batch.
///
/// State: the state that judging folds, the tree's right edge, the heads of the chains seen so far,
/// and the grants of each person.  All of it follows from the log.  It runs ahead of the log
/// only inside a call; when an append fails nobody knows what is on disk, so from then on every
/// call that would append answers storage_failed, until a new pipeline recovers from the log.
///
/// Thread: one at a time.  It has no clock: every call is told the time.
class Pipeline {
 public:
  /// `parked`: where runs wait that came by bundle before those they follow; without it they are
  /// not taken.
  /// Lifetime: `log`, `private_store` and `parked` outlive the pipeline.
  Pipeline(events::EventLog& log, events::PrivateStore& private_store,
           events::SigningKey server_key, ParkedRuns* parked = nullptr);
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Folds the log into the state, from `checkpoint` on when one is given.  Comes first.
  /// Errors: storage_corrupt, storage_failed; storage_corrupt also when the log's server key is
  ///         another; unsupported when the log was judged under newer rules than this build has.
  /// Cost:   a fold of every event after the checkpoint.
  events::Result<void> recover(std::optional<projections::State> checkpoint = std::nullopt);

  /// Records that this build judges by newer rules than the log so far.  Nothing to do for an
  /// empty log, for equal rules and while the log is repaired.
  events::Result<void> adopt_rules(events::Timestamp now);

  /// Records that bundles are sealed to `key` from now on.  Nothing to do for an empty log and when
  /// the log says so already.
  events::Result<void> publish_sealing_key(const events::SealingKey& key, events::Timestamp now);

  /// The time of receipt of what comes at `now`: never before that of the last event.  Whatever is
  /// decided before an append and judged in it asks by this time.
  events::Timestamp time_of_receipt(events::Timestamp now) const {
    return std::max(last_received_at_, now);
  }

  events::Timestamp last_received_at() const { return last_received_at_; }
  /// Says in the log that its times of receipt ran ahead: they go on from `now`.  Nothing to do
  /// when they did not.
  /// Expects: somebody vouches for `now`.
  /// Errors:  busy while the log is repaired; storage_failed.
  events::Result<void> correct_clock(events::Timestamp now);

  /// Takes all runs, in order, with one append and one sync, and stores the private records that
  /// their events name, no others, before them.  They are received at `time_of_receipt(now)`; the
  /// clocks of their devices are compared with `now` itself.  The answers are in the order of the
  /// runs.
  ///
  /// Expects: each run was checked by `check_run` under its chain's key.
  /// Errors:  storage_failed: none of the runs may be acknowledged.
  events::Result<std::vector<PushOutcome>> commit(std::span<PushedRun> runs, events::Timestamp now);

  /// Appends events to the server's own chain, all or none, and returns the id of the last one.
  /// Errors: storage_failed; not_permitted: the rules refuse one of them, and nothing was appended.
  /// Cost:   a fold of the log when one behind the first is refused.
  events::Result<events::EventId> append_system(std::vector<events::Payload> payloads,
                                                events::Timestamp now);

  /// Puts private records beside the log, before events that name them.
  /// Errors: storage_failed.
  events::Result<void> store_private(std::span<const events::PrivateRecord> records);

  /// What the log says of a file of evidence; nothing when it names none with effect.
  std::optional<FileFacts> file_facts(const events::protocol::FileName& name) const {
    return facts_of(state_.evidence_files(), name);
  }
  /// Says in the log that the server has the file, unless it was said before.
  /// Expects: the file store has it, and it survives a power cut.
  /// Errors: storage_failed; not_found: the log names no such file.
  events::Result<void> record_stored(const events::protocol::FileName& name, events::Timestamp now);

  /// What a device of `chain` may do and read at `now`.
  /// Errors: not_enrolled; not_permitted: it was set aside; storage_failed.
  events::Result<Admission> admit(events::ChainNumber chain, events::Timestamp now);
  /// What one device may put in on a day.
  void set_quotas(const QuotaLimits& limits) { quotas_.set_limits(limits); }
  const QuotaLedger& quotas() const { return quotas_; }
  /// Devices that the operator has set aside.
  /// Lifetime: `refused` outlives the pipeline.
  void set_refused(const RefusedChains& refused) { refused_ = &refused; }
  /// Errors:  not_permitted: the device was set aside.
  events::Result<void> check_refused(events::ChainNumber chain) const {
    return refused_ == nullptr ? events::Result<void>{} : refused_->check(state_.access(), chain);
  }
  /// Days without contact after which a device locks the names it holds.
  void set_lease_days(std::uint32_t days) { lease_days_ = days; }
  /// Appends the receipt of a device that destroyed what it may not hold any more.  Nothing to do
  /// when the log has it already.
  /// Errors: not_enrolled; storage_failed.
  events::Result<void> record_purge(const events::protocol::Purged& purged, events::Timestamp now);

  // ---- a restored log, see repair/repair.h ----

  /// While a log is repaired, nothing is appended but what it lost: runs are answered `busy`, and
  /// so is everything else that would append.
  void set_repair(bool repair) { repair_ = repair; }
  bool is_repairing() const { return repair_; }
  /// What became of blocks that were lost.
  struct Repaired {
    std::size_t blocks = 0;              ///< So many of the first ones were appended.
    std::optional<std::size_t> refused;  ///< The one that is not what it was.
    std::string why;                     ///< See LostBlocks.
  };
  /// Appends blocks as they were, each checked and judged again, up to where signatures cover all.
  /// Expects: is_repairing(); their roots lead to one that a receipt proves.
  /// Errors:  storage_failed.
  events::Result<Repaired> repair(std::span<const events::StoredBlock> blocks);
  /// Appends what is owed and LogRestored; normal service goes on.
  /// Expects: is_repairing().
  /// Errors:  storage_failed; then it is not over.
  events::Result<void> conclude_repair(const events::LogHead& restored, events::Timestamp now);

  const projections::State& state() const { return state_; }
  const events::EventLog& log() const { return log_; }
  const events::PrivateStore& private_store() const { return private_store_; }
  const events::SigningKey& signing_key() const { return server_key_; }
  events::PublicKey server_key() const { return server_key_.public_key(); }
  /// The scope sets of the blocks of the last append, each once or more.
  const std::vector<events::ScopeSet>& last_scopes() const { return last_scopes_; }
  /// False from the first failed append on.
  bool healthy() const { return healthy_; }
  /// Counts changes of roles, devices and units: who may read what may have changed.
  std::uint64_t access_version() const { return access_index_.version(); }

 private:
  /// A run that was taken: its receipts are read back once the append has succeeded.
  struct Taken {
    std::uint64_t first_seq{};
    std::uint64_t last_seq{};
  };
  using Answer = std::variant<Taken, events::protocol::PushNak, events::protocol::Parked>;

  /// What is known of a run before anything is stored or judged.
  struct Looked {
    std::size_t known{};  ///< So many of its events the log holds, or will when its turn comes.
    std::vector<events::Intake> intakes;  ///< Of the others.
    QuotaUse cost;                        ///< Charged.
  };

  std::vector<PushOutcome> refuse_while_repairing(std::span<const PushedRun> runs) const;
  /// Looks at all runs, charges them and gathers the private records that they name.
  std::vector<events::Result<Looked>> look_at(std::span<const PushedRun> runs, const Batch& batch,
                                              NamedRecords& named);
  /// `before`: the runs of the same chain that will be taken before it.
  /// Errors:  quota, private_missing, storage_failed, storage_corrupt, and those of count_known().
  events::Result<Looked> look_at(std::span<const PushedRun* const> before, const PushedRun& run,
                                 const Batch& batch, NamedRecords& named);
  Answer take(Batch& batch, PushedRun& run, const events::Result<Looked>& looked);
  /// Keeps a run whose predecessors have not come, with the private records that it names.
  Answer park(const PushedRun& run, events::protocol::PushNak nak, events::Timestamp received_at);
  /// Errors:  quota, busy, storage_failed.
  events::Result<void> park_with_records(const PushedRun& run, events::Timestamp received_at);
  /// Judges and stores the events of a run from `run.events[known]` on.
  void take_events(Batch& batch, PushedRun& run, std::size_t known,
                   std::span<const events::Intake> intakes, events::ChainHead& head);
  /// Takes what was parked behind `head`, as long as it goes on.
  void take_parked(Batch& batch, events::ChainNumber chain, const events::PublicKey& key,
                   events::ChainHead& head);
  using HashAt = std::function<events::Result<events::Digest>(std::uint64_t seq)>;
  /// How many of the run's first events stand before `head` already; `hash_at` knows the hashes
  /// below it.
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
  /// The same for an event that was judged.
  void store(Batch& batch, events::StoredEvent stored, const events::ScopeSet& scope,
             const ChainStep& step);
  void store_follow_ups(Batch& batch);
  /// Errors: not_permitted: the rules refuse it; then nothing was folded.
  events::Result<events::EventId> store_system(Batch& batch, events::Payload payload);
  /// Forgets what `batch` folded before `refused`; returns what the caller is told.
  events::Error abandon(const events::Error& refused);
  events::Result<void> append(Batch& batch);
  events::Result<PushOutcome> answer(const Batch& batch, const PushedRun& run,
                                     const Taken& taken) const;

  Batch begin(events::Timestamp now);
  events::Result<events::ChainHead*> head_of(const projections::Device& device);
  /// Counts what the log took on its last day.
  events::Result<void> rebuild_quotas();

  events::EventLog& log_;
  events::PrivateStore& private_store_;
  events::SigningKey server_key_;
  ParkedRuns* parked_;
  projections::State state_;
  projections::State::OnEffect on_effect_;
  events::Frontier frontier_;
  events::Timestamp last_received_at_;
  events::ChainHead system_head_;
  std::unordered_map<std::uint32_t, events::ChainHead> heads_;
  AccessIndex access_index_;
  QuotaLedger quotas_;
  const RefusedChains* refused_ = nullptr;
  std::vector<events::ScopeSet> last_scopes_;
  std::uint32_t lease_days_ = lease_days_default;
  bool healthy_ = true;
  bool repair_ = false;
};

}  // namespace server
