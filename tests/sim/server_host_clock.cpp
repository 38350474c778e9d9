#include "server/commit/clock_doubt.h"
#include "tests/sim/server_host.h"
#include "tests/sim/violation.h"

#include <utility>

// What the server does with its clock: server/commit/committer.cpp without its thread.

namespace sim {

using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;

Result<Timestamp> ServerHost::time(Timestamp now, Happening refused) {
  const Result<Timestamp> time = clock_.time(now, pipeline_->last_received_at());
  if (!time) tally_.count(refused);
  if (!time || !clock_.owes_correction() || pipeline_->is_repairing()) return time;
  log_.arm(AppendCrash::none);  // A session may be in the middle of something.
  const Result<void> corrected = pipeline_->correct_clock(*time);
  if (!corrected) return corrected.error();
  return time;
}

Result<Timestamp> ServerHost::settled_time(Timestamp now, Happening refused) {
  Result<Timestamp> time = this->time(now, refused);
  if (!time || clock_.is_settled()) return time;
  tally_.count(Happening::clock_refused_unvouched);
  return events::Error{events::ErrorCode::server_clock, "nobody vouches for the server's clock"};
}

void ServerHost::look_at_clock(Timestamp now) {
  if (is_repairing()) return;
  const Result<Timestamp> time = settled_time(now, Happening::clock_refused_other);
  if (time) static_cast<void>(pipeline_->append_owed(*time));
  if (append_crashed()) return restart();
  tell_about_access();
}

bool ServerHost::confirm_clock(Timestamp now) {
  if (!clock_.confirm(now, pipeline_->last_received_at())) return false;
  if (!is_repairing()) static_cast<void>(pipeline_->correct_clock(clock_.wall(now)));
  if (append_crashed()) {
    restart();
    return false;
  }
  static_cast<void>(time(now, Happening::clock_refused_other));
  tell_about_access();
  return true;
}

bool ServerHost::confirm_right_clock(Timestamp now) {
  const bool is_asked = clock_.is_right() && clock_.fault() != server::ClockFault::none;
  return calm_ && is_asked && confirm_clock(now);
}

void ServerHost::refuse_run(const Waiting& run, const events::Error& error, Timestamp now) {
  const std::uint64_t first = std::get<server::SubmitRun>(run.request).run.first_seq;
  if (Connection* const connection = find(run.session)) {
    server::PushOutcome nak = protocol::PushNak{error.code, first, first, error.message};
    enqueue(run.session, connection->session->on_committed(std::move(nak), clock_.wall(now)));
  }
}

void ServerHost::dismiss_doubters(std::vector<Waiting>& runs, Timestamp now) {
  std::erase_if(runs, [&](const Waiting& waiting) {
    const server::PushedRun& run = std::get<server::SubmitRun>(waiting.request).run;
    const Result<void> heard = clock_.hear(run.chain, run.device_time, now);
    if (heard) return false;
    tally_.count(Happening::clock_refused_doubter);
    refuse_run(waiting, heard.error(), now);
    return true;
  });
}

void ServerHost::look_at_append(std::span<const events::StoredBlock> blocks) {
  if (!clock_.plays()) return;
  const events::MemoryEventLog& log = log_.truth();
  const std::optional<events::Bytes> last = *log.block_at(log.head().position);
  const Timestamp received = last ? events::decode_stored_block(*last)->received_at : Timestamp{};
  clock_.look_at_append(blocks, received, restored_.has_value());
}

Result<server::Admission> ServerHost::let_in(events::ChainNumber chain, Timestamp now,
                                             Happening refused) {
  const Result<Timestamp> time = this->time(now, refused);
  if (!time) return time.error();
  if (clock_.is_settled()) return pipeline_->admit(chain, *time);
  Result<server::Admission> admission = server::admit_unvouched(*pipeline_, chain, *time);
  const bool is_unsure = !admission && admission.error().code == events::ErrorCode::server_clock;
  if (is_unsure) tally_.count(Happening::clock_refused_unvouched);
  return admission;
}

void ServerHost::note_withheld(std::uint64_t number, events::ChainNumber chain,
                               const server::Admission& given, Timestamp now) {
  if (clock_.is_right() || clock_.is_vouched_for() || given.repairing) return;
  const Result<server::Admission> right = pipeline_->admit(chain, now);
  require(right.has_value(), Promise::right_time, "a device is let in by no other day than today");
  // What it has lost by the log's last receipt it lost to a time that somebody did vouch for.
  const Timestamp received = pipeline_->last_received_at();
  const Result<server::Admission> logged = pipeline_->admit(chain, received);
  require(logged.has_value(), Promise::right_time, "a device is let in by no day of the log");
  for (const projections::Unit& unit : state().units().all()) {
    const events::ScopeSet scope{unit.id};
    const auto lacks = [&](const auto& may) {
      return may(right->rights) && may(logged->rights) && !may(given.rights);
    };
    const bool lacks_events = lacks([&](const auto& each) { return each.scope.includes(scope); });
    const bool lacks_names = lacks([&](const auto& each) { return each.may_read_private(scope); });
    if (lacks_events || lacks_names) withheld_[number].insert(unit.id);
  }
}

const std::set<events::UnitId>& ServerHost::withheld(std::uint64_t number) const {
  static const std::set<events::UnitId> nothing;
  const auto found = withheld_.find(number);
  return found == withheld_.end() ? nothing : found->second;
}

}  // namespace sim
