#pragma once

#include "clients/core/files/file_sync.h"
#include "clients/core/replica/contact_notes.h"
#include "clients/core/replica/replica.h"
#include "clients/core/replica/sync_status.h"
#include "clients/core/replica/workspace.h"
#include "clients/core/sync/backoff.h"
#include "clients/core/sync/summary_reader.h"
#include "clients/core/sync/sync_engine.h"
#include "clients/device/disk_file_store.h"
#include "clients/device/http_client.h"
#include "clients/device/rocksdb_store.h"
#include "clients/device/server_endpoint.h"
#include "clients/device/ws_client.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace clients {

struct SyncOptions {
  /// Stay and take what comes, until `keep_going` says no.
  bool live = false;
  std::function<bool()> keep_going;
  /// After each step that changed the numbers.
  std::function<void(const SyncProgress&)> on_progress;
  /// The same for files of evidence.
  std::function<void(const FileProgress&)> on_files;
  /// How often to connect again after cuts without progress between them; 0: not at all.
  int retries = 3;
  /// After a connection that brought something on, it is tried for so long, whatever `retries`
  /// says.
  std::chrono::milliseconds patience_after_use{60'000};
  /// There is no line, or none any more, and it is tried again.
  std::function<void(const events::Error& why, std::chrono::milliseconds next_try)> on_cut;
  /// The server has answered the greeting of a connection.
  std::function<void()> on_met;
  /// Without a word from the server for so long, the connection counts as dead.
  std::chrono::milliseconds patience{20'000};
  /// Where much is missing, go on from a snapshot and leave the events before it at the server.
  bool snapshots = false;
  /// Go over HTTP at once, without trying a WebSocket.
  bool http = false;
  /// Go without TLS where somebody names such an address, although the device was enrolled over it.
  bool insecure_plain = false;
  /// Waits between connections; by itself 1 to 60 s when it stays, 0.2 to 1 s when somebody waits.
  std::optional<Backoff::Limits> backoff;
  events::protocol::Liveness::Limits liveness;
};

struct SyncReport {
  SyncProgress progress;
  FileProgress files;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  int connections = 0;
  bool over_http = false;
  std::int64_t clock_difference_milliseconds = 0;
  /// The chain that was left to a copy of this device; 0: none.
  events::ChainNumber left_chain;
  /// The server was restored, got back what this device has and waits for others.
  bool repairing = false;
  std::uint64_t blocks_returned = 0;  ///< Blocks that it got back.
  std::uint64_t recorded_again = 0;   ///< Events that only this device had, on its new chain.
  std::string moved_to;  ///< The address that the server told to use from now on; or empty.

  /// Files of a connection that is over.
  void add(const FileProgress& connection);
};

/// Whether connecting again may help after this error.
bool may_pass(events::ErrorCode code);
/// Waits, unless `keep_going` says no.
void pause(std::chrono::milliseconds time, const SyncOptions& options);

/// A device in a folder: its store, what it holds, and how it meets the server.  What the command
/// line, the pilot and other programs do with a device, they do through it.
///
/// Thread: one at a time; one process that writes at a time, and any that read.
class Device {
 public:
  /// Asked for what opens a locked device; without an answer it stays locked: then it counts and
  /// says how it stands, but reads no names, records nothing and does not synchronise.
  using AskForSecret = std::function<events::Result<std::optional<LockSecret>>(LockKind)>;

  /// Opens the folder of an enrolled device.
  /// Errors:  those of check_home(); busy: another process uses it; locked: what was answered is
  ///          wrong; not_permitted: others may read its keys; device_storage, storage_corrupt.
  static events::Result<std::unique_ptr<Device>> open(const std::filesystem::path& home,
                                                      const AskForSecret& ask = {});
  /// Opens it as it stands at this moment, to be looked at: beside a process that works with it,
  /// and on a disk that takes nothing.  What would write fails with device_storage.
  static events::Result<std::unique_ptr<Device>> open_to_read(const std::filesystem::path& home,
                                                              const AskForSecret& ask = {});

  /// Founds a log: the person becomes its first administrator.  The same call again after a lost
  /// answer goes on with the same key.
  /// Errors:  enrolment_refused; closed, timed_out, io_failed; invalid_argument: enrolled already.
  static events::Result<std::unique_ptr<Device>> found(
      const std::filesystem::path& home, const std::string& url, const std::string& code,
      const std::string& origin, const events::PersonRecord& administrator,
      const std::string& label, const std::string& authorities = {});
  /// Enrols the device with a one-time code; otherwise as `found`.
  static events::Result<std::unique_ptr<Device>> enrol(const std::filesystem::path& home,
                                                       const std::string& url,
                                                       const std::string& code,
                                                       const std::string& label,
                                                       const std::string& authorities = {});

  /// Looks for the server at this address from now on.  Errors:  invalid_argument.
  events::Result<void> use_server(const std::string& url);
  /// Trusts these roots from now on, in PEM, instead of the system's.
  events::Result<void> trust(const std::string& authorities);

  /// Pushes and pulls until everything is known on both sides.
  /// `url`: another address than the one it knows, empty for that one; once the server of the log
  /// has answered there, it is the one that the device knows.
  /// Errors:  closed, timed_out, io_failed: the network, and nothing is lost; fork, revoked,
  ///          wrong_log …: the device cannot go on by itself.
  events::Result<SyncReport> sync(const std::string& url, const SyncOptions& options);

  /// Has the log from the beginning with the next synchronisation, if a snapshot stands for a part
  /// of it now.  Own events stay.  Errors:  device_storage.
  events::Result<void> give_up_snapshot();

  /// Follows what the log amounts to, without its events, until `keep_going` of the options says
  /// no.  `on_news` is called after each frame that brought some.
  /// Errors:  as `sync`; a line that breaks is connected again, and nothing comes twice.
  events::Result<void> follow(const std::string& url, SummaryReader& reader,
                              const SyncOptions& options, const std::function<void()>& on_news);

  Workspace& workspace() { return workspace_; }
  Replica& replica() { return replica_; }
  Keyring& keyring() { return store_->keyring(); }
  FileStore& files() { return files_; }
  FileRecords file_records() { return FileRecords(*store_); }
  const std::string& server_url() const { return endpoint_.url(); }
  /// When it last was in step with the server; 0 for never.
  events::Timestamp last_synced() const { return notes_.last_synced; }
  /// What the last contacts left behind for a status screen.
  const ContactNotes& contact_notes() const { return notes_; }
  /// Until when it may show names without meeting the server; 0 when it was never told.
  events::Timestamp lease_end() const { return lease_end_; }
  bool lease_is_over() const { return replica_.hides_privates(); }
  /// Something it may not hold any more is still here, or the log does not know yet that it went.
  bool purge_is_open() const { return purge_is_open_; }
  /// The server has said that the device was revoked.
  bool is_revoked() const { return is_revoked_ || notes_.trouble == "revoked"; }
  Contact contact() const {
    return {notes_.last_synced.value != 0, notes_.caught_up, is_revoked(), notes_.server_rules};
  }

 private:
  /// How one connection ended.
  struct Meeting {
    events::Result<void> done;
    SyncState state = SyncState::idle;
    std::chrono::milliseconds retry_after{0};
    std::string moved_to{};
  };

  Device(std::unique_ptr<RocksdbStore> store, const std::filesystem::path& home, Replica replica,
         ServerEndpoint route, ContactNotes notes);
  static events::Result<std::unique_ptr<Device>> unlock_and_load(
      std::unique_ptr<RocksdbStore> store, const std::filesystem::path& home,
      const AskForSecret& ask);
  static events::Result<std::unique_ptr<Device>> load(std::unique_ptr<RocksdbStore> store,
                                                      const std::filesystem::path& home);
  static events::Result<std::unique_ptr<Device>> ask_for_chain(
      const std::filesystem::path& home, const std::string& url, const std::string& code,
      const std::string& label, std::optional<events::protocol::Founding> founding,
      const std::string& authorities);

  /// What the server has proved on a line where each request greets anew.
  struct LineProof {
    bool is_proved = false;
    std::optional<events::protocol::Challenge> challenge{};  ///< To be answered next.
  };

  /// The address to go to: `url`, or the one that is kept when it is empty.
  /// Errors:  invalid_argument: no address; not_permitted: without TLS, for a device that was
  ///          enrolled over TLS, and nobody asked for that.
  events::Result<ServerAddress> address_of(const std::string& url, bool insecure_plain) const;
  /// The log lives there now, as its server says; kept for next time.
  /// Errors:  not_permitted: it would lead from TLS to plain text; those of ServerAddress.
  events::Result<ServerAddress> follow_move(const std::string& url);

  /// Whether a snapshot may come now: not while a chain that was left has to be settled.
  events::Result<bool> may_take_snapshot(const SyncOptions& options) const;
  Meeting meet(const ServerAddress& address, const SyncOptions& options, SyncReport& report);
  Meeting meet_over_web_socket(const ServerAddress& address, const SyncOptions& options,
                               SyncReport& report);
  Meeting meet_over_http(const ServerAddress& address, const SyncOptions& options,
                         SyncReport& report);
  /// One request and its answer.  Whether it brought files on.
  events::Result<bool> exchange(SyncEngine& engine, FileSync& files, HttpClient& client,
                                LineProof& proof, const SyncOptions& options);
  /// Whether greetings are to be bound otherwise than they were, and is noted so.
  bool learn_binding(const ServerAddress& address, const Meeting& meeting);
  events::Result<void> read_summaries(const ServerAddress& address, SummaryReader& reader,
                                      const SyncOptions& options,
                                      const std::function<void()>& on_news);
  events::Result<void> run(SyncEngine& engine, FileSync& files, WsClient& client,
                           const SyncOptions& options);
  /// Gives each frame to its part of the device, and sends what that part answers.
  events::Result<void> take(const SyncEngine::Frames& frames, SyncEngine& engine, FileSync& files,
                            WsClient& client, const SyncOptions& options);
  /// Sends what files have to send, one small frame at a time.
  events::Result<void> send_files(const SyncEngine& engine, FileSync& files, WsClient& client,
                                  const SyncOptions& options);
  /// Looks at the grant again: locks or unlocks what the lease covers.
  events::Result<void> apply_lease();
  /// Whether the lease has ended since it was last looked at.
  bool lease_has_ended() const;
  /// Keeps both clocks at the greeting, for bundles.
  events::Result<void> note_greeting(const SyncEngine& engine);
  /// A copy of this device goes on with its chain: gets a new one.
  events::Result<void> leave_chain(const ServerAddress& address, SyncReport& report);
  events::Result<void> note_meeting(const SyncEngine& engine, const events::Result<void>& done);

  std::unique_ptr<RocksdbStore> store_;
  DiskFileStore files_;
  Replica replica_;
  Workspace workspace_;
  ServerEndpoint endpoint_;
  std::chrono::milliseconds ping_after_{0};  ///< Learned from a connection that died.
  ContactNotes notes_;
  events::Timestamp lease_end_;
  bool purge_is_open_ = false;
  bool is_revoked_ = false;
};

}  // namespace clients
