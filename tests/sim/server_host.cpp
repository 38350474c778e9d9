#include "tests/sim/server_host.h"

#include "events/archive/compact.h"
#include "tests/sim/violation.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace sim {

using events::Bytes;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;

namespace {

constexpr events::LogId the_log{1};

events::SigningKey server_key() {
  events::SecretSeed seed;
  seed.bytes.fill(0x5E);
  return events::SigningKey::from_seed(seed);
}

}  // namespace

ServerHost::ServerHost(Random& random, Tally& tally, const events::Digest& founding_code)
    : random_(random),
      tally_(tally),
      founding_code_(founding_code),
      clock_(tally),
      log_(the_log, random) {
  log_.on_append([this](std::span<const events::StoredBlock> blocks) { look_at_append(blocks); });
  restart();
  restarts_ = 0;
}

void ServerHost::plant(Plant plant) {
  plant_ = plant;
  log_.plant(plant);
  privates_.plant(plant);
  files_.plant(plant);
  if (plant == Plant::server_clock_believed) clock_.believe_always();
}

void ServerHost::restart() {
  for (auto& [number, connection] : connections_) connection.link->leave_server();
  connections_.clear();
  waiting_.clear();
  to_say_.clear();
  repair_.reset();
  enrolment_.reset();
  proofs_.reset();
  pipeline_.reset();
  log_.lose_power();
  privates_.lose_power();
  parking_.lose_power(plant_);
  files_.lose_power();
  wants_ = std::make_unique<server::FileWants>();
  clock_.start();
  ++restarts_;

  packed_ = std::make_unique<server::PackedBlocks>();
  snapshots_ = std::make_unique<server::SnapshotShelf>(log_);
  Result<server::ParkedRuns> parked = server::ParkedRuns::open(parking_.store());
  require(parked.has_value(), Promise::live, "parked runs cannot be read");
  parked_.emplace(std::move(*parked));
  pipeline_ = std::make_unique<server::Pipeline>(log_, privates_, server_key(), &*parked_);
  pipeline_->hold_rules(newest_rules_);
  pipeline_->set_lease_days(lease_days_);
  std::array<std::uint8_t, 32> secret{};
  secret[0] = static_cast<std::uint8_t>(restarts_);
  proofs_ = std::make_unique<server::GreetingProofs>(pipeline_->signing_key(), secret);
  pipeline_->set_quotas(quotas());
  std::optional<projections::State> from;
  if (checkpoint_ && random_.chance(50)) {
    Result<projections::State> read = events::decode<projections::State>(*checkpoint_);
    require(read.has_value(), Promise::same_meaning, "a checkpoint cannot be read");
    if (read->applied() <= log_.head().position) {
      from = std::move(*read);
      tally_.count(Happening::server_restart_from_checkpoint);
    }
  }
  log_.set_recovering(true);
  const Result<void> recovered = pipeline_->recover(std::move(from));
  log_.set_recovering(false);
  require(recovered.has_value(), Promise::live,
          [&] { return "recovery failed: " + recovered.error().message; });
  enrolment_ = std::make_unique<server::Enrolment>(*pipeline_, founding_code_);
  if (restored_) begin_repair();
  look_for_lost_files();
}

void ServerHost::update(events::RulesVersion newest) {
  newest_rules_ = newest;
  restart();
}

void ServerHost::adopt_rules(Timestamp now) {
  if (is_repairing() || state().rulebook().rules() >= newest_rules_) return;
  const Result<Timestamp> time = settled_time(now, Happening::clock_refused_other);
  if (!time) return;
  const bool adopted = pipeline_->adopt_rules(*time).has_value();
  if (append_crashed()) return restart();
  if (adopted && state().rulebook().rules() == newest_rules_) {
    tally_.count(Happening::rules_adopted);
  }
}

void ServerHost::calm() {
  calm_ = true;
  log_.arm(AppendCrash::none);
  log_.calm();
  files_.calm();
  pipeline_->set_quotas(quotas());
}

LinkPtr ServerHost::accept() {
  auto link = std::make_shared<Link>();
  link->number = ++last_number_;
  links_.push_back(link);
  connections_.emplace(link->number,
                       Connection{link, std::make_unique<server::SyncSession>(
                                            log_, privates_, *packed_, link->number)});
  server::SyncSession& session = *find(link->number)->session;
  session.prove_with(*proofs_);
  // Every other line is TLS from end to end; the rest are plain, or pass a proxy that ends it.
  if (link->number % 2 == 1) {
    link->binding.emplace();
    link->binding->bytes.fill(static_cast<std::uint8_t>(link->number));
    session.bind_to(link->binding);
  }
  // The country is small: in a large one this little would be pulled.
  session.offer_snapshots_from(1'000);
  return link;
}

ServerHost::Connection* ServerHost::find(std::uint64_t number) {
  const auto found = connections_.find(number);
  return found == connections_.end() ? nullptr : &found->second;
}

void ServerHost::enqueue(std::uint64_t session, server::Requests requests) {
  for (server::Request& request : requests) waiting_.push_back({session, std::move(request)});
}

void ServerHost::close(Connection& connection) {
  connection.link->leave_server();
  enqueue(connection.link->number, connection.session->leave());
  connections_.erase(connection.link->number);
  forget_closed();
}

void ServerHost::forget_closed() {
  std::erase_if(links_, [&](const LinkPtr& link) {
    return !connections_.contains(link->number) && link->device_gone;
  });
}

bool ServerHost::deliver(Link& link, Timestamp now) {
  Connection* const connection = find(link.number);
  if (connection == nullptr) return false;
  if (link.up.empty()) {
    if (!link.device_gone) return false;
    close(*connection);
    return true;
  }
  if (!connection->session->wants_input()) {
    // A session that is closing reads nothing more; one that waits reads later.
    if (connection->session->is_closing()) link.up.clear();
    return false;
  }
  const Bytes message = std::move(link.up.front());
  link.up.pop_front();
  enqueue(link.number, connection->session->on_bytes(message, clock_.wall(now)));
  return true;
}

bool ServerHost::pump(Link& link, std::size_t max_bytes) {
  Connection* const connection = find(link.number);
  if (connection == nullptr) return false;
  Bytes bytes = connection->session->pump(max_bytes);
  enqueue(link.number, connection->session->reads());
  if (!bytes.empty()) {
    if (plant_ == Plant::early_mark) bytes = early_mark(std::move(bytes));
    const bool cheats = plant_ == Plant::unsigned_events || plant_ == Plant::withheld_block;
    if (cheats && random_.chance(20)) bytes = cheat(std::move(bytes));
    if (bytes.empty()) return true;
    link.send_down(std::move(bytes));
    return true;
  }
  if (!connection->session->is_closing()) return false;
  close(*connection);
  return true;
}

bool ServerHost::work(Timestamp now, std::size_t requests_max) {
  bool did_something = false;
  while (has_work() && requests_max > 0) {
    did_something = true;
    if (!to_say_.empty() && (waiting_.empty() || random_.chance(30))) {
      --requests_max;
      if (!say_stored(now)) return true;
      continue;
    }
    std::vector<Waiting> runs;
    while (!waiting_.empty() && requests_max > 0 &&
           std::holds_alternative<server::SubmitRun>(waiting_.front().request)) {
      runs.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
      --requests_max;
    }
    if (!runs.empty()) {
      if (!commit(std::move(runs), now)) return true;
      continue;
    }
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    --requests_max;
    const std::uint64_t before = restarts_;
    if (const auto* const greeting = std::get_if<server::AskAdmission>(&next.request)) {
      admit(next.session, greeting->chain, now);
    } else if (const auto* const left = std::get_if<server::AskNewChain>(&next.request)) {
      continue_chain(next.session, left->request, now);
    } else if (const auto* const asked = std::get_if<server::AskEnrolment>(&next.request)) {
      enrol(next.session, asked->request, now);
    } else if (const auto* const purge = std::get_if<server::RecordPurge>(&next.request)) {
      record_purge(next.session, purge->receipt, now);
    } else if (const auto* const wish = std::get_if<server::AskSnapshot>(&next.request)) {
      hand_out_snapshot(next.session, wish->question, now);
    } else if (auto* const given = std::get_if<server::ReturnBlocks>(&next.request)) {
      return_blocks(next.session, std::move(given->repair_batch), now);
    } else if (auto* const file = std::get_if<server::FileRequest>(&next.request)) {
      serve_file(next.session, std::move(*file), now);
    }
    if (restarts_ != before) return true;
  }
  if (did_something && !calm_ && random_.chance(5) && plant_ != Plant::ack_before_sync) {
    checkpoint_ = events::encode(pipeline_->state());
  }
  return did_something;
}

void ServerHost::admit(std::uint64_t number, events::ChainNumber chain, Timestamp now) {
  Connection* const connection = find(number);
  if (connection == nullptr) return;
  const bool was_open = connection->session->is_open();
  Result<server::Admission> admission = let_in(chain, now, Happening::clock_refused_greeting);
  if (admission) note_withheld(number, chain, *admission, now);
  if (admission && plant_ == Plant::scope_leak && !admission->rights.scope.whole_log) {
    for (const projections::Unit& unit : pipeline_->state().units().all()) {
      if (projections::is_commune_level(unit)) {
        admission->rights.scope.units.push_back(unit.id);
      }
    }
    server::settle(admission->rights, pipeline_->state().units());
  }
  if (admission) note_rights(chain, admission->rights);
  enqueue(number, connection->session->on_admitted(std::move(admission), clock_.wall(now)));
  if (was_open || !connection->session->is_open()) return;
  ask_for_wanted_files(*connection);
  // The newest connection of a device wins.
  for (auto& [other, each] : connections_) {
    if (other == number || !each.session->is_open() || each.session->chain() != chain) continue;
    each.session->goodbye(protocol::GoawayReason::replaced, 0);
  }
}

void ServerHost::enrol(std::uint64_t number, const protocol::Enrol& request, Timestamp now) {
  const Result<Timestamp> time = settled_time(now, Happening::clock_refused_other);
  Result<protocol::Enrolled> enrolled =
      time ? enrolment_->enrol(request, *time) : Result<protocol::Enrolled>(time.error());
  if (append_crashed()) return restart();
  if (Connection* const connection = find(number)) {
    enqueue(number, connection->session->on_enrolled(std::move(enrolled), clock_.wall(now)));
  }
  tell_about_access();
}

bool ServerHost::ask_for_chain(const protocol::NewChain& request, Timestamp now) {
  const Result<Timestamp> time = settled_time(now, Happening::clock_refused_other);
  const bool given = time && enrolment_->continue_chain(request, *time).has_value();
  if (append_crashed()) restart();
  tell_about_access();
  return given;
}

void ServerHost::continue_chain(std::uint64_t number, const protocol::NewChain& request,
                                Timestamp now) {
  const Result<Timestamp> time = settled_time(now, Happening::clock_refused_other);
  Result<protocol::Enrolled> enrolled =
      time ? enrolment_->continue_chain(request, *time) : Result<protocol::Enrolled>(time.error());
  if (append_crashed()) return restart();
  if (Connection* const connection = find(number)) {
    enqueue(number, connection->session->on_enrolled(std::move(enrolled), clock_.wall(now)));
  }
  tell_about_access();
}

void ServerHost::hand_out_snapshot(std::uint64_t number, const server::SnapshotQuestion& question,
                                   Timestamp now) {
  log_.set_making_snapshot(true);
  const Result<server::SnapshotPtr> snapshot = snapshots_->find_or_make(question);
  log_.set_making_snapshot(false);
  // One that a device has a part of may have been of a log that a power cut took back.
  require(snapshot || question.exactly, Promise::live,
          [&] { return "no snapshot: " + snapshot.error().message; });
  if (Connection* const connection = find(number)) {
    enqueue(number,
            connection->session->on_snapshot(snapshot ? *snapshot : nullptr, clock_.wall(now)));
  }
}

void ServerHost::record_purge(std::uint64_t number, const protocol::Purged& receipt,
                              Timestamp now) {
  const Result<Timestamp> time = settled_time(now, Happening::clock_refused_other);
  Result<void> recorded =
      time ? pipeline_->record_purge(receipt, *time) : Result<void>(time.error());
  if (append_crashed()) return restart();
  if (recorded) tally_.count(Happening::scope_purged);
  if (Connection* const connection = find(number)) {
    enqueue(number, connection->session->on_purge_recorded(std::move(recorded), clock_.wall(now)));
  }
}

bool ServerHost::commit(std::vector<Waiting> runs, Timestamp now) {
  const Result<Timestamp> time = this->time(now, Happening::clock_refused_push);
  if (!time) {
    for (const Waiting& run : runs) refuse_run(run, time.error(), now);
    return true;
  }
  dismiss_doubters(runs, now);
  if (runs.empty()) return true;
  std::vector<server::PushedRun> batch;
  for (Waiting& each : runs) {
    batch.push_back(std::move(std::get<server::SubmitRun>(each.request).run));
  }
  Result<std::vector<server::PushOutcome>> outcomes = pipeline_->commit(batch, *time);
  if (!outcomes) {
    require(append_crashed(), Promise::live,
            [&] { return "a commit failed: " + outcomes.error().message; });
    restart();
    return false;
  }
  if (plant_ == Plant::other_chain && runs.front().session != runs.back().session) {
    std::swap(outcomes->front(), outcomes->back());
  }
  for (std::size_t index = 0; index < runs.size(); ++index) {
    server::PushOutcome& outcome = (*outcomes)[index];
    if (const auto* const nak = std::get_if<protocol::PushNak>(&outcome)) {
      const bool over_quota = nak->reason == events::ErrorCode::quota;
      tally_.count(over_quota ? Happening::push_over_quota : Happening::push_refused);
    }
    auto* const ack = std::get_if<protocol::PushAck>(&outcome);
    if (plant_ == Plant::wrong_position && ack != nullptr && random_.chance(20)) {
      for (events::BlockReceipt& receipt : ack->receipts) ++receipt.first.value;
    }
    if (plant_ == Plant::forgotten_answer && random_.chance(20)) continue;
    const std::uint64_t number = runs[index].session;
    if (Connection* const connection = find(number)) {
      enqueue(number, connection->session->on_committed(std::move(outcome), clock_.wall(now)));
    }
  }
  tell_about_access();
  const std::uint64_t before = restarts_;
  if (plant_ == Plant::release_not_due) release_too_early(*time);
  if (plant_ == Plant::self_grant) give_what_was_refused(batch, *time);
  return restarts_ == before;
}

bool ServerHost::append_crashed() {
  switch (log_.take_crash()) {
    case AppendCrash::none:
      return false;
    case AppendCrash::before_batch:
      tally_.count(Happening::server_crash_before_batch);
      break;
    case AppendCrash::before_sync:
      tally_.count(Happening::server_crash_before_sync);
      break;
    case AppendCrash::before_answers:
      tally_.count(Happening::server_crash_before_answer);
      break;
  }
  return true;
}

void ServerHost::tell_about_access() {
  for (auto& [number, connection] : connections_) {
    if (!connection.session->is_open()) continue;
    if (connection.session->access_version() == pipeline_->access_version()) continue;
    enqueue(number, connection.session->recheck());
  }
}

}  // namespace sim
