#include "clients/core/bundle/offline_bundle.h"
#include "clients/core/files/file_sync.h"
#include "clients/core/log/settings.h"
#include "clients/core/sync/scope_state.h"
#include "events/bundle/bundle_opening.h"
#include "events/protocol/frame_codec.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace bundle = events::bundle;
namespace protocol = events::protocol;

namespace {

/// Feeds the frames of an answer to an engine, unless the device knows more than the answer says.
class Import {
 public:
  Import(Replica& replica, FileStore& files, events::Timestamp now, bool answers_last_export,
         std::uint64_t signed_upto)
      : replica_(replica),
        file_store_(files),
        engine_(replica, false),
        files_(replica, files),
        now_(now),
        answers_last_export_(answers_last_export),
        surely_own_upto_(signed_upto) {}

  Result<void> begin(const bundle::BundleHeader& header) {
    cursor_ = header.cursor;
    engine_.keep_files(file_store_);
    engine_.listen_by_bundle();
    const Result<SyncEngine::Frames> greeting = engine_.start(now_, {});
    if (!greeting) return greeting.error();
    const Result<ScopeState> scope_state = ScopeState::load(replica_);
    if (!scope_state) return scope_state.error();
    grant_ = scope_state->grant();
    return {};
  }

  Result<void> take(events::ByteView block) {
    const Result<std::vector<protocol::Message>> frames = protocol::read_frames(block);
    if (!frames) return frames.error();
    for (const protocol::Message& frame : *frames) {
      if (is_over_) return {};
      if (Result<void> taken = take(frame); !taken) return taken;
    }
    return {};
  }

  const SyncEngine& engine() const { return engine_; }
  const FileAnswers& files() const { return files_.answers(); }
  bool was_known() const { return is_over_ && !ends_early_; }
  bool ends_early() const { return ends_early_; }

 private:
  Result<void> take(const protocol::Message& frame) {
    const auto* const welcome = std::get_if<protocol::Welcome>(&frame);
    if (welcome != nullptr && is_older(*welcome)) {
      is_over_ = true;
      return {};
    }
    // A refusal speaks of the device as it was when it made that bundle.
    const bool is_as_it_was = answers_last_export_ && cursor_ == replica_.pull().cursor;
    const bool is_refusal =
        std::holds_alternative<protocol::ErrorFrame>(frame) ||
        (welcome != nullptr && (welcome->action == protocol::WelcomeAction::diverged ||
                                welcome->action == protocol::WelcomeAction::forked));
    if (is_refusal && !is_as_it_was) {
      is_over_ = true;
      return {};
    }
    if (welcome != nullptr) surely_own_upto_ = std::max(surely_own_upto_, welcome->accepted_seq);
    const auto* const ack = std::get_if<protocol::PushAck>(&frame);
    const bool may_be_of_others =
        ack != nullptr && !answers_last_export_ && ack->upto_seq > surely_own_upto_;
    if (may_be_of_others || (ack != nullptr && goes_on_from_dropped(*ack))) {
      is_over_ = true;
      ends_early_ = true;
      return {};
    }
    if (FileSync::takes(frame)) return files_.take(frame);
    const Result<SyncEngine::Frames> answer = engine_.on_message(frame, now_);
    if (!answer) return answer.error();
    return {};
  }

  /// Whether the device has come further since the server wrote this.
  bool is_older(const protocol::Welcome& welcome) const {
    const PullState& pull = replica_.pull();
    const protocol::Cursor& cursor = pull.cursor;
    if (welcome.epoch != cursor.epoch && cursor.epoch.value != 0) {
      // Of what was pulled since, nobody has asked a log that was restored whether it came back.
      return welcome.epoch < cursor.epoch || cursor_ != cursor;
    }
    if (welcome.accepted_seq < replica_.own().verdicts_known()) return true;
    // It speaks of a scope that a later grant has changed.
    const bool is_overtaken = grant_ && welcome.server_time < grant_->granted_at;
    if (is_overtaken && welcome.scope != grant_->scope) return true;
    if (welcome.head < cursor.position) return true;
    const bool has_pulled = cursor.position.value > 0;
    if (welcome.action == protocol::WelcomeAction::restart_pull) {
      return has_pulled && welcome.scope == pull.scope;
    }
    if (has_pulled && welcome.scope != pull.scope) return true;
    // Blocks between the two would be missed: the device has started again since.
    return cursor_.position > cursor.position || cursor_.epoch > cursor.epoch;
  }

  /// The device has dropped its receipts since it made that bundle: the log was restored.
  bool goes_on_from_dropped(const protocol::PushAck& ack) const {
    return !ack.receipts.empty() &&
           ack.receipts.front().first_seq > replica_.own().verdicts_known() + 1;
  }

  Replica& replica_;
  FileStore& file_store_;
  SyncEngine engine_;
  FileAnswerReader files_;
  events::Timestamp now_;
  bool answers_last_export_;
  /// The answer names a hash of the own chain up to here.  Beyond it a receipt may be about events
  /// that this device had before it was set back to an older image.
  std::uint64_t surely_own_upto_;
  protocol::Cursor cursor_;  ///< Where the answer begins.
  std::optional<protocol::ScopeGrant> grant_;
  bool is_over_ = false;
  bool ends_early_ = false;
};

Result<void> check_addressee(const bundle::BundleHeader& header, const Identity& identity) {
  if (header.direction != bundle::Direction::to_device) {
    return Error{ErrorCode::not_permitted, "a bundle for the server, not an answer"};
  }
  if (header.log != identity.log) return Error{ErrorCode::wrong_log, "an answer of another log"};
  if (header.chain != identity.chain) {
    return Error{ErrorCode::not_permitted, "an answer for another device"};
  }
  if (header.signer != identity.server_key) {
    return Error{ErrorCode::bad_signature, "the answer is not signed by the server"};
  }
  return {};
}

/// Up to where the server signed that the own chain is as it is here.
class SignedUpto {
 public:
  explicit SignedUpto(const OfflineLog& own) : own_(own) {}

  /// Errors:  fork: it signed other events; malformed.
  Result<void> look_at(events::ByteView block) {
    const Result<std::vector<protocol::Message>> frames = protocol::read_frames(block);
    if (!frames) return frames.error();
    for (const protocol::Message& frame : *frames) {
      const auto* const receipt = std::get_if<protocol::SignedReceipt>(&frame);
      if (receipt == nullptr) continue;
      const bool is_ours = receipt->upto_seq <= own_.head().seq &&
                           own_.hash_at(receipt->upto_seq) == receipt->chain_hash;
      if (!is_ours) return Error{ErrorCode::fork, "an answer about other events of this chain"};
      seq_ = std::max(seq_, receipt->upto_seq);
    }
    return {};
  }
  std::uint64_t seq() const { return seq_; }

 private:
  const OfflineLog& own_;
  std::uint64_t seq_ = 0;
};

}  // namespace

Result<ImportReport> import_bundle(Replica& replica, FileStore& files, bundle::ByteSource& source,
                                   const events::SealingSecret& secret, events::Timestamp now) {
  // All of it is looked at before any of it is used.
  Result<bundle::BundleReader> reader = bundle::BundleReader::open(source);
  if (!reader) return reader.error();
  const bundle::BundleHeader header = reader->header();
  if (auto ours = check_addressee(header, replica.identity()); !ours) return ours.error();
  SignedUpto signed_upto(replica.own());
  const Result<bundle::OpenedBundle> checked = bundle::open_bundle(
      source, secret, [&](events::ByteView block) { return signed_upto.look_at(block); });
  if (!checked) return checked.error();

  const Result<std::string> last_export = read_setting(replica.store(), settings::last_bundle);
  if (!last_export) return last_export.error();
  const bool answers_last = *last_export == events::to_hex(header.answers.bytes);
  Import import(replica, files, now, answers_last, signed_upto.seq());
  if (Result<void> begun = import.begin(header); !begun) return begun.error();
  const Result<bundle::OpenedBundle> taken = bundle::open_bundle(
      source, secret, [&](events::ByteView block) { return import.take(block); });
  // The scope or the log changed: what was dropped comes with the answer to the next bundle.
  const bool starts_again = import.engine().state() == SyncState::reconnect;
  if (!taken && !starts_again) return taken.error();

  ImportReport report;
  report.outcome = import.was_known() ? ImportReport::Outcome::known : ImportReport::Outcome::taken;
  report.was_cut = checked->ending == bundle::Ending::truncated || import.ends_early();
  report.progress = import.engine().progress();
  report.parked = import.engine().parked();
  report.created = header.created;
  report.files = import.files();
  return report;
}

}  // namespace clients
