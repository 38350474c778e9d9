#include "server/session/sync_session.h"

#include <optional>
#include <utility>

// The device's questions about totals and dossier statuses; SummaryFeed does the work.

namespace server {

namespace protocol = events::protocol;
using events::ErrorCode;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

}  // namespace

void SyncSession::serve(protocol::Subscribe subscribe, Requests& /*requests*/) {
  if (refuses_stranger(kind_of<protocol::Subscribe>)) return;
  if (transit_) {
    return fail({ErrorCode::not_permitted, "nobody stays to hear what comes by bundle"},
                kind_of<protocol::Subscribe>);
  }
  const bool is_known = subscribe.mode == protocol::SummaryMode::totals ||
                        subscribe.mode == protocol::SummaryMode::dossier_statuses;
  if (!is_known) {
    return fail({ErrorCode::unsupported, "a subscription is to totals or to dossier statuses"},
                kind_of<protocol::Subscribe>);
  }
  if (admission_.revoked) {
    return fail({ErrorCode::not_permitted, "a revoked device reads nothing"},
                kind_of<protocol::Subscribe>);
  }
  charge(Work::subscriptions, 1, last_heard_);
  summaries_.begin(subscribe);
}

void SyncSession::serve(protocol::Unsubscribe /*unsubscribe*/, Requests& /*requests*/) {
  summaries_.end();
}

Requests SyncSession::on_summary(Summary summary, events::Timestamp /*now*/) {
  const std::optional<protocol::Message> frame = summaries_.take(std::move(summary));
  if (frame && state_ == State::open) say(*frame);
  return {};
}

}  // namespace server
