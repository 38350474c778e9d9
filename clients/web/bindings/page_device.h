#pragma once

#include "clients/core/acts/score_sheets.h"
#include "clients/core/bundle/offline_bundle.h"
#include "clients/core/files/file_fetch.h"
#include "clients/core/log/memory_rows.h"
#include "clients/core/log/row_keyring.h"
#include "clients/core/log/row_store.h"
#include "clients/core/replica/contact_notes.h"
#include "clients/core/replica/workspace.h"
#include "clients/core/sync/pull_engine.h"
#include "clients/web/bindings/page_files.h"
#include "clients/web/bindings/people_index.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/crypto/sealing.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clients::web {

/// The device of a page: rows in memory that the page writes to the browser's database, what is
/// folded from them, and the connection with the server, without any I/O.
///
/// State:  loaded with rows; locked until unlock(); enrolled or not; at most one connection.
/// Thread: one at a time.
class PageDevice {
 public:
  /// `random`: draws 32 bytes from a source fit for keys.
  explicit PageDevice(RowKeyring::Random random);

  // Rows and keys.

  MemoryRows& rows() { return rows_; }
  PageFiles& files() { return files_; }
  /// Takes up what the rows hold.  Called again when they were unlocked.
  /// Errors:  storage_corrupt, unsupported.
  events::Result<void> open(events::Timestamp now);
  /// Errors:  as RowKeyring::unlock and open().
  events::Result<void> unlock(const events::SecretKey& master, events::Timestamp now);
  /// Forgets every key and name; the connection, if any, is gone.
  events::Result<void> lock(events::Timestamp now);
  bool is_locked() const { return keys_.is_locked(); }
  bool is_enrolled() const { return replica_ != nullptr; }
  /// What the browser has to sign for the call that was made last, and what it signed.
  AwaitedSignatures& signatures() { return keys_.signatures(); }

  // Enrolment.

  /// The frame with which the device asks for its chain; its key is among the rows before.
  /// `invitation`: as typed.  `fresh`: a pair that the browser drew and holds; none: a seed is
  /// drawn here.  A seed that was drawn for an earlier request stays. Errors:  invalid_argument:
  /// not an invitation, or enrolled already; locked; needs_signature.
  events::Result<events::protocol::Message> ask_for_chain(std::string_view invitation,
                                                          std::string label,
                                                          const DeviceKey& fresh = {});
  /// The server's answer.
  /// Errors:  unproved_server, malformed; what the server refused with.
  events::Result<void> take_chain(const events::protocol::Message& answer, events::Timestamp now);

  // The connection.

  /// How frames travel on a connection.
  enum class Carrier : std::uint8_t {
    socket,       ///< A WebSocket that ends when both sides know everything.
    live_socket,  ///< One that stays.
    exchange,     ///< One request and its answer; the next one goes on with its challenge.
  };
  /// Now, by the clock of events, and by one that nobody sets: milliseconds, for files.
  struct Moment {
    events::Timestamp now;
    std::uint64_t steady = 0;
  };
  /// Begins a connection.
  /// Errors:  locked; device_storage, storage_corrupt.
  events::Result<PullEngine::Frames> greet(Carrier carrier, const Moment& moment);
  /// Takes a message of the server, or its answer to an exchange: some frames, and how many bytes
  /// they had.
  /// Errors:  the connection is to be closed; engine() says how it stands.
  events::Result<PullEngine::Frames> take(const std::vector<events::protocol::Message>& frames,
                                          std::size_t bytes, const Moment& moment);
  /// What waited for signatures, what was recorded since, and behind it some pieces of files.
  events::Result<PullEngine::Frames> push_new(const Moment& moment);
  /// The connection is over.
  void hang_up();
  /// Null without a connection.
  FileFetch* file_sync() { return file_sync_.get(); }
  /// Null without a connection.
  const PullEngine* engine() const { return engine_.get(); }
  /// Whether only the module of those who record something can do what is to be done: there are own
  /// events, or a server has asked for what it lost of the log or of files.
  bool needs_whole_module() const;

  // A copy of this device goes on with its chain: the device gets another one.

  /// The frame to send on a connection of its own; its key is among the rows before.
  /// `fresh`: as for ask_for_chain().
  /// Expects: is_enrolled().
  events::Result<events::protocol::Message> ask_for_new_chain(const DeviceKey& fresh = {});
  /// The server's answer, after which a new connection begins.
  /// Errors:  as take_chain().
  events::Result<void> take_new_chain(const events::protocol::Message& answer,
                                      events::Timestamp now);
  /// Records again what only this device had on a chain that it left, as far as the log has said
  /// what that is.  Called when a connection knows everything.
  events::Result<void> settle(events::Timestamp now);

  // Without a line.

  /// A bundle for the server, sealed to it, of everything unsent.  Asked for again at the same
  /// time, it is the same bundle, in which more may be signed. Errors:  as export_bundle().
  events::Result<events::Bytes> export_unsent(events::Timestamp now);
  /// The server's answer to a bundle.
  /// Errors:  as import_bundle().
  events::Result<void> import_answer(events::ByteView file, events::Timestamp now);

  /// The time of a call.  A page stays open for weeks: when its lease ends meanwhile, it hides
  /// names from then on.  Errors: device_storage, storage_corrupt.
  events::Result<void> heed_clock(events::Timestamp now);
  /// The day of the call in Viet Nam.
  events::Day today() const { return today_; }

  // What acts and views read.  Expects: is_enrolled().

  Workspace& workspace() { return *workspace_; }
  Replica& replica() { return *replica_; }
  const ContactNotes& notes() const { return notes_; }
  events::Timestamp lease_end() const { return lease_end_; }
  bool is_revoked() const { return is_revoked_; }
  /// Brought up to date by each call.
  const PeopleIndex& people();
  /// The score sheets of the pending state.  Errors: as current_sheets().
  events::Result<const ScoreSheets*> sheets();
  /// An act was recorded or frames were taken: what is kept of views is made anew.
  void forget_views() { sheets_.reset(); }
  std::array<std::uint8_t, 16> draw_salt() const;

 private:
  events::Result<void> load(events::Timestamp now);
  events::Result<PullEngine::Frames> take_one(const events::protocol::Message& frame,
                                              const Moment& moment);
  events::Result<void> add_pieces(PullEngine::Frames& frames, const Moment& moment);
  events::Result<void> add_turn(PullEngine::Frames& frames, const Moment& moment);
  bool may_speak_of_files() const;
  events::Result<events::SealingSecret> sealing_secret();
  /// `fresh`, or a seed where the browser drew nothing.
  DeviceKey drawn_unless(const DeviceKey& fresh) const;
  events::Result<void> apply_lease(events::Timestamp now);
  events::Result<void> note_meeting(const events::Result<void>& done, events::Timestamp now);

  RowKeyring::Random random_;
  MemoryRows rows_;
  RowKeyring keys_;
  RowStore store_;
  PageFiles files_;
  std::unique_ptr<Replica> replica_;
  std::optional<Workspace> workspace_;
  std::unique_ptr<PullEngine> engine_;  ///< In the module of those who record a SyncEngine.
  /// Likewise a FileSync; stays from one exchange to the next.
  std::unique_ptr<FileFetch> file_sync_;
  bool is_asked_to_repair_ = false;  ///< And this module has nothing to give.
  bool is_exchange_ = false;
  bool may_turn_ = false;          ///< The exchange under way may carry files.
  bool is_turn_of_files_ = false;  ///< It carries some.
  std::size_t said_ = 0;           ///< Frames of it that are no files.
  std::optional<events::protocol::Challenge> challenge_;  ///< Of the last exchange over HTTP.
  bool is_proved_ = false;                                ///< In that exchange.
  std::optional<events::protocol::Message> request_;      ///< The ENROL or NEW_CHAIN sent last.
  std::string fingerprint_;                               ///< Of the invitation behind it.
  std::optional<BundleMaking> making_;  ///< Of a bundle that waits for signatures.
  ContactNotes notes_;
  events::Timestamp lease_end_;
  events::Day today_;
  bool is_revoked_ = false;
  PeopleIndex people_;
  std::optional<ScoreSheets> sheets_;
};

}  // namespace clients::web
