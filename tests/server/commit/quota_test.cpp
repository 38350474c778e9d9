#include "server/commit/quota.h"

#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

using events::ErrorCode;

/// An event of a kind that this build does not know, on a unit's stream: it waits in everybody's
/// scope.
events::Bytes an_unknown_event(const events::EventHeader& like, std::uint64_t seq) {
  events::EventHeader header = like;
  header.seq = seq;
  header.type = 999;
  header.schema = 1;
  const events::Bytes payload{1, 2, 3};
  events::Bytes canonical;
  events::CompactOutput archive(canonical);
  archive.write_byte(events::event_form);
  archive(header, events::bounded<events::event_bytes_max>(payload));
  return canonical;
}

/// A founded log whose administrator's device floods it.
struct Flooded : FoundedLog {
  PushOutcome push_unknown(std::size_t count) {
    for (std::size_t index = 0; index < count; ++index) {
      const events::EventHeader like =
          admin.header(events::StreamKind::unit, administrator, registrar);
      admin.add_canonical(an_unknown_event(like, like.seq));
    }
    return commit(admin.sign(), admin);
  }
  PushOutcome push_communes(std::size_t count) {
    for (std::size_t index = 0; index < count; ++index) {
      add_commune("Xã " + std::to_string(++communes));
    }
    return commit(admin.sign(), admin);
  }
  std::uint64_t held() const { return pipeline.state().inbox().size(); }
  QuotaUse used() const {
    return pipeline.quotas().used(pipeline.state().access(), admin_chain, now);
  }

  std::size_t communes = 0;
};

QuotaLimits limits_with(std::uint64_t QuotaUse::*number, std::uint64_t limit) {
  QuotaLimits limits;
  limits.of_device.*number = limit;
  return limits;
}

std::string why(const PushOutcome& outcome) {
  const auto* const nak = std::get_if<events::protocol::PushNak>(&outcome);
  return nak == nullptr ? "taken" : nak->message;
}

// One device filled the log, and every other device's memory, with half a million events that no
// build understands.
TEST(Quota, StopsEventsOfUnknownKindsBeforeTheLog) {
  Flooded flooded;
  EXPECT_EQ(reason_of(flooded.push_unknown(100)), ErrorCode{});
  EXPECT_EQ(flooded.held(), 100U);
  const events::LogHead head = flooded.log.head();
  const PushOutcome over = flooded.push_unknown(1);
  EXPECT_EQ(reason_of(over), ErrorCode::quota);
  EXPECT_TRUE(why(over).starts_with("quota: 100 events of unknown kinds a day")) << why(over);
  EXPECT_EQ(std::get<events::protocol::PushNak>(over).expected_seq, 101U);
  EXPECT_EQ(flooded.log.head(), head);
}

TEST(Quota, StopsHeldEventsAtTheFirstRunBehindTheLast) {
  Flooded flooded;
  flooded.pipeline.set_quotas(limits_with(&QuotaUse::held_events, 10));
  EXPECT_EQ(reason_of(flooded.push_unknown(30)), ErrorCode{});
  EXPECT_EQ(flooded.held(), 30U) << "what waits is known when it was judged";
  EXPECT_EQ(reason_of(flooded.push_communes(1)), ErrorCode::quota);
}

// Several runs that wait in one group are refused one by one, not all taken because the first was.
TEST(Quota, HoldsAlsoWithinOneGroupOfRuns) {
  Flooded flooded;
  QuotaLimits limits = limits_with(&QuotaUse::reference_events, 5);
  limits.registrar_reference_events = 5;
  flooded.pipeline.set_quotas(limits);
  std::vector<PushedRun> runs;
  for (int run = 0; run < 4; ++run) {
    for (int commune = 0; commune < 5; ++commune) flooded.add_commune("Xã Nà Tấu");
    runs.push_back(flooded.checked(flooded.admin.sign(), flooded.admin));
  }
  const std::vector<PushOutcome> outcomes = flooded.commit(std::move(runs));
  EXPECT_EQ(reason_of(outcomes[0]), ErrorCode{});
  EXPECT_EQ(reason_of(outcomes[1]), ErrorCode::quota);
  EXPECT_NE(reason_of(outcomes[2]), ErrorCode{});
  EXPECT_NE(reason_of(outcomes[3]), ErrorCode{});
  EXPECT_EQ(flooded.used().events, 5U) << "what was refused costs nothing";
}

TEST(Quota, BoundsEventsAndBytes) {
  Flooded flooded;
  flooded.pipeline.set_quotas(limits_with(&QuotaUse::events, 7));
  EXPECT_EQ(reason_of(flooded.push_communes(7)), ErrorCode{});
  EXPECT_EQ(reason_of(flooded.push_communes(1)), ErrorCode::quota);
  Flooded bytes;
  bytes.pipeline.set_quotas(limits_with(&QuotaUse::event_bytes, 300));
  EXPECT_EQ(reason_of(bytes.push_communes(20)), ErrorCode::quota);
  EXPECT_EQ(bytes.log.head().position.value, 4U);
}

// What the log holds already is answered as it was, or a device whose answer was lost would never
// hear it.
TEST(Quota, IsNotAskedForWhatTheLogHas) {
  Flooded flooded;
  flooded.pipeline.set_quotas(limits_with(&QuotaUse::events, 1));
  flooded.add_commune("Xã Nà Tấu");
  const events::DeviceBlock block = flooded.admin.sign();
  EXPECT_EQ(ack_of(flooded.commit(block, flooded.admin)).upto_seq, 1U);
  EXPECT_EQ(ack_of(flooded.commit(block, flooded.admin)).upto_seq, 1U);
  // Some counts stop whatever comes next, also what costs nothing.
  QuotaLimits limits = limits_with(&QuotaUse::reference_events, 1);
  limits.registrar_reference_events = 1;
  flooded.pipeline.set_quotas(limits);
  EXPECT_EQ(ack_of(flooded.commit(block, flooded.admin)).upto_seq, 1U);
}

// A run that goes on behind what the log has costs only what is new of it.
TEST(Quota, CountsOfARunWhatIsNewInIt) {
  Flooded flooded;
  TestDevice again(admin_chain, 2);
  flooded.pipeline.set_quotas(limits_with(&QuotaUse::events, 3));
  for (int commune = 0; commune < 2; ++commune) flooded.add_commune("Xã Nà Tấu");
  EXPECT_EQ(ack_of(flooded.commit(flooded.admin.sign(), flooded.admin)).upto_seq, 2U);
  std::swap(flooded.admin, again);
  for (int commune = 0; commune < 3; ++commune) flooded.add_commune("Xã Nà Tấu");
  EXPECT_EQ(ack_of(flooded.commit(flooded.admin.sign(), flooded.admin)).upto_seq, 3U);
}

// What is over of one kind stops what costs of that kind, and nothing else.
TEST(Quota, OfOneKindStopsNoOther) {
  const projections::Access access;
  QuotaLedger ledger(limits_with(&QuotaUse::unknown_events, 10));
  QuotaUse unknown;
  unknown.unknown_events = 20;
  ledger.charge(access, admin_chain, unknown, the_morning);
  EXPECT_FALSE(ledger.check(access, admin_chain, unknown, the_morning));
  QuotaUse others;
  others.events = 100;
  EXPECT_TRUE(ledger.check(access, admin_chain, others, the_morning));
}
// The device keeps what was refused and sends it tomorrow; a restart at noon forgives nothing.
TEST(Quota, LastsForADayAndOverARestart) {
  Flooded flooded;
  flooded.pipeline.set_quotas(limits_with(&QuotaUse::events, 3));
  flooded.push_communes(3);
  const QuotaUse before = flooded.used();
  ASSERT_TRUE(flooded.pipeline.recover());
  EXPECT_EQ(flooded.used(), before);
  flooded.add_commune("Xã Nà Nhạn");
  const events::DeviceBlock rest = flooded.admin.sign();
  EXPECT_EQ(reason_of(flooded.commit(rest, flooded.admin)), ErrorCode::quota);
  flooded.now.value += events::milliseconds_per_day;
  EXPECT_EQ(ack_of(flooded.commit(rest, flooded.admin)).upto_seq, 4U);
}

TEST(Quota, IsRaisedForADeviceAndADay) {
  Flooded flooded;
  FoundedLog::Deputy deputy = flooded.add_deputy();
  flooded.pipeline.set_quotas(limits_with(&QuotaUse::events, 10));
  flooded.push_communes(6);
  EXPECT_EQ(reason_of(flooded.push_communes(1)), ErrorCode::quota);

  events::QuotaRaised raised;
  const projections::Device* const device =
      flooded.pipeline.state().access().device_of(admin_chain);
  raised.device = device->id;
  raised.day = events::day_in_vietnam(flooded.now);
  raised.factor = 2;
  events::EventHeader header =
      deputy.device.header(events::StreamKind::access, deputy.person, deputy.grant);
  header.stream.id = raised.device.event;
  deputy.device.add(header, raised);
  const auto ack = ack_of(flooded.commit(deputy.device.sign(), deputy.device));
  ASSERT_TRUE(ack.receipts.at(0).entries.at(0).verdict.takes_effect())
      << static_cast<int>(ack.receipts.at(0).entries.at(0).verdict.rule);
  const projections::Access& access = flooded.pipeline.state().access();
  QuotaUse more;
  more.events = 10;
  EXPECT_TRUE(flooded.pipeline.quotas().check(access, admin_chain, more, flooded.now));
  more.events = 12;
  EXPECT_FALSE(flooded.pipeline.quotas().check(access, admin_chain, more, flooded.now));
  const events::Timestamp tomorrow{flooded.now.value + events::milliseconds_per_day};
  EXPECT_FALSE(flooded.pipeline.quotas().check(access, admin_chain, more, tomorrow));
}

// Sixteen chains of one tablet would have sixteen quotas.
TEST(Quota, IsOneForAllChainsOfADevice) {
  projections::Access access;
  const auto apply = [&](std::uint64_t seq, events::Payload payload) {
    events::EventHeader header;
    header.chain = events::system_chain;
    header.seq = seq;
    header.stream = {events::StreamKind::access, header.id()};
    const events::Event event = events::make_event(header, std::move(payload));
    const events::Verdict verdict;
    access.apply({events::Position{seq}, the_morning, event, verdict});
  };
  events::DeviceEnrolled first;
  first.chain = events::ChainNumber{2};
  apply(1, first);
  events::ChainContinued second;
  second.old_chain = events::ChainNumber{2};
  second.chain = events::ChainNumber{3};
  apply(2, second);
  events::ChainContinued third;
  third.old_chain = events::ChainNumber{3};
  third.chain = events::ChainNumber{5};
  apply(3, third);
  EXPECT_EQ(access.family_of(events::ChainNumber{5}), events::ChainNumber{2});
  EXPECT_EQ(access.family_of(events::ChainNumber{9}), events::ChainNumber{9});

  QuotaLedger ledger(limits_with(&QuotaUse::events, 10));
  QuotaUse some;
  some.events = 6;
  ledger.charge(access, events::ChainNumber{2}, some, the_morning);
  EXPECT_FALSE(ledger.check(access, events::ChainNumber{5}, some, the_morning));
  QuotaLedger other(limits_with(&QuotaUse::events, 10));
  other.charge(access, events::ChainNumber{5}, some, the_morning);
  EXPECT_FALSE(other.check(access, events::ChainNumber{2}, some, the_morning));
}

// The evening before the deadline: 5,000 registrations out of a month of paper lists, all on one
// laptop, each with an opening, a sheet of scores, two pieces of evidence and a submission.
TEST(Quota, LetsTheLastEveningPassWithoutAWord) {
  const projections::Access access;
  QuotaLedger ledger;
  constexpr std::uint64_t registrations = 5'000;
  constexpr std::uint64_t events_each = 6;
  constexpr std::uint64_t event_bytes = 240;   // Of the frozen corpus: 150 on average.
  constexpr std::uint64_t record_bytes = 600;  // Of a person and a note.
  for (std::uint64_t run = 0; run < registrations * events_each / 100; ++run) {
    QuotaUse use;
    use.events = 100;
    use.event_bytes = 100 * event_bytes;
    use.private_bytes = 100 / events_each * record_bytes;
    const auto may = ledger.check(access, admin_chain, use, the_morning);
    ASSERT_TRUE(may) << may.error().message << " at run " << run;
    // Some 60 duplicates, and a laptop whose clock was wrong for an hour.
    if (run == 7) use.held_events = 60 + 300;
    ledger.charge(access, admin_chain, use, the_morning);
  }
}

// A registrar imports the 3,321 communes of the country; nobody else puts so much into
// everybody's scope.
TEST(Quota, LetsARegistrarImportTheUnitsOfTheCountry) {
  Flooded flooded;
  for (int run = 0; run < 34; ++run) {
    const PushOutcome outcome = flooded.push_communes(98);
    ASSERT_EQ(reason_of(outcome), ErrorCode{}) << why(outcome);
  }
  EXPECT_GE(flooded.used().reference_events, 3'321U);
  const projections::Access& access = flooded.pipeline.state().access();
  QuotaLedger ledger;
  QuotaUse use;
  use.reference_events = 500;
  ledger.charge(access, events::ChainNumber{9}, use, flooded.now);
  EXPECT_FALSE(ledger.check(access, events::ChainNumber{9}, {}, flooded.now));
}

// A line that repeats and reorders: what comes twice in one group, in other runs, is known there.
TEST(Pipeline, KnowsWithinAGroupWhatItsEarlierRunsBring) {
  FoundedLog founded;
  TestDevice again(admin_chain, 2);
  const auto push = [&](int communes) {
    for (int index = 0; index < communes; ++index) founded.add_commune("Xã Nà Tấu");
    return founded.checked(founded.admin.sign(), founded.admin);
  };
  std::vector<PushedRun> runs;
  runs.push_back(push(3));
  runs.push_back(push(3));
  std::swap(founded.admin, again);
  runs.push_back(push(2));  // The first two once more, in a run of their own.
  std::swap(founded.admin, again);
  runs.push_back(push(1));
  const std::vector<PushOutcome> outcomes = founded.commit(std::move(runs));
  EXPECT_EQ(ack_of(outcomes.at(1)).upto_seq, 6U);
  EXPECT_EQ(ack_of(outcomes.at(2)).upto_seq, 2U);
  EXPECT_EQ(ack_of(outcomes.at(3)).upto_seq, 7U);
  EXPECT_EQ(founded.log.head().position.value, 11U);
}

// Each refused push left 64 kB of records behind that no event names and nobody ever removes.
TEST(PrivateRecords, AreStoredOnlyWithTheEventsThatNameThem) {
  FoundedLog founded;
  const events::UnitId commune = founded.add_commune("Xã Nà Tấu");
  founded.commit(founded.admin.sign(), founded.admin);
  const auto named = test_support::a_private_record(test_support::a_person_record(), 1);
  const auto other = test_support::a_private_record(test_support::a_person_record(), 2);
  events::PersonIntroduced person;
  person.home_unit = commune;
  person.private_digest = named.digest();
  founded.admin.create(person, founded.administrator, founded.registrar);
  const events::DeviceBlock block = founded.admin.sign();
  EXPECT_EQ(reason_of(founded.commit(block, founded.admin, {other})), ErrorCode::private_missing);
  EXPECT_FALSE(*founded.private_store.contains(other.digest()));
  ack_of(founded.commit(block, founded.admin, {other, named}));
  EXPECT_TRUE(*founded.private_store.contains(named.digest()));
  EXPECT_FALSE(*founded.private_store.contains(other.digest()));
}

}  // namespace
}  // namespace server::test
