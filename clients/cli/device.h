#pragma once

#include "clients/cli/rocksdb_store.h"
#include "clients/cli/ws_link.h"
#include "clients/core/replica.h"
#include "clients/core/sync_engine.h"
#include "clients/core/workspace.h"

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
  /// How often to connect again after cuts without progress between them; 0: not at all.
  int retries = 3;
  /// Without a word from the server for so long, the connection counts as dead.
  std::chrono::milliseconds patience{20'000};
};

struct SyncReport {
  SyncProgress progress;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  int connections = 0;
  std::int64_t clock_difference_milliseconds = 0;
};

/// A device in a folder: its store, what it holds, and how it meets the server.  What the command
/// line, the pilot and other programs do with a device, they do through it.
///
/// Thread: one at a time; one process at a time.
class Device {
 public:
  /// Opens the folder of an enrolled device.
  /// Errors:  not_enrolled; busy: another process uses it; storage_failed, storage_corrupt.
  static events::Result<std::unique_ptr<Device>> open(const std::filesystem::path& home);

  /// Founds a log: the person becomes its first administrator.  The same call again after a lost
  /// answer goes on with the same key.
  /// Errors:  enrolment_refused; closed, timed_out, io_failed; invalid_argument: enrolled already.
  static events::Result<std::unique_ptr<Device>> found(const std::filesystem::path& home,
                                                       const std::string& url,
                                                       const std::string& code,
                                                       const std::string& origin,
                                                       const events::PersonRecord& administrator,
                                                       const std::string& label);
  /// Enrols the device with a one-time code; otherwise as `found`.
  static events::Result<std::unique_ptr<Device>> enrol(const std::filesystem::path& home,
                                                       const std::string& url,
                                                       const std::string& code,
                                                       const std::string& label);

  /// Pushes and pulls until everything is known on both sides.
  /// `url`: another address than the one it was enrolled at, empty for that one.
  /// Errors:  closed, timed_out, io_failed: the network, and nothing is lost; fork, revoked,
  ///          wrong_log …: the device cannot go on by itself.
  events::Result<SyncReport> sync(const std::string& url, const SyncOptions& options);

  Workspace& workspace() { return workspace_; }
  Replica& replica() { return replica_; }
  const std::string& server_url() const { return url_; }
  /// When it last was in step with the server; 0 for never.
  events::Timestamp last_synced() const { return last_synced_; }

 private:
  Device(std::unique_ptr<RocksdbStore> store, Replica replica, std::string url,
         events::Timestamp last_synced);
  static events::Result<std::unique_ptr<Device>> load(std::unique_ptr<RocksdbStore> store);
  static events::Result<std::unique_ptr<Device>> ask_for_chain(
      const std::filesystem::path& home, const std::string& url, const std::string& code,
      const std::string& label, std::optional<events::protocol::Founding> founding);

  events::Result<void> run(SyncEngine& engine, WsLink& link, const SyncEngine::Frames& first,
                           const SyncOptions& options);
  events::Result<void> note_synced();

  std::unique_ptr<RocksdbStore> store_;
  Replica replica_;
  Workspace workspace_;
  std::string url_;
  events::Timestamp last_synced_;
};

}  // namespace clients
