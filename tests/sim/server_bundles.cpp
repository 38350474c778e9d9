#include "events/bundle/bundle_opening.h"
#include "server/bundle/bundle_exchange.h"
#include "tests/sim/server_host.h"
#include "tests/sim/violation.h"

#include <string>
#include <utility>

// What the server does with bundles.

namespace sim {

using events::Result;
using events::Timestamp;
namespace bundle = events::bundle;
namespace protocol = events::protocol;

namespace {

events::SealingSecret server_secret() {
  events::SealingSecret secret;
  secret.bytes.fill(0x5F);
  return secret;
}

}  // namespace

void ServerHost::publish_sealing_key(Timestamp now) {
  const auto done = pipeline_->publish_sealing_key(events::sealing_key_of(server_secret()), now);
  require(done.has_value(), Promise::live, "the server cannot say to whom bundles are sealed");
}

/// As server/channels/bundle_channel.cpp does, without its files and threads.
ServerHost::BundleReply ServerHost::take_bundle(const events::Bytes& bundle,
                                                const events::SealingSecret& ephemeral,
                                                Timestamp now) {
  using Kind = BundleReply::Kind;
  bundle::MemorySource source(bundle);
  const Result<bundle::OpenedBundle> checked =
      bundle::open_bundle(source, server_secret(), nullptr);
  if (!checked || checked->header.direction != bundle::Direction::to_server) {
    return {Kind::refused, {}, false};
  }
  const bool was_cut = checked->ending == bundle::Ending::truncated;
  const Result<server::Admission> admission =
      let_in(checked->header.chain, now, Happening::clock_refused_other);
  const bool may_come_again =
      !admission && admission.error().code == events::ErrorCode::server_clock;
  if (may_come_again) return {Kind::busy, {}, was_cut};
  if (!admission) return {Kind::refused, {}, false};
  if (admission->repairing) return {Kind::busy, {}, was_cut};
  if (admission->public_key != checked->header.signer) return {Kind::refused, {}, false};

  BundleReply reply;
  reply.was_cut = was_cut;
  reply.session = ++last_number_;
  const Timestamp shown = clock_.wall(now);
  Result<server::BundleExchange> exchange = server::BundleExchange::begin(
      {checked->header, ephemeral, pipeline_->signing_key(), shown, reply.session}, log_, privates_,
      *packed_, [&](events::ByteView bytes) {
        events::append_bytes(reply.answer, bytes);
        return Result<void>();
      });
  if (!exchange) return {Kind::refused, {}, false};
  Result<bundle::BundleOpener> opener = bundle::BundleOpener::open(source, server_secret());
  require(opener.has_value(), Promise::verifiable, "a bundle that was sound does not open");
  bool was_heard = false;
  while (opener->ending() == bundle::Ending::open && exchange->session().wants_input()) {
    const auto block = opener->next();
    require(block.has_value(), Promise::verifiable, "a block that was sound does not open");
    if (!*block) break;
    was_heard = was_heard || !(*block)->empty();
    if (!serve(*exchange, exchange->session().on_bytes(**block, shown), now)) {
      return {Kind::crashed, {}, was_cut};
    }
  }
  static_cast<void>(exchange->drain());
  tell_about_access();
  if (exchange->refusal() || !was_heard) return {Kind::refused, {}, false};
  require(exchange->finish().has_value(), Promise::live, "an answer does not come to its end");
  return reply;
}

bool ServerHost::serve(server::BundleExchange& exchange, server::Requests requests, Timestamp now) {
  server::SyncSession& session = exchange.session();
  const Timestamp shown = clock_.wall(now);
  for (server::Request& request : requests) {
    server::Requests more;
    if (const auto* const ask = std::get_if<server::AskAdmission>(&request)) {
      Result<server::Admission> admission = let_in(ask->chain, now, Happening::clock_refused_other);
      if (admission) note_withheld(last_number_, ask->chain, *admission, now);
      more = session.on_admitted(std::move(admission), shown);
    } else if (const auto* const purge = std::get_if<server::RecordPurge>(&request)) {
      const Result<Timestamp> time = settled_time(now, Happening::clock_refused_other);
      Result<void> recorded =
          time ? pipeline_->record_purge(purge->receipt, *time) : Result<void>(time.error());
      if (append_crashed()) return restart(), false;
      if (recorded) tally_.count(Happening::scope_purged);
      more = session.on_purge_recorded(std::move(recorded), shown);
    } else if (auto* const submit = std::get_if<server::SubmitRun>(&request)) {
      auto outcome = commit_carried(std::move(submit->run), now);
      if (!outcome) return false;
      more = session.on_committed(std::move(*outcome), shown);
    } else {
      require(false, Promise::live, "a bundle asks for what no bundle may ask");
    }
    if (!serve(exchange, std::move(more), now)) return false;
    static_cast<void>(exchange.drain());
  }
  return true;
}

std::optional<server::PushOutcome> ServerHost::commit_carried(server::PushedRun run,
                                                              Timestamp now) {
  const events::ChainNumber chain = run.chain;
  const Result<Timestamp> time = settled_time(now, Happening::clock_refused_push);
  if (!time) {
    return protocol::PushNak{time.error().code, run.first_seq, run.first_seq, time.error().message};
  }
  // It may be judged when the gap before it is closed, by the time at which it was brought.
  if (!clock_.is_right()) clock_.excuse(chain, run.last_seq());
  std::vector<server::PushedRun> runs;
  runs.push_back(std::move(run));
  Result<std::vector<server::PushOutcome>> outcomes = pipeline_->commit(runs, *time);
  if (!outcomes) {
    require(append_crashed(), Promise::live,
            [&] { return "a carried run cannot be committed: " + outcomes.error().message; });
    restart();
    return std::nullopt;
  }
  server::PushOutcome outcome = std::move(outcomes->front());
  if (const auto* const waits = std::get_if<protocol::Parked>(&outcome)) {
    tally_.count(Happening::run_parked);
    parking_.promise({chain, waits->first_seq}, waits->last_seq);
    if (plant_ == Plant::parked_acknowledged) {
      outcome = protocol::PushAck{.upto_seq = waits->last_seq, .receipts = {}};
    }
  }
  return outcome;
}

void ServerHost::check_parked(bool chains_are_unique) {
  parking_.check(
      log_.truth(), *parked_, chains_are_unique,
      [this](const events::DeviceBlock& run) { return is_over_quota(run); }, tally_);
}

}  // namespace sim
