#include "server/session/sync_session.h"

#include <utility>
#include <vector>

// What a session does while its log is repaired: it takes back what the log lost, and nothing else.

namespace server {

namespace protocol = events::protocol;
using events::Result;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

}  // namespace

void SyncSession::begin_repair() {
  // Blocks come back before the private records that they name: nobody reads them until it is over.
  const Puller::Start start{.chain = hello_.chain,
                            .cursor = {},
                            .verdicts_known = admission_.head.seq,
                            .accepted_seq = admission_.head.seq,
                            .live = false,
                            .no_events = true};
  puller_ = std::make_unique<Puller>(log_, private_store_, packed_, admission_.rights, start);
  issuer_.emplace(log_, *admission_.server_key, hello_);
  blocks_returned_.emplace(log_.head().log, hello_.chain);
  state_ = State::open;
}

bool SyncSession::refuses_stranger(std::uint8_t about) {
  if (!admission_.stranger) return false;
  fail({events::ErrorCode::busy, "the restored log does not know this chain yet"}, about);
  return true;
}

void SyncSession::serve(protocol::Recover recovered, Requests& /*requests*/) {
  constexpr std::uint8_t about = kind_of<protocol::Recover>;
  std::vector<events::PrivateRecord> records = std::exchange(early_records_, {});
  early_record_bytes_ = 0;
  if (!blocks_returned_) {
    return fail({events::ErrorCode::not_permitted, "this log lacks nothing"}, about);
  }
  Result<void> added = blocks_returned_->add(std::move(records));
  if (added) added = blocks_returned_->add(recovered);
  if (!added) fail(added.error(), about);
}

void SyncSession::serve(protocol::Reconcile reconcile, Requests& requests) {
  if (!blocks_returned_) {
    return fail({events::ErrorCode::not_permitted, "this log lacks nothing"},
                kind_of<protocol::Reconcile>);
  }
  // Records that a line out of order brought behind their block count as well.
  const Result<void> added = blocks_returned_->add(std::exchange(early_records_, {}));
  early_record_bytes_ = 0;
  if (!added) return fail(added.error(), kind_of<protocol::Reconcile>);
  is_repairing_ = true;
  requests.push_back(ReturnBlocks{blocks_returned_->finish(std::move(reconcile))});
}

Requests SyncSession::on_blocks_returned(Result<protocol::Reconcile> answer,
                                         events::Timestamp now) {
  is_repairing_ = false;
  if (!answer) {
    fail(answer.error(), kind_of<protocol::Reconcile>);
    return {};
  }
  say(*answer);
  return serve_parked(now);
}

}  // namespace server
