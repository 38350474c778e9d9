#include "events/packing/wire_block.h"
#include "server/commit/batch.h"
#include "server/session/sync_session.h"

#include <algorithm>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

// How a session takes what its device recorded, and answers it.

namespace server {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

}  // namespace

void SyncSession::serve(protocol::PrivateRecords early, Requests& /*requests*/) {
  for (events::PrivateRecord& record : early.records) {
    early_record_bytes_ += record.salt.size() + record.bytes.size();
    early_records_.push_back(std::move(record));
  }
  if (early_record_bytes_ > early_record_bytes_max) {
    fail({ErrorCode::too_large, "private records come before the push that names them"},
         kind_of<protocol::PrivateRecords>);
  }
}

void SyncSession::serve(protocol::SignedReceipt shown, Requests& /*requests*/) {
  constexpr std::uint8_t about = kind_of<protocol::SignedReceipt>;
  if (shown.log != hello_.log || shown.chain != hello_.chain) {
    return fail({ErrorCode::wrong_log, "a receipt for another log or chain"}, about);
  }
  if (!is_authentic(shown, admission_.server_key->public_key())) {
    return fail({ErrorCode::bad_signature, "a receipt that this log did not sign"}, about);
  }
  if (shown.upto_seq > shown_.seq) shown_ = {shown.upto_seq, shown.chain_hash};
}

void SyncSession::serve(protocol::Push push, Requests& requests) {
  std::vector<events::PrivateRecord> records = std::exchange(early_records_, {});
  early_record_bytes_ = 0;
  std::uint64_t first_seq = 0;
  if (blocks_returned_) {
    return refuse_push({ErrorCode::busy, "the restored log takes back what it lost"}, first_seq);
  }
  const auto hash_before = [&](const events::DeviceBlock& head) {
    first_seq = head.first_seq;
    return hash_before_run(head);
  };
  Result<events::DeviceBlock> block =
      events::unpack_device_block(push.block, hash_before, events::digests_of(records));
  if (!block) return refuse_push(block.error(), first_seq);
  first_seq = block->first_seq;
  if (Result<void> ours = check_place(*block); !ours) return refuse_push(ours.error(), first_seq);
  Result<PushedRun> run = check_run(std::move(*block), *key_, push.device_time, std::move(records));
  if (!run) return refuse_push(run.error(), first_seq);
  run->transit = transit_;
  const bool is_of_that_chain = shown_.seq < run->first_seq || shown_.seq > run->last_seq() ||
                                run->hash_after(shown_.seq) == shown_.hash;
  if (is_of_that_chain) run->promised_upto = shown_.seq;
  last_run_ = {run->last_seq(), run->hashes.back()};
  in_flight_.push_back(last_run_);
  requests.push_back(SubmitRun{std::move(*run)});
}

Result<void> SyncSession::check_place(const events::DeviceBlock& head) const {
  if (head.log != hello_.log) return Error{ErrorCode::wrong_log, "a block for another log"};
  if (head.chain != hello_.chain) {
    return Error{ErrorCode::not_permitted, "a block of another chain"};
  }
  return {};
}

Result<events::Digest> SyncSession::hash_before_run(const events::DeviceBlock& head) const {
  if (Result<void> ours = check_place(head); !ours) return ours.error();
  const std::uint64_t before = head.first_seq - 1;
  if (before == 0) return events::chain_start(head.chain, admission_.public_key);
  const auto newest_first = std::views::reverse(in_flight_);
  const auto sent = std::ranges::find(newest_first, before, &events::ChainHead::seq);
  if (sent != newest_first.end()) return sent->hash;
  // By bundle the run before may be parked: then the log does not have it.
  if (transit_ && last_run_.seq == before) return last_run_.hash;
  const Result<events::ChainHead> stored = log_.chain_head(head.chain);
  if (!stored) return stored.error();
  if (before > stored->seq) {
    return Error{ErrorCode::gap,
                 "events before " + std::to_string(head.first_seq) + " have not come"};
  }
  return stored_hash_at(log_, head.chain, before);
}

void SyncSession::refuse_push(const Error& error, std::uint64_t first_seq) {
  say(protocol::PushNak{error.code, first_seq, accepted_seq_ + 1, error.message});
}

Requests SyncSession::on_committed(PushOutcome outcome, events::Timestamp now) {
  const std::uint64_t pushed_upto = in_flight_.front().seq;
  in_flight_.pop_front();
  if (auto* const ack = std::get_if<protocol::PushAck>(&outcome)) {
    acknowledge(std::move(*ack), pushed_upto);
  } else if (const auto* const parked = std::get_if<protocol::Parked>(&outcome)) {
    say(*parked);
  } else {
    say(std::get<protocol::PushNak>(outcome));
  }
  if (puller_) puller_->resume();
  Requests requests = serve_parked(now);
  dismiss_revoked();
  return requests;
}

void SyncSession::leave_to_later_pushes(protocol::PushAck& ack, std::uint64_t pushed_upto) const {
  puller_->note_pushed(pushed_upto);
  const auto is_known = [&](std::uint64_t seq) {
    const Result<bool> known = puller_->reader_has(seq);
    return known && *known;  // What is wrong, the pull says.
  };
  if (!is_known(ack.upto_seq)) ack.upto_seq = std::min(ack.upto_seq, pushed_upto);
  while (!ack.receipts.empty() && !is_known(ack.receipts.back().last_seq())) {
    ack.receipts.pop_back();
  }
}

void SyncSession::acknowledge(protocol::PushAck ack, std::uint64_t pushed_upto) {
  if (puller_) leave_to_later_pushes(ack, pushed_upto);
  accepted_seq_ = std::max(accepted_seq_, ack.upto_seq);
  // A bundle may leave out events that another one brought, whose answer the device lacks.
  const bool are_next =
      !puller_ || ack.receipts.empty() ||
      puller_->may_send_receipts(ack.receipts.front().first_seq, ack.receipts.back().last_seq());
  if (are_next) return answers_.push_receipts(ack);
  say(protocol::PushAck{.upto_seq = ack.upto_seq, .receipts = {}});
}

}  // namespace server
