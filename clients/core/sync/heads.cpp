#include "clients/core/sync/pull_engine.h"

#include <string>
#include <utility>

// What a device does with what the log says of itself under its own signature.

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;

Result<void> PullEngine::check_head(const protocol::SignedHead& head, Timestamp now) {
  if (!is_authentic(head, replica_.identity().server_key)) {
    return fail(ErrorCode::bad_signature, "a head that the log's key did not sign");
  }
  const protocol::HeadEvidence evidence = protocol::evidence_of(head);
  const protocol::HeadClaim claim{head.log, head.epoch, head.position, head.root};
  const HeadStore& book = replica_.head_store();
  LogAlarm alarm;
  alarm.noticed_at = now;
  alarm.now = evidence;
  const bool is_forked = book.is_forked(claim);
  // WELCOME said where the log is.  A head behind that place which comes late or twice is only
  // older than what came since.  An answer by bundle may be of an earlier day.
  const bool has_gone_back =
      !by_bundle_ && head.position < greeted_head_ && book.has_gone_back(head.epoch, head.position);
  if (is_forked || has_gone_back) {
    const protocol::HeadEvidence* before = book.of_epoch(head.epoch);
    if (before == nullptr) before = book.newest();
    alarm.kind = is_forked ? AlarmKind::forked : AlarmKind::rolled_back;
    alarm.before = *before;
    return raise_alarm(std::move(alarm), "the log contradicts what it had signed");
  }
  // What came since is not counted here: an answer by bundle ends where the server was then.
  if (head.position < replica_.pull().cursor.position) return {};
  // The log counted for the scope of the day on which it answered.
  if (by_bundle_ && is_other_scope_) return {};
  if (replica_.scope_sum(head.position) != head.sum) {
    alarm.kind = AlarmKind::withheld;
    alarm.counted = replica_.scope_sum(head.position);
    return raise_alarm(std::move(alarm), "the log keeps back what belongs to this device", true);
  }
  if (!replica_.knows_epoch(head.epoch)) {
    // Who may read nothing cannot read why either; the head is not remembered.
    if (!replica_.pull().scope.includes(events::ScopeSet{events::reference_scope})) {
      head_confirmed_ = true;
      return {};
    }
    alarm.kind = AlarmKind::unexplained;
    alarm.before = *book.newest();
    return raise_alarm(std::move(alarm), "a later epoch that the log does not explain", true);
  }
  head_confirmed_ = true;
  return replica_.take_head(evidence, claim);
}

Result<void> PullEngine::check_place(const protocol::Welcome& welcome, Timestamp now) {
  if (by_bundle_) return {};  // It is of an earlier day.
  const HeadStore& book = replica_.head_store();
  const protocol::Cursor& cursor = replica_.pull().cursor;
  LogAlarm alarm;
  if (book.has_gone_back(welcome.epoch, welcome.head)) {
    alarm.kind = AlarmKind::rolled_back;
  } else if (welcome.action == protocol::WelcomeAction::diverged && cursor.epoch == welcome.epoch &&
             is_at_known_head(cursor)) {
    alarm.kind = AlarmKind::disowned;
  } else {
    return {};
  }
  const protocol::HeadEvidence* before = book.of_epoch(welcome.epoch);
  if (before == nullptr) before = book.newest();
  alarm.noticed_at = now;
  alarm.before = *before;
  alarm.now = {proof_.statement_of(welcome), welcome.signature};
  return raise_alarm(std::move(alarm), "the log is not where it had signed that it was");
}

bool PullEngine::is_at_known_head(const protocol::Cursor& upto) {
  const protocol::HeadEvidence* const newest = replica_.head_store().newest();
  if (newest == nullptr) return false;
  const Result<protocol::SignedHead> head = protocol::read_head_statement(newest->statement);
  return head && head->epoch == upto.epoch && head->position == upto.position &&
         events::fingerprint_of(head->root) == upto.fingerprint &&
         replica_.scope_sum(head->position) == head->sum;
}

Error PullEngine::raise_alarm(LogAlarm alarm, std::string why, bool pull_again) {
  if (Result<void> kept = replica_.take_alarm(alarm, pull_again); !kept) {
    return fail(kept.error().code, kept.error().message);
  }
  return fail(ErrorCode::log_alarm, std::move(why));
}

}  // namespace clients
