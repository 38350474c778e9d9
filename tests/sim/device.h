#pragma once

#include "clients/core/files/file_sync.h"
#include "clients/core/replica/replica.h"
#include "clients/core/replica/workspace.h"
#include "clients/core/sync/sync_engine.h"
#include "events/bundle/clock_sample.h"
#include "events/crypto/sealing.h"
#include "tests/sim/device_file_store.h"
#include "tests/sim/link.h"
#include "tests/sim/random.h"
#include "tests/sim/server_host.h"
#include "tests/sim/stores.h"
#include "tests/sim/tally.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sim {

/// Somebody who acts on a device.
struct Officer {
  events::PersonId person;
  std::vector<events::Role> roles;
  events::UnitId unit;     ///< Where the roles are held.
  events::UnitId commune;  ///< None: above the communes.
  events::OrganisationId association;
  events::OrganisationId committee;
};

/// What a device expected of an own event when it was recorded.
struct Expectation {
  events::Verdict verdict;
  events::Position seen;
  events::ReaderScope scope;
  events::Timestamp recorded_at;  ///< Device clock.
  bool clock_was_sane = false;
};

/// What an image of a device's disk holds.
struct DiskImage {
  clients::MemoryStore store;
  DeviceFileStore files;
};

/// One device: its disk, its clock, the product's client core on top, and what the simulator knows
/// it was promised.
class Device {
 public:
  /// Lifetime: the references outlive the device.
  Device(std::string name, Random& random, Tally& tally, Plant plant, ServerHost& host,
         std::string code, std::optional<events::protocol::Founding> founding);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const std::string& name() const { return name_; }
  bool is_enrolled() const { return replica_.has_value(); }
  clients::Replica& replica() { return *replica_; }
  const clients::Replica& replica() const { return *replica_; }
  clients::Workspace& workspace() { return *workspace_; }
  std::vector<Officer>& officers() { return officers_; }
  const Link* link() const { return link_.get(); }
  LinkPtr shared_link() const { return link_; }
  bool is_synced() const;
  /// The program is replaced by a build that knows these rules, and starts anew.
  void install(events::RulesVersion newest);
  events::RulesVersion newest_rules() const { return newest_; }
  /// When it last heard from the server, since it came up.
  const events::bundle::ClockSample& contact() const { return contact_; }
  /// Why its last connection failed, for a failure that can be read.
  const std::string& trouble() const { return trouble_; }

  // ---- clock ----

  events::Timestamp clock(events::Timestamp now) const;
  void set_clock_offset(std::int64_t milliseconds) {
    clock_offset_ = milliseconds;
    clock_was_always_sane_ = clock_was_always_sane_ && clock_is_sane();
  }
  /// What it was invited with.
  const std::string& code() const { return code_; }
  bool clock_is_sane() const { return clock_offset_ > -200'000 && clock_offset_ < 200'000; }

  // ---- connection ----

  void connect(events::Timestamp now, bool live);
  /// The same over a line that somebody else holds the other end of.
  void connect_over(LinkPtr link, events::Timestamp now, bool live);
  void disconnect();
  /// Takes the next message that came down.  False: nothing to do.
  bool deliver(events::Timestamp now);
  /// Pushes what was recorded on the open connection.
  bool push_new(events::Timestamp now);

  /// Delivered everything, holds nothing of others, and the log knows that it does not.
  bool is_wiped() const;

  // ---- the server's clock, see device_clock.cpp ----

  /// What it may show of others.
  struct Holdings {
    events::ReaderScope scope;
    std::vector<events::UnitId> homes;  ///< Whose private records it has.
  };
  Holdings holdings() const;
  /// Looks whether what the server said in `session` cost it anything that the right time would
  /// have left to it.
  void check_losses(const Holdings& before, std::uint64_t session, events::Timestamp now) const;
  /// Looks whether own events that came while all clocks were right are held for their clock.
  void check_clock_holds() const;

  // ---- bundles, see device_bundles.cpp ----

  /// A bundle for the server, without the own events before `since`; nothing when the store crashed
  /// or the server's key is not here yet.
  std::optional<events::Bytes> export_bundle(Random& drawn, std::uint64_t since,
                                             events::Timestamp now);
  /// Takes an answer in, which nobody changed when it `is_sound`.  False: it was refused, or the
  /// store crashed.
  bool import_bundle(const events::Bytes& answer, bool is_sound, events::Timestamp now);
  /// Last own event that any bundle took along.
  std::uint64_t exported_to() const { return exported_to_; }

  // ---- files of evidence, see device_files.cpp ----

  /// From its next connection on it speaks of files.
  void keep_files() { keeps_files_ = true; }
  bool keeps_files() const { return keeps_files_; }
  DeviceFileStore& files() { return files_; }
  const DeviceFileStore& files() const { return files_; }
  clients::FileRecords file_records() { return clients::FileRecords(store_); }
  /// Of the open connection; null: it does not speak of files.
  const clients::FileSync* file_sync() const { return file_sync_ ? &*file_sync_ : nullptr; }
  /// Sends what there is to send of files.  False: nothing.
  bool send_files(events::Timestamp now);
  /// Puts the bytes of a file away, as before the event that names it.  False: the device crashed.
  bool put_file(events::ByteView bytes);
  /// Whether a write of the device's files, or of what it notes about them, just crashed.
  bool file_write_crashed();

  // ---- recording ----

  /// Records acts that belong together, as an officer does.  Nothing when the store crashed or the
  /// lease is over.
  std::optional<clients::RecordedTogether> record(
      const std::vector<clients::RecordRequest>& requests, events::Timestamp now);
  /// Puts an event into the chain without asking the device's judge.  False: the store crashed.
  bool record_rogue(events::Event event, std::vector<events::PrivateRecord> privates,
                    events::Timestamp now);

  // ---- faults ----

  void arm(WriteCrash crash) { store_.arm(crash); }
  /// The device dies and starts again from its disk.
  void crash();
  void calm() {
    store_.arm(WriteCrash::none);
    store_.calm();
    files_.calm();
  }

  // ---- copies, see device_copies.cpp ----

  /// What an image of its disk holds.
  DiskImage image() const { return {store_.image(), files_}; }
  /// The device starts from an image, of itself a while ago or of another device.
  void start_from(const DiskImage& image);
  /// Somebody else may go on with its chain: it may be told of a fork.
  void expect_fork() { may_fork_ = true; }
  /// It is a copy, or there is one of it, or it was set back.
  bool may_fork() const { return may_fork_; }
  /// Its branch holds what this program cannot record again.
  bool has_unknown_kinds() const { return has_unknown_kinds_; }

  // ---- promises ----

  /// Whether there is anybody to get a private record from.
  bool server_has(const events::Digest& record) const { return *host_.privates().contains(record); }

  /// Own events that the device has said are kept: they must stay.
  std::size_t kept() const { return kept_; }
  /// Own events up to here were acknowledged.
  std::uint64_t acknowledged() const { return acknowledged_; }
  /// Every receipt that ever arrived, encoded, by first seq.
  const std::map<std::uint64_t, events::Bytes>& receipts() const { return receipts_; }
  /// Looks whether the log holds everything this device was promised; not while it is repaired.
  void check_promises();

 private:
  void load();
  /// Keeps the time that the server said, as the product does at each greeting.  False: the device
  /// crashed.
  bool note_contact(events::Timestamp server_time, events::Timestamp now);
  bool store_crashed();
  void on_frame(const events::protocol::Message& frame, events::Timestamp now);
  void take_file_frame(const events::protocol::Message& frame, events::Timestamp now);
  void ask_for_new_chain();
  void on_new_chain(const events::protocol::Message& frame);
  /// Records again what only this copy had, once the log has said what that is.
  void continue_branches(events::Timestamp now);
  /// What was promised was promised to the holder of another chain.
  void forget_promises();
  /// The log was restored and repaired: what was proved must be back in its place; of the rest
  /// other positions are promised.
  void check_repairs();
  /// The planted bug: any WELCOME is taken for the log's.
  void believe(events::protocol::Message& frame) const;
  void note_ack(const events::protocol::PushAck& ack);
  void check_receipt(const events::BlockReceipt& receipt, events::ByteView encoded) const;
  void compare_verdicts(const events::BlockReceipt& receipt);
  bool foreign_between(events::Position after, events::Position before,
                       const events::ReaderScope& scope) const;
  void send(const std::vector<events::protocol::Message>& frames);
  /// Looks whether a carrier can read what is private.
  void check_sealed(const events::Bytes& bundle) const;
  void check_refusal(const events::Error& error, bool is_sound);
  void note_receipts_of_bundle(std::uint64_t known);
  events::SealingSecret sealing_secret() const;
  void end_connection();

  std::string name_;
  events::RulesVersion newest_ = projections::newest_rules();  ///< That its build knows.
  Random& random_;
  Tally& tally_;
  ServerHost& host_;
  Plant plant_;
  DeviceStore store_;
  DeviceFileStore files_;
  bool keeps_files_ = false;
  std::string code_;
  std::optional<events::protocol::Founding> founding_;
  events::SecretSeed seed_;
  std::vector<Officer> officers_;
  std::int64_t clock_offset_ = 0;
  bool clock_was_always_sane_ = true;
  bool contact_was_wrong_ = false;  // The last one that its disk knows.

  std::optional<clients::Replica> replica_;
  std::optional<clients::Workspace> workspace_;
  std::optional<clients::SyncEngine> engine_;
  std::optional<clients::FileSync> file_sync_;
  LinkPtr link_;
  events::protocol::Message greeting_;  // Of this connection, or the request for a chain.
  std::string trouble_;
  bool had_part_ = false;  // Of a snapshot, when it connected.

  bool may_fork_ = false;
  bool has_unknown_kinds_ = false;
  bool must_leave_ = false;    // It was told of a fork: the next connection asks for a new chain.
  std::uint64_t repairs_ = 0;  // Heeded.
  std::size_t kept_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t exported_to_ = 0;
  /// Positions of receipts of a lost log that came by bundle when it was lost already.
  std::set<events::Position> late_receipts_;
  events::bundle::ClockSample contact_;  // The last one, as its disk knows it.
  std::map<std::uint64_t, events::Bytes> receipts_;
  std::map<std::uint64_t, Expectation> expectations_;  // By own seq.
  std::set<std::uint64_t> rogues_;  // Own seqs that its judge was not asked about.
  events::Position last_unsure_;    // Of an own event whose verdict was not compared.
};

}  // namespace sim
