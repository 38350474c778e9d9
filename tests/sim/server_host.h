#pragma once

#include "events/crypto/signature.h"
#include "server/bundle/bundle_exchange.h"
#include "server/commit/enrolment.h"
#include "server/commit/pipeline.h"
#include "server/feed/snapshots.h"
#include "server/files/file_wants.h"
#include "server/repair/repair.h"
#include "server/session/greeting_proofs.h"
#include "server/session/sync_session.h"
#include "tests/sim/audited_log.h"
#include "tests/sim/link.h"
#include "tests/sim/parking.h"
#include "tests/sim/plants.h"
#include "tests/sim/random.h"
#include "tests/sim/server_clock.h"
#include "tests/sim/server_file_store.h"
#include "tests/sim/stores.h"
#include "tests/sim/tally.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace sim {

/// The server without threads: sessions, the work that waits for the log thread, the pipeline, the
/// log and the private store.  Everything happens when a step says so, at the world's time; what
/// the server makes of it is up to its clock.
class ServerHost {
 public:
  /// Lifetime: the references outlive the host.
  ServerHost(Random& random, Tally& tally, const events::Digest& founding_code);

  /// From here on the server has this bug.
  void plant(Plant plant);

  /// The program is replaced by a build that knows these rules, and starts anew.
  void update(events::RulesVersion newest);
  events::RulesVersion newest_rules() const { return newest_rules_; }
  /// What a server does when it starts: it says in the log which rules hold from here on.
  void adopt_rules(events::Timestamp now);

  LinkPtr accept();
  /// Hands the next message of the link to its session, if that reads.  False: nothing to do.
  bool deliver(Link& link, events::Timestamp now);
  /// The log thread takes some of what waits: runs that stand together in one batch.
  bool work(events::Timestamp now, std::size_t requests_max);
  /// A session sends what it has, at most `max_bytes`.
  bool pump(Link& link, std::size_t max_bytes);

  // ---- the clock, see server_host_clock.cpp ----

  ServerClock& clock() { return clock_; }
  const ServerClock& clock() const { return clock_; }
  /// The operator says that the clock is right.  False: not taken.
  bool confirm_clock(events::Timestamp now);
  /// The server's watch looks at the clock and appends what is owed because a day came.
  void look_at_clock(events::Timestamp now);
  /// When all faults are over the operator confirms a clock that was refused.  False: it was not.
  bool confirm_right_clock(events::Timestamp now);
  /// Units whose events or names the right time would have left to the reader on that connection,
  /// when it was let in by a time for which nobody vouched.
  const std::set<events::UnitId>& withheld(std::uint64_t number) const;

  // ---- bundles, see server_bundles.cpp ----

  /// What a carrier hears.
  struct BundleReply {
    enum class Kind : std::uint8_t { answered, refused, busy, crashed };
    Kind kind = Kind::answered;
    events::Bytes answer;
    bool was_cut = false;  ///< The file ends too early.
    std::uint64_t session = 0;
  };
  /// From here on devices can seal bundles.
  void publish_sealing_key(events::Timestamp now);
  BundleReply take_bundle(const events::Bytes& bundle, const events::SealingSecret& ephemeral,
                          events::Timestamp now);
  /// Looks whether what was called parked waits or was judged.
  void check_parked(bool chains_are_unique);
  const server::ParkedRuns& parked() const { return *parked_; }

  // ---- files of evidence, see server_host_files.cpp ----

  void arm(FileCrash crash) { files_.arm(crash); }
  /// Looks whether the files that the log calls stored are there, and what is there has its digest.
  void check_files(bool also_bytes) const;
  const ServerFileStore& files() const { return files_; }
  /// Whether the device of `chain` may have the events of that commune.
  bool may_read(events::ChainNumber chain, events::UnitId commune, events::Timestamp now) const;
  /// Whether the device of `chain` may have the bytes of files of that commune.
  bool may_fetch(events::ChainNumber chain, events::UnitId commune, events::Timestamp now) const;
  /// Whether it was ever let in with the right to them.
  bool was_let_in(events::ChainNumber chain, events::UnitId commune) const {
    return let_in_.contains({chain, commune});
  }

  /// Of the leases that are granted from here on.
  void set_lease_days(std::uint32_t days) {
    lease_days_ = days;
    pipeline_->set_lease_days(days);
  }

  /// Somebody with the key of a chain asks for another one.  True when it was given.
  bool ask_for_chain(const events::protocol::NewChain& request, events::Timestamp now);

  /// The next append crashes.
  void arm(AppendCrash crash) { log_.arm(crash); }
  /// A power cut and a restart from the log.
  void restart();

  // ---- disasters, see server_host_restore.cpp ----

  /// Puts a copy of the log and the private records away.
  void back_up();
  /// Whether what the backup lacks can come back: the server alone has said nothing since that
  /// nobody could say again.
  bool can_restore() const;
  /// The disk is gone; the server starts from the backup and is repaired.
  void restore_backup();
  std::uint64_t restores() const { return restores_; }
  bool is_repairing() const { return pipeline_->is_repairing(); }
  /// Called when a repair is over.
  void on_repaired(std::function<void()> call) { on_repaired_ = std::move(call); }
  /// Counts the repairs that are over.
  std::uint64_t repairs() const { return repairs_; }
  /// The operator goes on without what has not come.
  void finish_repair(events::Timestamp now);
  /// Whether that ended the last of them.
  bool gave_up() const { return gave_up_; }
  /// Up to here the last of them brought everything back to its place.
  events::Position repaired_to() const { return repaired_to_; }

  /// Counts restarts: what clients were promised must be looked at again after each.
  std::uint64_t restarts() const { return restarts_; }
  /// No more faults, planted ones included, but those that are wrong already.  Quotas are those of
  /// a real server from then on.
  void calm();
  /// Whether no device put in more than it may, on any day so far.
  void check_quotas() const;

  const std::vector<LinkPtr>& links() const { return links_; }
  bool has_work() const { return !waiting_.empty() || !to_say_.empty(); }
  /// What the disk really holds.
  const events::MemoryEventLog& log() const { return log_.truth(); }
  const ServerPrivates& privates() const { return privates_; }
  const projections::State& state() const { return pipeline_->state(); }
  events::PublicKey key() const { return pipeline_->server_key(); }
  const events::SigningKey& signing_key() const { return pipeline_->signing_key(); }

 private:
  struct Connection {
    LinkPtr link;
    std::unique_ptr<server::SyncSession> session;
  };
  struct Backup {
    events::Position upto;
    events::Epoch epoch;
    events::MemoryPrivateStore privates;
    std::map<events::Digest, events::Bytes> files;
    std::size_t devices{};
    std::uint64_t purges{};
  };
  struct Waiting {
    std::uint64_t session{};
    server::Request request;
  };

  /// What the file store made of an offer or a piece.  A file that it made complete is said by the
  /// log before its device hears of it.
  struct Stored {
    std::uint64_t session{};
    server::FileTransfers::Answer said;
    std::optional<std::size_t> piece_bytes;  ///< None: it was an offer.
  };

  server::QuotaLimits quotas() const;
  /// By the number of a device's first chain and the day.
  using OfFamilies = std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t>;
  /// The most that each put in on that day before the server's clock left it.
  OfFamilies unknown_events_taken() const;
  OfFamilies quota_factors() const;
  void visit_log(const std::function<void(const events::StoredEvent&)>& visit) const;
  /// Whether a day's quota is too little for the run beside what its device put in.
  bool is_over_quota(const events::DeviceBlock& run) const;
  Connection* find(std::uint64_t number);
  Connection* find_open(std::uint64_t number);
  void enqueue(std::uint64_t session, server::Requests requests);
  void close(Connection& connection);
  void forget_closed();
  void admit(std::uint64_t number, events::ChainNumber chain, events::Timestamp now);
  void record_purge(std::uint64_t number, const events::protocol::Purged& receipt,
                    events::Timestamp now);
  void hand_out_snapshot(std::uint64_t number, const server::SnapshotQuestion& question,
                         events::Timestamp now);
  void enrol(std::uint64_t number, const events::protocol::Enrol& request, events::Timestamp now);
  void continue_chain(std::uint64_t number, const events::protocol::NewChain& request,
                      events::Timestamp now);
  /// What the clock says, as the committer asks it.  `refused`: what is counted when it may not be
  /// believed.
  events::Result<events::Timestamp> time(events::Timestamp now, Happening refused);
  /// The same for what is appended on no device's word.
  events::Result<events::Timestamp> settled_time(events::Timestamp now, Happening refused);
  /// As the committer lets a reader in.
  events::Result<server::Admission> let_in(events::ChainNumber chain, events::Timestamp now,
                                           Happening refused);
  void look_at_append(std::span<const events::StoredBlock> blocks);
  void note_withheld(std::uint64_t number, events::ChainNumber chain,
                     const server::Admission& given, events::Timestamp now);
  /// Answers and takes out the runs that nobody judges by this clock.
  void dismiss_doubters(std::vector<Waiting>& runs, events::Timestamp now);
  void refuse_run(const Waiting& run, const events::Error& error, events::Timestamp now);
  /// False: the append crashed.
  bool commit(std::vector<Waiting> runs, events::Timestamp now);
  /// Whether the append that failed met an armed crash.
  bool append_crashed();
  /// False: the server crashed.
  bool serve_file(std::uint64_t number, server::FileRequest request, events::Timestamp now);
  bool store_file(std::uint64_t number, server::FileRequest request, events::Timestamp now);
  /// The log says of one file that it is stored.  False: the server crashed.
  bool say_stored(events::Timestamp now);
  void answer(const Stored& stored, events::Timestamp now);
  void note_offer(const server::FileTransfers::Answer& said);
  bool file_crashed();
  void ask_for_wanted_files(Connection& connection);
  void look_for_lost_files();
  void note_rights(events::ChainNumber chain, const server::ReaderRights& rights);
  void begin_repair();
  void return_blocks(std::uint64_t number, server::RepairBatch repair_batch, events::Timestamp now);
  void tell_about_access();
  /// False: the server crashed.
  bool serve(server::BundleExchange& exchange, server::Requests requests, events::Timestamp now);
  std::optional<server::PushOutcome> commit_carried(server::PushedRun run, events::Timestamp now);
  void release_too_early(events::Timestamp now);
  void give_what_was_refused(const std::vector<server::PushedRun>& runs, events::Timestamp now);
  events::Bytes early_mark(events::Bytes bytes);
  /// Blocks of devices without their signature and with another time of recording, or not at all.
  events::Bytes cheat(events::Bytes bytes);

  Random& random_;
  Tally& tally_;
  Plant plant_ = Plant::none;
  events::Digest founding_code_;
  ServerClock clock_;
  std::map<std::uint64_t, std::set<events::UnitId>> withheld_;  // By session.
  AuditedLog log_;
  ServerPrivates privates_;
  std::unique_ptr<server::PackedBlocks> packed_;
  std::unique_ptr<server::SnapshotShelf> snapshots_;
  Parking parking_;
  std::optional<server::ParkedRuns> parked_;
  std::unique_ptr<server::Pipeline> pipeline_;
  std::unique_ptr<server::Enrolment> enrolment_;
  std::unique_ptr<server::GreetingProofs> proofs_;
  std::optional<events::Bytes> checkpoint_;
  std::optional<Backup> backup_;
  std::uint32_t lease_days_ = server::lease_days_default;
  events::RulesVersion newest_rules_{1};     ///< That its build knows.
  std::optional<events::LogHead> restored_;  // While the log bears the mark of it.
  server::MemoryStagingStore staging_;
  std::optional<server::Repair> repair_;
  std::uint64_t restores_ = 0;
  std::uint64_t repairs_ = 0;
  bool gave_up_ = false;
  events::Position repaired_to_;
  std::function<void()> on_repaired_;
  std::vector<LinkPtr> links_;
  std::map<std::uint64_t, Connection> connections_;
  std::deque<Waiting> waiting_;
  ServerFileStore files_;
  std::unique_ptr<server::FileWants> wants_;
  std::deque<Stored> to_say_;
  std::set<std::pair<events::ChainNumber, events::UnitId>> let_in_;
  std::uint64_t last_number_ = 0;
  std::uint64_t restarts_ = 0;
  bool calm_ = false;
};

}  // namespace sim
