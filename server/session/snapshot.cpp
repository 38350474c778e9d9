#include "server/session/sync_session.h"

#include <optional>
#include <utility>

// How a session offers a snapshot in place of a long stretch of the log; SnapshotExchange does the
// work.

namespace server {

namespace protocol = events::protocol;
using events::Result;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

}  // namespace

void SyncSession::begin_snapshot(events::Position cursor, Requests& requests) {
  const bool takes_them = (hello_.features & protocol::feature_snapshots) != 0;
  const bool pulls = (hello_.features & protocol::feature_no_events) == 0;
  if (!takes_them || !pulls || transit_ || admission_.revoked) return;
  snapshots_.begin({.rights = {admission_.rights.scope, private_access_of(admission_.rights)},
                    .chain = hello_.chain,
                    .cursor = cursor,
                    .head = log_.head().position,
                    .server_key = admission_.server_key});
  if (auto question = snapshots_.next_question()) {
    requests.push_back(AskSnapshot{std::move(*question)});
  }
}

Requests SyncSession::on_snapshot(SnapshotPtr snapshot, events::Timestamp now) {
  const std::optional<protocol::SnapOffer> offer = snapshots_.take(std::move(snapshot));
  if (offer && state_ == State::open) say(*offer);
  return serve_parked(now);
}

void SyncSession::serve(protocol::SnapWant want, Requests& requests) {
  if (refuses_stranger(kind_of<protocol::SnapWant>)) return;
  if (Result<void> served = snapshots_.serve(want); !served) {
    return fail(served.error(), kind_of<protocol::SnapWant>);
  }
  if (auto question = snapshots_.next_question()) {
    requests.push_back(AskSnapshot{std::move(*question)});
  }
}

}  // namespace server
