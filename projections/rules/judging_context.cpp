#include "projections/rules/judging_context.h"

#include "projections/criteria/rule_causes.h"

namespace projections {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::int64_t clock_ahead_seconds = 300;  // V72
/// A clock that is fast by the wrong day is flagged, since the server's time stands; SC6.
constexpr std::int64_t clock_fast_seconds_max = 2 * seconds_per_day;

std::int64_t chain_of(events::EventId id) { return id.chain().value; }
std::int64_t seq_of(events::EventId id) { return static_cast<std::int64_t>(id.seq()); }

template <class Row>
bool visible(const JudgingContext& context, const Row& row) {
  return context.sight.contains(row.scope);
}

}  // namespace

Violation refuse(events::Rule rule, std::initializer_list<std::int64_t> parameters) {
  return {events::VerdictCode::refused, events::HoldReason::none, rule, parameters};
}

Violation hold(events::HoldReason reason, events::Rule rule,
               std::initializer_list<std::int64_t> parameters) {
  return {events::VerdictCode::held, reason, rule, parameters};
}

const Person* JudgingContext::person(events::PersonId id) const {
  const Person* const found = state.subjects().find(id);
  return found != nullptr && visible(*this, *found) ? found : nullptr;
}

const Collective* JudgingContext::collective(events::CollectiveId id) const {
  const Collective* const found = state.subjects().find(id);
  return found != nullptr && visible(*this, *found) ? found : nullptr;
}

const Dossier* JudgingContext::dossier(events::DossierId id) const {
  const Dossier* const found = state.dossiers().find(id);
  return found != nullptr && visible(*this, *found) ? found : nullptr;
}

const Document* JudgingContext::document(events::EventId id) const {
  const Document* const found = state.documents().find(id);
  return found != nullptr && visible(*this, *found) ? found : nullptr;
}

MaybeViolation JudgingContext::needs(const void* thing, events::EventId id) const {
  if (thing != nullptr) return std::nullopt;
  if (state.inbox().find(id, sight) != nullptr) {
    if (!waive_holds) {
      return hold(events::HoldReason::depends_on, events::Rule::o_depends_on,
                  {chain_of(id), seq_of(id)});
    }
  }
  return refuse(events::Rule::o_unknown_thing, {chain_of(id), seq_of(id)});
}

MaybeViolation check_form(const JudgingContext& context) {
  const events::EventHeader& header = context.header();
  const events::Payload& payload = context.event.payload;
  const std::optional<events::StreamKind> kind = events::stream_kind_of(payload);
  if (kind && *kind != header.stream.kind) return refuse(events::Rule::o_stream);
  const bool creates = events::creates_its_stream(payload);
  const bool names_itself = header.stream.id == header.id();
  if (kind && header.stream.kind != events::StreamKind::log && creates != names_itself) {
    return refuse(events::Rule::o_stream);
  }
  const bool was_restored = context.state.rulebook().repaired_to().value != 0;
  if (header.seen >= context.arrival.position && !was_restored) {
    return refuse(events::Rule::o_seen);
  }
  if (context.on_system_chain()) return std::nullopt;

  const KindPolicy* const policy = context.policy.kind(static_cast<events::EventType>(header.type));
  const bool is_servers = policy != nullptr && policy->speaker == Speaker::server;
  return is_servers ? MaybeViolation{refuse(events::Rule::a_system)} : std::nullopt;
}

MaybeViolation check_own_order(const JudgingContext& context) {
  const events::EventHeader& header = context.header();
  if (!context.policy.is_guarded(static_cast<events::EventType>(header.type))) return std::nullopt;
  const HeldEventPtr earlier =
      context.state.inbox().last_before(header.chain, header.stream, header.seq, context.sight);
  if (earlier == nullptr) return std::nullopt;
  const events::EventId id = earlier->event.id();
  return hold(events::HoldReason::depends_on, events::Rule::o_depends_on,
              {chain_of(id), seq_of(id)});
}

MaybeViolation check_clock(JudgingContext& context) {
  if (context.on_system_chain()) return std::nullopt;
  const events::EventHeader& header = context.header();
  const std::int64_t offset = context.arrival.intake.clock_offset_seconds;
  const auto recorded = static_cast<std::int64_t>(header.recorded_at.value / 1000) - offset;
  const auto received = static_cast<std::int64_t>(context.arrival.received_at.value / 1000);
  const Device* const device = context.state.access().device_of(header.chain);
  const std::int64_t enrolled =
      device == nullptr ? 0 : static_cast<std::int64_t>(device->enrolled_at.value / 1000);

  // How far the device was off: by its clock when it sent, or by what it wrote when it recorded.
  const std::int64_t written_off = recorded + offset - received;
  const bool offset_implausible = offset > clock_fast_seconds_max || offset < -seconds_per_day;
  const bool before_enrolment = recorded < enrolled - seconds_per_day;
  const bool in_the_future = recorded > received + seconds_per_day;
  if (offset_implausible) return hold(events::HoldReason::clock, events::Rule::c_clock, {offset});
  if (before_enrolment || in_the_future) {
    return hold(events::HoldReason::clock, events::Rule::c_clock, {written_off});
  }
  if (offset > clock_ahead_seconds || recorded > received + clock_ahead_seconds) {
    context.flags |= events::flag_clock_ahead;
  }
  return std::nullopt;
}

MaybeViolation check_business_day(const JudgingContext& context) {
  if (context.on_system_chain()) return std::nullopt;
  if (std::holds_alternative<events::DecisionIssued>(context.event.payload)) return std::nullopt;
  const std::int64_t day = context.header().business_day.value;
  const std::int64_t received = context.received_day().value;
  if (day <= std::int64_t{context.today().value} + 1) return std::nullopt;
  return hold(events::HoldReason::date_ahead, events::Rule::v03_business_day, {day, received});
}

MaybeViolation check_unit_open(const JudgingContext& context, const Unit& unit) {
  const events::EventHeader& header = context.header();
  if (unit.is_open_on(header.business_day)) return std::nullopt;
  const events::EventId id = unit.id.event;
  const bool is_closed = unit.closed_from && header.business_day >= *unit.closed_from;
  if (!is_closed || unit.closed_at <= context.seen()) {
    const auto cause = is_closed ? events::RuleCause::unit_closed : events::RuleCause::unit_not_yet;
    return refuse(events::Rule::v04_unit_open, {chain_of(id), seq_of(id), parameter(cause)});
  }
  constexpr auto reason = events::HoldReason::unit_closed;
  if (context.waives(reason)) return std::nullopt;
  if (unit.successors.empty()) {
    return hold(reason, events::Rule::v04_unit_open,
                {chain_of(id), seq_of(id), parameter(events::RuleCause::unit_closed)});
  }
  const events::EventId next = (unit.heir.is_none() ? unit.successors.front() : unit.heir).event;
  return hold(reason, events::Rule::v04_unit_open,
              {chain_of(id), seq_of(id), chain_of(next), seq_of(next)});
}

MaybeViolation check_concurrency(JudgingContext& context) {
  const events::EventHeader& header = context.header();
  if (!context.policy.is_guarded(static_cast<events::EventType>(header.type))) return std::nullopt;
  const Dossier* const dossier = context.dossier(events::DossierId{header.stream.id});
  if (dossier == nullptr) return std::nullopt;  // check_dossier_event says so.
  const events::Position interfering = dossier->changes.of_others_than(header.chain);
  if (interfering > context.seen()) {
    return hold(events::HoldReason::conflict, events::Rule::o_conflict,
                {static_cast<std::int64_t>(interfering.value)});
  }
  context.rebased = dossier->additions.of_others_than(header.chain) > context.seen();
  return std::nullopt;
}

}  // namespace projections
