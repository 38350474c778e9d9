#include "clients/core/log/server_time.h"
#include "clients/core/sync/pull_engine.h"
#include "events/base/check.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

// How a connection begins: the greeting, the proof of the server, and how it may end before.

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;
using Frames = PullEngine::Frames;

namespace {

/// Who has proved nothing may keep a device waiting so long.
constexpr std::uint32_t unproved_wait_max = 60'000;

}  // namespace

Result<Frames> PullEngine::start(Timestamp now, const std::array<std::uint8_t, 16>& nonce,
                                 const std::optional<protocol::ChannelBinding>& binding) {
  CHECK(state_ == SyncState::idle, "one engine serves one connection");
  if (replica_.identity().is_locked()) return Error{ErrorCode::locked, "the device is locked"};
  replica_.forget_arriving();
  const OfflineLog& own = replica_.own();
  const PullState& pull = replica_.pull();

  protocol::Hello hello;
  hello.features = features_;
  hello.log = replica_.identity().log;
  hello.chain = replica_.identity().chain;
  hello.device_time = now;
  hello.nonce = nonce;
  hello.head_seq = own.head().seq;
  hello.head_hash = own.head().hash;
  hello.verdicts_known = verdicts_to_claim();
  hello.cursor = pull.cursor;
  hello.rules = replica_.newest_rules();
  hello.live = live_;
  Result<ScopeState> scope_state = ScopeState::load(replica_);
  if (!scope_state) return fail(scope_state.error().code, scope_state.error().message);
  scope_state_.emplace(std::move(*scope_state));
  if (files_ != nullptr) scope_state_->keep_files(*files_);
  scope_state_->greet(hello, now);
  if (accepts_snapshots_) hello.features |= protocol::feature_snapshots;
  protocol::bind(hello, binding);
  accepted_ = own.verdicts_known();
  unsigned_hello_ = std::move(hello);
  binding_ = binding;
  return greet(now);
}

Result<Frames> PullEngine::greet(Timestamp now) {
  protocol::Hello& hello = *unsigned_hello_;
  if (!only_listens_) {
    const auto signature = signer().sign(protocol::bound_hello_statement(hello, binding_));
    if (!signature && signature.error().code == ErrorCode::needs_signature) return Frames{};
    if (!signature) return fail(signature.error().code, signature.error().message);
    hello.signature = *signature;
  }

  state_ = SyncState::greeting;
  proof_.greet(hello, binding_);
  Frames frames{std::move(hello)};
  unsigned_hello_.reset();
  if (!is_proved_before_) return frames;
  append_answer(frames);
  return said_after(std::move(frames), with_receipt(push_window(now)));
}

void PullEngine::append_answer(Frames& frames) {
  owes_answer_ = !proof_.append_answer(frames, signer());
}

Frames PullEngine::behind_answer(Frames frames) {
  if (!owes_answer_) return frames;
  events::ranges::move(frames, std::back_inserter(behind_answer_));
  return {};
}

bool PullEngine::waits_for_signature(const Error& error, bool& owed) {
  owed = error.code == ErrorCode::needs_signature;
  return owed;
}

Result<Frames> PullEngine::say_owed(Timestamp now) {
  if (unsigned_hello_) return greet(now);
  Result<Frames> frames = Frames{};
  if (state_ != SyncState::greeting && state_ != SyncState::running) return frames;
  if (owes_answer_) {
    append_answer(*frames);
    frames = said_after(std::move(*frames), std::exchange(behind_answer_, {}));
  }
  frames = said_after(std::move(*frames), owed_pushes(now));
  if (frames && owes_receipt_) frames = said_after(std::move(*frames), with_receipt(Frames{}));
  return frames;
}

Result<Frames> PullEngine::said_after(Frames before, Result<Frames> more) {
  if (!more) return more;
  for (protocol::Message& frame : behind_answer(std::move(*more))) {
    before.push_back(std::move(frame));
  }
  return before;
}

Result<void> PullEngine::check_proof(const protocol::Welcome& welcome) {
  const Identity& identity = replica_.identity();
  if (welcome.log != identity.log) {
    return fail(ErrorCode::wrong_log, "the server keeps another log");
  }
  // The whole bundle is signed by that key, and answers another greeting than this engine's.
  if (by_bundle_) return {};
  if (Result<void> proved = proof_.take(welcome, identity.server_key); !proved) {
    return fail(proved.error().code, proved.error().message);
  }
  return {};
}

std::uint64_t PullEngine::verdicts_to_claim() const {
  const OfflineLog& own = replica_.own();
  const std::uint64_t known = own.verdicts_known();
  const bool is_signed = replica_.receipt_store().covers(replica_.identity().chain) >= known;
  // The connection was cut before the signature came: the last answer is asked for again, with it.
  return is_signed ? known : own.receipts().rbegin()->first - 1;
}

Result<Frames> PullEngine::serve(const protocol::Welcome& welcome, Timestamp now) {
  if (state_ != SyncState::greeting) return fail(ErrorCode::malformed, "a second greeting");
  if (Result<void> proved = check_proof(welcome); !proved) return proved.error();
  const Timestamp known = scope_state_->grant() ? scope_state_->grant()->granted_at : Timestamp{};
  if (!by_bundle_ && !may_be_now(welcome.server_time, known, now)) {
    return fail(ErrorCode::server_clock, "the server's clock is wrong", SyncState::stopped);
  }
  if (welcome.action == protocol::WelcomeAction::repair) return begin_repair(welcome);
  if (welcome.action == protocol::WelcomeAction::forked) {
    return fail(ErrorCode::fork, "another device has written this chain", SyncState::forked);
  }
  if (Result<void> honest = check_place(welcome, now); !honest) return honest.error();
  if (welcome.action == protocol::WelcomeAction::diverged) {
    return start_again(replica_.pull().scope);
  }
  const OfflineLog& own = replica_.own();
  if (welcome.accepted_seq > own.head().seq ||
      own.hash_at(welcome.accepted_seq) != welcome.accepted_hash) {
    return fail(ErrorCode::fork, "the server holds other events of this chain", SyncState::forked);
  }
  const Result<bool> pulls_again = replica_.must_pull_again();
  if (!pulls_again) return fail(pulls_again.error().code, pulls_again.error().message);
  server_time_ = welcome.server_time;
  server_rules_ = welcome.rules;
  clock_difference_ =
      static_cast<std::int64_t>(welcome.server_time.value) - static_cast<std::int64_t>(now.value);
  if (was_rewritten(welcome)) return start_again(welcome.scope);
  if (*pulls_again) {
    if (Result<void> dropped = replica_.restart_pull(welcome.scope, true); !dropped) {
      return fail(dropped.error().code, dropped.error().message);
    }
    return fail(ErrorCode::log_diverged, "what was in doubt comes again", SyncState::reconnect);
  }
  is_other_scope_ = welcome.scope != replica_.pull().scope;
  if (welcome.action == protocol::WelcomeAction::restart_pull) {
    if (Result<void> noted = scope_state_->before_restart(welcome.scope, now); !noted) {
      return fail(noted.error().code, noted.error().message);
    }
    if (Result<void> dropped = replica_.restart_pull(welcome.scope, false); !dropped) {
      return fail(dropped.error().code, dropped.error().message);
    }
  } else if (Result<void> kept = replica_.take_scope(welcome.scope); !kept) {
    return fail(kept.error().code, kept.error().message);
  }

  state_ = SyncState::running;
  epoch_ = welcome.epoch;
  log_head_ = greeted_head_ = welcome.head;
  accepted_ = std::max(accepted_, welcome.accepted_seq);
  Frames frames;
  append_answer(frames);
  const Result<Frames> pushes = with_receipt(push_window(now));
  if (!pushes) return pushes.error();
  events::ranges::copy(*pushes, std::back_inserter(frames));
  ask_for_proofs(1, frames);
  return frames;
}

bool PullEngine::was_rewritten(const protocol::Welcome& welcome) const {
  const OfflineLog& own = replica_.own();
  const protocol::Cursor& cursor = replica_.pull().cursor;
  if (cursor.position > welcome.head || welcome.accepted_seq < own.verdicts_known()) return true;
  if (cursor.epoch.value == 0 || cursor.epoch == welcome.epoch) return false;
  // The server compared the cursor's fingerprint: up to there the log is as it was.  Of what was
  // answered behind it nobody knows.
  const bool is_behind =
      !own.receipts().empty() && own.receipts().rbegin()->second.last() > cursor.position;
  return cursor.epoch > welcome.epoch || is_behind;
}

Result<Frames> PullEngine::begin_repair(const protocol::Welcome& /*welcome*/) {
  return fail(ErrorCode::busy, "the restored server waits for what other devices have",
              SyncState::repairing);
}

Error PullEngine::start_again(const events::ReaderScope& scope) {
  if (Result<void> dropped = replica_.restart_pull(scope, true); !dropped) {
    return fail(dropped.error().code, dropped.error().message);
  }
  return fail(ErrorCode::log_diverged, "the log was restored; the pull starts again",
              SyncState::reconnect);
}

Result<Frames> PullEngine::serve(const protocol::Moved& moved, Timestamp /*now*/) {
  const Identity& identity = replica_.identity();
  if (moved.log != identity.log || !is_authentic(moved, identity.server_key)) {
    return fail(ErrorCode::bad_signature, "a new address that the server did not sign");
  }
  moved_to_ = moved.address;
  return fail(ErrorCode::closed, "the log has moved to " + moved.address, SyncState::moved);
}

Result<Frames> PullEngine::serve(const protocol::Goaway& goaway, Timestamp /*now*/) {
  retry_after_ = goaway.retry_after_milliseconds;
  if (state_ == SyncState::greeting && !by_bundle_) {
    // Anybody may have said it: it is a reason to come back later, and for nothing else.
    retry_after_ = std::min(retry_after_, unproved_wait_max);
    return fail(ErrorCode::closed, "the server closes the connection", SyncState::stopped);
  }
  switch (goaway.reason) {
    case protocol::GoawayReason::revoked:
      return fail(ErrorCode::revoked, "the device was revoked", SyncState::revoked);
    case protocol::GoawayReason::scope_changed:
      return fail(ErrorCode::closed, "the scope changed", SyncState::reconnect);
    case protocol::GoawayReason::shutting_down:
    case protocol::GoawayReason::replaced:
    case protocol::GoawayReason::overloaded:
      break;
  }
  return fail(ErrorCode::closed, "the server closes the connection", SyncState::stopped);
}

Result<Frames> PullEngine::serve(const protocol::ErrorFrame& frame, Timestamp /*now*/) {
  const bool speaks_of_the_device = frame.code == ErrorCode::fork ||
                                    frame.code == ErrorCode::revoked ||
                                    frame.code == ErrorCode::log_diverged;
  if (state_ == SyncState::greeting && !by_bundle_ && speaks_of_the_device) {
    return fail(ErrorCode::unproved_server,
                "without proof the server says: " + std::string(events::name_of(frame.code)));
  }
  if (frame.code == ErrorCode::fork) return fail(frame.code, frame.message, SyncState::forked);
  if (frame.code == ErrorCode::revoked) return fail(frame.code, frame.message, SyncState::revoked);
  if (frame.code == ErrorCode::server_clock) {
    return fail(frame.code, frame.message, SyncState::stopped);
  }
  if (frame.code == ErrorCode::busy && is_repairing_) {
    return fail(frame.code, frame.message, SyncState::repairing);
  }
  return fail(frame.code, frame.message);
}

}  // namespace clients
