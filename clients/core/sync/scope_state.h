#pragma once

#include "clients/core/log/file_store.h"
#include "clients/core/log/keyring_content.h"
#include "clients/core/replica/replica.h"
#include "events/protocol/messages.h"
#include "events/protocol/scope_messages.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clients {

/// What a purge will say, before it is done.
struct PurgeDue {
  events::Position as_of;  ///< 0 until the grant has come.
  std::uint64_t blocks{};
  events::Digest removed;
  /// Whose private records go: all that were here and are lost, however many a grant can name.
  std::vector<events::UnitId> units;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(as_of, blocks, removed, events::bounded<data_keys_max>(units));
  }
};

/// What a device may hold: the last grant it was given, and what it still has to destroy.
///
/// State: the grant; a purge that is due; a receipt that the log does not know yet.  All three are
///        in the store before they count.
/// Thread: one at a time.
/// Lifetime: the replica outlives the keeper.
class ScopeState {
 public:
  /// Errors:  device_storage, storage_corrupt.
  static events::Result<ScopeState> load(Replica& replica);

  const std::optional<events::protocol::ScopeGrant>& grant() const { return grant_; }

  /// Files of evidence are kept beside the store, and destroyed with what else is lost.
  /// Lifetime: `files` outlives the keeper.
  void keep_files(FileStore& files) { files_ = &files; }

  /// Fills in what HELLO says of the grant.
  void greet(events::protocol::Hello& hello, events::Timestamp now) const;
  /// The pull starts again under another scope: notes what is about to be dropped, and destroys the
  /// files that go with it while the log here still names them.
  events::Result<void> before_restart(const events::ReaderScope& scope, events::Timestamp now);
  /// Destroys the files of communes whose papers are lost with the grant.  `server_time`: as the
  /// greeting said that came before it.
  /// Errors:  bad_signature, wrong_log, malformed: not a grant of this log for this chain;
  ///          server_clock: it was granted at another time than the server says, or for too long.
  events::Result<void> take(const events::protocol::ScopeGrant& grant,
                            events::Timestamp server_time, events::Timestamp now);
  /// Everything is here: destroys files that nobody needs here any more, see sweep_files().
  events::Result<void> sweep_files(events::Timestamp now);
  /// Destroys what is due once every own event is acknowledged and, unless the device is revoked,
  /// every branch that only it has is recorded again; gives the receipt to send, also that of an
  /// earlier connection which the log does not show yet.  Each at most once.
  /// Errors:  device_storage, storage_corrupt; needs_signature: nothing was destroyed yet.
  events::Result<std::optional<events::protocol::Purged>> settle();

  /// Whether private records are locked: the lease is over.  `last_contact`: the server was heard
  /// then, so it is not earlier than that, whatever the clock says.
  bool lease_is_over(events::Timestamp now, events::Timestamp last_contact) const;
  /// Still to be destroyed, or destroyed and not confirmed by the log.
  bool purge_is_open() const { return due_ || receipt_; }

 private:
  /// Errors:  needs_signature.
  events::Result<events::Signature> signature_of(const events::protocol::Purged& receipt) const;
  /// Whether a grant is older than the one the device has.
  bool is_overtaken(const events::protocol::ScopeGrant& grant, events::Timestamp server_time) const;
  explicit ScopeState(Replica& replica) : replica_(&replica) {}
  events::Result<std::vector<events::UnitId>> lost_homes(
      const std::optional<events::protocol::ScopeGrant>& before) const;
  events::Result<void> destroy_files(const std::vector<events::UnitId>& lost,
                                     events::Timestamp now);
  /// What people without a right to read made here themselves was never granted: it stays.
  bool may_hold(events::UnitId commune, bool is_own) const;
  bool log_knows_receipt() const;

  Replica* replica_;
  FileStore* files_ = nullptr;  ///< Null: it keeps none.
  std::optional<events::protocol::ScopeGrant> grant_;
  std::optional<PurgeDue> due_;
  std::optional<events::protocol::Purged> receipt_;
  bool receipt_sent_ = false;
};

}  // namespace clients
