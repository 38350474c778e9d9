#include "clients/core/replica/workspace.h"

#include "events/log/find_bad_text.h"
#include "events/log/private_content.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::EventId;
using events::Result;
using events::Verdict;
using events::VerdictCode;
using projections::Judgement;

namespace {

/// How much better a verdict is than another, for choosing among grants.
int rank(const Verdict& verdict) {
  switch (verdict.code) {
    case VerdictCode::accepted:
      return 3;
    case VerdictCode::accepted_rebased:
      return 2;
    case VerdictCode::held:
      return 1;
    case VerdictCode::refused:
      return 0;
  }
  return 0;
}

}  // namespace

events::EventType type_of(const events::Payload& payload) {
  return std::visit(
      []<class T>(const T&) {
        if constexpr (requires { T::type; }) {
          return T::type;
        } else {
          return events::EventType{};
        }
      },
      payload);
}

void name_private_record(events::Payload& payload, const events::Digest& digest) {
  std::visit(
      [&](auto& content) {
        if constexpr (requires { content.private_digest; }) content.private_digest = digest;
      },
      payload);
}

EventId Workspace::next_id(std::size_t skip) const {
  return {replica_.identity().chain, replica_.own().head().seq + 1 + skip};
}

Result<Workspace::Draft> Workspace::draft(const RecordRequest& request, std::uint64_t seq,
                                          events::Timestamp now) const {
  Draft draft;
  if (const auto bad = events::find_bad_text(request.payload)) return error_of(*bad);
  draft.payload = request.payload;
  if (request.fields) {
    if (const auto bad = events::find_bad_text(*request.fields)) return error_of(*bad);
    Result<events::PrivateRecord> record =
        events::try_make_private_record(request.salt, *request.fields);
    if (!record) return record.error();
    draft.record = std::move(*record);
    name_private_record(draft.payload, draft.record->digest());
    draft.content = events::check_private_content(type_of(draft.payload), *draft.record,
                                                  events::day_in_vietnam(now));
  }
  // An event whose record is nowhere could never be pushed, and would stop the whole chain.
  if (const auto digest = events::private_digest_of(draft.payload); digest && !draft.record) {
    const auto record = replica_.store().private_record(*digest);
    if (!record) return record.error();
    if (!*record) {
      return Error{ErrorCode::invalid_argument, "the private record that is named is not here"};
    }
  }
  draft.header.chain = replica_.identity().chain;
  draft.header.seq = seq;
  if (events::creates_its_stream(draft.payload)) {
    draft.header.stream = {*events::stream_kind_of(draft.payload), draft.header.id()};
  } else if (request.about) {
    draft.header.stream = *request.about;
  } else {
    return Error{ErrorCode::invalid_argument, "the request does not say what it happens to"};
  }
  draft.header.seen = confirmed().applied_to(draft.header.stream);
  draft.header.rules = pending().rulebook().policy().version();
  draft.header.actor = request.actor;
  draft.header.role_grant = request.role_grant;
  draft.header.recorded_at = now;
  draft.header.business_day = request.business_day;
  return draft;
}

std::vector<events::RoleGrantId> Workspace::grants_to_try(const RecordRequest& request) const {
  if (!request.role_grant.is_none()) return {request.role_grant};
  const projections::RoleSet roles =
      pending().rulebook().policy().roles_for(type_of(request.payload));
  std::vector<events::RoleGrantId> grants;
  const projections::UnitsOnDay units = pending().units().on(request.business_day);
  for (const projections::Grant& grant : pending().access().grants()) {
    if (grant.person == request.actor && is_in_force(grant, units) &&
        (projections::bit(grant.role) & roles) != 0) {
      grants.push_back(grant.id);
    }
  }
  // Without any, the judge's own words say what is missing.
  if (grants.empty()) grants.push_back({});
  return grants;
}

bool Workspace::has_role_for(const RecordRequest& request) const {
  return !grants_to_try(request).front().is_none();
}

Result<Recorded> Workspace::record(const RecordRequest& request, events::Timestamp now) {
  const Result<RecordedTogether> done = record_together({&request, 1}, now);
  if (!done) return done.error();
  return done->recorded.front();
}

Result<Workspace::Tried> Workspace::try_together(std::span<const RecordRequest> requests,
                                                 events::Timestamp now) {
  Tried tried;
  for (const RecordRequest& request : requests) {
    const std::uint64_t seq = replica_.own().head().seq + 1 + tried.entries.size();
    Result<Draft> drafted = draft(request, seq, now);
    if (!drafted) return drafted.error();
    std::optional<events::Event> best;
    int best_rank = -1;
    for (const events::RoleGrantId grant : grants_to_try(request)) {
      drafted->header.role_grant = grant;
      Result<events::Event> event = events::try_make_event(drafted->header, drafted->payload);
      if (!event) return event.error();
      const int its_rank =
          rank(replica_.overlay().judge_next(*event, drafted->content, now).verdict);
      if (its_rank <= best_rank) continue;
      best_rank = its_rank;
      best = std::move(*event);
    }
    const Judgement judgement = replica_.try_next(*best, drafted->content, now);
    tried.answer.recorded.push_back({best->id(), judgement.verdict});
    if (judgement.verdict.code == VerdictCode::refused) {
      tried.answer.refused = tried.answer.recorded.size() - 1;
      return tried;
    }
    if (drafted->record) tried.privates.push_back(std::move(*drafted->record));
    tried.entries.push_back({std::move(*best), judgement.scope, drafted->content, {}});
  }
  return tried;
}

Result<RecordedTogether> Workspace::judge_together(std::span<const RecordRequest> requests,
                                                   events::Timestamp now) {
  Result<Tried> tried = try_together(requests, now);
  replica_.forget();
  if (!tried) return tried.error();
  return std::move(tried->answer);
}

Result<RecordedTogether> Workspace::record_together(std::span<const RecordRequest> requests,
                                                    events::Timestamp now) {
  Result<Tried> tried = try_together(requests, now);
  if (!tried || tried->answer.refused) {
    replica_.forget();
    if (!tried) return tried.error();
    return std::move(tried->answer);
  }
  Result<void> kept = replica_.keep(std::move(tried->entries), std::move(tried->privates));
  if (!kept) return kept.error();
  return std::move(tried->answer);
}

events::RoleGrantId Workspace::choose_grant(events::PersonId actor, events::EventType type,
                                            events::UnitId unit, events::Day day) const {
  const projections::RoleSet roles = pending().rulebook().policy().roles_for(type);
  const projections::UnitsOnDay units = pending().units().on(day);
  for (const projections::Grant& grant : pending().access().grants()) {
    if (grant.person == actor && is_in_force(grant, units) &&
        (projections::bit(grant.role) & roles) != 0 && units.lies_in(unit, grant.unit)) {
      return grant.id;
    }
  }
  return {};
}

}  // namespace clients
