#include "tests/support/world.h"

#include "clients/core/acts/access.h"
#include "clients/core/acts/register.h"
#include "events/archive/compact.h"
#include "events/base/check.h"
#include "projections/rules/follow_up_events.h"
#include "projections/rules/judge.h"
#include "projections/rules/system_events.h"

#include <utility>

namespace test_support {

using namespace events;
namespace acts = clients::acts;

StreamId stream_of(DossierId dossier) { return {StreamKind::dossier, dossier.event}; }

SigningKey key_of(ChainNumber chain) {
  SecretSeed seed;
  seed.bytes.fill(0x5A);
  for (std::size_t byte = 0; byte < 4; ++byte) {
    seed.bytes[byte] = static_cast<std::uint8_t>(chain.value >> (8 * byte));
  }
  return SigningKey::from_seed(seed);
}

// ---- the log ----

const StoredAct& World::append(Act act) {
  settle();
  const Intake intake = act.intake;
  return append(make(act), intake);
}

const StoredAct& World::append(Event event, const Intake& intake) {
  if (event.header.chain != system_chain) settle();
  const StoredAct& appended = store(std::move(event), intake);
  settle();
  return appended;
}

void World::settle() {
  while (std::optional<projections::FollowUpEvent> due =
             projections::next_follow_up(state_, now_)) {
    store(
        projections::make_system_event(next_seq(system_chain), due->stream, std::move(due->payload),
                                       head(), now_, state_.rulebook().rules()),
        {});
  }
}

const StoredAct& World::append_system(Payload payload, std::optional<StreamId> stream) {
  settle();
  const EventId id{system_chain, next_seq(system_chain)};
  if (!stream) stream = StreamId{stream_kind_of(payload).value(), id};
  return append(projections::make_system_event(id.seq(), *stream, std::move(payload), head(), now_,
                                               state_.rulebook().rules()),
                {});
}

const StoredAct& World::adopt(RulesVersion rules) {
  const projections::Policy& before = projections::policy_of(state_.rulebook().rules());
  return append_system(
      RulesAdopted{rules, projections::moved_otherwise(before, projections::policy_of(rules))},
      StreamId{StreamKind::log, {system_chain, 1}});
}

const StoredAct& World::store(Event event, const Intake& intake) {
  CHECK(event.header.seq == next_seq(event.header.chain), "events of a chain come in order");
  if (seqs_.size() <= event.header.chain.value) seqs_.resize(event.header.chain.value + 1);
  seqs_[event.header.chain.value] = event.header.seq;
  const Position position{stored_.size() + 1};
  projections::Judgement judgement = projections::judge(event, {position, now_, intake}, state_);
  const StoredEvent stored{position, now_, intake, std::move(event), std::move(judgement.verdict)};
  state_.apply(stored, judgement.scope);
  return stored_.emplace_back(StoredAct{stored, judgement.scope});
}

EventHeader World::header_of(const Act& act) const {
  EventHeader header;
  header.chain = act.chain;
  header.seq = next_seq(act.chain);
  header.seen = act.seen.value_or(head());
  header.rules = state_.rulebook().policy().version();
  header.actor = act.by.person;
  header.role_grant = act.by.grant;
  header.recorded_at = act.recorded_at.value_or(now_);
  header.business_day = act.business_day.value_or(today());
  return header;
}

Event World::make(const Act& act) const {
  EventHeader header = header_of(act);
  if (act.stream) {
    header.stream = *act.stream;
  } else {
    CHECK(creates_its_stream(act.payload), "other events say what they are about");
    header.stream = {stream_kind_of(act.payload).value(), header.id()};
  }
  return make_event(header, act.payload);
}

Event World::make_unknown(const Act& act, std::uint16_t type, std::uint32_t schema) const {
  EventHeader header = header_of(act);
  header.stream = act.stream.value_or(StreamId{StreamKind::dossier, header.id()});
  header.type = type;
  header.schema = schema;
  Bytes canonical;
  CompactOutput archive(canonical);
  Bytes payload{1, 2, 3};
  archive.write_byte(event_form);
  archive(header, bounded<event_bytes_max>(payload));
  Result<Event> event = read_event(canonical);
  CHECK(event && !is_whole(*event), "the numbers given are unknown to this build");
  return std::move(*event);
}

std::uint64_t World::next_seq(ChainNumber chain) const {
  return chain.value < seqs_.size() ? seqs_[chain.value] + 1 : 1;
}

// ---- the clock ----

void World::set_now(Timestamp now) {
  CHECK(now >= now_, "the server's clock never goes back");
  now_ = now;
}

void World::correct_clock(Timestamp right) {
  const Timestamp before = stored_.back().stored.received_at;
  CHECK(right < before, "times of receipt ran ahead");
  now_ = right;
  append_system(ClockCorrected{before, right}, StreamId{StreamKind::log, {system_chain, 1}});
}

Timestamp World::morning_of(Day day) {
  constexpr std::uint64_t eight_o_clock = 8 * 3'600'000;
  return Timestamp{day.value * milliseconds_per_day + eight_o_clock - vietnam_offset_milliseconds};
}

void World::wait_seconds(std::uint64_t seconds) { now_.value += seconds * 1000; }
void World::wait_days(std::uint32_t days) { now_.value += days * milliseconds_per_day; }

ReaderScope World::reader_of(std::size_t commune) const {
  return {false, {reference_scope, communes_.at(commune).unit}};
}

// ---- acts of the administrator ----

const StoredAct& World::must(Act act) {
  const StoredAct& stored = append(std::move(act));
  CHECK(stored.verdict().takes_effect(), "acts on the good path are accepted");
  return stored;
}

EventId World::perform(ChainNumber chain, const Officer& by, const UseCase& use_case) {
  const EventId first{chain, next_seq(chain)};
  acts::Draft draft(state_, first);
  acts::Stamp stamp{today(), {}};
  stamp.salt[0] = static_cast<std::uint8_t>(stored_.size());
  stamp.salt[1] = static_cast<std::uint8_t>(stored_.size() >> 8U);
  use_case(draft, {by.person, [stamp] { return stamp; }});
  for (const clients::RecordRequest& request : draft.requests()) {
    Act act{.chain = chain, .by = by, .payload = request.payload, .stream = request.about};
    if (request.fields) {
      const PrivateRecord record = make_private_record(request.salt, *request.fields);
      clients::name_private_record(act.payload, record.digest());
    }
    must(std::move(act));
  }
  return first;
}

EventId World::administer(Payload payload, std::optional<StreamId> stream) {
  return must({.chain = administration,
               .by = administrator_,
               .payload = std::move(payload),
               .stream = stream})
      .id();
}

PersonId World::introduce(UnitId home, CollectiveId household) {
  acts::NewPerson person;
  person.record = {"Quàng Thị Mai", {1984, 0, 0}, 0, "", ""};
  person.gender = Gender::female;
  person.age_band = AgeBand::from_35_to_44;
  person.home = home;
  person.household = household;
  return PersonId{perform(administration, administrator_, [&](auto& draft, const auto& now) {
    acts::introduce(draft, now, person).value();
  })};
}

Officer World::appoint(PersonId person, Role role, UnitId unit) {
  const EventId grant = perform(administration, administrator_, [&](auto& draft, const auto& now) {
    acts::grant_role(draft, now, {person, role, unit, Day{1}, Day{}, "07/QĐ-UBND"}).value();
  });
  return {person, RoleGrantId{grant}, role, unit};
}

Officer World::hire(Role role, UnitId unit, UnitId home) {
  return appoint(introduce(home), role, unit);
}

void World::revoke(const Officer& officer, Day effective) {
  perform(administration, administrator_, [&](auto& draft, const auto& now) {
    acts::revoke_role(draft, now, {officer.grant, effective, "08/QĐ-UBND"}).value();
  });
}

ChainNumber World::enrol(std::vector<PersonId> persons, std::string label) {
  const std::string tail = std::to_string(stored_.size());
  const std::string code = "CODE" + std::string(12 - tail.size(), '0') + tail;
  const Timestamp expires{now_.value + milliseconds_per_day};
  const EventId offer = perform(administration, administrator_, [&](auto& draft, const auto& now) {
    acts::offer_enrolment(draft, now, {persons, sha256(bytes_of(code)), expires});
  });
  const ChainNumber chain = state_.access().next_chain();
  const StoredAct& enrolled =
      append_system(DeviceEnrolled{OfferId{offer}, code, chain, key_of(chain).public_key(),
                                   std::move(persons), std::move(label)});
  CHECK(enrolled.verdict().takes_effect(), "the code was just offered");
  return chain;
}

CycleOpened World::a_cycle(TitleKind title, CriteriaId criteria) const {
  const Phase year{day_of({2021, 1, 1}), day_of({2021, 12, 31})};
  CycleOpened cycle;
  cycle.title = title;
  cycle.criteria = criteria;
  cycle.label = "2021";
  cycle.kind = CycleKind::pilot;
  cycle.registration = year;
  cycle.self_assessment = year;
  cycle.review = year;
  cycle.appraisal = year;
  cycle.decision = year;
  cycle.late_policy = LatePolicy::refuse;
  cycle.deadline_basis = DeadlineBasis::received;
  cycle.reference_day = year.first;
  return cycle;
}

CycleId World::open(CycleOpened cycle) { return CycleId{administer(std::move(cycle))}; }

}  // namespace test_support
