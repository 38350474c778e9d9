#include "server/session/scope_grants.h"
#include "server/session/sync_session.h"

#include <utility>

// The rights of the device while the session lasts: when they are asked for again, the receipt for
// what a device destroyed, and the goodbye to a revoked device.

namespace server {

namespace protocol = events::protocol;
using events::Result;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

}  // namespace

Requests SyncSession::recheck() {
  Requests requests;
  if (state_ == State::open) requests.push_back(AskAdmission{hello_.chain});
  return requests;
}

void SyncSession::serve(protocol::Purged receipt, Requests& requests) {
  if (blocks_returned_) return;  // The device repeats it until the log says that it has it.
  if (Result<void> genuine = check_purged(receipt, hello_, *key_); !genuine) {
    return fail(genuine.error(), kind_of<protocol::Purged>);
  }
  requests.push_back(RecordPurge{std::move(receipt)});
}

Requests SyncSession::on_purge_recorded(Result<void> recorded, events::Timestamp now) {
  if (!recorded) {
    fail(recorded.error(), kind_of<protocol::Purged>);
    return {};
  }
  purged_ = true;
  if (puller_) puller_->resume();
  Requests requests = serve_parked(now);
  dismiss_revoked();
  return requests;
}

void SyncSession::dismiss_revoked() {
  if (state_ != State::open || !admission_.revoked || !in_flight_.empty()) return;
  if (!is_done_with(hello_, accepted_seq_, purged_)) return;
  goodbye(protocol::GoawayReason::revoked, 0);
}

}  // namespace server
